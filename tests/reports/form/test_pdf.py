"""Every rule of Nghị định 30/2020/NĐ-CP that a program can see, on the PDF of every report."""

import pytest

from reports.models import ReportRun
from tests.reports.form import rules_end, rules_head, rules_page, rules_text
from tests.reports.form.pdf import PrintedPdf
from tests.reports.form.reading import Sheets

pytestmark = pytest.mark.django_db
PDF = ReportRun.FileType.PDF
# Laid out as others of their kind are; what they say is held by the golden files.
ALIKE = {
    "bao-cao-tu-danh-gia-309",
    "bao-cao-tu-danh-gia-312",
    "bao-cao-tham-dinh-303",
    "bao-cao-tham-dinh-304",
    "phieu-tiep-nhan-304",
}
RULES = (*rules_page.RULES, *rules_head.RULES, *rules_text.RULES, *rules_end.RULES)


@pytest.fixture(scope="module")
def prints(every_report):
    return [
        PrintedPdf(name, each.paper, each.stamp.line, Sheets(each.file(PDF)))
        for name, each in every_report.items()
        if PDF in each.report.formats and name not in ALIKE
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_on_every_printed_report(prints, rule):
    faults = [f"{form.name}: {fault}" for form in prints for fault in rule(form)]

    assert not faults, "\n".join(faults)
