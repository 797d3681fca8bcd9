"""A sheet on which several people act at the same moment, on whichever database runs the tests."""

from functools import partial

import pytest

from evaluations.actions.guard import Closed
from evaluations.actions.papers import add_document_file
from evaluations.actions.sheets import NotReady, save_sheet, take_sheet_step, version_of
from evaluations.models import StoredFile
from evaluations.unit_sheets import SheetStatus
from organisations.models import Role
from tests.evaluations import samples
from tests.evaluations.filled_sheets import (
    COMPLETE,
    attach,
    editor_of,
    fill,
    fresh,
    leader_of,
    make_agency_line,
    submit,
)
from tests.evaluations.test_parallel_saves import at_once
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def line(district):
    return make_agency_line(district)


def tried(call):
    try:
        call()
    except (Closed, NotReady):
        return False
    return True


def test_a_sheet_is_confirmed_or_withdrawn_and_never_both(line, leader):
    submit(line)
    step = partial(take_sheet_step, result=line)

    done = at_once(
        partial(tried, partial(step, step_name="withdraw", by=leader_of(line))),
        partial(tried, partial(step, step_name="confirm", by=leader, seen=version_of(fresh(line)))),
    )

    assert sorted(done) == [False, True]
    is_confirmed = fresh(line).sheet_status == SheetStatus.CONFIRMED
    assert (fresh(line).rating is not None) is is_confirmed
    assert (fresh(line).self_rating is not None) is is_confirmed


def test_what_is_sent_is_what_stays(line):
    """A save that arrives with the sending is in it, or refused: never between."""
    fill(line, COMPLETE)
    typing = partial(save_sheet, result=line, values={"points-1": "40"}, base={"points-1": "35"})

    saved, _ = at_once(
        partial(tried, partial(typing, by=editor_of(line))),
        partial(
            tried, partial(take_sheet_step, result=line, step_name="submit", by=leader_of(line))
        ),
    )

    sent = fresh(line)
    assert sent.self_score == (89.5 if saved else 84.5)
    assert line.sheet_items.get(code="1").points == ("40" if saved else "35")


def test_a_file_joins_a_paper_before_the_sending_or_not_at_all(line, leader):
    paper = attach(line).document
    fill(line)

    added, _ = at_once(
        partial(
            tried,
            partial(
                add_document_file,
                document=paper,
                uploaded=samples.upload(samples.pdf("thêm"), "thêm.pdf"),
                by=make_user(Role.EDITOR, line.unit),
                as_new_revision=False,
            ),
        ),
        partial(
            tried, partial(take_sheet_step, result=line, step_name="submit", by=leader_of(line))
        ),
    )

    assert StoredFile.objects.visible_to(leader).count() == (2 if added else 1)
    assert StoredFile.objects.count() == (2 if added else 1)
