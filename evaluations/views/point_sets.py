"""Point sets for the administrator: the next version of one, and a round's change to it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from criteria.models import PointSet
from evaluations.actions import point_sets as actions
from evaluations.forms.point_sets import AdoptionForm, PointSetEditor
from evaluations.models.rounds import POINTS_FIELD
from evaluations.permissions import can_change_round, can_edit_catalogue
from evaluations.views.rounds import get_managed_round

SPLIT = "split-"


@require_http_methods(["GET", "POST"])
def new_version(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """The next version, begun as a copy of this one; each press brings back all that was typed."""
    base = get_object_or_404(PointSet.objects.with_rule(), code=code, version=version)
    if not can_edit_catalogue(request.user):
        raise PermissionDenied
    newest = PointSet.objects.with_rule().newest_of(code)
    pressed = request.POST.get("change", "")
    if request.method == "GET":
        return _show_editor(request, PointSetEditor(base), newest, seen=newest.version)
    seen = _number(request.POST.get("seen", ""))
    if pressed == "add" or pressed.startswith(SPLIT):
        place = _number(pressed.removeprefix(SPLIT))
        editor = PointSetEditor.with_more_rows(base, request.POST, split=place)
        return _show_editor(request, editor, newest, seen=seen)
    editor = PointSetEditor(base, request.POST)
    if not editor.is_valid():
        return _show_editor(request, editor, newest, seen=seen, status=422)
    if pressed != "save":
        return _show_editor(request, editor, newest, seen=seen, is_sound=True)
    if editor.is_same_as(newest) and newest.version != seen:
        return redirect(newest)  # pressed twice, or somebody else was as quick with the same
    if editor.is_same_as(newest):
        said = f"Chưa có gì khác bản {newest.version} nên chưa lập bản mới."
        return _show_editor(request, editor, newest, seen=seen, said=said, status=422)
    try:
        made = actions.make_version(
            base=base, rule=editor.rule, seen=seen, by=request.user, **editor.words
        )
    except actions.VersionTaken as taken:
        overtaken = taken.newest
        return _show_editor(
            request, editor, overtaken, seen=overtaken.version, overtaken=overtaken, status=422
        )
    messages.success(request, f"Đã lập bản {made.version}. Đợt đã mở vẫn dùng bản cũ.")
    return redirect(made)


@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, pk: int, code: str, version: int) -> HttpResponse:
    """Let an opened round rate by a newer version, after saying what that means."""
    pilot_round = get_managed_round(request, pk)
    if not can_change_round(request.user, pilot_round):
        raise PermissionDenied("Đợt đã đóng nên không đổi biểu điểm được nữa.")
    point_set = get_object_or_404(PointSet.objects.with_rule(), code=code, version=version)
    before = getattr(pilot_round, POINTS_FIELD[point_set.subject])
    if before is None or before.code != code:
        raise Http404
    refusal = actions.why_not_adopt(pilot_round, point_set)
    form = AdoptionForm(
        request.POST if request.method == "POST" else None,
        initial={"reason": point_set.document},
    )
    if request.method == "POST" and form.is_valid() and not refusal:
        try:
            actions.adopt_points(
                pilot_round=pilot_round,
                point_set=point_set,
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except actions.CannotAdopt as cannot:
            refusal = str(cannot)  # somebody wrote points since the question above
        else:
            messages.success(
                request, f"Đợt {pilot_round.name} dùng bản {version} của biểu điểm từ bây giờ."
            )
            return redirect(point_set)
    context = {
        "pilot_round": pilot_round,
        "point_set": point_set,
        "before": before,
        "refusal": refusal,
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/points/adopt.html", context, status=status)


def _show_editor(
    request: HttpRequest,
    editor: PointSetEditor,
    newest: PointSet,
    *,
    seen: int,
    status: int = 200,
    **said,
) -> HttpResponse:
    context = {"editor": editor, "base": editor.base, "newest": newest, "seen": seen, **said}
    return render(request, "evaluations/points/new_version.html", context, status=status)


def _number(text: str) -> int | None:
    """A number that the page itself sends; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None
