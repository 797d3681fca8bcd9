"""The page on which officers of the Sở write the words of the report to the Ministry."""

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

from evaluations.models import PilotRound
from evaluations.rounds import show_round
from reports.definitions import OF_ROUND
from reports.figures import NothingToSay
from reports.ministry.content import SLUG, ministry_facts
from reports.ministry.forms import SectionForm
from reports.ministry.sections import SECTIONS, Section, changed_since, draft_of, lines_of
from reports.permissions import can_order_ministry, can_write_ministry
from reports.report_texts import ReportText
from reports.text_actions import Change, write_texts

SAVED = "Đã lưu lời văn. Báo cáo đặt từ bây giờ in theo lời văn này; tệp đã đặt trước giữ nguyên."
UNCHANGED = "Không có mục nào thay đổi nên không lưu gì thêm."
LATE = "Có mục vừa được người khác sửa nên chưa lưu. Xem ở mục đó; chữ bạn vừa gõ vẫn còn."
WRONG = "Có mục chưa lưu được. Xem lý do ở mục đó; chữ bạn vừa gõ vẫn còn."


@dataclass
class Row:
    """One section on the page: its form, the draft beside it, and who wrote it last."""

    section: Section
    draft: str
    written: ReportText | None
    form: SectionForm = field(default_factory=SectionForm)
    theirs: ReportText | None = None  # what somebody else kept meanwhile

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
    def their_lines(self) -> list[str]:
        return lines_of(self.theirs.text) if self.theirs else []

    @property
    def changed(self) -> list[str]:
        return changed_since(self.written, self.draft)


@never_cache
@require_http_methods(["GET", "POST"])
def ministry(request: HttpRequest, pk: int) -> HttpResponse:
    """All sections on one page: one button saves whatever was changed."""
    pilot_round = _get_round(request, pk)
    can_write = can_write_ministry(request.user, pilot_round)
    try:
        facts = ministry_facts(pilot_round)
    except NothingToSay as error:
        messages.info(request, str(error))
        return redirect("reports:index")
    posted = request.POST if request.method == "POST" else None
    rows = _rows(pilot_round, facts, posted)
    status, unsaved = HTTPStatus.OK, []
    if posted is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        try:
            rows = _save(request, pilot_round, rows)
        except PermissionDenied:  # closed while somebody was writing: the words are given back
            status, can_write = HTTPStatus.FORBIDDEN, False
            unsaved = [change for row in rows if (change := _typed(row))]
        if not rows:
            return redirect("reports:ministry", pk)
    context = {
        "pilot_round": pilot_round,
        "rows": rows,
        "can_write": can_write,
        "unsaved": unsaved,
        "changed": [row for row in rows if row.changed],
    }
    return render(request, "reports/ministry.html", context, status=status)


def _rows(pilot_round: PilotRound, facts: dict[str, Any], posted: QueryDict | None) -> list[Row]:
    written = {each.section: each for each in ReportText.objects.newest_of(pilot_round, SLUG)}
    return [
        _row(section, draft_of(section, facts), written.get(section.key), posted)
        for section in SECTIONS
    ]


def _row(
    section: Section, draft: str, own: ReportText | None, posted: QueryDict | None = None
) -> Row:
    row = Row(section, draft, own)
    initial = {"text": row.text, "revision": own.revision if own else 0, "suggested": draft}
    row.form = SectionForm(posted, prefix=section.key, initial=initial)
    return row


def _save(request: HttpRequest, pilot_round: PilotRound, rows: list[Row]) -> list[Row]:
    """Keeps everything that was changed and can be kept.

    Gives the page back where something could not: what was kept as it stands now, what was not
    with the words as typed, over the newest version.
    """
    reused = request.POST.get("dung-lai", "")
    valid = [row for row in rows if row.form.is_valid()]
    changes = [change for row in valid if (change := _change(row, reused))]
    late = write_texts(pilot_round=pilot_round, report=SLUG, changes=changes, by=request.user)
    if len(valid) == len(rows) and not late:
        if changes:
            messages.success(request, SAVED)
        else:
            messages.info(request, UNCHANGED)
        return []
    messages.error(request, LATE if len(valid) == len(rows) else WRONG)
    written = {each.section: each for each in ReportText.objects.newest_of(pilot_round, SLUG)}
    typed = {change.section: change for change in late}
    return [_again(row, written.get(row.section.key), typed) for row in rows]


def _again(row: Row, own: ReportText | None, late: Mapping[str, Change]) -> Row:
    if row.form.errors:
        return row
    fresh = _row(row.section, row.draft, own)
    change = late.get(row.section.key)
    if change is not None:
        fresh.form.initial["text"] = row.draft if change.is_suggested else change.text
        fresh.theirs = own
    return fresh


def _change(row: Row, reused: str) -> Change | None:
    """What is to be kept of a section; None where it is as the page showed it."""
    said = row.form.cleaned_data
    change = Change(
        section=row.section.key,
        title=row.section.full_title,
        revision=said["revision"],
        text=said["text"],
        suggested=said["suggested"],
    )
    if reused == row.section.key:
        return Change(
            change.section, change.title, change.revision, "", row.draft, is_suggested=True
        )
    return None if said["text"] == _shown(row, said) else change


def _typed(row: Row) -> Change | None:
    return _change(row, reused="") if row.form.is_valid() else None


def _shown(row: Row, said: dict[str, Any]) -> str:
    """What stood in the field when the page was drawn."""
    own = row.written
    if own is not None and own.revision == said["revision"] and not own.is_suggested:
        return own.text
    if own is not None and own.revision != said["revision"]:
        then = ReportText.objects.filter(
            pilot_round=own.pilot_round_id,
            report=SLUG,
            section=own.section,
            revision=said["revision"],
            is_suggested=False,
        ).first()
        return then.text if then else str(said["suggested"])
    return str(said["suggested"])


def _get_round(request: HttpRequest, pk: int) -> PilotRound:
    """The round, for who may order the report of it; 404 where this person may not know it."""
    visible = PilotRound.objects.visible_to(request.user).select_related(*OF_ROUND)
    pilot_round = get_object_or_404(visible, pk=pk)
    if not can_order_ministry(request.user, pilot_round):
        raise PermissionDenied
    show_round(request, pilot_round)
    return pilot_round
