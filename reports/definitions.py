"""Each report declared once: what it takes, what it says, who may order it.

A new report is one entry here, a function that gives its content as plain data, a template, and
a test of its rows. No new task, no new page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from evaluations.models import Evaluation, PilotRound
from organisations.models import User
from reports import district_summary, self_assessment
from reports.models import ReportRun
from reports.permissions import can_order_self_assessment, can_order_summary
from reports.tables import Table

FileType = ReportRun.FileType


class Takes(StrEnum):
    """What a report is about."""

    DOSSIER = "dossier"
    ROUND = "round"


@dataclass(frozen=True)
class Report:
    slug: str
    title: str
    takes: Takes
    content: Callable[[Any], dict[str, Any]]  # the report's only queries; the rest is pure
    tables: Callable[[dict[str, Any]], list[Table]]
    words: Callable[[dict[str, Any]], dict[str, Any]]
    template: str
    can_order: Callable[[User, Any], bool]
    note: Callable[[Any], str] = lambda subject: ""  # said beside the button
    formats: tuple[str, ...] = (FileType.PDF, FileType.XLSX)

    def choices(self, user: User):
        """The same for a list, without the figures that only the content needs."""
        if self.takes == Takes.DOSSIER:
            return Evaluation.objects.visible_to(user).for_display()
        return PilotRound.objects.visible_to(user)

    def subjects(self, user: User):
        """What this person may know of, and so might order this report about."""
        if self.takes == Takes.DOSSIER:
            return Evaluation.objects.visible_to(user).with_results()
        return PilotRound.objects.visible_to(user).select_related("district_set")

    def all_subjects(self):
        """For the operator at the command line, who is no user."""
        if self.takes == Takes.DOSSIER:
            return Evaluation.objects.with_results()
        return PilotRound.objects.select_related("district_set")


REPORTS = {
    report.slug: report
    for report in [
        Report(
            slug="bao-cao-tu-danh-gia",
            title="Báo cáo tự đánh giá",
            takes=Takes.DOSSIER,
            content=self_assessment.self_assessment,
            tables=self_assessment.tables,
            words=self_assessment.words,
            template="reports/pdf/self_assessment.html",
            can_order=can_order_self_assessment,
            note=self_assessment.note,
        ),
        Report(
            slug="tong-hop-quan-huyen",
            title="Bảng tổng hợp kết quả các quận, huyện",
            takes=Takes.ROUND,
            content=district_summary.district_summary,
            tables=district_summary.tables,
            words=district_summary.words,
            template="reports/pdf/district_summary.html",
            can_order=can_order_summary,
        ),
    ]
}
