"""The page on which officers of the Sở write the words of a report, section by section."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evaluations.rounds import show_round
from organisations.models import User
from reports.definitions import REPORTS, Report
from reports.figures import NothingToSay
from reports.paper.parts import Heading
from reports.permissions import can_read_words, can_write_words
from reports.report_texts import ReportText, Subject, round_of
from reports.sections import Section, changed_since, draft_of, lines_of
from reports.text_actions import Change, write_texts
from reports.text_forms import SectionForm

SAVED = "Đã lưu lời văn. Báo cáo đặt từ bây giờ in theo lời văn này; tệp đã đặt trước giữ nguyên."
UNCHANGED = "Không có mục nào thay đổi nên không lưu gì thêm."
LATE = "Có mục vừa được người khác sửa nên chưa lưu. Xem ở mục đó; chữ anh, chị vừa gõ vẫn còn."
CLOSED = "Đợt đã đóng nên không sửa được lời văn nữa."
REOPENED = "Hồ sơ hoặc phiên họp đã được mở lại nên chưa sửa được lời văn của báo cáo này."
WRONG = "Có mục chưa lưu được. Xem lý do ở mục đó; chữ anh, chị vừa gõ vẫn còn."


@dataclass
class Row:
    """One section on the page: its form, the draft beside it, and who wrote it, newest first."""

    section: Section
    title: str
    draft: str
    revisions: list[ReportText]
    form: SectionForm = field(default_factory=SectionForm)
    theirs: ReportText | None = None  # what somebody else kept meanwhile

    @property
    def written(self) -> ReportText | None:
        return self.revisions[0] if self.revisions else None

    @property
    def older(self) -> list[ReportText]:
        return self.revisions[1:]

    @property
    def is_edited(self) -> bool:
        return self.written is not None and not self.written.is_suggested

    @property
    def text(self) -> str:
        return self.written.text if self.written and self.is_edited else self.draft

    @property
    def lines(self) -> list[str]:
        return lines_of(self.text)

    @property
    def draft_lines(self) -> list[str]:
        return lines_of(self.draft)

    @property
    def changed(self) -> list[str]:
        return changed_since(self.written, self.draft)

    def revision(self, number: int) -> ReportText | None:
        return next((each for each in self.revisions if each.revision == number), None)


@never_cache
@require_http_methods(["GET", "POST"])
def words(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """All sections of the report on one page: one button saves whatever was changed."""
    report = REPORTS[slug]
    subject = _get_subject(request, report, pk)
    posted = request.POST if request.method == "POST" else None
    try:
        facts = _facts(request.user, report, subject)
        rows = _rows(report, subject, facts, posted)
        if posted is not None:
            rows = _save(request, report, subject, rows)
    except (PermissionDenied, NothingToSay) as error:
        if posted is not None:
            return _give_back(request, report, subject, error)
        if isinstance(error, PermissionDenied):
            raise
        messages.info(request, str(error))
        return redirect("reports:index")
    if not rows:
        return redirect(report.words_url, pk)
    pilot_round = round_of(subject)
    context = {
        "report": report,
        "subject": subject,
        "pilot_round": pilot_round,
        "rows": rows,
        "can_write": can_write_words(request.user, pilot_round),
        "changed": [row for row in rows if row.changed],
    }
    status = HTTPStatus.OK if posted is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "reports/words.html", context, status=status)


def _facts(user: User, report: Report, subject: Subject) -> dict[str, Any]:
    """Raises PermissionDenied, and NothingToSay."""
    if not report.can_order(user, subject):
        raise PermissionDenied
    return report.content(subject)


def _give_back(
    request: HttpRequest, report: Report, subject: Subject, error: PermissionDenied | NothingToSay
) -> HttpResponse:
    """What was typed while the round was closed, the dossier reopened or the report needless."""
    pilot_round = round_of(subject)
    pilot_round.refresh_from_db(fields=["closed_at"])
    if isinstance(error, NothingToSay):
        status, reason = HTTPStatus.UNPROCESSABLE_ENTITY, str(error)
    else:
        status, reason = HTTPStatus.FORBIDDEN, REOPENED if pilot_round.is_open else CLOSED
    rows = _rows(report, subject, None, request.POST)
    context = {
        "report": report,
        "subject": subject,
        "pilot_round": pilot_round,
        "reason": reason,
        "unsaved": [typed for row in rows if (typed := _typed(row))],
    }
    return render(request, "reports/words_given_back.html", context, status=status)


def _rows(
    report: Report, subject: Subject, facts: dict[str, Any] | None, posted: QueryDict | None
) -> list[Row]:
    """Without facts no section has a draft."""
    kept = _kept(report, subject)
    headings = _headings(report, facts) if facts else {}
    return [
        _row(
            section,
            section.title_under(headings),
            draft_of(section, facts) if facts else "",
            kept.get(section.key, []),
            posted,
        )
        for section in report.sections
    ]


def _headings(report: Report, facts: dict[str, Any]) -> dict[str, str]:
    """The chapters as they would be printed now: "Kết quả" → "II. Kết quả"."""
    parts = report.paper(facts).parts
    chapters = (each.text for each in parts if isinstance(each, Heading) and each.level == 1)
    return {chapter.partition(". ")[2]: chapter for chapter in chapters}


def _kept(report: Report, subject: Subject) -> dict[str, list[ReportText]]:
    """Every revision of every section, the newest first."""
    kept: dict[str, list[ReportText]] = {}
    for each in ReportText.objects.of(report.slug, subject):
        kept.setdefault(each.section, []).append(each)
    return kept


def _row(
    section: Section,
    title: str,
    draft: str,
    revisions: list[ReportText],
    posted: QueryDict | None = None,
) -> Row:
    row = Row(section, title, draft, revisions)
    revision = row.written.revision if row.written else 0
    initial = {"text": row.text, "revision": revision, "suggested": draft}
    row.form = SectionForm(posted, prefix=section.key, initial=initial)
    return row


def _save(request: HttpRequest, report: Report, subject: Subject, rows: list[Row]) -> list[Row]:
    """Keeps everything that was changed and can be kept.

    Gives the page back where something could not: what was kept as it stands now, what was not
    with the words as typed, over the newest version.
    """
    valid = [row for row in rows if row.form.is_valid()]
    changes = [change for row in valid if (change := _change(row, request.POST))]
    late = write_texts(report=report.slug, subject=subject, changes=changes, by=request.user)
    if len(valid) == len(rows) and not late:
        if changes:
            messages.success(request, SAVED)
        else:
            messages.info(request, UNCHANGED)
        return []
    messages.error(request, LATE if len(valid) == len(rows) else WRONG)
    kept = _kept(report, subject)
    typed = {change.section: change for change in late}
    return [_again(row, kept.get(row.section.key, []), typed) for row in rows]


def _again(row: Row, revisions: list[ReportText], late: Mapping[str, Change]) -> Row:
    if row.form.errors:
        return row
    fresh = _row(row.section, row.title, row.draft, revisions)
    change = late.get(row.section.key)
    if change is not None:
        fresh.form.initial["text"] = row.draft if change.is_suggested else change.text
        fresh.theirs = fresh.written
    return fresh


def _change(row: Row, posted: QueryDict) -> Change | None:
    """What is to be kept of a section; None where it is as the page showed it.

    The button pressed may ask for the draft of one section, or for an older revision of it.
    """
    said = row.form.cleaned_data
    change = Change(
        section=row.section.key,
        title=row.section.full_title,
        revision=said["revision"],
        text=said["text"],
        suggested=said["suggested"],
    )
    if posted.get("dung-lai") == row.section.key:
        return _instead(change, "", row.draft, is_suggested=True)
    older = _taken_back(row, posted.get("lay-lai", ""))
    if older is not None:
        # The draft of that day: what has moved since then is told again.
        return _instead(change, older.text, older.suggested, is_suggested=older.is_suggested)
    return None if said["text"] == _shown(row, said) else change


def _instead(change: Change, text: str, suggested: str, *, is_suggested: bool) -> Change:
    return Change(
        change.section, change.title, change.revision, text, suggested, is_suggested=is_suggested
    )


def _taken_back(row: Row, wanted: str) -> ReportText | None:
    """ "tien-do:2": the second revision of that section, if it is this one's."""
    key, _, number = wanted.partition(":")
    is_number = number.isascii() and number.isdigit()
    return row.revision(int(number[:9])) if key == row.section.key and is_number else None


def _typed(row: Row) -> Change | None:
    """What was changed by hand, also where it is too long to be kept."""
    if row.form.is_valid():
        return _change(row, QueryDict())
    text = row.form["text"].value()
    return Change(row.section.key, row.section.full_title, 0, text, "") if text else None


def _shown(row: Row, said: dict[str, Any]) -> str:
    """What stood in the field when the page was drawn."""
    then = row.revision(said["revision"])
    return then.text if then and not then.is_suggested else str(said["suggested"])


def _get_subject(request: HttpRequest, report: Report, pk: int) -> Subject:
    """What the report is about, for the Sở; 404 where this person may not know it."""
    subject = get_object_or_404(report.subjects(request.user), pk=pk)
    if not can_read_words(request.user):
        raise PermissionDenied
    show_round(request, round_of(subject))
    return subject
