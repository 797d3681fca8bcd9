"""Reports are ordered here; no broker is asked, what would be sent is kept."""

import pytest
from django.utils import timezone

from evaluations.actions.steps import take_step
from evaluations.models import Evaluation, IndicatorAppraisal
from evaluations.workflow import Status
from organisations.models import Role
from reports import actions
from reports.definitions import REPORTS
from tests.factories import make_complete_dossier, make_user
from tests.reports.every_report import Printed, print_every_report


@pytest.fixture(scope="session")
def every_report(django_db_setup, django_db_blocker, tmp_path_factory) -> dict[str, Printed]:
    """Every report of a world in which all can be said, by name: "phieu-tiep-nhan-304".

    A module that asks for it is marked `django_db`, or pytest makes no database when it is alone.
    """
    with django_db_blocker.unblock():
        return print_every_report(str(tmp_path_factory.mktemp("every-report")))


@pytest.fixture
def sent(monkeypatch):
    """The ids of the runs that went to the queue."""
    ids = []
    monkeypatch.setattr(
        actions.current_app,
        "send_task",
        lambda name, args, **options: ids.append(args[0]),
        raising=False,
    )
    return ids


@pytest.fixture
def dossier(district, editor):
    return make_complete_dossier(district, by=editor)


@pytest.fixture
def submitted(dossier, leader):
    return submit(dossier, leader)


@pytest.fixture
def self_assessment(db):
    return REPORTS["bao-cao-tu-danh-gia"]


@pytest.fixture
def summary(db):
    return REPORTS["tong-hop-quan-huyen"]


@pytest.fixture
def order(self_assessment, sent, django_capture_on_commit_callbacks):
    """Order a report as the page does, and let what waits for the commit happen."""

    def place(subject, by, report=self_assessment, file_type="pdf"):
        with django_capture_on_commit_callbacks(execute=True):
            subject = report.all_subjects().get(pk=subject.pk)
            return actions.order_report(report=report, subject=subject, file_type=file_type, by=by)

    return place


def submit(evaluation, leader=None) -> Evaluation:
    leader = leader or make_user(Role.LEADER, evaluation.unit)
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    return Evaluation.objects.with_results().get(pk=evaluation.pk)


def appraise(evaluation, by, status=Status.APPRAISED) -> None:
    """All accepted but 2.1.2, which is lowered; the appraisal finished unless said otherwise."""
    for result in evaluation.results.select_related("indicator"):
        lowered = result.indicator.code == "2.1.2"
        IndicatorAppraisal.objects.create(
            result=result,
            verdict="adjust" if lowered else "accept",
            reason="Hai xã chưa có quyết định" if lowered else "",
            typed={"achieved": "20", "total": "30"} if lowered else {},
            decided_by=by,
            decided_at=timezone.now(),
        )
    Evaluation.objects.filter(pk=evaluation.pk).update(status=status)
