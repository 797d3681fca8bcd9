"""The pages of inspections: drawing, redoing a draw, writing down, the minutes, the verdict."""

import re
from hashlib import sha256
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from evaluations.actions.appraisal import appraise
from evaluations.actions.inspections import Look, attach_scan, close_inspection
from evaluations.determination import appraisal_of
from evaluations.models import Inspection, InspectionAccess
from tests.evaluations import samples
from tests.evaluations.counting import found, step
from tests.evaluations.inspected import (
    SEED,
    closed,
    drawn,
    make_inspectable,
    one_worse,
    rating_of,
    record,
)
from tests.factories import make_district, result_of

pytestmark = pytest.mark.django_db
WRONG = HTTPStatus.UNPROCESSABLE_ENTITY
LIST = "/kiem-tra/"


@pytest.fixture
def dossier(district):
    return make_inspectable(district)


@pytest.fixture
def desk(client, appraiser):
    client.force_login(appraiser)
    return client


def page_of(inspection, name="inspection", *more):
    return reverse(f"evaluations:{name}", args=[inspection.pk, *more])


def typed(inspection, **fields):
    """The form of findings as its page sends it, every line as declared."""
    inspection = Inspection.objects.with_lines().get(pk=inspection.pk)
    data = {
        "version": inspection.changes,
        "held_on": f"{timezone.localdate():%d/%m/%Y}",
        "place": "UBND huyện",
        "members": "Lê Thị Thẩm",
        "conclusion": "",
    }
    data |= {f"state-{line.pk}": "same" for line in inspection.lines.all()}
    data |= {f"fstate-{figure.pk}": "same" for figure in inspection.figures.all()}
    return data | fields


def differing(dossier, appraiser) -> Inspection:
    """Closed, with one commune found Trung bình."""
    return closed(dossier, by=appraiser, looks=one_worse(drawn(dossier, by=appraiser)))


# --- Drawing ----------------------------------------------------------------------------------


def test_drawing_begins_at_the_appraisal_of_the_dossier(desk, dossier):
    address = reverse("evaluations:draw-inspection", args=[dossier.pk])
    appraisal = desk.get(reverse("evaluations:appraise-dossier", args=[dossier.pk]))
    assertContains(appraisal, address)
    page = desk.get(address)
    assertContains(page, "Xã, phường khai Khá")
    assertContains(page, "Cơ quan khai Chưa đạt")

    answer = desk.post(address, {"n-communes-kha": "2", "n-agencies-tot": "1", "seed": SEED})

    inspection = Inspection.objects.get()
    assertRedirects(answer, inspection.get_absolute_url())
    assert inspection.lines.count() == 3
    assertContains(desk.get(address), "Đã rút thăm")


def test_a_draw_that_cannot_be_keeps_what_was_typed(desk, dossier):
    address = reverse("evaluations:draw-inspection", args=[dossier.pk])
    for sent, said in (
        ({}, "Ghi số đơn vị cần rút thăm ở ít nhất một loại."),
        ({"n-communes-kha": "6"}, "Có 5 đơn vị loại này: ghi số từ 0 đến 5."),
        ({"n-communes-kha": "-1"}, "Có 5 đơn vị loại này"),
        ({"n-communes-kha": "hai"}, "Có 5 đơn vị loại này"),
        ({"n-communes-kha": "1", "seed": "số may mắn"}, "4 đến 40 chữ số"),
    ):
        page = desk.post(address, sent)

        assertContains(page, said, status_code=WRONG, msg_prefix=str(sent))
        for value in sent.values():
            assertContains(page, f'value="{value}"', status_code=WRONG)
    assert not Inspection.objects.exists()


def test_the_page_has_all_that_redoing_the_draw_needs(desk, dossier, appraiser):
    inspection = drawn(dossier, by=appraiser)
    page = desk.get(page_of(inspection, "how-drawn"))
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))

    drawn_codes = {line.code for line in inspection.lines.all()}
    redone = set()
    for part in re.split(r"(?=(?:Cơ quan|Xã, phường) khai \S+: rút )", text)[1:]:
        wanted = int(re.search(r"rút (\d+) trong", part)[1])
        rows = re.findall(r" (\S+) (?:Xã|Sở) Số \d+ ([0-9a-f]{64})", part)
        assert rows
        keys = {sha256(f"{SEED}:{code}".encode()).hexdigest(): code for code, _ in rows}
        assert set(keys) == {key for _, key in rows}
        redone |= {keys[key] for key in sorted(keys)[:wanted]}
    assert redone == drawn_codes


# --- What was found -----------------------------------------------------------------------------


