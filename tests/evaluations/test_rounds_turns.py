"""Waiting and being late, with the day given."""

from datetime import UTC, date, datetime

import pytest

from evaluations.turns import Turn, turn_of
from evaluations.workflow import Party, Status
from tests.factories import make_dossier


@pytest.mark.parametrize(
    ("today", "late", "said"),
    [
        (date(2022, 12, 13), 0, "còn 2 ngày"),
        (date(2022, 12, 15), 0, "hạn là hôm nay"),  # the due day itself is in time
        (date(2022, 12, 16), 1, "muộn 1 ngày"),
        (date(2023, 1, 15), 31, "muộn 31 ngày"),
    ],
)
def test_turn_is_late_from_the_day_after(today, late, said):
    turn = Turn(Party.UNIT, since=date(2022, 1, 4), due_on=date(2022, 12, 15), today=today)

    assert (turn.days_late, turn.due_text) == (late, said)


def test_turn_without_a_date_is_never_late():
    turn = Turn(Party.STANDING_AGENCY, date(2022, 12, 1), due_on=None, today=date(2023, 12, 1))

    assert (turn.is_late, turn.due_text) == (False, "")


@pytest.mark.parametrize(
    ("today", "said"), [(date(2022, 12, 14), "từ hôm nay"), (date(2022, 12, 16), "2 ngày")]
)
def test_turn_counts_the_days_it_has_waited(today, said):
    turn = Turn(Party.UNIT, since=date(2022, 12, 14), due_on=None, today=today)

    assert turn.waiting_text == said


@pytest.mark.parametrize(
    ("fields", "due_on"),
    [
        ({}, date(2022, 12, 15)),
        ({"extended_until": date(2022, 12, 22), "extension_reason": "x"}, date(2022, 12, 22)),
        (
            {"status": Status.RETURNED, "supplement_due_on": date(2022, 12, 20)},
            date(2022, 12, 20),
        ),
        ({"status": Status.SUBMITTED}, None),
    ],
)
def test_turn_of_a_dossier_takes_the_date_that_binds_it(db, fields, due_on):
    evaluation = make_dossier(**fields)

    assert turn_of(evaluation, date(2022, 12, 1)).due_on == due_on


def test_turn_begins_on_the_local_day(db):
    """18:00 in London is already tomorrow in Hải Phòng."""
    evaluation = make_dossier(status_since=datetime(2022, 12, 14, 18, 0, tzinfo=UTC))

    assert turn_of(evaluation, date(2022, 12, 16)).days_waiting == 1
