"""Inspections: what a draw freezes, what closing wants, and what goes into the Sở's column."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluations.actions.appraisal import Stale as StaleVerdict
from evaluations.actions.appraisal import appraise, version_of
from evaluations.actions.guard import Closed
from evaluations.actions.inspections import (
    Look,
    Stale,
    attach_scan,
    close_inspection,
    feed,
    left_to_do,
    record_findings,
)
from evaluations.actions.steps import NotReady
from evaluations.determination import appraisal_of
from evaluations.drawing import draw
from evaluations.inspecting.frames import redo, strata_of
from evaluations.inspecting.proposals import proposals
from evaluations.models import (
    Event,
    IndicatorAppraisal,
    Inspection,
    InspectionFeed,
    InspectionLine,
    UnitResult,
)
from evaluations.permissions import can_appraise
from organisations.models import Role
from tests.evaluations import samples
from tests.evaluations.counting import found, step
from tests.evaluations.inspected import (
    ALL,
    SEED,
    closed,
    drawn,
    make_inspectable,
    rating_of,
    record,
)
from tests.factories import make_commune, make_department, make_line, make_user, result_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(district):
    return make_inspectable(district)


def proposed(evaluation, code="2.1.2"):
    inspections = Inspection.objects.filter(evaluation=evaluation).with_lines()
    return next((p for p in proposals(found(evaluation), inspections) if p.line.code == code), None)


def written(evaluation, code="2.1.2"):
    return IndicatorAppraisal.objects.get(result=result_of(evaluation, code))


def worse(inspection, *codes, state="differs"):
    """These communes were found Trung bình."""
    rating = rating_of(inspection, "trung-binh") if state == "differs" else None
    return {code: Look(state=state, found_rating_id=rating) for code in codes}


def feed_in(inspection, proposal, by, **changes):
    said = {"typed": proposal.typed, "reason": proposal.reason} | changes
    version = version_of(inspection.evaluation, proposal.line.result)
    return feed(inspection=inspection, result=proposal.line.result, version=version, by=by, **said)


# --- Drawing --------------------------------------------------------------------------------


def test_units_are_drawn_by_kind_and_class_from_the_submitted_list(dossier, appraiser):
    strata = {each.key: each for each in strata_of(dossier)}
    assert {key: len(each.units) for key, each in strata.items()} == {
        "agencies-tot": 3,
        "agencies-chua-dat": 1,
        "communes-kha": 5,
        "communes-trung-binh": 1,
    }

    inspection = drawn(dossier, by=appraiser)

    for key, wanted in ALL.items():
        codes = [unit["code"] for unit in strata[key].units]
        kind = strata[key].kind
        lines = inspection.lines.filter(kind=kind)
        assert [line.code for line in lines] == draw(codes, wanted, SEED)
    assert {line.declared for line in inspection.lines.all()} == {"Khá", "Tốt"}
    assert [figure.result.indicator.code for figure in inspection.figures.all()] == ["2.2.1"]


def test_what_was_drawn_stays_whatever_the_register_says_later(dossier, appraiser):
    inspection = drawn(dossier, by=appraiser)
    before = [(line.code, line.name, line.declared) for line in inspection.lines.all()]

    make_line(dossier.pilot_round, make_commune(parent=dossier.unit), rating="tot")
    lines = UnitResult.objects.filter(owner=dossier.unit)
    lines.update(rating=rating_of(inspection, "chua-dat"))

    again = Inspection.objects.get(pk=inspection.pk)
    assert [(line.code, line.name, line.declared) for line in again.lines.all()] == before
    drawn_again = [unit.code for part in redo(again) for unit in part.units if unit.is_drawn]
    assert set(drawn_again) == {code for code, _, _ in before}


def test_the_draw_is_on_the_trail_with_its_seed(dossier, appraiser):
    inspection = drawn(dossier, by=appraiser)

    event = Event.objects.get(evaluation=dossier, kind="inspection-drawn")
    assert SEED in event.text
    assert event.detail["seed"] == inspection.seed == SEED
    assert event.detail["drawn"] == [line.code for line in inspection.lines.all()]
    assert inspection.is_seed_typed


def test_without_a_seed_the_machine_chooses_one(dossier, appraiser):
    inspection = drawn(dossier, by=appraiser, seed="")

    assert len(inspection.seed) == 8
    assert not inspection.is_seed_typed


def test_a_draw_that_cannot_be_is_refused(dossier, appraiser):
    for wanted, seed, said in (
        ({}, SEED, "ít nhất một loại"),
        ({"communes-kha": 6}, SEED, "Tải lại trang"),
        ({"communes-khong-co": 1}, SEED, "Tải lại trang"),
        (ALL, "có dấu", "4 đến 40"),
        (ALL, "123", "4 đến 40"),
        (ALL, "12 34", "4 đến 40"),
    ):
        with pytest.raises(NotReady) as refusal:
            drawn(dossier, by=appraiser, wanted=wanted, seed=seed)
        assert said in refusal.value.text
    assert not Inspection.objects.exists()


def test_only_an_appraiser_who_wrote_nothing_draws_and_only_before_it_is_appraised(
    dossier, appraiser, approver, editor
):
    for person in (approver, editor, make_user(Role.ADMINISTRATOR)):
        with pytest.raises(Closed):
            drawn(dossier, by=person)
    editor.role, editor.organisation = Role.APPRAISER, make_department()
    editor.save()
    Event.objects.create(evaluation=dossier, kind="write", text="nhập", by=editor)
    with pytest.raises(Closed):
        drawn(dossier, by=editor)
    draft = make_inspectable(status="submitted")
    drawn(draft, by=appraiser)
    step(draft, "withdraw")
    with pytest.raises(Closed):
        drawn(draft, by=appraiser)


def test_who_draws_may_still_appraise(dossier, appraiser):
    closed(dossier, by=appraiser)

    assert can_appraise(appraiser, dossier)


# --- What was found -------------------------------------------------------------------------


def test_closing_wants_every_line_the_day_the_people_and_the_signed_minutes(dossier, appraiser):
    inspection = drawn(dossier, by=appraiser)
    unsaid = left_to_do(inspection)
    with pytest.raises(NotReady):
        close_inspection(inspection=inspection, by=appraiser)
    code = inspection.lines.first().code

    record(inspection, by=appraiser, looks={code: Look()})
    half = left_to_do(Inspection.objects.get(pk=inspection.pk))
    record(inspection, by=appraiser, looks={code: Look(note="Đường ngập")})
    attach_scan(
        inspection=inspection, uploaded=samples.upload(samples.pdf("b"), "b.pdf"), by=appraiser
    )
    close_inspection(inspection=inspection, by=appraiser)

    assert [text[:12] for text in unsaid] == [
        "Ghi ngày kiể",
        "Ghi thành ph",
        "Còn 4 dòng c",
        "Tải lên bản ",
    ]
    assert len(half) == 2
    assert inspection.lines.first().name in half[0]
    assert Event.objects.filter(evaluation=dossier, kind="inspection-closed").count() == 1


def test_a_day_to_come_does_not_close(dossier, appraiser):
    inspection = drawn(dossier, by=appraiser)
    record(inspection, by=appraiser, held_on=timezone.localdate() + timedelta(days=1))

    assert any("chưa đến" in text for text in left_to_do(Inspection.objects.get()))


def test_a_closed_inspection_takes_no_write(dossier, appraiser):
    inspection = closed(dossier, by=appraiser)

    for write in (
        lambda: record(inspection, by=appraiser),
        lambda: attach_scan(
            inspection=inspection, uploaded=samples.upload(samples.pdf("c"), "c.pdf"), by=appraiser
        ),
        lambda: close_inspection(inspection=inspection, by=appraiser),
    ):
        with pytest.raises(Closed):
            write()


def test_the_second_of_two_who_write_is_told(dossier, appraiser):
    inspection = drawn(dossier, by=appraiser)
    old = Inspection.objects.with_lines().get(pk=inspection.pk)
    record(inspection, by=appraiser)

    with pytest.raises(Stale):
        record_findings(
            inspection=old,
            details=dict.fromkeys(["held_on", "place", "members", "conclusion"]),
            lines={},
            figures={},
            version=old.changes,
            by=appraiser,
        )


def test_the_database_wants_a_class_with_every_difference(dossier, appraiser):
    line = drawn(dossier, by=appraiser).lines.first()

    for wrong in ({"state": "differs"}, {"found_rating": rating_of(line.inspection, "kha")}):
        with pytest.raises(IntegrityError), transaction.atomic():
            InspectionLine.objects.filter(pk=line.pk).update(**wrong)


def test_units_read_of_an_inspection_once_it_is_closed(
    dossier, appraiser, approver, leader, outsider, council_member
):
    inspection = drawn(dossier, by=appraiser)

    def readers():
        people = (appraiser, approver, leader, outsider, council_member)
        return [
            person.username
            for person in people
            if Inspection.objects.visible_to(person).filter(pk=inspection.pk).exists()
        ]

    assert readers() == [appraiser.username, approver.username]
    record(inspection, by=appraiser)
    attach_scan(
        inspection=inspection, uploaded=samples.upload(samples.pdf("d"), "d.pdf"), by=appraiser
    )
    close_inspection(inspection=inspection, by=appraiser)
    assert readers() == [
        person.username for person in (appraiser, approver, leader, council_member)
    ]


# --- Into the Sở's column --------------------------------------------------------------------


def test_found_worse_is_one_less_and_says_which(dossier, appraiser):
    probe = drawn(dossier, by=appraiser)
    first, second = (line.code for line in probe.lines.filter(kind="learning_community"))
    looks = worse(probe, first) | worse(probe, second, state="no_file")

    inspection = closed(dossier, by=appraiser, looks=looks)
    proposal = proposed(dossier)

    assert set(proposal.words) == {
        "Khai Khá, thấy Trung bình: 1 xã, phường",
        "Khai Khá, không có hồ sơ: 1 xã, phường",
    }
    assert (proposal.claimed, proposal.figure) == ("5/6", "3/6")
    names = [line.name for line in inspection.lines.filter(kind="learning_community")]
    assert all(name in proposal.reason for name in names)
    assert f"{timezone.localdate():%d/%m/%Y}" in proposal.reason
    assert appraisal_of(result_of(dossier, "2.1.2")) is None  # never by itself
    assert proposed(dossier, "2.1.1") is None
    assert proposed(dossier, "2.2.1") is None


def test_what_is_fed_is_a_verdict_like_any_other(dossier, appraiser):
    probe = drawn(dossier, by=appraiser)
    code = probe.lines.filter(kind="learning_community").first().code
    appraise(
        result=result_of(dossier, "2.1.2"), verdict="accept", private_note="Hỏi lại", by=appraiser
    )
    inspection = closed(dossier, by=appraiser, looks=worse(probe, code))
    assert "chấp nhận" in proposed(dossier).standing

    feed_in(inspection, proposed(dossier), appraiser, reason="Đã xem tận nơi.")

    verdict = written(dossier)
    assert (verdict.verdict, verdict.reason) == ("adjust", "Đã xem tận nơi.")
    assert (verdict.private_note, verdict.is_sent) == ("Hỏi lại", False)
    assert found(dossier).line("2.1.2").appraised.figure == "4/6"
    event = Event.objects.get(evaluation=dossier, kind="inspection-fed")
    assert event.detail["old"]["verdict"] == "accept"
    assert event.detail["new"]["typed"] == {"achieved": "4", "total": "6"}
    assert proposed(dossier).is_in_column


def test_fed_twice_nothing_is_subtracted_twice(dossier, appraiser):
    probe = drawn(dossier, by=appraiser)
    code = probe.lines.filter(kind="learning_community").first().code
    inspection = closed(dossier, by=appraiser, looks=worse(probe, code))
    proposal = proposed(dossier)
    version = version_of(dossier, proposal.line.result)

    feed_in(inspection, proposal, appraiser)
    with pytest.raises(StaleVerdict):
        feed(
            inspection=inspection,
            result=proposal.line.result,
            typed=proposal.typed,
            reason=proposal.reason,
            version=version,
            by=appraiser,
        )
    again = closed(dossier, by=appraiser, looks=worse(probe, code), seed="another")
    feed_in(again, proposed(dossier), appraiser)

    assert proposed(dossier).figure == "4/6"
    assert found(dossier).line("2.1.2").appraised.figure == "4/6"


def test_two_inspections_count_each_unit_by_its_latest_look(dossier, appraiser):
    every = {"communes-kha": 5}
    probe = drawn(dossier, by=appraiser, wanted=every)
    first, second, third, *_ = (line.code for line in probe.lines.all())

    closed(dossier, by=appraiser, wanted=every, looks=worse(probe, first, second))
    closed(dossier, by=appraiser, wanted=every, looks=worse(probe, third))

    assert proposed(dossier).figure == "4/6"


def test_a_unit_found_better_is_one_more(dossier, appraiser):
    wanted = {"communes-trung-binh": 1}
    probe = drawn(dossier, by=appraiser, wanted=wanted)
    look = Look(state="differs", found_rating_id=rating_of(probe, "kha"))

    closed(dossier, by=appraiser, wanted=wanted, looks={probe.lines.get().code: look})

    assert proposed(dossier).figure == "6/6"


def test_a_difference_that_moves_no_count_is_told_and_not_fed(dossier, appraiser):
    probe = drawn(dossier, by=appraiser)
    code = probe.lines.filter(kind="learning_community").first().code
    look = Look(state="differs", found_rating_id=rating_of(probe, "tot"))

    closed(dossier, by=appraiser, looks={code: look})

    assert proposed(dossier).words == ("Khai Khá, thấy Tốt: 1 xã, phường",)
    assert proposed(dossier).typed is None


def test_a_list_that_was_mended_since_is_not_mended_again(dossier, appraiser):
    """The unit moved two communes down itself, mended a figure, and sent the dossier again."""
    wanted = {"communes-kha": 3}
    probe = drawn(dossier, by=appraiser, wanted=wanted)
    first, second, third = probe.lines.all()
    looks = worse(probe, first.code, second.code) | worse(probe, third.code, state="no_file")
    figure = Look(state="differs", found={"achieved": "80", "total": "92"})
    closed(dossier, by=appraiser, wanted=wanted, looks=looks, figures={"2.2.1": figure})
    assert proposed(dossier).figure == "2/6"
    assert proposed(dossier, "2.2.1").figure == "80/92"
    for code in ("2.1.2", "2.2.1"):
        appraise(result=result_of(dossier, code), verdict="ask", reason="Xem lại", by=appraiser)
    step(dossier, "return")

    UnitResult.objects.filter(unit__in=[first.unit, third.unit], owner=dossier.unit).update(
        rating=rating_of(probe, "trung-binh")
    )
    dossier.results.update(reply="Đã sửa")
    dossier.results.filter(indicator__code="2.2.1").update(typed=figure.found)
    step(dossier, "submit")
    step(dossier, "take-in")

    assert (proposed(dossier).claimed, proposed(dossier).figure) == ("3/6", "2/6")
    assert set(proposed(dossier).words) == {
        "Khai Khá, thấy Trung bình: 1 xã, phường",
        "Khai Trung bình, không có hồ sơ: 1 xã, phường",
    }
    assert proposed(dossier, "2.2.1") is None


def test_an_earlier_adjustment_is_told_before_it_is_replaced(dossier, appraiser):
    probe = drawn(dossier, by=appraiser)
    code = probe.lines.filter(kind="learning_community").first().code
    closed(dossier, by=appraiser, looks=worse(probe, code))
    appraise(
        result=result_of(dossier, "2.1.2"),
        verdict="adjust",
        typed={"achieved": "3", "total": "6"},
        reason="Hai xã trùng.",
        by=appraiser,
    )

    assert not proposed(dossier).is_in_column
    assert "3/6" in proposed(dossier).standing
    assert "Hai xã trùng." in proposed(dossier).standing
    assert proposed(dossier).figure == "4/6"
    appraise(
        result=result_of(dossier, "2.1.2"),
        verdict="adjust",
        typed={"achieved": "4", "total": "6"},
        reason="Gõ tay, cùng một số.",
        by=appraiser,
    )
    assert proposed(dossier).is_in_column


def test_figures_found_go_in_as_they_were_found(dossier, appraiser):
    look = Look(state="differs", found={"achieved": "80", "total": "92"}, note="3 bản cũ")
    inspection = closed(dossier, by=appraiser, figures={"2.2.1": look})
    proposal = proposed(dossier, "2.2.1")

    assert (proposal.claimed, proposal.figure) == ("83/92", "80/92")
    assert "3 bản cũ" in proposal.reason
    feed_in(inspection, proposal, appraiser)
    assert found(dossier).line("2.2.1").appraised.figure == "80/92"


def test_nothing_is_fed_from_an_open_inspection_or_into_a_closed_column(
    dossier, appraiser, approver
):
    probe = drawn(dossier, by=appraiser)
    code = probe.lines.filter(kind="learning_community").first().code
    assert proposed(dossier) is None
    result = result_of(dossier, "2.1.2")
    typed = {"achieved": "4", "total": "6"}
    with pytest.raises(Closed):
        feed(inspection=probe, result=result, typed=typed, reason="x", version="", by=appraiser)
    inspection = closed(dossier, by=appraiser, looks=worse(probe, code))
    with pytest.raises(Closed):
        feed_in(inspection, proposed(dossier), approver)
    appraise(result=result, verdict="ask", reason="Xem lại", by=appraiser)
    step(dossier, "return")
    dossier.refresh_from_db()
    with pytest.raises(Closed):
        feed_in(inspection, proposed(dossier), appraiser)

    assert not InspectionFeed.objects.exists()