def test_findings_are_saved_and_shown_beside_what_was_declared(desk, dossier, appraiser):
    inspection = drawn(dossier, by=appraiser)
    line = inspection.lines.filter(kind="learning_community").first()
    figure = inspection.figures.get()
    sent = typed(
        inspection,
        **{
            f"state-{line.pk}": "differs",
            f"rating-{line.pk}": rating_of(inspection, "trung-binh"),
            f"note-{line.pk}": "Thiếu biên bản họp",
            f"fstate-{figure.pk}": "differs",
            f"f-{figure.pk}-achieved": "80",
            f"f-{figure.pk}-total": "92",
        },
    )

    answer = desk.post(page_of(inspection, "record-inspection"), sent)

    assertRedirects(answer, inspection.get_absolute_url())
    page = desk.get(inspection.get_absolute_url())
    for said in ("Trung bình", "Thiếu biên bản họp", "83/92", "80/92", "1/3 đơn vị"):
        assertContains(page, said)
    again = desk.get(page_of(inspection, "record-inspection"))
    assertContains(again, "Thiếu biên bản họp")
    assertContains(again, 'value="80"')


def test_what_cannot_be_is_said_and_nothing_typed_is_lost(desk, dossier, appraiser):
    inspection = drawn(dossier, by=appraiser)
    line = inspection.lines.filter(kind="learning_community").first()
    figure = inspection.figures.get()
    state, rating = f"state-{line.pk}", f"rating-{line.pk}"
    fstate, achieved, total = (
        f"fstate-{figure.pk}",
        *(f"f-{figure.pk}-{name}" for name in ("achieved", "total")),
    )
    good, bad = (rating_of(inspection, code) for code in ("kha", "trung-binh"))
    for fields, said in (
        ({state: "differs"}, "Chọn xếp loại đoàn kiểm tra thấy."),
        ({state: "differs", rating: good}, "Giống xếp loại khai"),
        ({state: "same", rating: bad}, "thì chọn “Khác”"),
        ({fstate: "differs"}, "Ghi đủ số đoàn kiểm tra thấy."),
        ({fstate: "same", achieved: "80"}, "Đã ghi số thấy thì chọn “Khác”."),
        ({fstate: "differs", achieved: "95", total: "92"}, "lớn hơn"),
        ({fstate: "no_file"}, "no_file"),
        ({"held_on": "12-12"}, "Ngày viết theo dạng ngày/tháng/năm"),
        ({"held_on": "01/01/2020"}, "ở trước ngày rút thăm"),
    ):
        page = desk.post(
            page_of(inspection, "record-inspection"),
            typed(inspection, conclusion="Chữ vẫn còn đây", **fields),
        )

        assertContains(page, said, status_code=WRONG, msg_prefix=str(fields))
        assertContains(page, "Chữ vẫn còn đây", status_code=WRONG)
    assert Inspection.objects.get().changes == 0


def test_the_second_of_two_sees_what_the_first_wrote(desk, dossier, appraiser):
    inspection = drawn(dossier, by=appraiser)
    line = inspection.lines.first()
    sent = typed(inspection, conclusion="Của người sau", **{f"note-{line.pk}": "ghi chú sau"})
    record(inspection, by=appraiser, looks={line.code: Look(state="same", note="ghi chú trước")})

    page = desk.post(page_of(inspection, "record-inspection"), sent)

    assertContains(page, "Người khác vừa ghi", status_code=WRONG)
    for kept in ("Của người sau", "ghi chú sau", "Đang lưu: ghi chú trước"):
        assertContains(page, kept, status_code=WRONG)


def test_the_page_says_what_is_left_before_it_can_be_closed(desk, dossier, appraiser):
    inspection = drawn(dossier, by=appraiser)
    page = desk.get(inspection.get_absolute_url())
    for said in ("Ghi ngày kiểm tra.", "Tải lên bản quét biên bản đã ký."):
        assertContains(page, said)
    assertContains(
        desk.post(page_of(inspection, "close-inspection")), "Ghi ngày", status_code=WRONG
    )

    record(inspection, by=appraiser)
    scan = samples.upload(samples.pdf("biên bản"), "Biên bản.pdf")
    desk.post(page_of(inspection, "attach-minutes"), {"scan": scan})
    desk.post(page_of(inspection, "close-inspection"))
    again = desk.post(page_of(inspection, "close-inspection"))

    assertRedirects(again, inspection.get_absolute_url())
    assert Inspection.objects.get().is_closed
    assertNotContains(desk.get(inspection.get_absolute_url()), "Ghi kết quả</a>")


# --- The minutes ------------------------------------------------------------------------------


def test_minutes_that_cannot_be_taken_in_are_told(desk, dossier, appraiser):
    inspection = drawn(dossier, by=appraiser)
    for scan, said in (
        (None, "Chọn bản quét biên bản đã ký"),
        ((b"chi la chu", "b.pdf"), "b.pdf không thuộc loại nhận được"),
        ((samples.office(), "b.docx"), "b.docx không phải bản quét"),
    ):
        data = {"scan": samples.upload(*scan)} if scan else {}

        page = desk.post(page_of(inspection, "attach-minutes"), data)

        assertContains(page, said, status_code=WRONG)
    assert not inspection.scans.exists()


