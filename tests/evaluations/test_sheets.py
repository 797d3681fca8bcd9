"""A unit's own sheet: what it adds up to, who writes, who moves it, who opens its papers."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone

from criteria.models import PointSet
from evaluations.actions import sheet_evidence as evidence_actions
from evaluations.actions.guard import Closed
from evaluations.actions.papers import AlreadyRemoved, add_document_file, change_details
from evaluations.actions.sheets import (
    NotReady,
    overrule_sheet,
    save_sheet,
    take_sheet_step,
    version_of,
)
from evaluations.actions.unit_results import save_line
from evaluations.models import Document, SheetEvidence, StoredFile, UnitEvent
from evaluations.permissions import can_fill_sheet, can_take_sheet_step
from evaluations.sheet_reading import field_names, read_sheet
from evaluations.unit_reading import shown_line
from evaluations.unit_sheets import SheetStatus
from organisations.models import Role
from tests.evaluations import samples
from tests.evaluations.filled_sheets import (
    CLAIMED,
    COMPLETE,
    attach,
    confirm,
    editor_of,
    fill,
    fresh,
    leader_of,
    make_agency_line,
    make_commune_line,
    send_back,
    submit,
)
from tests.factories import (
    make_agency,
    make_city,
    make_department,
    make_district,
    make_document,
    make_points,
    make_round,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(district):
    """A district's agency, about to score itself."""
    return make_agency_line(district)


@pytest.fixture
def rule():
    return make_points().rule


@pytest.fixture
def open_rule():
    return make_points(PointSet.Subject.COMMUNE, is_open=True).rule


# --- Reading --------------------------------------------------------------------------------------


def test_a_sheet_adds_up_and_gets_its_rating(rule):
    sheet = read_sheet(rule, COMPLETE)

    assert (sheet.score, sheet.shown_total) == (Fraction("84.5"), "84,5")
    assert (sheet.rating.label, sheet.distance) == ("Khá", "Thêm 0,5 điểm nữa là Tốt.")
    assert sheet.is_complete


@pytest.mark.parametrize(
    ("first", "label"),
    [("40", "Tốt"), ("39,99", "Khá"), ("25", "Khá"), ("24,75", "Trung bình"), ("4", "Chưa đạt")],
)
def test_the_rating_changes_exactly_at_its_bounds(rule, first, label):
    """With 45 points beside it: 85 is Tốt, 84,99 is not; 70 is Khá, 69,75 is not."""
    values = COMPLETE | {"points-1": first, "points-2.1": "15", "points-2.2": "30"}

    assert read_sheet(rule, values).rating.label == label


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("40,5", "40,5 lớn hơn điểm tối đa 40."),
        ("41", "41 lớn hơn điểm tối đa 40."),
        ("-1", "“-1” là số âm. Gõ số từ 0 trở lên."),
        ("bốn", "“bốn” không phải là số. Gõ bằng chữ số, ví dụ 1234 hoặc 12,5."),
        ("1.500", "“1.500” có hai cách hiểu: 1 nghìn 500, hay 1 phẩy 5. Gõ 1500 hoặc 1,5."),
        ("0,125", "Ghi điểm với nhiều nhất 2 chữ số thập phân."),
    ],
)
def test_points_that_cannot_be_counted_say_why(rule, typed, words):
    sheet = read_sheet(rule, COMPLETE | {"points-1": typed})

    assert sheet.problems == {"1": words}
    assert sheet.lacks == ("Điểm chưa tính được ở mục 1: sửa chỗ báo đỏ.",)
    assert sheet.total.points == Fraction("49.5")


@pytest.mark.parametrize("typed", ["0", "40", "39.5", "39,50"])
def test_nought_the_maximum_and_either_separator_are_points(rule, typed):
    assert read_sheet(rule, COMPLETE | {"points-1": typed}).problems == {}


def test_what_is_missing_is_not_nought(rule):
    sheet = read_sheet(rule, {"points-1": "35"})

    assert sheet.missing == ("2.1", "2.2")
    assert sheet.lacks == ("Còn 2 mục chưa có điểm: 2.1, 2.2.",)
    assert sheet.score is None


