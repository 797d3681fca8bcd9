"""Decisions: the list, one decision with its scan, recording, correcting, who is recognised."""

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.actions import decisions as actions
from evaluations.actions.steps import NotReady
from evaluations.agenda import conclusions
from evaluations.forms.decisions import (
    CorrectionForm,
    DecisionForm,
    initial_correction,
    initial_head,
    initial_taken,
    offer_again,
    offer_of,
)
from evaluations.models import Decision, DecisionAccess, Evaluation, PilotRound
from evaluations.permissions import (
    can_keep_sessions,
    can_record_decision,
    can_record_decisions,
    can_see_board,
)
from evaluations.recognition import recognised_districts
from evaluations.rounds import current_round, show_round
from evaluations.scanning import Infected, ScannerSilent
from evaluations.storage import StorageRefuses
from evaluations.views.files import boxed
from evaluations.views.uploads import (
    dropped,
    upload_limits,
)
from organisations.models import UNIT_ROLES
from organisations.uploads import takes_files

logger = logging.getLogger(__name__)

PAGE_SIZE = 30
ACCESSES_SHOWN = 50


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """Every decision this person may know of; a unit those that name it."""
    if not (can_see_board(request.user) or request.user.role in UNIT_ROLES):
        raise Http404
    found = Decision.objects.visible_to(request.user).for_display()
    shown_round = current_round(request)
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "can_record": shown_round is not None and can_record_decision(request.user, shown_round),
        "is_reader": can_see_board(request.user),
        "pilot_round": shown_round,
    }
    return render(request, "evaluations/council/decisions.html", context)


@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    return _decision_page(request, _get_decision(request, pk))


@takes_files()
@require_http_methods(["GET", "POST"])
def record_decision(request: HttpRequest) -> HttpResponse:
    """The signed paper on the dossiers that the council has concluded."""
    if not can_see_board(request.user):
        raise Http404
    if not can_record_decisions(request.user):
        raise PermissionDenied
    pilot_round = current_round(request)
    if pilot_round is None:
        raise Http404("no round is open")
    if not can_record_decision(request.user, pilot_round):
        raise PermissionDenied
    offers = [offer_of(item) for item in conclusions(pilot_round).values()]
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        offers=offers,
        known=Evaluation.objects.visible_to(request.user).filter(pilot_round=pilot_round),
        today=timezone.localdate(),
        initial=initial_head(offers) | initial_taken(offers),
    )
    if request.method == "POST" and _is_sound(request, form):
        recorded = _said(
            form,
            lambda uploaded: actions.record_decision(
                pilot_round=pilot_round,
                details=form.details,
                lines=form.lines,
                uploaded=uploaded,
                by=request.user,
            ),
        )
        if recorded is not None:
            messages.success(request, f"Đã ghi {recorded.name_in_sentence}.")
            return redirect(recorded)
    return _record_page(request, form, pilot_round=pilot_round)


