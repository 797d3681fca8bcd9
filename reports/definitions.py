"""Each report declared once: what it takes, what it says, who may order it.

A new report is one entry here, a function that gives its content as plain data, a template, and
a test of its rows. No new task, no new page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from criteria.models import CriteriaSet
from evaluations.models import CouncilSession, Evaluation, PilotRound
from organisations.models import User
from reports.appraisal.content import appraisal_note, appraisal_report
from reports.appraisal.paper import appraisal_paper
from reports.appraisal.tables import appraisal_tables
from reports.appraisal.words import SECTIONS as APPRAISAL_SECTIONS
from reports.council.content import (
    draft_decision,
    minutes,
    minutes_note,
    proposal,
    proposal_note,
    with_agenda,
)
from reports.council.decision import decision_paper
from reports.council.minutes import minutes_paper
from reports.council.proposal import SECTIONS as PROPOSAL_SECTIONS
from reports.council.proposal import proposal_paper
from reports.council.tables import session_tables
from reports.criteria_set import (
    criteria_set_paper,
    criteria_set_report,
    criteria_set_tables,
)
from reports.district_summary.content import district_summary
from reports.district_summary.paper import summary_paper
from reports.district_summary.sheets import summary_sheets
from reports.evidence_list import evidence_list, evidence_list_paper, evidence_list_tables
from reports.ministry.content import SLUG as MINISTRY
from reports.ministry.content import ministry_facts
from reports.ministry.paper import ministry_paper
from reports.ministry.sections import SECTIONS as MINISTRY_SECTIONS
from reports.ministry.tables import ministry_tables
from reports.models import ReportRun
from reports.package.content import package
from reports.package.tables import package_paper, package_tables
from reports.paper.parts import Paper
from reports.permissions import (
    can_order_appraisal,
    can_order_draft_decision,
    can_order_ministry,
    can_order_minutes,
    can_order_package,
    can_order_proposal,
    can_order_receipt,
    can_order_self_assessment,
    can_order_summary,
    can_order_urging,
)
from reports.receipt import receipt, receipt_paper, receipt_tables
from reports.sections import Section
from reports.self_assessment.content import note, self_assessment
from reports.self_assessment.paper import self_assessment_paper
from reports.self_assessment.tables import self_assessment_tables
from reports.suitability import suitability, suitability_paper, suitability_tables
from reports.tables import Table
from reports.urging import SECTIONS as URGING_SECTIONS
from reports.urging import urging, urging_paper, urging_tables
from reports.worded import worded

FileType = ReportRun.FileType
OF_ROUND = ("district_set", "city_set", "standing_agency__parent")


class Takes(StrEnum):
    """What a report is about."""

    DOSSIER = "dossier"
    ROUND = "round"
    SESSION = "session"
    SET = "set"

    @property
    def field(self) -> str:
        """The field of a run that names it."""
        return FIELDS[self]

    @property
    def query(self) -> str:
        """By what the address of a page about it names it: `?ho-so=12`."""
        return QUERIES[self]


FIELDS = {
    Takes.DOSSIER: "evaluation",
    Takes.ROUND: "pilot_round",
    Takes.SESSION: "session",
    Takes.SET: "criteria_set",
}
QUERIES = {
    Takes.DOSSIER: "ho-so",
    Takes.ROUND: "dot",
    Takes.SESSION: "phien-hop",
    Takes.SET: "bo-tieu-chi",
}


@dataclass(frozen=True)
class Report:
    slug: str
    title: str
    purpose: str  # what it is for, in one sentence, for who has to choose
    takes: Takes
    content: Callable[[Any], dict[str, Any]]  # the report's only queries; the rest is pure
    tables: Callable[[dict[str, Any]], list[Table]]
    paper: Callable[[dict[str, Any]], Paper]
    can_order: Callable[[User, Any], bool]
    note: Callable[[Any], str] = lambda subject: ""  # said beside the button
    formats: tuple[str, ...] = (FileType.PDF, FileType.XLSX, FileType.PDFA)
    words_url: str = ""  # the page on which officers of the Sở write its prose
    sections: tuple[Section, ...] = ()  # of that prose

    def subjects(self, user: User):
        """What this person may know of, and so might order this report about."""
        if self.takes == Takes.DOSSIER:
            return Evaluation.objects.visible_to(user).with_results()
        if self.takes == Takes.SESSION:
            return with_agenda(CouncilSession.objects.visible_to(user))
        if self.takes == Takes.SET:
            return CriteriaSet.objects.with_text()
        return PilotRound.objects.visible_to(user).select_related(*OF_ROUND)

    def all_subjects(self):
        """For the operator at the command line, who is no user."""
        if self.takes == Takes.DOSSIER:
            return Evaluation.objects.with_results()
        if self.takes == Takes.SESSION:
            return with_agenda(CouncilSession.objects.all())
        if self.takes == Takes.SET:
            return CriteriaSet.objects.with_text()
        return PilotRound.objects.select_related(*OF_ROUND)


def choices(takes: Takes, user: User):
    """What this person may know of, for a list: without the figures that only a content needs."""
    if takes == Takes.DOSSIER:
        return Evaluation.objects.visible_to(user).for_display()
    if takes == Takes.SESSION:
        return with_agenda(CouncilSession.objects.visible_to(user))
    if takes == Takes.SET:
        return CriteriaSet.objects.all()
    return PilotRound.objects.visible_to(user)


REPORTS = {
    report.slug: report
    for report in [
        Report(
            slug="bao-cao-tu-danh-gia",
            title="Báo cáo tự đánh giá",
            purpose="Báo cáo để ký, gửi: kết quả từng chỉ báo, mức độ, khó khăn, kiến nghị.",
            takes=Takes.DOSSIER,
            content=self_assessment,
            tables=self_assessment_tables,
            paper=self_assessment_paper,
            can_order=can_order_self_assessment,
            note=note,
            formats=(FileType.PDF, FileType.DOCX, FileType.XLSX, FileType.PDFA),
        ),
        Report(
            slug="danh-muc-minh-chung",
            title="Danh mục minh chứng",
            purpose="Bảng kê văn bản đã đính vào từng chỉ báo, kèm mã minh chứng.",
            takes=Takes.DOSSIER,
            content=evidence_list,
            tables=evidence_list_tables,
            paper=evidence_list_paper,
            can_order=can_order_self_assessment,
            note=note,
        ),
        Report(
            slug="phieu-tiep-nhan",
            title="Phiếu tiếp nhận",
            purpose="Giấy xác nhận đã gửi: gửi lúc nào, lần thứ mấy, gồm những gì.",
            takes=Takes.DOSSIER,
            content=receipt,
            tables=receipt_tables,
            paper=receipt_paper,
            can_order=can_order_receipt,
        ),
        Report(
            slug="ho-so-dong-goi",
            title="Hồ sơ đóng gói",
            purpose=(
                "Một tệp ZIP để lưu trữ, bàn giao: báo cáo, tệp minh chứng xếp theo chỉ báo, "
                "danh mục kèm mã băm."
            ),
            takes=Takes.DOSSIER,
            content=package,
            tables=package_tables,
            paper=package_paper,
            can_order=can_order_package,
            note=lambda evaluation: "của lần gửi gần nhất",
            formats=(FileType.ZIP,),
        ),
        Report(
            slug="bao-cao-tham-dinh",
            title="Báo cáo thẩm định",
            purpose="Số tự đánh giá cạnh số thẩm định, chỗ điều chỉnh và lý do, mức độ Sở đề nghị.",
            takes=Takes.DOSSIER,
            content=worded("bao-cao-tham-dinh", appraisal_report, APPRAISAL_SECTIONS),
            tables=appraisal_tables,
            paper=appraisal_paper,
            can_order=can_order_appraisal,
            note=appraisal_note,
            formats=(FileType.PDF, FileType.DOCX, FileType.XLSX, FileType.PDFA),
            words_url="reports:appraisal-words",
            sections=APPRAISAL_SECTIONS,
        ),
        Report(
            slug="tong-hop-quan-huyen",
            title="Bảng tổng hợp kết quả các quận, huyện",
            purpose=(
                "Mọi quận, huyện trên một bảng: từng chỉ báo, mức độ tự đánh giá và thẩm định; "
                "dùng khi họp."
            ),
            takes=Takes.ROUND,
            content=district_summary,
            tables=summary_sheets,
            paper=summary_paper,
            can_order=can_order_summary,
        ),
        Report(
            slug="ma-tran-phu-hop",
            title="Ma trận mức độ phù hợp của chỉ báo",
            purpose="Chỉ báo nào phù hợp, khó ở đâu, đơn vị kiến nghị gì; kèm theo báo cáo gửi Bộ.",
            takes=Takes.ROUND,
            content=suitability,
            tables=suitability_tables,
            paper=suitability_paper,
            can_order=can_order_summary,
        ),
        Report(
            slug="cong-van-don-doc",
            title="Công văn đôn đốc",
            purpose="Công văn nhắc riêng các đơn vị còn nợ: nợ việc gì, hạn đến bao giờ.",
            takes=Takes.ROUND,
            content=worded("cong-van-don-doc", urging, URGING_SECTIONS),
            tables=urging_tables,
            paper=urging_paper,
            can_order=can_order_urging,
            formats=(FileType.PDF, FileType.DOCX, FileType.PDFA),
            words_url="reports:urging-words",
            sections=URGING_SECTIONS,
        ),
        Report(
            slug=MINISTRY,
            title="Báo cáo kết quả thí điểm gửi Bộ GD&ĐT",
            purpose=(
                "Báo cáo của thành phố về cả đợt thí điểm: kết quả, mức độ phù hợp của chỉ "
                "báo, khó khăn, kiến nghị, phụ lục."
            ),
            takes=Takes.ROUND,
            content=worded(MINISTRY, ministry_facts, MINISTRY_SECTIONS),
            tables=ministry_tables,
            paper=ministry_paper,
            can_order=can_order_ministry,
            formats=(FileType.PDF, FileType.DOCX, FileType.XLSX, FileType.PDFA),
            words_url="reports:ministry",
            sections=MINISTRY_SECTIONS,
        ),
        Report(
            slug="bien-ban-hoi-dong",
            title="Biên bản họp Hội đồng",
            purpose=(
                "Thành phần, ý kiến, số phiếu và kết luận về từng hồ sơ, để chủ trì và thư ký ký."
            ),
            takes=Takes.SESSION,
            content=minutes,
            tables=session_tables,
            paper=minutes_paper,
            can_order=can_order_minutes,
            note=minutes_note,
            formats=(FileType.PDF, FileType.DOCX, FileType.PDFA),
        ),
        Report(
            slug="to-trinh-cong-nhan",
            title="Tờ trình công nhận",
            purpose="Sở trình Ủy ban nhân dân thành phố công nhận theo kết luận của hội đồng.",
            takes=Takes.SESSION,
            content=worded("to-trinh-cong-nhan", proposal, PROPOSAL_SECTIONS),
            tables=session_tables,
            paper=proposal_paper,
            can_order=can_order_proposal,
            note=proposal_note,
            formats=(FileType.PDF, FileType.DOCX, FileType.PDFA),
            words_url="reports:proposal-words",
            sections=PROPOSAL_SECTIONS,
        ),
        Report(
            slug="du-thao-quyet-dinh",
            title="Dự thảo Quyết định công nhận",
            purpose="Văn bản để Ủy ban nhân dân thành phố ký công nhận, đính kèm tờ trình.",
            takes=Takes.SESSION,
            content=draft_decision,
            tables=session_tables,
            paper=decision_paper,
            can_order=can_order_draft_decision,
            note=lambda session: "cần bổ sung căn cứ về thẩm quyền trước khi trình ký",
            formats=(FileType.PDF, FileType.DOCX),
        ),
        Report(
            slug="bo-tieu-chi",
            title="Bộ tiêu chí",
            purpose="Nguyên văn tiêu chuẩn, tiêu chí, chỉ báo và cách tính mức độ.",
            takes=Takes.SET,
            content=criteria_set_report,
            tables=criteria_set_tables,
            paper=criteria_set_paper,
            can_order=lambda user, criteria_set: True,  # the law, to whoever is signed in
        ),
    ]
}