def test_an_empty_sheet_has_no_rating(rule):
    sheet = read_sheet(rule, {})

    assert (sheet.rating, sheet.distance, sheet.done) == (None, "", 0)


def test_criteria_carry_their_items_and_their_points_so_far(rule):
    groups = read_sheet(rule, COMPLETE).groups

    assert [(g.item.code, g.has_parts, g.shown, len(g.lines)) for g in groups] == [
        ("1", False, "35", 1),
        ("2", True, "49,5", 2),
    ]


def test_a_set_left_open_asks_for_the_rating_and_for_no_points(open_rule):
    names = field_names(open_rule)

    assert not [name for name in names if name.startswith("points-")]
    assert {"rating", "explanation-whole", "explanation-2.1"} <= set(names)
    assert read_sheet(open_rule, {}).lacks == (
        "Chưa chọn loại tự xếp.",
        "Chưa ghi căn cứ tự xếp loại.",
    )
    assert read_sheet(open_rule, CLAIMED).is_complete
    assert read_sheet(open_rule, {**CLAIMED, "rating": "la-lung"}).claimed is None


def test_points_without_bands_leave_the_rating_to_be_claimed(rule):
    make_points().ratings.update(minimum=None)
    sheet = read_sheet(make_points().rule, COMPLETE | CLAIMED)

    assert sheet.is_complete
    assert (sheet.score, sheet.rating.label) == (Fraction("84.5"), "Khá")


# --- Writing --------------------------------------------------------------------------------------


def test_the_first_writing_begins_a_draft_and_is_told_once(line):
    by = editor_of(line)
    fill(line, {"points-1": "8"}, by)
    fill(line, {"points-2.1": "9"}, by)

    written = fresh(line)
    assert written.sheet_status == SheetStatus.DRAFT
    assert [event.kind for event in written.events.all()] == ["sheet-writing"]
    assert dict(written.sheet_items.values_list("code", "points")) == {"1": "8", "2.1": "9"}
    assert {item.updated_by for item in written.sheet_items.all()} == {by}


def test_nothing_typed_is_lost_however_unclear(line):
    fill(line, {"points-1": "chín", "explanation-1": "Dòng một\nDòng hai"})

    item = line.sheet_items.get()
    assert (item.points, item.explanation) == ("chín", "Dòng một\nDòng hai")


def test_a_draft_states_nothing_in_the_register(line):
    fill(line)

    assert (fresh(line).self_score, fresh(line).self_rating) == (None, None)


def test_fields_of_two_people_are_merged(line):
    base = dict.fromkeys(field_names(make_points().rule), "")
    save_sheet(result=line, values={"points-1": "8"}, base=base, by=editor_of(line))

    second = save_sheet(
        result=line, values={"points-1": "", "points-2.1": "20"}, base=base, by=leader_of(line)
    )

    assert second.conflicts == ()
    assert dict(line.sheet_items.values_list("code", "points")) == {"1": "8", "2.1": "20"}


def test_one_field_typed_by_two_is_a_conflict_and_can_be_overruled(line):
    base, theirs, mine = {"points-1": ""}, {"points-1": "8"}, {"points-1": "9", "points-2.1": "7"}
    save_sheet(result=line, values=theirs, base=base, by=editor_of(line))

    saved = save_sheet(result=line, values=mine, base=base, by=leader_of(line))
    (conflict,) = saved.conflicts
    stored = dict(line.sheet_items.values_list("code", "points"))
    settled = overrule_sheet(
        result=line, values=mine, base=base, seen={"points-1": "8"}, by=leader_of(line)
    )

    assert (conflict.field, conflict.stored, conflict.mine) == ("points-1", "8", "9")
    assert stored == {"1": "8", "2.1": "7"}
    assert settled.conflicts == ()
    assert line.sheet_items.get(code="1").points == "9"
    event = line.events.get(kind="sheet-overruled")
    assert event.detail["replaced"] == {"points-1": {"old": "8", "new": "9"}}