@takes_files()
@require_http_methods(["GET", "POST"])
def correct_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Another signed paper in the place of one that was wrong."""
    old = _get_decision(request, pk)
    if not can_record_decision(request.user, old.pilot_round) or _newer(old) is not None:
        raise PermissionDenied
    lines = old.lines.select_related("decision", "evaluation__unit", "evaluation__criteria_set")
    form = CorrectionForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        offers=[offer_again(line) for line in lines],
        known=Evaluation.objects.none(),  # it names what the old one named, and nothing is ticked
        today=timezone.localdate(),
        initial=initial_correction(old),
    )
    if request.method == "POST" and _is_sound(request, form):
        recorded = _said(
            form,
            lambda uploaded: actions.correct_decision(
                decision=old,
                details=form.details,
                reason=form.cleaned_data["correction_reason"],
                lines=form.lines,
                uploaded=uploaded,
                by=request.user,
            ),
        )
        if recorded is not None:
            messages.success(request, f"Đã ghi {recorded.name_in_sentence}, thay {old}.")
            return redirect(recorded)
    return _record_page(request, form, pilot_round=old.pilot_round, corrects=old)


@require_safe
def download_decision(request: HttpRequest, pk: int) -> HttpResponse:
    return _scan(request, pk, DecisionAccess.Kind.DOWNLOAD)


@xframe_options_sameorigin
@require_safe
def preview_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """The scan itself, for a frame of our own page."""
    return _scan(request, pk, DecisionAccess.Kind.PREVIEW)


@require_safe
def recognised(request: HttpRequest, pk: int) -> HttpResponse:
    """Danh sách quận, huyện được công nhận của đợt."""
    if not can_see_board(request.user):
        raise Http404
    visible = PilotRound.objects.visible_to(request.user)
    pilot_round = get_object_or_404(visible, pk=pk)
    show_round(request, pilot_round)
    dossiers = Evaluation.objects.visible_to(request.user)
    context = {
        "pilot_round": pilot_round,
        "lines": recognised_districts(pilot_round).filter(evaluation__in=dossiers),
    }
    return render(request, "evaluations/council/recognised.html", context)


def _get_decision(request: HttpRequest, pk: int) -> Decision:
    visible = Decision.objects.visible_to(request.user).for_display()
    found = get_object_or_404(visible, pk=pk)
    show_round(request, found.pilot_round)
    return found


def _newer(decision: Decision) -> Decision | None:
    """The decision that corrects this one."""
    return Decision.objects.filter(corrects=decision).first()


def _decision_page(request: HttpRequest, decision: Decision) -> HttpResponse:
    newer = _newer(decision)
    known = set(
        Evaluation.objects.visible_to(request.user)
        .filter(decision_lines__decision=decision)
        .values_list("pk", flat=True)
    )
    sees_accesses = can_keep_sessions(request.user)
    accesses = decision.accesses.select_related("by__organisation")
    context = {
        "decision": decision,
        "newer": newer,
        "lines": [
            {"line": line, "is_known": line.evaluation_id in known}
            for line in decision.lines.select_related("evaluation__unit", "snapshot").defer(
                "snapshot__content"
            )
        ],
        "can_correct": can_record_decision(request.user, decision.pilot_round) and newer is None,
        "accesses": accesses[:ACCESSES_SHOWN] if sees_accesses else None,
    }
    return render(request, "evaluations/council/decision.html", context)


def _record_page(request: HttpRequest, form: DecisionForm, **more) -> HttpResponse:
    context = {"form": form, "limits": upload_limits(), "corrects": None} | more
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/council/record.html", context, status=status)


def _is_sound(request: HttpRequest, form: DecisionForm) -> bool:
    """Valid, with its file here whole; a file let go on the way is said beside its field."""
    if lost := dropped(request):
        form.errors.pop("scan", None)
        form.add_error("scan", f"{lost[0].name} {lost[0].message}")
    return form.is_valid()


def _said(form: DecisionForm, record) -> Decision | None:
    """What was recorded; what stood in its way is put into the form."""
    uploaded = form.cleaned_data["scan"]
    name = uploaded.name
    try:
        return record(uploaded)
    except NotReady as problem:
        form.add_error(None, problem.text)
    except ValidationError as error:
        form.add_error("scan", f"{name} {error.messages[0]}")
    except Infected as found:
        logger.warning("decision refused, scanner found %s", found)
        form.add_error("scan", f"{name} {found.words}")
    except ScannerSilent as error:
        logger.exception("decision refused, the virus scanner did not answer")
        form.add_error("scan", f"{name} {error.words}")
    except StorageRefuses as error:
        logger.exception("decision refused by the storage")
        form.add_error("scan", f"{name} {error.words}")
    return None


def _scan(request: HttpRequest, pk: int, kind: DecisionAccess.Kind) -> HttpResponse:
    found = _get_decision(request, pk)
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        logger.error("the scan of decision %s is not in storage", found.pk)
        raise Http404("the file is not in storage") from error
    if request.method == "GET":
        actions.record_access(decision=found, kind=kind, by=request.user)
    return boxed(
        opened,
        name=found.file_name,
        content_type=found.kind.content_type,
        is_shown=kind == DecisionAccess.Kind.PREVIEW,
    )
