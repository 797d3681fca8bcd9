"""Two people with one part of the city's dossier at once, on whichever database runs the tests."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied

from evaluations.actions.assignments import assign, hand_over, return_part
from evaluations.actions.results import save_result
from evaluations.models import Assignment
from evaluations.workflow import Status
from tests.evaluations.city_world import CityWorld, make_city_world
from tests.evaluations.test_decisions_at_once import told
from tests.evaluations.test_parallel_saves import at_once

pytestmark = pytest.mark.django_db(transaction=True)
OWN = "1.1.1"


@pytest.fixture
def world(db) -> CityWorld:
    made = make_city_world()
    made.fill()
    return made


def test_of_two_returns_at_once_one_stands_and_one_is_refused(world):
    world.hand_over(OWN)
    result = world.result(OWN)

    answers = at_once(
        *(
            partial(
                told, partial(return_part, result=result, reason="Thiếu.", by=world.people[who])
            )
            for who in ("SGDDT editor", "SGDDT leader")
        )
    )

    assert sorted(answers, key=str) == ["403", None]
    assert world.dossier.events.filter(kind="part-returned").count() == 1


def test_handing_over_and_moving_at_once_leaves_one_agency_in_charge(world):
    result, agency = world.result(OWN), world.offices["VPUB"]

    answers = at_once(
        partial(told, partial(hand_over, result=result, by=world.people["SNV leader"])),
        partial(
            told,
            partial(
                assign, result=result, agency=agency, due_on=None, by=world.people["SGDDT leader"]
            ),
        ),
    )

    # Handed over and then moved, or moved and then no longer Sở Nội vụ's to hand over.
    assignment = world.result(OWN).assignment
    assert (assignment.agency, assignment.state) == (agency, Assignment.State.WORKING)
    assert answers in ([None, None], ["403", None])


def test_submitting_and_returning_at_once_one_goes_through(world):
    world.hand_over()
    result = world.result(OWN)

    def submit():
        world.submit()

    answers = at_once(
        partial(told, submit),
        partial(
            told,
            partial(return_part, result=result, reason="Thiếu.", by=world.people["SGDDT editor"]),
        ),
    )

    state, status = world.result(OWN).assignment.state, world.dossier.status
    assert sum(answer is None for answer in answers) == 1
    assert (state, status) in {
        (Assignment.State.HANDED_OVER, Status.SUBMITTED),
        (Assignment.State.RETURNED, Status.DRAFT),
    }


def test_a_save_that_comes_after_the_hand_over_is_refused_whole(world):
    result = world.result(OWN)
    words = {"values": {"explanation": "Thêm."}, "base": {"explanation": ""}}

    at_once(
        partial(told, partial(hand_over, result=result, by=world.people["SNV leader"])),
        partial(told, partial(save_result, result=result, by=world.people["SNV editor"], **words)),
    )

    assert world.result(OWN).assignment.is_handed_over
    with pytest.raises(PermissionDenied):
        save_result(result=world.result(OWN), by=world.people["SNV editor"], **words)