def test_minutes_are_handed_out_boxed_and_logged(client, desk, dossier, appraiser, leader):
    inspection = closed(dossier, by=appraiser)
    scan = inspection.scans.get()
    client.force_login(leader)

    shown = client.get(page_of(inspection, "preview-minutes", scan.pk))
    loaded = client.get(page_of(inspection, "download-minutes", scan.pk))

    for answer in (shown, loaded):
        sent = b"".join(answer.streaming_content)
        assert sent == samples.pdf(f"biên bản {inspection.pk}")
    for answer in (shown, loaded):
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in loaded["Content-Disposition"]
    assert [access.by for access in InspectionAccess.objects.all()] == [leader, leader]
    client.force_login(appraiser)
    assertContains(client.get(inspection.get_absolute_url()), leader.full_name)


def test_a_later_scan_stands_and_the_earlier_is_kept(desk, dossier, appraiser):
    inspection = drawn(dossier, by=appraiser)
    for name in ("Trang 1.pdf", "Cả biên bản.pdf"):
        attach_scan(
            inspection=inspection, uploaded=samples.upload(samples.pdf(name), name), by=appraiser
        )

    page = desk.get(inspection.get_absolute_url())

    assertContains(page, "Cả biên bản.pdf")
    assertNotContains(page, "Trang 1.pdf")
    assert inspection.scans.count() == 2


def test_the_printed_page_has_the_checklist_and_the_minutes(desk, dossier, appraiser):
    page = desk.get(page_of(differing(dossier, appraiser), "print-inspection"))

    for said in ("Phiếu kiểm tra thực tế", "Biên bản kiểm tra thực tế", SEED, "Trung bình", "☐"):
        assertContains(page, said)


# --- The verdict ------------------------------------------------------------------------------


def test_one_press_puts_a_difference_into_the_appraisal_column(desk, dossier, appraiser):
    inspection = differing(dossier, appraiser)
    page = desk.get(inspection.get_absolute_url())
    assertContains(page, "Khai Khá, thấy Trung bình: 1 xã, phường")
    assert appraisal_of(result_of(dossier, "2.1.2")) is None
    (shown,) = page.context["feeds"]
    form = shown["form"]
    sent = {form[name].html_name: form[name].value() or "" for name in form.fields}

    address = page_of(inspection, "feed-inspection", "2.1.2")
    answer = desk.post(address, sent)
    twice = desk.post(address, sent)

    assertRedirects(answer, inspection.get_absolute_url())
    assertRedirects(twice, inspection.get_absolute_url())
    line = found(dossier).line("2.1.2")
    assert (line.appraised.figure, line.appraisal.reason) == ("4/6", shown["proposal"].reason)
    after = desk.get(inspection.get_absolute_url())
    assertContains(after, "Đã có trong cột thẩm định")
    assertNotContains(after, "Đưa vào cột thẩm định 2.1.2")


def test_the_reason_and_the_figures_may_be_mended_first(desk, dossier, appraiser):
    inspection = differing(dossier, appraiser)
    (shown,) = desk.get(inspection.get_absolute_url()).context["feeds"]
    form = shown["form"]
    sent = {form[name].html_name: form[name].value() or "" for name in form.fields}
    address = page_of(inspection, "feed-inspection", "2.1.2")

    empty = desk.post(address, sent | {form["reason"].html_name: "  "})
    wrong = desk.post(address, sent | {form["achieved"].html_name: "7"})
    desk.post(address, sent | {form["achieved"].html_name: "3"})

    assertContains(empty, "Ghi lý do: đơn vị sẽ đọc lý do này.", status_code=WRONG)
    assert wrong.status_code == WRONG
    assert found(dossier).line("2.1.2").appraised.figure == "3/6"
    assertContains(desk.get(inspection.get_absolute_url()), "Đã có trong cột thẩm định")


def test_a_verdict_given_meanwhile_is_told_and_not_overwritten(desk, dossier, appraiser):
    inspection = differing(dossier, appraiser)
    (shown,) = desk.get(inspection.get_absolute_url()).context["feeds"]
    form = shown["form"]
    sent = {form[name].html_name: form[name].value() or "" for name in form.fields}
    typed_in = {"achieved": "2", "total": "6"}
    result = result_of(dossier, "2.1.2")
    appraise(result=result, verdict="adjust", typed=typed_in, reason="Trùng tên", by=appraiser)

    page = desk.post(page_of(inspection, "feed-inspection", "2.1.2"), sent)

    assertContains(page, "người khác đã thẩm định", status_code=WRONG)
    assertContains(page, "Trùng tên", status_code=WRONG)
    assert found(dossier).line("2.1.2").appraised.figure == "2/6"


