"""A submission while its lists are being written: figure and list are of one moment."""

import time
from functools import partial

import pytest

from evaluations.actions import steps
from evaluations.models import Snapshot
from evaluations.snapshots import dossier_content, indicators_in
from organisations.models import Role
from tests.evaluations.counting import below, communes, found, rate, step
from tests.evaluations.test_parallel_saves import at_once
from tests.factories import make_counted_dossier, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_write_in_a_list_waits_for_the_submission_that_reads_it(monkeypatch):
    """The figure is counted, then the list is read: what is written in between would part them."""
    evaluation = make_counted_dossier()
    officer = make_user(Role.EDITOR, evaluation.unit)
    line = below(evaluation)
    counted = []

    def read_late(*args):
        counted.append(time.monotonic())
        time.sleep(0.5)
        return dossier_content(*args)

    def write_meanwhile():
        while not counted:
            time.sleep(0.01)
        rate(line, "Khá", officer)
        return time.monotonic()

    monkeypatch.setattr(steps, "dossier_content", read_late)

    _, written = at_once(partial(step, evaluation, "submit"), write_meanwhile)

    assert written - counted[0] >= 0.5
    assert figure_and_list(evaluation) == ("20/26", 20, 26)
    assert found(evaluation).line("2.1.2").self_assessed.figure == "20/26"
    assert communes(evaluation).get(pk=line.pk).rating.code == "kha"


def test_submission_waits_for_a_write_in_its_list(monkeypatch):
    evaluation = make_counted_dossier()
    officer = make_user(Role.EDITOR, evaluation.unit)
    lines = list(communes(evaluation).filter(rating__code="trung-binh").select_related("owner"))

    def rate_all():
        for line in lines:
            rate(line, "Khá", officer)

    at_once(rate_all, partial(step, evaluation, "submit"))

    figure, good, total = figure_and_list(evaluation)
    assert figure == f"{good}/{total}"
    assert found(evaluation).line("2.1.2").self_assessed.figure == figure
    assert communes(evaluation).filter(rating__code="kha").count() == 25


def figure_and_list(evaluation):
    """What the submission says, and what its list comes to."""
    content = Snapshot.objects.get(evaluation=evaluation).content
    said = next(each for each in indicators_in(content) if each["code"] == "2.1.2")
    good = sum(unit["is_good_or_better"] for unit in said["units"])
    return said["figure"], good, len(said["units"])
