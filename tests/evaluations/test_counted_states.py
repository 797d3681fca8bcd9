"""A list after it was submitted: the dossier keeps it, and tells by name what changed since."""

from datetime import date

import pytest

from criteria.models import Rating
from evaluations.actions.appraisal import accept_rest, appraise
from evaluations.actions.registers import add_unit, take_out
from evaluations.models import UnitResult
from evaluations.snapshots import dossier_content, indicators_in
from evaluations.unit_lists import changes_since_submission, list_behind
from organisations.models import Role
from tests.evaluations.counting import (
    below,
    communes,
    found,
    rate,
    read_by,
    send_without_lists,
    step,
)
from tests.factories import (
    make_commune,
    make_counted_dossier,
    make_department,
    make_line,
    make_user,
    result_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    """Submitted with 20 of 26 communes and 7 of 9 agencies."""
    evaluation = make_counted_dossier()
    step(evaluation, "submit")
    return evaluation


@pytest.fixture
def officer(dossier):
    return make_user(Role.EDITOR, dossier.unit)


def changes(evaluation, user):
    """What the page of this person tells, by code."""
    told = changes_since_submission([read_by(user, evaluation)], user).get(evaluation.pk, [])
    return {each.line.code: [(unit.name, unit.text) for unit in each.units] for each in told}


def shown_list(evaluation, user, code="2.1.2"):
    finding = read_by(user, evaluation)
    return list_behind(finding, finding.line(code), user)


def returned(evaluation, appraiser, *, asked=None):
    step(evaluation, "take-in", appraiser)
    if asked:
        appraise(
            result=result_of(evaluation, asked), verdict="ask", reason="Thiếu xã.", by=appraiser
        )
    accept_rest(evaluation=evaluation, by=appraiser)
    step(evaluation, "return", appraiser)
    if asked:
        evaluation.results.filter(indicator__code=asked).update(reply="Đã bổ sung.")


def test_list_as_submitted_tells_nothing(dossier, officer):
    assert changes(dossier, officer) == {}
    assert shown_list(dossier, officer).changes is None


def test_changed_result_is_told_by_name_and_moves_nothing(dossier, officer):
    line = below(dossier)

    rate(line, "Khá", officer)

    told = {"2.1.2": [(line.unit.name, "Trung bình → Khá")]}
    for person in (officer, make_user(Role.APPRAISER), make_user(Role.OBSERVER)):
        assert changes(dossier, person) == told
        shown = shown_list(dossier, person)
        assert (len(shown.good.units), shown.in_scope) == (20, 26)
        assert line.unit.name in [unit.said["name"] for unit in shown.below.units]
        assert len(shown.changes.units) == 1


def test_change_that_was_taken_back_is_none(dossier, officer):
    rate(below(dossier), "Khá", officer)
    changed = communes(dossier).get(events__isnull=False)

    rate(changed, "Trung bình", officer)

    assert changes(dossier, officer) == {}


def test_another_decision_number_is_no_change_of_what_counts(dossier, officer):
    communes(dossier).update(decision_number="3187/QĐ-UBND")

    assert changes(dossier, officer) == {}


def test_rating_that_is_called_otherwise_is_no_change(dossier, officer):
    """As when the round goes over to a newer version of its point set."""
    Rating.objects.filter(code="trung-binh").update(label="Đạt yêu cầu")

    assert changes(dossier, officer) == {}
    assert shown_list(dossier, officer).changes is None


def test_units_that_came_went_or_left_the_scope_are_told(dossier, officer):
    added = add_unit(
        pilot_round=dossier.pilot_round,
        owner=dossier.unit,
        name="Trường mới mở",
        unit_type="trường",
        since=date(2022, 9, 1),
        by=officer,
    )
    out = communes(dossier).filter(rating__code="kha").first()
    out.in_scope, out.exclusion_reason = False, "Sáp nhập"
    out.save()
    gone = communes(dossier).get(rating=None)
    UnitResult.objects.filter(pk=gone.pk).delete()

    told = changes(dossier, officer)

    assert told["2.1.1"] == [(added.unit.name, "mới thêm, chưa có kết quả")]
    assert set(told["2.1.2"]) == {
        (out.unit.name, "ra khỏi phạm vi, lúc gửi là Khá"),
        (gone.unit.name, "đã bớt, lúc gửi là chưa có kết quả"),
    }
    take_out(result=added, by=officer)
    assert "2.1.1" not in changes(dossier, officer)


def test_unit_that_came_into_the_scope_is_told(officer):
    evaluation = make_counted_dossier(officer.organisation)
    line = communes(evaluation).filter(rating__code="kha").first()
    communes(evaluation).filter(pk=line.pk).update(in_scope=False, exclusion_reason="Sáp nhập")
    step(evaluation, "submit")

    communes(evaluation).filter(pk=line.pk).update(in_scope=True)

    assert changes(evaluation, officer) == {"2.1.2": [(line.unit.name, "đưa vào phạm vi, Khá")]}


def test_indicator_that_is_asked_about_counts_live_and_the_others_stay(dossier, officer, appraiser):
    returned(dossier, appraiser, asked="2.1.2")
    agency = dossier.pilot_round.unit_results.filter(rating__code="chua-dat").first()
    rate(below(dossier), "Khá", officer)
    rate(agency, "Tốt", officer)

    own, theirs = read_by(officer, dossier), read_by(appraiser, dossier)

    assert own.line("2.1.2").self_assessed.figure == "21/26"
    assert own.line("2.1.1").self_assessed.figure == "7/9"
    assert changes(dossier, officer) == {"2.1.1": [(agency.unit.name, "Chưa đạt → Tốt")]}
    # Who reads from outside has the last submission, its lists, and both changes.
    assert theirs.line("2.1.2").self_assessed.figure == "20/26"
    assert len(shown_list(dossier, appraiser).good.units) == 20
    assert set(changes(dossier, appraiser)) == {"2.1.1", "2.1.2"}


def test_dossier_returned_whole_counts_live_whole(dossier, officer, appraiser):
    returned(dossier, appraiser, asked="2.2.1")
    dossier.results.get(indicator__code="2.2.1").appraisal.delete()
    rate(below(dossier), "Khá", officer)

    assert found(dossier).line("2.1.2").self_assessed.figure == "21/26"
    assert changes(dossier, officer) == {}


def test_withdrawn_dossier_tells_no_change(dossier, officer):
    rate(below(dossier), "Khá", officer)

    step(dossier, "withdraw")

    assert changes(dossier, officer) == {}
    assert len(shown_list(dossier, officer).good.units) == 21


def test_supplement_taken_back_counts_live_where_it_was_asked(dossier, officer, appraiser):
    returned(dossier, appraiser, asked="2.1.2")
    step(dossier, "submit")
    rate(below(dossier), "Khá", officer)
    assert found(dossier).line("2.1.2").self_assessed.figure == "20/26"

    step(dossier, "take-back")

    assert found(dossier).line("2.1.2").self_assessed.figure == "21/26"
    assert read_by(appraiser, dossier).line("2.1.2").self_assessed.figure == "20/26"


def test_second_submission_keeps_the_list_of_what_was_not_asked(dossier, officer, appraiser):
    returned(dossier, appraiser, asked="2.1.2")
    agency = dossier.pilot_round.unit_results.filter(rating__code="chua-dat").first()
    rate(below(dossier), "Khá", officer)
    rate(agency, "Tốt", officer)

    step(dossier, "submit")

    said = {each["code"]: each for each in indicators_in(dossier.snapshots.first().content)}
    good = {
        code: sum(unit["is_good_or_better"] for unit in said[code]["units"])
        for code in ("2.1.1", "2.1.2")
    }
    assert (said["2.1.1"]["figure"], good["2.1.1"]) == ("7/9", 7)
    assert (said["2.1.2"]["figure"], good["2.1.2"]) == ("21/26", 21)
    assert len(shown_list(dossier, officer, "2.1.1").good.units) == 7
    assert len(shown_list(dossier, officer).good.units) == 21
    assert changes(dossier, officer) == {"2.1.1": [(agency.unit.name, "Chưa đạt → Tốt")]}


def test_content_of_a_closed_dossier_has_the_list_that_was_submitted(dossier, officer):
    rate(below(dossier), "Khá", officer)

    content = dossier_content(found(dossier).evaluation)

    (commune,) = (each for each in indicators_in(content) if each["code"] == "2.1.2")
    assert sum(unit["is_good_or_better"] for unit in commune["units"]) == 20


def test_submission_of_before_there_were_lists_is_read_without(dossier, officer):
    send_without_lists(dossier)
    rate(below(dossier), "Khá", officer)

    shown = shown_list(dossier, officer)

    assert found(dossier).line("2.1.2").self_assessed.figure == "20/26"
    assert (shown.is_known, shown.units, shown.changes) == (False, (), None)
    assert changes(dossier, officer) == {}
    content = dossier_content(found(dossier).evaluation)
    assert {each["units"] for each in indicators_in(content)} == {None}


def test_returned_dossier_of_before_there_were_lists_gets_them_where_it_is_open(dossier, appraiser):
    send_without_lists(dossier)
    returned(dossier, appraiser, asked="2.1.2")

    content = dossier_content(found(dossier).evaluation)

    lists = {each["code"]: each["units"] for each in indicators_in(content)}
    assert len(lists["2.1.2"]) == 26
    assert lists["2.1.1"] is None


def test_result_of_the_year_before_is_no_change(dossier, officer):
    make_line(dossier.pilot_round, communes(dossier).first().unit, rating="tot", year=2021)
    make_line(dossier.pilot_round, make_commune(parent=dossier.unit), rating="tot", year=2021)

    assert changes(dossier, officer) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_changes_of_many_dossiers_are_two_queries(count, django_assert_num_queries, appraiser):
    first = make_counted_dossier(communes=["kha", "trung-binh"], agencies=["tot"])
    dossiers = [first]
    for _ in range(count - 1):
        dossiers.append(
            make_counted_dossier(
                communes=["kha", "trung-binh"], agencies=["tot"], pilot_round=first.pilot_round
            )
        )
    for evaluation in dossiers:
        step(evaluation, "submit")
        evaluation.pilot_round.unit_results.filter(
            owner=evaluation.unit, rating__code="trung-binh"
        ).update(rating=None)
    findings = [found(evaluation) for evaluation in dossiers]

    with django_assert_num_queries(2):
        told = changes_since_submission(findings, appraiser)

    assert {pk: [each.line.code for each in lists] for pk, lists in told.items()} == {
        evaluation.pk: ["2.1.2"] for evaluation in dossiers
    }


def test_list_of_another_district_is_never_compared(dossier, officer):
    """Communes of two districts in one round: each dossier is compared with its own."""
    other = make_counted_dossier(pilot_round=dossier.pilot_round)
    step(other, "submit")

    rate(
        dossier.pilot_round.unit_results.filter(owner=other.unit, rating__code="kha").first(),
        "Chưa đạt",
    )

    assert changes(dossier, officer) == {}
    department = make_user(Role.APPRAISER, make_department())
    assert list(changes(other, department)) == ["2.1.2"]
