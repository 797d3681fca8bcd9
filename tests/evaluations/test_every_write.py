"""Every write of every kind: by everybody, in every state, of the own unit's and of another's.

The tables in `tests.evaluations.writes` are the house rule written out by hand. An action that
stands in none of them fails here: say there who may do it, and in which states.
"""

import importlib
import inspect
import pkgutil

import pytest

from evaluations import actions
from tests.evaluations.loaded import rolled_back
from tests.evaluations.writes import (
    city,
    council,
    district,
    inspections,
    registers,
    rounds,
    sheets,
)
from tests.evaluations.writes.table import DONE, Tried

SUBJECTS = {
    "district": district,
    "inspections": inspections,
    "registers": registers,
    "sheets": sheets,
    "council": council,
    "city": city,
    "rounds": rounds,
}
# What asks nobody, and why it need not.
NO_DOORS = {
    "accesses.record_dossier_access": "a log of what a page has let somebody read",
    "decisions.record_access": "a log of what a page has let somebody read",
    "inspections.record_access": "a log of what a page has let somebody read",
    "papers.record_access": "a log of what a page has let somebody read",
    "notices.mark_all_read": "finds only the notices of whoever asks",
    "unit_results.write_lines": "takes lines that `guard.locked_lines` let through",
    "titles.write_titles": "takes lines that `guard.locked_lines` let through",
}


def verbs() -> set[str]:
    """Every public function of `evaluations.actions` that is done `by` somebody."""
    found = set()
    for module in pkgutil.iter_modules(actions.__path__):
        members = vars(importlib.import_module(f"{actions.__name__}.{module.name}"))
        for name, function in members.items():
            is_own = getattr(function, "__module__", "") == f"{actions.__name__}.{module.name}"
            if name.startswith("_") or not is_own or not inspect.isfunction(function):
                continue
            by = inspect.signature(function).parameters.get("by")
            if by is not None and by.kind == inspect.Parameter.KEYWORD_ONLY:
                found.add(f"{module.name}.{name}")
    return found


def test_every_action_says_who_may_take_it():
    tabled = {name.split()[0] for each in SUBJECTS.values() for name in each.WRITES}

    assert verbs() - tabled - set(NO_DOORS) == set(), "put these into tests/evaluations/writes/"
    assert tabled | set(NO_DOORS) <= verbs(), "these are no more"


@pytest.fixture(scope="module", params=SUBJECTS)
def subject(request, django_db_setup, django_db_blocker, tmp_path_factory):
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), rolled_back(media):
        yield SUBJECTS[request.param].make_subject(), media


@pytest.fixture
def made(subject, db, settings):
    made, settings.MEDIA_ROOT = subject
    return made


def test_everybody_in_every_state_may_do_what_the_table_says_and_no_more(made):
    wrong, written = [], set()

    for name, write, state, thing, person, user in made.tries():
        tried = Tried(write, thing, user)
        wanted = write.wanted(state, person)
        if tried.outcome != wanted:
            wrong.append(f"{name}, {state}: {person} is {tried.outcome}, the table says {wanted}")
        elif tried.outcome != DONE and tried.wrote:
            wrong.append(f"{name}, {state}: {person} is {tried.outcome}, but {tried.changes}")
        elif tried.wrote:
            written.add(name)

    assert wrong == []
    meant = {name for name, write in made.writes.items() if write.may and not write.writes_nothing}
    assert meant - written == set(), "these never wrote anything"


def test_nothing_is_written_in_a_round_that_is_closed(made):
    wrong = []

    for name, write, state, thing, person, user in made.tries():
        may_write = write.wanted(state, person) == DONE and write.is_of_round
        if may_write and thing.pilot_round.opened_at:
            tried = Tried(write, thing, user, round_is_closed=True)
            if tried.outcome == DONE or tried.wrote:
                wrong.append(f"{name}, {state}: {person} is {tried.outcome}: {tried.changes}")

    assert wrong == []
