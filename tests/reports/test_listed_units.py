"""The lists behind counted figures in the self-assessment: as submitted, by name."""

import json
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from evaluations.models import Evaluation
from reports.renderers import render_pdf
from reports.self_assessment.content import self_assessment as content_of
from reports.self_assessment.tables import self_assessment_tables as tables
from reports.self_assessment.words import words
from tests.evaluations.counting import communes, send_without_lists, step
from tests.factories import make_commune, make_counted_dossier, make_line
from tests.reports.test_renderers import STAMP, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(district):
    """Tốt, Khá, Trung bình, one without a result, one out of scope; and an agency."""
    evaluation = make_counted_dossier(district, communes=[], agencies=["tot"])
    for code, name, rating, score in (
        ("11824", "Xã An Hòa", "trung-binh", None),
        ("11830", "Xã Cổ Am", "kha", "71.50"),
        ("11842", "Xã Tam Đa", "tot", None),
        ("11848", "Xã Trấn Dương", None, None),
    ):
        unit = make_commune(name, code, parent=district)
        line = make_line(evaluation.pilot_round, unit, rating=rating, score=score)
        if rating:
            line.decision_number, line.decision_on = "3187/QĐ-UBND", date(2022, 11, 25)
            line.save()
    gone = make_commune("Xã Đã Nhập", "11836", parent=district)
    make_line(evaluation.pilot_round, gone, in_scope=False, exclusion_reason="Đã sáp nhập")
    return evaluation


def content(evaluation):
    return content_of(Evaluation.objects.with_results().get(pk=evaluation.pk))


def note_on(evaluation, code="2.1.2"):
    (row,) = (
        row
        for standard in words(content(evaluation))["standards"]
        for criterion in standard["criteria"]
        for row in criterion["rows"]
        if row["code"].shown == code
    )
    return row["units"].shown


def sheet(evaluation):
    found = {table.title: table for table in tables(content(evaluation))}
    return found.get("Danh sách đơn vị")


def test_indicator_tells_ratings_and_where_the_names_stand(counted):
    assert note_on(counted) == (
        "4 đơn vị trong phạm vi: Tốt 1, Khá 1, Trung bình 1, chưa có kết quả 1. "
        "Ngoài phạm vi, không tính: 1 đơn vị. Danh sách tại Phụ lục II."
    )
    alone = "1 đơn vị trong phạm vi: Tốt 1. Danh sách tại Phụ lục II."
    assert note_on(counted, "2.1.1") == alone
    assert note_on(counted, "2.2.1") == ""


def test_sheet_has_every_unit_in_the_order_of_the_codes_as_it_counts(counted):
    rows = [
        [row[key].shown for key in ("indicator", "name", "counts_as", "rating", "score", "reason")]
        for row in sheet(counted).rows
    ]

    assert [row[0] for row in rows] == ["2.1.1"] + ["2.1.2"] * 5
    assert [row[1:] for row in rows[1:]] == [
        ["Xã An Hòa", "Dưới Khá", "Trung bình", "", ""],
        ["Xã Cổ Am", "Từ Khá trở lên", "Khá", "71,5", ""],
        ["Xã Đã Nhập", "Ngoài phạm vi", "", "", "Đã sáp nhập"],
        ["Xã Tam Đa", "Từ Khá trở lên", "Tốt", "", ""],
        ["Xã Trấn Dương", "Chưa có kết quả", "", "", ""],
    ]
    good = sheet(counted).rows[2]
    assert (good["decision_number"].shown, good["decision_on"].value) == (
        "3187/QĐ-UBND",
        date(2022, 11, 25),
    )


def test_report_of_a_submission_has_the_list_of_that_day(counted):
    step(counted, "submit")
    before = note_on(counted)

    communes(counted).update(rating=None)

    assert note_on(counted) == before


def test_report_of_before_there_were_lists_has_none(counted):
    step(counted, "submit")
    send_without_lists(counted)

    assert note_on(counted) == ""
    assert sheet(counted) is None
    assert words(content(counted))["annexed"]["said"] == "danh mục minh chứng tại Phụ lục kèm theo"


def test_appendices_are_numbered_where_there_are_two(counted):
    both = words(content(counted))["annexed"]
    counted.results.all().update(explanation="")
    for result in counted.results.all():
        result.evidence.all().delete()
    one = words(content(counted))["annexed"]

    assert (both["evidence"], both["units"]) == ("Phụ lục I", "Phụ lục II")
    assert both["said"] == (
        "danh mục minh chứng tại Phụ lục I, kết quả từng đơn vị tại Phụ lục II kèm theo"
    )
    assert (one["units"], one["said"]) == ("Phụ lục", "kết quả từng đơn vị tại Phụ lục kèm theo")


def test_each_appendix_begins_a_page_of_its_own_numbers(counted, self_assessment):
    made = render_pdf(
        self_assessment, json.loads(json.dumps(content(counted))), STAMP, lambda said: None
    )

    pages = [text_of(page) for page in PdfReader(BytesIO(made)).pages]

    (evidence,) = (n for n, page in enumerate(pages) if "DANH MỤC MINH CHỨNG" in page)
    (units,) = (n for n, page in enumerate(pages) if "KẾT QUẢ CỦA TỪNG ĐƠN VỊ" in page)
    assert evidence < units
    for number in (evidence, units):
        assert pages[number].lstrip().startswith("Phụ lục I")  # and no number above it
    assert "Xã Đã Nhập" in pages[units]
    assert "Ngoài phạm vi: Đã sáp nhập" in pages[units]
