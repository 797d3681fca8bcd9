"""One's own data in Excel: what dossiers and registers keep of a person, in words."""

from io import BytesIO

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from evaluations.models import Event, UnitEvent
from organisations.account_data import export_own, rows_naming
from organisations.account_file import account_workbook
from organisations.account_words import OF_LIBRARIES, TELLERS
from tests.factories import make_commune, make_dossier, make_line, make_round

pytestmark = pytest.mark.django_db


def told(person, label: str) -> list[dict]:
    """The rows of one sheet, by their headings."""
    tables = export_own(person=person, how="Excel")
    content = account_workbook(tables, person=person, at=timezone.now())
    heads, *rows = (
        CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(label).to_python()
    )
    return [dict(zip(heads, row, strict=True)) for row in rows]


def written_line(by, pilot_round, **fields):
    line = make_line(pilot_round, make_commune(parent=by.organisation), updated_by=by, **fields)
    detail = {"rating": {"old": "", "new": "Khá"}, "sheet": {"old": "submitted", "new": "none"}}
    UnitEvent.objects.create(result=line, kind="changed", text="sửa", by=by, detail=detail)
    return line


def test_lines_of_a_register_are_told_by_names_and_labels(editor):
    line = written_line(editor, make_round(), rating="kha", unread={"score": "tám mươi"})

    (said,) = told(editor, "Kết quả đơn vị")
    assert said["Đơn vị"] == line.unit.name
    assert said["Danh sách của"] == line.owner.name
    assert said["Đợt"] == str(line.pilot_round)
    assert said["Xếp loại"] == line.rating.label
    assert said["Danh hiệu"] == line.get_kind_display()
    assert said["Chữ chưa hiểu được"] == "điểm: tám mươi"
    (event,) = told(editor, "Sự kiện của đơn vị")
    assert event["Kết quả đơn vị"] == str(line)
    assert event["Chi tiết"] == (
        "xếp loại: trống → Khá; phiếu tự chấm: đã gửi, chờ xác nhận → chưa tự chấm"
    )
    assert "Loại" not in event


def test_nothing_unread_is_left_blank(editor):
    written_line(editor, make_round())

    assert told(editor, "Kết quả đơn vị")[0].get("Chữ chưa hiểu được", "") == ""


def test_figures_of_a_dossier_are_told_by_the_words_of_their_indicator(editor):
    evaluation = make_dossier(editor.organisation)
    results = evaluation.results.select_related("indicator")
    result = next(each for each in results if each.indicator.measure.fields)
    name = result.indicator.measure.fields[0].name
    Event.objects.create(
        evaluation=evaluation,
        kind="figures",
        text="sửa số liệu",
        by=editor,
        detail={
            "indicator": result.indicator.code,
            "changes": {name: {"old": "", "new": "12"}, "explanation": {"old": "a", "new": "b"}},
        },
    )

    (event,) = told(editor, "Sự kiện")

    assert event["Hồ sơ"] == str(evaluation)
    assert "Thuyết minh: a → b" in event["Chi tiết"]
    for raw in (name + ":", "old", "{"):
        assert raw not in event["Chi tiết"]


def test_the_file_costs_the_same_however_many_rows(editor):
    def cost():
        tables = export_own(person=editor, how="Excel")
        with CaptureQueriesContext(connection) as queries:
            account_workbook(tables, person=editor, at=timezone.now())
        return len(queries)

    def write():
        evaluation = make_dossier(pilot_round=pilot_round)
        result = evaluation.results.first()
        result.updated_by = editor
        result.save(update_fields=["updated_by"])
        Event.objects.create(
            evaluation=evaluation, kind="x", text="x", by=editor, detail={"indicator": "1.1.1"}
        )
        written_line(editor, pilot_round)

    pilot_round = make_round()
    write()
    few = cost()
    for _ in range(3):
        write()

    assert cost() == few


def test_tellers_and_words_of_libraries_name_tables_that_name_accounts(editor):
    labels = {rows.model._meta.label for rows in rows_naming(editor)}

    assert set(TELLERS) | set(OF_LIBRARIES) <= labels
    for label, words in OF_LIBRARIES.items():
        names = {field.name for field in apps.get_model(label)._meta.concrete_fields}
        assert set(words) - {""} <= names