def test_a_field_that_the_sheet_does_not_have_is_written_nowhere(line):
    fill(line, {"points-2": "50", "rating": "tot", "points-9": "1"})

    assert not line.sheet_items.exists()


# --- Who, and when --------------------------------------------------------------------------------


def people(line, district):
    return {
        "editor": make_user(Role.EDITOR, line.unit),
        "leader": make_user(Role.LEADER, line.unit),
        "district editor": make_user(Role.EDITOR, district),
        "district leader": make_user(Role.LEADER, district),
        "other unit": make_user(Role.LEADER, make_agency(parent=district)),
        "other district": make_user(Role.LEADER, make_district()),
        "appraiser": make_user(Role.APPRAISER, make_department()),
        "approver": make_user(Role.APPROVER, make_department()),
        "council": make_user(Role.COUNCIL, make_city()),
        "observer": make_user(Role.OBSERVER, district),
        "administrator": make_user(Role.ADMINISTRATOR),
    }


def test_sheets_of_the_citys_agencies_go_to_the_appraisers(district):
    line = make_agency_line(make_city())
    line.sheet_status = SheetStatus.SUBMITTED

    may = {
        name
        for name, user in people(line, district).items()
        if can_take_sheet_step(user, line, "confirm")
    }

    assert may == {"appraiser"}


def test_a_unit_out_of_scope_has_no_sheet(district):
    line = make_agency_line(district, in_scope=False, sheet_status=SheetStatus.DRAFT)
    leader = leader_of(line)

    assert not can_fill_sheet(leader, line)
    assert not can_take_sheet_step(leader, line, "submit")
    with pytest.raises(Closed):
        save_sheet(result=line, values=COMPLETE, base={}, by=leader)


def test_nobody_confirms_what_they_filled_in_whatever_their_office_is_today(line, district):
    editor = editor_of(line)
    submit(line)
    editor.organisation = district
    editor.save()

    assert not can_take_sheet_step(editor, fresh(line), "confirm")
    with pytest.raises(Closed):
        confirm(line, editor)


def test_nor_by_the_grid(line, district):
    editor = editor_of(line)
    submit(line)
    editor.organisation = district
    editor.save()

    saved = save_line(
        result=line, values={"rating": "Khá"}, base=shown_line(fresh(line)), by=editor
    )

    assert "người khác xác nhận" in saved.problems["rating"]
    assert (fresh(line).rating, fresh(line).sheet_status) == (None, SheetStatus.SUBMITTED)


# --- The way --------------------------------------------------------------------------------------


def test_what_the_keeper_typed_of_the_unit_does_not_stand_over_what_it_sent(line, district):
    keeper = make_user(Role.EDITOR, district)
    typed = {"self_score": "tám mươi", "decision_number": "12/QĐ"}
    save_line(result=line, values=typed, base={}, by=keeper)
    submit(line)

    assert fresh(line).unread == {}
    assert shown_line(fresh(line))["self_score"] == "84,5"
    assert confirm(line, keeper).rating.code == "kha"


def test_submitting_states_the_total_and_its_rating(line):
    sent = submit(line)

    assert (sent.self_score, sent.self_rating.code) == (Decimal("84.5"), "kha")
    assert (sent.score, sent.rating) == (None, None)
    event = sent.events.first()
    assert (event.kind, event.detail["self_rating"]) == ("submit", {"old": "", "new": "Khá"})
    assert event.detail["values"]["points-2.2"] == "29,5"


@pytest.mark.parametrize(
    "values", [{}, {"points-1": "35"}, COMPLETE | {"points-1": "41"}, COMPLETE | {"points-1": "x"}]
)
def test_an_incomplete_sheet_is_not_sent(line, values):
    fill(line, {"explanation-1": "Bắt đầu."} | values)

    with pytest.raises(NotReady):
        take_sheet_step(result=line, step_name="submit", by=leader_of(line))

    assert fresh(line).sheet_status == SheetStatus.DRAFT
    assert fresh(line).self_score is None


