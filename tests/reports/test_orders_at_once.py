"""Orders that meet each other, or meet whoever takes the dossier out of its round."""

from functools import partial
from threading import Event as Signal

import pytest
from django.db import IntegrityError, connection, transaction

from evaluations.actions.participants import Touched, remove_participant
from evaluations.models import Evaluation
from organisations.models import Role
from reports import actions, life
from reports.definitions import REPORTS
from reports.figures import NothingToSay
from reports.models import ReportRun
from reports.renderers import RENDERERS, Renderer
from reports.tasks import build_report
from tests.evaluations.test_parallel_saves import at_once
from tests.factories import make_department, make_dossier, make_user

REPORT = REPORTS["bao-cao-tu-danh-gia"]
Run = ReportRun.Status
PATIENCE = 10


@pytest.fixture
def untouched(transactional_db, sent):
    """A dossier in which nobody wrote, its editor, and who runs the round."""
    dossier = make_dossier()
    administrator = make_user(Role.ADMINISTRATOR, make_department())
    return dossier, make_user(Role.EDITOR, dossier.unit), administrator


def order(dossier, by):
    return actions.order_report(report=REPORT, subject=dossier, file_type="pdf", by=by)


def test_many_presses_of_one_button_are_one_run(untouched, sent):
    dossier, editor, _ = untouched

    runs = at_once(*[partial(order, dossier, editor)] * 4)

    assert len(set(runs)) == ReportRun.objects.count() == 1
    assert sent == [runs[0].pk]


def test_a_dossier_leaves_its_round_or_is_printed_never_both(untouched, monkeypatch):
    """Whoever comes second is told; the database refuses neither of them at its commit."""
    dossier, editor, administrator = untouched
    inside, at_the_door = Signal(), Signal()
    told = []

    def remove():
        inside.wait(PATIENCE)
        try:
            remove_participant(evaluation=dossier, reason="Xin thôi", by=administrator)
        except Touched as error:
            told.append(str(error))
        at_the_door.set()

    def order_slowly():
        with transaction.atomic():
            order(dossier, editor)
            inside.set()
            at_the_door.wait(0.5)  # the other one waits outside, as long as this is not over

    at_once(order_slowly, remove)

    assert len(told) == 1
    assert ReportRun.objects.count() == Evaluation.objects.filter(pk=dossier.pk).count() == 1


def test_an_order_that_comes_too_late_is_told_so(untouched, monkeypatch):
    """The dossier goes while its content is read, or before."""
    dossier, editor, administrator = untouched
    content, gone = REPORT.content, []

    def read_while_it_goes(subject):
        read = content(subject)
        if not gone:
            gone.append(
                at_once(
                    partial(
                        remove_participant, evaluation=dossier, reason="Xin thôi", by=administrator
                    )
                )
            )
        return read

    if connection.vendor == "sqlite":  # a reader of the one file is never overtaken by a writer
        read_while_it_goes = content
        remove_participant(evaluation=dossier, reason="Xin thôi", by=administrator)
    monkeypatch.setitem(REPORT.__dict__, "content", read_while_it_goes)

    for _ in range(2):
        with pytest.raises(NothingToSay, match="rút khỏi đợt"):
            order(dossier, editor)
    assert not ReportRun.objects.exists()


def test_the_order_that_was_in_the_way_may_have_ended_since(untouched, monkeypatch):
    dossier, editor, _ = untouched
    create = ReportRun.objects.create

    def collide(**fields):
        monkeypatch.setattr(ReportRun.objects, "create", create)
        raise IntegrityError("one_active_run_per_dossier")

    monkeypatch.setattr(ReportRun.objects, "create", collide)

    assert order(dossier, editor).status == Run.QUEUED


def test_a_silent_build_gives_signs_of_life(untouched, monkeypatch):
    dossier, editor, _ = untouched
    run = order(dossier, editor)
    monkeypatch.setattr(life, "EVERY", 0.02)

    def render(report, content, stamp, tell):
        begun = beat_of(run)
        for _ in range(500):
            if beat_of(run) != begun:
                return b"%PDF-1.7 noi dung"
            Signal().wait(0.02)
        raise AssertionError("no sign of life")

    monkeypatch.setitem(RENDERERS, "pdf", Renderer("application/pdf", render))

    build_report(run.pk)

    run.refresh_from_db()
    assert (run.status, run.error) == (Run.READY, "")


def beat_of(run):
    return ReportRun.objects.values_list("beat_at", flat=True).get(pk=run.pk)
