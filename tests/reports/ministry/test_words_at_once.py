"""Two officers saving the same section at the same moment, on whichever database runs the tests."""

from functools import partial

import pytest

from organisations.models import Role
from reports.report_texts import ReportText
from reports.text_actions import Change, write_texts
from tests.evaluations.test_parallel_saves import at_once
from tests.factories import make_round, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_is_kept_and_the_other_is_told():
    pilot_round = make_round()
    officers = [make_user(Role.APPRAISER), make_user(Role.APPROVER)]

    late = at_once(
        *(
            partial(
                write_texts,
                subject=pilot_round,
                report="bao-cao-bo",
                changes=[Change("tien-do", "Tiến độ", 0, f"Bản {number}", "Gợi ý")],
                by=officer,
            )
            for number, officer in enumerate(officers)
        )
    )

    kept = ReportText.objects.get()
    assert sorted(len(each) for each in late) == [0, 1]
    (told,) = [change for each in late for change in each]
    assert told.text != kept.text
    assert pilot_round.events.filter(kind="report-text").count() == 1
