"""Rows to the level and back: both columns, not entered, not applicable, adopted readings."""

import pytest

from evaluations.determination import find
from evaluations.models import AdoptedReading, Evaluation, IndicatorAppraisal
from evaluations.workflow import Status
from tests.factories import LEVEL_1, make_complete_dossier, make_dossier, make_user, result_of

pytestmark = pytest.mark.django_db


def finding_of(evaluation):
    return find(Evaluation.objects.with_results().get(pk=evaluation.pk))


def appraise_all(evaluation, verdict="accept"):
    by = make_user("appraiser")
    for result in evaluation.results.all():
        IndicatorAppraisal.objects.create(
            result=result,
            verdict=verdict,
            decided_by=by,
            decided_at=evaluation.status_since,
        )


def test_an_empty_dossier_is_open_and_not_nought():
    finding = finding_of(make_dossier())

    assert finding.self_assessed.conclusion is None
    assert len(finding.self_assessed.not_assessed) == 5
    assert {line.mark.word for line in finding.lines} == {"Chưa nhập"}


def test_a_complete_dossier_has_its_level_and_its_weakest():
    finding = finding_of(make_complete_dossier())

    assert finding.self_assessed.level == 1
    assert finding.self_assessed.weakest == ("2.1.2",)
    assert finding.graded_lines[0].code == "2.1.2"


def test_a_document_declared_met_without_evidence_does_not_count():
    evaluation = make_dossier(typed=LEVEL_1)

    line = finding_of(evaluation).line("1.1.1")

    assert line.self_assessed.met is None
    assert line.mark.word == "Thiếu minh chứng"


def test_the_column_of_the_so_is_empty_until_it_speaks():
    finding = finding_of(make_complete_dossier())

    assert finding.appraised.conclusion is None
    assert finding.decided_count == 0


def test_accepting_everything_gives_the_same_level():
    evaluation = make_complete_dossier(status=Status.APPRAISING)
    appraise_all(evaluation)

    finding = finding_of(evaluation)

    assert finding.appraised.level == finding.self_assessed.level == 1


def test_not_applicable_waits_for_the_so_in_both_columns():
    evaluation = make_complete_dossier(status=Status.APPRAISING)
    evaluation.results.filter(indicator__code="3.1.1").update(typed={"not_applicable": "yes"})

    claimed = finding_of(evaluation)
    appraise_all(evaluation)
    accepted = finding_of(evaluation)
    IndicatorAppraisal.objects.update(is_sent=True)
    told = finding_of(evaluation)

    assert claimed.self_assessed.not_assessed == ("3.1.1",)
    assert claimed.self_assessed.level == 0
    assert accepted.appraised.excluded == ("3.1.1",)
    assert accepted.appraised.level == 1
    assert accepted.self_assessed.level == 0  # an unsent word of the Sở moves nothing there
    assert told.self_assessed.level == told.appraised.level == 1


def test_exactly_80_follows_the_reading_that_the_round_adopted(administrator):
    evaluation = make_complete_dossier()
    evaluation.results.filter(indicator__code="2.1.2").update(
        typed={"achieved": "24", "total": "30"}
    )

    by_default = finding_of(evaluation).self_assessed.level
    AdoptedReading.objects.create(
        pilot_round=evaluation.pilot_round,
        question="exact_80",
        choice="level_2",
        document="Công văn 12/SGDĐT",
        adopted_by=administrator,
    )
    by_choice = finding_of(evaluation).self_assessed.level

    assert (by_default, by_choice) == (1, 2)


def test_a_fall_of_a_poor_rate_follows_the_reading_too(administrator):
    evaluation = make_complete_dossier()
    evaluation.results.filter(indicator__code="3.1.1").update(
        typed={"previous": "1,00", "current": "0,90"}
    )

    assert finding_of(evaluation).line("3.1.1").self_assessed.met is False
    AdoptedReading.objects.create(
        pilot_round=evaluation.pilot_round,
        question="fall",
        choice="relative",
        document="Công văn 12/SGDĐT",
        adopted_by=administrator,
    )
    assert finding_of(evaluation).line("3.1.1").self_assessed.met is True


@pytest.mark.parametrize("count", [1, 4])
def test_levels_of_many_dossiers_ask_the_database_the_same(count, django_assert_num_queries):
    evaluation = make_complete_dossier()
    for _ in range(count - 1):
        make_complete_dossier(pilot_round=evaluation.pilot_round)

    with django_assert_num_queries(6):
        levels = [find(row).self_assessed.level for row in Evaluation.objects.with_results()]

    assert levels == [1] * count


def test_the_marks_name_what_the_so_did():
    evaluation = make_complete_dossier(status=Status.APPRAISED)
    by = make_user("appraiser")
    for code, verdict, typed in (
        ("1.1.1", "accept", {}),
        ("2.1.2", "adjust", {"achieved": "20", "total": "30"}),
        ("2.2.1", "ask", {}),
    ):
        IndicatorAppraisal.objects.create(
            result=result_of(evaluation, code),
            verdict=verdict,
            typed=typed,
            reason="Lý do",
            decided_by=by,
            decided_at=evaluation.status_since,
        )

    finding = finding_of(evaluation)

    assert finding.line("1.1.1").appraised_mark.word == "Chấp nhận"
    assert finding.line("2.1.2").appraised_mark.word.startswith("Còn 66,7")
    assert finding.line("2.2.1").appraised_mark.word == "Cần bổ sung"
    assert finding.line("3.1.1").appraised_mark is None
