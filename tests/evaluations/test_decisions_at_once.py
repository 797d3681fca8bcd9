"""Two people at the Sở acting on one dossier at once, on whichever database runs the tests."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied

from evaluations.actions.council import close_session
from evaluations.actions.steps import NotReady, take_step
from evaluations.models import Decision, DecisionLine, Evaluation, Snapshot
from evaluations.workflow import Status
from organisations.models import Role
from tests.evaluations.test_decisions import correct, record, stored_files
from tests.evaluations.test_parallel_saves import at_once
from tests.factories import make_confirmed_dossier, make_session, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def evaluation():
    return make_confirmed_dossier()


@pytest.fixture
def approvers():
    return [make_user(Role.APPROVER), make_user(Role.APPROVER)]


def told(call):
    """What the person was told; None where it went through."""
    try:
        call()
    except NotReady as refusal:
        return refusal.text
    except PermissionDenied:
        return "403"
    return None


def test_of_two_decisions_recorded_at_once_one_stands_and_one_is_told(evaluation, approvers):
    make_session(evaluation, concluded=1)

    answers = at_once(
        *(
            partial(told, partial(record, by, {evaluation: 1}, number=f"{number}/QĐ-UBND"))
            for number, by in enumerate(approvers)
        )
    )

    decision = Decision.objects.get()
    assert [text for text in answers if text] == [
        f"Hồ sơ {evaluation.unit.name} đã có {decision.name_in_sentence}, không ghi lần nữa."
    ]
    assert (DecisionLine.objects.count(), Snapshot.objects.count()) == (1, 1)
    assert len(stored_files()) == 1
    assert [event.kind for event in evaluation.events.all()] == ["recognise"]


def test_of_two_corrections_at_once_one_stands_and_one_is_told(evaluation, approvers):
    make_session(evaluation, concluded=1)
    old = record(approvers[0], {evaluation: 1})

    answers = at_once(
        *(
            partial(
                told,
                partial(correct, by, old, {evaluation: (2, "Nhầm")}, number=f"{number}/QĐ-UBND"),
            )
            for number, by in enumerate(approvers)
        )
    )

    assert sum(text is None for text in answers) == 1
    assert Decision.objects.count() == 2
    assert DecisionLine.objects.standing().get().level == 2


def test_reopening_and_deciding_at_once_one_goes_through(evaluation, approvers):
    make_session(evaluation, concluded=1)

    reopening = partial(
        take_step, evaluation=evaluation, step_name="reopen", by=approvers[0], note="Sai"
    )

    answers = at_once(
        partial(told, reopening),
        partial(told, partial(record, approvers[1], {evaluation: 1})),
    )

    now = Evaluation.objects.get(pk=evaluation.pk)
    assert sum(text is None for text in answers) == 1
    wanted = Status.RECOGNISED if Decision.objects.exists() else Status.APPRAISING
    assert now.status == wanted


def test_closing_and_reopening_at_once_leaves_no_conclusion_on_what_is_open(evaluation, approvers):
    session = make_session(evaluation, members=[make_user(Role.COUNCIL)])
    session.items.update(concluded_level=1, votes_for=1, votes_against=0)
    reopening = partial(
        take_step, evaluation=evaluation, step_name="reopen", by=approvers[0], note="Sai"
    )

    at_once(reopening, partial(told, partial(close_session, session=session, by=approvers[1])))

    item = session.items.select_related("evaluation").get()
    assert not item.stands
    assert not type(item).objects.concluded().exists()
    session.refresh_from_db()
    assert session.is_closed