def test_who_comes_too_late_gets_the_words_back(desk, dossier, appraiser):
    opened = drawn(dossier, by=appraiser)
    sent = typed(opened, conclusion="Nhận xét dài đã gõ")
    inspection = differing(dossier, appraiser)
    record(opened, by=appraiser)
    scan = samples.upload(samples.pdf("e"), "e.pdf")
    attach_scan(inspection=opened, uploaded=scan, by=appraiser)
    close_inspection(inspection=opened, by=appraiser)
    appraise(result=result_of(dossier, "2.1.2"), verdict="ask", reason="Xem lại", by=appraiser)
    step(dossier, "return")

    late = desk.post(page_of(opened, "record-inspection"), sent)
    fed = desk.post(
        page_of(inspection, "feed-inspection", "2.1.2"), {"cb2-1-2-reason": "Lý do đã gõ"}
    )

    assertContains(late, "Nhận xét dài đã gõ", status_code=HTTPStatus.FORBIDDEN)
    assertNotContains(late, "Lưu kết quả kiểm tra", status_code=HTTPStatus.FORBIDDEN)
    assertContains(fed, "Lý do đã gõ", status_code=HTTPStatus.FORBIDDEN)
    assertContains(fed, "đưa kết quả kiểm tra vào 2.1.2", status_code=HTTPStatus.FORBIDDEN)


def test_nothing_is_fed_where_nothing_differs(desk, dossier, appraiser):
    inspection = closed(dossier, by=appraiser)

    assertContains(desk.get(inspection.get_absolute_url()), "Không có gì khác")
    for code in ("2.1.2", "9.9.9"):
        answer = desk.post(page_of(inspection, "feed-inspection", code))
        assert answer.status_code == HTTPStatus.NOT_FOUND


# --- Who reads ---------------------------------------------------------------------------------


def test_the_unit_learns_of_it_when_it_is_closed(client, dossier, appraiser, leader):
    client.force_login(leader)
    own = [
        LIST,
        dossier.get_absolute_url(),
        reverse("evaluations:history", args=[dossier.pk]),
        reverse("evaluations:register", args=[dossier.pilot_round_id, dossier.unit_id, "xa"]),
    ]
    inspection = drawn(dossier, by=appraiser)
    for address in own:
        assertNotContains(client.get(address), inspection.get_absolute_url())
        assertNotContains(client.get(address), SEED)

    second = differing(dossier, appraiser)

    for address in (own[0], own[1], own[3]):
        assertContains(client.get(address), second.get_absolute_url())
        assertNotContains(client.get(address), f'"{inspection.get_absolute_url()}"')
    history = client.get(own[2])
    assertContains(history, "ết thúc kiểm tra thực tế")
    # Of the inspection that is closed; the other is still the appraiser's own.
    assertContains(history, "út thăm kiểm tra", count=1)
    page = client.get(second.get_absolute_url())
    assertContains(page, "Trung bình")
    assertNotContains(page, "Đưa vào cột")
    assertContains(client.get(page_of(second, "how-drawn")), SEED)


def test_the_department_reads_the_whole_trail(client, dossier, appraiser, approver):
    differing(dossier, appraiser)
    client.force_login(approver)

    history = client.get(reverse("evaluations:history", args=[dossier.pk]))

    assertContains(history, "út thăm kiểm tra thực tế")
    assertContains(history, "ết thúc kiểm tra thực tế")


def test_pages_ask_the_same_for_few_and_for_many(desk, dossier, appraiser):
    def counted(address):
        with CaptureQueriesContext(connection) as asked:
            desk.get(address)
        return len(asked)

    listed = f"{LIST}?dot={dossier.pilot_round_id}"
    few = closed(dossier, by=appraiser, wanted={"communes-kha": 1})
    names = ("inspection", "how-drawn", "print-inspection")
    before = [counted(page_of(few, name)) for name in names] + [counted(listed)]
    open_few = drawn(dossier, by=appraiser, wanted={"communes-kha": 1})
    before.append(counted(page_of(open_few, "record-inspection")))
    other = make_inspectable(make_district("Quận Lê Chân", "305"), pilot_round=dossier.pilot_round)
    drawn(other, by=appraiser)
    many = closed(dossier, by=appraiser, wanted={"communes-kha": 5, "agencies-tot": 3})
    after = [counted(page_of(many, name)) for name in names] + [counted(listed)]
    open_many = drawn(dossier, by=appraiser, wanted={"communes-kha": 5})
    after.append(counted(page_of(open_many, "record-inspection")))

    assert after == before
