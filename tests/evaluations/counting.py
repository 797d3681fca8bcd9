"""What tests of counted figures do: rate a unit, take a step, read a dossier as somebody."""

from datetime import timedelta

from django.utils import timezone

from evaluations.actions.steps import take_step
from evaluations.actions.unit_results import save_line
from evaluations.determination import Finding, find
from evaluations.models import Evaluation, UnitResult
from evaluations.snapshots import as_seen_by, indicators_in
from evaluations.unit_reading import shown_line
from evaluations.workflow import STEPS
from organisations.models import Role, User
from tests.factories import make_department, make_user

REASONS = dict.fromkeys(["unrated", "undecided", "waiting"], "Đã rà soát.")


def found(evaluation) -> Finding:
    return find(Evaluation.objects.with_results().get(pk=evaluation.pk))


def read_by(user: User, evaluation) -> Finding:
    """As the page of this person has it."""
    (shown,) = as_seen_by(user, [Evaluation.objects.with_results().get(pk=evaluation.pk)])
    return find(shown)


def rate(line: UnitResult, label: str, by: User | None = None):
    by = by or make_user(Role.EDITOR, line.owner)
    return save_line(result=line, values={"rating": label}, base=shown_line(line), by=by)


def communes(evaluation):
    return evaluation.pilot_round.unit_results.filter(kind="learning_community")


def below(evaluation) -> UnitResult:
    """A commune rated below Khá."""
    return communes(evaluation).filter(rating__code="trung-binh").first()


def send_without_lists(evaluation) -> None:
    """A last submission as they were before there were lists behind counted figures."""
    last = evaluation.snapshots.submissions().first()
    for indicator in indicators_in(last.content):
        del indicator["units"]
    last.pk, last.number, last._state.adding = None, last.number + 1, True
    last.save()


def step(evaluation, name: str, by: User | None = None) -> None:
    """As whoever takes it, with everything that it may ask for."""
    role = STEPS[name].role
    office = evaluation.unit if role == Role.LEADER else make_department()
    take_step(
        evaluation=evaluation,
        step_name=name,
        by=by or make_user(role, office),
        note="Vì việc thử.",
        reasons=REASONS,
        due_on=timezone.localdate() + timedelta(days=7),
    )
