"""A dossier that is confirmed, recognised or declined: every page about dossiers.

What a page answers of an appraised one holds to the end, save what stands in `OTHERWISE`. What is
written in these states is looked at in `tests/evaluations/test_every_write.py`.
"""

from dataclasses import replace
from itertools import cycle, islice, product

import pytest

from evaluations.models import Evaluation
from evaluations.workflow import Status
from tests.factories import make_decision, make_session
from tests.test_access import OURS, PAGES, Page, answers
from tests.world import ASKED, World, case_of, dossier_at

LAST_STATES = (Status.CONFIRMED, Status.RECOGNISED, Status.DECLINED)
# One of each kind; their companions in office are looked at in `tests/test_access.py`.
PEOPLE = ("leader", "leader elsewhere", "appraiser", "approver")
# By address and person: who presses “finish” twice is led on, but not once it is confirmed.
OTHERWISE = {("evaluations:take-step", "appraiser"): "x"}


def concluded(world: World) -> World:
    """The same world, whose cases are confirmed, recognised, declined."""
    cases = []
    for status in LAST_STATES:
        dossier = dossier_at(world.own, world.people, "appraised")
        Evaluation.objects.filter(pk=dossier.pk).update(status=Status.CONFIRMED)
        dossier = Evaluation.objects.with_results().get(pk=dossier.pk)
        if status != Status.CONFIRMED:
            level = int(status == Status.RECOGNISED)
            make_session(dossier, concluded=level)
            make_decision({dossier: level})
        cases.append(case_of(Evaluation.objects.with_results().get(pk=dossier.pk), ASKED))
    assert [case.dossier.status for case in cases] == list(LAST_STATES)
    return replace(world, cases=cases)


def about_dossiers(url_name: str, world: World, late: World) -> list[Page]:
    """The pages that have a case for each dossier of the world: found, not named."""
    return [
        page
        for page in PAGES[url_name]
        if len(page.of(world)) == len(world.cases) and len(page.of(late)) == len(late.cases)
    ]


@pytest.mark.usefixtures("_plain_errors")
def test_what_is_concluded_stays_as_it_is(world, browsers):
    """Each page by three of the four in turn, one of the three dossiers after the other."""
    late = concluded(world)
    turn, people, wrong, tried = cycle(late.cases), cycle(PEOPLE), [], set()

    for url_name, method in product(OURS, ("get", "post")):
        for page in about_dossiers(url_name, world, late):
            said = getattr(page, method)
            if said is None:
                continue
            tried.add(url_name)
            for person in islice(people, 3):
                case = next(turn)
                wanted = OTHERWISE.get((url_name, person), said[person][-1])
                got = answers(browsers[person], replace(late, cases=[case]), url_name, page, method)
                if got != wanted:
                    status = case.dossier.status
                    wrong.append(f"{method} {url_name} {person} {status}: {got}, not {wanted}")

    assert wrong == []
    assert len(tried) > 20