def test_a_commune_claims_its_rating(district):
    line = make_commune_line(district)

    sent = submit(line, CLAIMED)

    assert (sent.self_score, sent.self_rating.code) == (None, "kha")


def test_a_sent_sheet_takes_no_writing(line):
    submit(line)

    with pytest.raises(Closed):
        fill(line, {"points-1": "40"})


def test_what_is_withdrawn_is_stated_no_more(line):
    submit(line)

    back = take_sheet_step(result=line, step_name="withdraw", by=leader_of(line))

    assert back.sheet_status == SheetStatus.DRAFT
    assert (back.self_score, back.self_rating) == (None, None)
    assert back.events.first().detail["self_score"] == {"old": "84,5", "new": ""}
    assert can_fill_sheet(editor_of(line), back)


def test_confirming_copies_what_was_sent(line, leader):
    submit(line)

    done = confirm(line, leader)

    assert (done.score, done.rating.code) == (Decimal("84.5"), "kha")
    assert (done.sheet_status, done.correction_reason) == (SheetStatus.CONFIRMED, "")
    event = done.events.first()
    assert (event.kind, event.by) == ("confirm", leader)
    assert event.text == "xác nhận kết quả: điểm: trống → 84,5; xếp loại: trống → Khá"


def test_a_correction_needs_its_reason(line, leader):
    submit(line)

    with pytest.raises(NotReady) as refused:
        confirm(line, leader, score="60", correction_reason=" ")

    assert refused.value.problems == {
        "correction_reason": "Khác với đơn vị tự chấm (84,5 điểm, Khá): ghi lý do điều chỉnh."
    }
    assert (fresh(line).rating, fresh(line).sheet_status) == (None, SheetStatus.SUBMITTED)
    assert fresh(line).unread == {}


def test_a_correction_takes_the_rating_of_its_points(line, leader):
    submit(line)

    done = confirm(line, leader, score="60", correction_reason="Mục 2.2 thiếu minh chứng.")

    assert (done.score, done.rating.code) == (Decimal("60"), "trung-binh")
    assert done.correction_reason == "Mục 2.2 thiếu minh chứng."
    assert (done.self_score, done.self_rating.code) == (Decimal("84.5"), "kha")


@pytest.mark.parametrize("typed", ["101", "x", ""])
def test_a_correction_is_read_as_in_the_grid(line, leader, typed):
    submit(line)

    with pytest.raises(NotReady) as refused:
        confirm(line, leader, score=typed, correction_reason="Vì việc thử.")

    assert refused.value.problems.keys() & {"score", "rating"}
    assert fresh(line).sheet_status == SheetStatus.SUBMITTED


def test_a_claimed_rating_is_corrected_by_another(district, leader):
    line = make_commune_line(district)
    submit(line, CLAIMED)

    done = confirm(line, leader, rating="Trung bình", correction_reason="Chưa đủ tiêu chí 5.")

    assert (done.score, done.rating.code) == (None, "trung-binh")


def test_a_keeper_decides_only_on_what_they_have_seen(line, leader):
    seen = version_of(submit(line))
    take_sheet_step(result=line, step_name="withdraw", by=leader_of(line))
    submit(line, COMPLETE | {"points-1": "40"})

    for step_name in ("confirm", "return"):
        with pytest.raises(NotReady, match="đã thay đổi từ khi mở trang"):
            take_sheet_step(result=line, step_name=step_name, by=leader, seen=seen, note="x")


def test_returning_needs_a_reason_and_takes_the_statement_away(line, leader):
    submit(line)

    with pytest.raises(NotReady, match="lý do"):
        send_back(line, leader, note=" ")
    back = send_back(line, leader, "Thiếu minh chứng.")

    assert (back.sheet_status, back.self_rating) == (SheetStatus.RETURNED, None)
    assert back.events.first().note == "Thiếu minh chứng."
    assert line.sheet_items.get(code="1").points == "35"


