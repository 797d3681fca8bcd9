"""The council's sessions: the list, one session with its agenda, opinions, minutes, closing."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.actions import council as actions
from evaluations.actions.council import has_minutes, version_of
from evaluations.actions.guard import Closed
from evaluations.actions.steps import NotReady
from evaluations.agenda import AgendaLine, agenda_of, candidates, sessions_with_agenda
from evaluations.forms.council import MinutesForm, OpinionForm, SessionForm, initial_of
from evaluations.models import CouncilSession, PilotRound
from evaluations.permissions import (
    can_give_opinion,
    can_keep_sessions,
    can_plan_session,
    can_see_board,
    can_write_in_session,
)
from evaluations.rounds import current_round, show_round
from evaluations.views.given_back import late_opinion

PAGE_SIZE = 30
EVENTS_SHOWN = 20


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    _require_reader(request)
    found = CouncilSession.objects.visible_to(request.user).for_display()
    pilot_round = current_round(request)
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "today": timezone.localdate(),
        "pilot_round": pilot_round,
        "can_plan": pilot_round is not None and can_plan_session(request.user, pilot_round),
    }
    return render(request, "evaluations/council/sessions.html", context)


@require_http_methods(["GET", "POST"])
def plan_session(request: HttpRequest) -> HttpResponse:
    """A new session over confirmed dossiers of the round that is shown."""
    _require_reader(request)
    if not can_keep_sessions(request.user):
        raise PermissionDenied
    pilot_round = current_round(request)
    if pilot_round is None:
        raise Http404("no round is open")
    if not can_plan_session(request.user, pilot_round):
        raise PermissionDenied
    found = candidates(pilot_round)
    form = SessionForm(
        request.POST if request.method == "POST" else None,
        candidates=found,
        initial=_initial_plan(pilot_round, found),
    )
    if request.method == "POST" and form.is_valid():
        try:
            session = actions.plan_session(
                pilot_round=pilot_round,
                details=form.details,
                attendees=form.attendees,
                dossiers=form.evaluation_ids,
                by=request.user,
            )
        except NotReady as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, "Đã lập phiên họp. Thành viên đọc hồ sơ và cho ý kiến được.")
            return redirect(session)
    return _plan_page(request, pilot_round, form)


@require_http_methods(["GET", "POST"])
def change_session(request: HttpRequest, pk: int) -> HttpResponse:
    session = _get_open_session(request, pk)
    form = SessionForm(
        request.POST if request.method == "POST" else None,
        candidates=candidates(session.pilot_round, session),
        initial=initial_of(session) | {"version": version_of(session)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_session(
                session=session,
                details=form.details,
                attendees=form.attendees,
                dossiers=form.evaluation_ids,
                version=form.cleaned_data["version"],
                by=request.user,
            )
        except NotReady as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, "Đã sửa phiên họp.")
            return redirect(session)
    return _plan_page(request, session.pilot_round, form, session)


@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    return _session_page(request, get_session(request, pk))


@require_http_methods(["GET", "POST"])
def session_item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """One dossier before the council: what is proposed, why, and what members say of it."""
    line = _get_line(request, pk, item_pk)
    own = line.own
    form = OpinionForm(
        request.POST if request.method == "POST" else None,
        initial={"stand": own.stand, "text": own.text} if own else {},
    )
    if request.method == "POST":
        if not can_give_opinion(request.user, line.item):
            return late_opinion(request, line)
        if form.is_valid():
            try:
                actions.give_opinion(item=line.item, by=request.user, **form.cleaned_data)
            except Closed:
                return late_opinion(request, _get_line(request, pk, item_pk))
            name = line.item.evaluation.unit.name_in_sentence
            messages.success(request, f"Đã ghi ý kiến của anh, chị về {name}.")
            return redirect(_next_without_opinion(request, pk) or line.item.session)
    return _item_page(request, line, form)


@require_http_methods(["GET", "POST"])
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Biên bản: attendance, and for each dossier what was said, voted and concluded."""
    session = _get_open_session(request, pk)
    lines = agenda_of(request.user, session)
    form = MinutesForm(
        request.POST if request.method == "POST" else None,
        members=list(session.members.all()),
        lines=[line for line in lines if line.item.stands],
        initial={"version": version_of(session)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_minutes(
                session=session,
                attendance=form.attendance,
                conclusions=form.conclusions,
                version=form.cleaned_data["version"],
                by=request.user,
            )
        except NotReady as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, "Đã lưu biên bản.")
            return redirect(session)
    context = {
        "session": session,
        "form": form,
        "version": version_of(session),
        "fallen": [line for line in lines if line.fallen_out],
    }
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/council/minutes.html", context, status=status)


@require_POST
def close_session(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_session(request, pk)
    if session.is_closed and session.closed_by_id == request.user.pk:
        return redirect(session)  # the button was pressed twice
    try:
        actions.close_session(session=session, by=request.user)
    except NotReady as problem:
        messages.error(request, problem.text)
        return _session_page(request, session, status=422)
    messages.success(request, "Đã kết thúc phiên họp. Kết luận không sửa được nữa.")
    return redirect(session)


def get_session(request: HttpRequest, pk: int) -> CouncilSession:
    """The session with its agenda, or a 404 where this person may not know of it."""
    found = get_object_or_404(sessions_with_agenda(request.user), pk=pk)
    show_round(request, found.pilot_round)
    return found


def _get_open_session(request: HttpRequest, pk: int) -> CouncilSession:
    """The same, or a 403 where this person may not write in it now."""
    found = get_session(request, pk)
    if not can_write_in_session(request.user, found):
        raise PermissionDenied
    return found


def _get_line(request: HttpRequest, pk: int, item_pk: int) -> AgendaLine:
    lines = agenda_of(request.user, get_session(request, pk))
    found = next((line for line in lines if line.item.pk == item_pk), None)
    if found is None:
        raise Http404("no such dossier in this session")
    return found


def _session_page(request: HttpRequest, session: CouncilSession, status: int = 200) -> HttpResponse:
    lines = agenda_of(request.user, session)
    may_write = can_write_in_session(request.user, session)
    open_lines = [line for line in lines if line.item.stands and not line.item.is_concluded]
    is_member = any(member.person_id == request.user.pk for member in session.members.all())
    owed = [line for line in lines if line.item.stands and line.own is None]
    keeps = can_keep_sessions(request.user)
    reads_all = request.user.organisation.reads_whole_city
    context = {
        "session": session,
        "today": timezone.localdate(),
        "lines": lines,
        "members": session.members.all(),
        "is_minuted": session.is_closed or has_minutes(session),
        "present": sum(member.is_present for member in session.members.all()),
        "can_write": may_write,
        "open_lines": open_lines,
        "is_member": is_member,
        "has_papers": keeps or (is_member and session.is_closed and reads_all),
        "papers_label": "Văn bản của phiên họp" if keeps and session.is_closed else "In biên bản",
        "owed": owed if is_member and not session.is_closed else [],
        "events": session.events.select_related("by")[:EVENTS_SHOWN] if keeps else None,
    }
    return render(request, "evaluations/council/session.html", context, status=status)


def _item_page(request: HttpRequest, line: AgendaLine, form: OpinionForm) -> HttpResponse:
    context = {
        "session": line.item.session,
        "line": line,
        "item": line.item,
        "evaluation": line.item.evaluation,
        "form": form if can_give_opinion(request.user, line.item) else None,
        "differing": [each for each in line.finding.lines if each.differs] if line.finding else [],
    }
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/council/item.html", context, status=status)


def _plan_page(
    request: HttpRequest,
    pilot_round: PilotRound,
    form: SessionForm,
    session: CouncilSession | None = None,
) -> HttpResponse:
    context = {
        "pilot_round": pilot_round,
        "session": session,
        "version": version_of(session) if session else "",
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/council/plan.html", context, status=status)


def _initial_plan(pilot_round: PilotRound, found) -> dict:
    """As the round's last session was made up, over every dossier not yet concluded."""
    last = pilot_round.sessions.prefetch_related("members", "items__evaluation").first()
    kept = {}
    if last is not None:
        before = initial_of(last)
        kept = {name: before[name] for name in ("place", "chair", "secretary", "people", "others")}
    waiting = [each.evaluation.pk for each in found if each.concluded is None]
    return kept | {"dossiers": waiting}


def _next_without_opinion(request: HttpRequest, pk: int):
    """The next dossier that this member has not spoken of."""
    lines = agenda_of(request.user, get_session(request, pk))
    owed = (
        line for line in lines if line.own is None and can_give_opinion(request.user, line.item)
    )
    line = next(owed, None)
    return line.item if line else None


def _require_reader(request: HttpRequest) -> None:
    """Units know nothing of sessions."""
    if not can_see_board(request.user):
        raise Http404
