"""The world that the tests of every report look at has what it promises."""

import pytest

from evaluations.models import Evaluation
from organisations.models import Organisation
from reports.definitions import REPORTS
from tests.reports.every_report import DOSSIERS, SESSIONS

pytestmark = pytest.mark.django_db


def test_every_report_is_there_about_each_subject_once(every_report):
    assert {printed.report.slug for printed in every_report.values()} == set(REPORTS)
    named = {**DOSSIERS, **SESSIONS}
    for slug, subjects in named.items():
        found = [each.about for each in every_report.values() if each.report.slug == slug]
        assert found == list(subjects)


def test_a_file_is_made_once_and_bears_the_stamp_of_its_order(every_report):
    printed = every_report["phieu-tiep-nhan-304"]

    assert printed.file("pdf") is printed.file("pdf")
    assert printed.stamp.line.startswith("Lượt in số 12, 08:05 ngày 22/11/2026; dấu nội dung ")


def test_nothing_of_it_stays_in_the_database(every_report):
    assert not Evaluation.objects.exists()
    assert not Organisation.objects.exists()