def test_returning_what_was_confirmed_takes_the_result_away_and_tells_it(line, leader):
    submit(line)
    confirm(line, leader)
    decided = {"decision_number": "12/QĐ-UBND", "decision_on": "20/12/2022"}
    save_line(result=line, values=decided, base=shown_line(fresh(line)), by=leader)

    back = send_back(line, leader, "Nhầm biểu điểm.")

    stored = fresh(line)
    assert (stored.score, stored.rating, stored.decision_number) == (None, None, "")
    detail = back.events.first().detail
    assert detail["rating"] == {"old": "Khá", "new": ""}
    assert detail["decision_number"] == {"old": "12/QĐ-UBND", "new": ""}
    assert detail["decision_on"] == {"old": "20/12/2022", "new": ""}


def test_returning_what_is_not_confirmed_leaves_what_the_keeper_entered(line, leader):
    """A result from before the sheet came in is the district's own and stays."""
    fill(line)
    save_line(result=line, values={"rating": "Khá"}, base=shown_line(fresh(line)), by=leader)
    submit(line)

    send_back(line, leader)

    assert fresh(line).rating.code == "kha"


def test_a_rating_in_the_grid_confirms_the_sheet_too(line, leader):
    submit(line)

    save_line(result=line, values={"score": "84,5"}, base=shown_line(fresh(line)), by=leader)

    assert fresh(line).sheet_status == SheetStatus.CONFIRMED


def test_a_returned_sheet_is_sent_again(line, leader):
    submit(line)
    send_back(line, leader)

    again = submit(line, {"points-1": "40"})

    assert (again.sheet_status, again.self_score) == (SheetStatus.SUBMITTED, Decimal("89.5"))
    assert again.events.filter(kind="submit").count() == 2


# --- Evidence -------------------------------------------------------------------------------------


def opened_by(user):
    return set(StoredFile.objects.visible_to(user).values_list("original_name", flat=True))


def test_a_file_goes_to_the_units_register_and_is_cited_for_its_item(line):
    evidence = attach(line, "2.1", "kế hoạch", cited="trang 2", details={"number": "5/KH"})

    assert (evidence.item_code, evidence.cited, evidence.revision) == ("2.1", "trang 2", 1)
    assert (evidence.document.unit, evidence.document.number) == (line.unit, "5/KH")
    assert fresh(line).sheet_status == SheetStatus.DRAFT
    assert line.events.first().text == "mục 2.1: thêm minh chứng 5/KH kế hoạch"


def test_a_paper_serves_several_items_and_an_item_cites_it_once(line):
    evidence, by = attach(line), editor_of(line)

    for code in ("1", "2.1"):
        evidence_actions.cite_for_item(
            result=line, code=code, document=evidence.document, by=by, cited="mục II"
        )

    assert list(line.sheet_evidence.values_list("item_code", "cited")) == [
        ("1", ""),
        ("2.1", "mục II"),
    ]


def test_a_paper_of_another_unit_is_not_cited(line, district):
    foreign = make_document(district)

    with pytest.raises(Closed):
        evidence_actions.cite_for_item(result=line, code="1", document=foreign, by=editor_of(line))


def test_a_sent_sheet_takes_no_evidence_and_gives_none_away(line):
    evidence = attach(line)
    submit(line)

    with pytest.raises(Closed):
        attach(line, words="khác")
    with pytest.raises(Closed):
        evidence_actions.remove_item_citation(evidence=evidence, by=editor_of(line))
    with pytest.raises(Closed):
        evidence_actions.change_item_citation(evidence=evidence, cited="x", by=editor_of(line))
    assert SheetEvidence.objects.count() == 1


def test_a_citation_is_taken_off_once(line):
    evidence, by = attach(line), editor_of(line)

    evidence_actions.remove_item_citation(evidence=evidence, by=by)
    with pytest.raises(AlreadyRemoved):
        evidence_actions.remove_item_citation(evidence=evidence, by=by)

    assert Document.objects.count() == 1
    assert evidence_actions.was_removed(line, evidence.pk) is True
    assert evidence_actions.was_removed(line, evidence.pk + 1) is False


