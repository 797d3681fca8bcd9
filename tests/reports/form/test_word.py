"""Every rule of Nghị định 30/2020/NĐ-CP that a program can see, on every report in Word."""

import pytest

from reports.models import ReportRun
from tests.reports.form.rules_word import RULES
from tests.reports.form.word import WrittenWord

pytestmark = pytest.mark.django_db
DOCX = ReportRun.FileType.DOCX


@pytest.fixture(scope="module")
def written(every_report):
    return [
        WrittenWord(name, each.paper, each.stamp.line, each.file(DOCX))
        for name, each in every_report.items()
        if DOCX in each.report.formats
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_on_every_word_file(written, rule):
    faults = [f"{form.name}: {fault}" for form in written for fault in rule(form)]

    assert not faults, "\n".join(faults)