@pytest.mark.parametrize(
    ("status", "names"),
    [
        (SheetStatus.DRAFT, set()),
        (SheetStatus.SUBMITTED, {"kế hoạch.pdf"}),
        (SheetStatus.CONFIRMED, {"kế hoạch.pdf"}),
        (SheetStatus.RETURNED, set()),
    ],
)
def test_who_received_the_sheet_opens_what_it_cites_while_it_stands(
    line, district, leader, appraiser, status, names
):
    attach(line)
    attach(line, "2.1", "đã bỏ")
    by = editor_of(line)
    evidence_actions.remove_item_citation(evidence=line.sheet_evidence.get(item_code="2.1"), by=by)
    submit(line)
    line = fresh(line)
    line.sheet_status = status
    line.save()

    everybody = people(line, district)
    seen = {name: opened_by(user) for name, user in everybody.items()}

    readers = {"appraiser", "approver", "council", "observer"}
    own = {"kế hoạch.pdf", "đã bỏ.pdf"}
    assert seen == {
        name: own
        if name in {"editor", "leader"}
        else names
        if name in {"district editor", "district leader"} | readers
        else set()
        for name in everybody
    }


def test_papers_of_the_citys_agencies_are_not_the_districts_to_open(district):
    line = make_agency_line(make_city())
    attach(line)
    submit(line)

    seen = {name: bool(opened_by(user)) for name, user in people(line, district).items()}

    assert {name for name, sees in seen.items() if sees} == {
        *("editor", "leader", "appraiser", "approver", "council"),
    }


def test_a_revision_made_after_sending_is_not_what_was_sent(line, leader):
    evidence = attach(line)
    submit(line)
    add_document_file(
        document=evidence.document,
        uploaded=samples.upload(samples.pdf("mới"), "mới.pdf"),
        by=editor_of(line),
        as_new_revision=True,
    )

    assert opened_by(leader) == {"kế hoạch.pdf"}
    assert SheetEvidence.objects.get().revision == 1


def test_a_revision_made_before_sending_is(line, leader):
    evidence = attach(line)
    add_document_file(
        document=evidence.document,
        uploaded=samples.upload(samples.pdf("mới"), "mới.pdf"),
        by=editor_of(line),
        as_new_revision=True,
    )
    submit(line)

    assert opened_by(leader) == {"mới.pdf"}


def test_a_paper_that_a_sent_sheet_cites_stays_as_it_was(line):
    evidence, by = attach(line), editor_of(line)
    submit(line)
    details = {"number": "9/QĐ", "issued_on": None, "issuer": "", "summary": "Khác"}

    with pytest.raises(Closed):
        change_details(document=evidence.document, details=details, by=by)
    with pytest.raises(Closed):
        add_document_file(
            document=evidence.document,
            uploaded=samples.upload(samples.pdf("thêm"), "thêm.pdf"),
            by=by,
            as_new_revision=False,
        )


def test_what_the_district_received_is_not_in_its_own_register(line, leader, district):
    attach(line)
    submit(line)
    own = make_document(district)

    assert set(Document.objects.listed_for(leader)) == {own}
    assert Document.objects.visible_to(leader).count() == 2


def test_the_trail_of_a_sending_lists_its_papers(line):
    evidence = attach(line, cited="trang 1")

    sent = submit(line)

    (paper,) = sent.events.filter(kind="submit").first().detail["papers"]
    assert paper == {
        "item": "1",
        "document": evidence.document_id,
        "title": str(evidence.document),
        "revision": 1,
        "cited": "trang 1",
    }


def test_no_event_of_a_unit_is_ever_changed(line, leader):
    submit(line)
    before = list(UnitEvent.objects.order_by("pk").values())

    send_back(line, leader)

    assert list(UnitEvent.objects.order_by("pk").values())[: len(before)] == before


def test_a_round_that_is_not_opened_takes_no_step(district, leader):
    line = make_agency_line(
        district,
        make_round(opened_at=None),
        sheet_status=SheetStatus.SUBMITTED,
        sheet_since=timezone.now(),
    )

    assert not can_take_sheet_step(leader, line, "confirm")
