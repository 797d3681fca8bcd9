"""What was typed on a page that others overtook: refused, but given back with the reason.

A dossier moves on, an indicator changes hands, a session is closed while somebody is writing. The
answer stays 403, or 404 where the indicator is no longer theirs to know of, and nothing is
written; but the words stand on the page, to be copied.
"""

from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from criteria.measures import Measure
from evaluations.agenda import AgendaLine
from evaluations.city_permissions import compiles, is_lead
from evaluations.forms.city import PartReturnForm
from evaluations.forms.results import MET_CHOICES, ResultForm
from evaluations.forms.sent_texts import read_texts
from evaluations.models import Assignment, Evaluation, IndicatorResult, Opinion
from evaluations.permissions import can_edit_result, can_return_part
from evaluations.views.dossiers import get_result
from evaluations.views.refusing import ROUND_IS_CLOSED
from evaluations.workflow import EDITABLE
from organisations.models import UNIT_ROLES, Role

CONTROLS = {"csrfmiddlewaretoken", "base", "seen", "go-on", "overrule", "take-last-year"}
CHOSEN = {
    "met": dict(MET_CHOICES),
    "not_applicable": {"on": "có"},
    "suitability": dict(IndicatorResult.Suitability.choices),
}
FIGURE = "Số liệu"  # of an indicator whose fields are no longer theirs to know
NO_LONGER_THEIRS = (
    "Chỉ báo này không có trong phần việc của cơ quan anh, chị: địa chỉ sai, hoặc chỉ báo vừa được "
    "giao cho cơ quan khác. Chép phần chữ dưới đây gửi cơ quan thường trực nếu cần dùng."
)
OPEN_AGAIN = "Hồ sơ vừa đổi trạng thái trong lúc lưu. Mở lại trang rồi dán chữ dưới đây vào."
NOT_ASKED = "Lần trả lại này chỉ yêu cầu bổ sung ở chỉ báo khác, nên chỉ báo này giữ nguyên."


def late_result(request: HttpRequest, pk: int, code: str, refusal: Exception) -> HttpResponse:
    """For a save of an indicator that was refused.

    The refusal itself is raised for who never writes in a dossier, where nothing was typed, and
    for autosave, which keeps the words on its page.
    """
    typed = _typed_in_result(request)
    if request.htmx or request.user.role not in UNIT_ROLES or not typed:
        raise refusal
    title = f"Chưa lưu được chỉ báo {code}"
    try:
        result = get_result(request, pk, code)
    except Http404:
        return _page(request, title, NO_LONGER_THEIRS, typed, status=HTTPStatus.NOT_FOUND)
    typed = _typed_in_result(request, result.indicator.measure)
    return _page(request, title, _why_not_written(request, result), typed, result)


def late_opinion(request: HttpRequest, line: AgendaLine) -> HttpResponse:
    """For a member's opinion that was refused; PermissionDenied for who is not of the council."""
    typed = [
        ("Ý kiến của tôi", dict(Opinion.Stand.choices).get(request.POST.get("stand", ""), "")),
        ("Nội dung", request.POST.get("text", "")),
    ]
    if request.user.role != Role.COUNCIL or not any(text.strip() for _, text in typed):
        raise PermissionDenied
    name = line.item.evaluation.unit.name_in_sentence
    title = f"Chưa ghi được ý kiến về {name}"
    return _page(request, title, _why_no_opinion(request, line), typed, line.item)


def late_return(request: HttpRequest, result: IndicatorResult) -> HttpResponse:
    """For an indicator of the city's that could not be given back; PermissionDenied for who does
    not compile its dossier."""
    reason = request.POST.get("reason", "")
    if not compiles(request.user, result.evaluation) or not reason.strip():
        raise PermissionDenied
    typed = [(PartReturnForm.base_fields["reason"].label, reason)]
    title = f"Chưa trả lại được {result.indicator.code}"
    return _page(request, title, _why_not_returned(request, result), typed, result)


def _page(
    request: HttpRequest,
    title: str,
    why: str,
    typed: Iterable[tuple[str, str]],
    place=None,
    status: int = HTTPStatus.FORBIDDEN,
) -> HttpResponse:
    context = {
        "title": title,
        "why": why,
        "typed": [(label, text) for label, text in typed if text.strip()],
        "place": place,
    }
    return render(request, "evaluations/given_back.html", context, status=status)


def _typed_in_result(request: HttpRequest, measure: Measure | None = None) -> list[tuple[str, str]]:
    """By label, the fields that this person changed since the page was opened."""
    fields = ResultForm.base_fields if measure is None else ResultForm(measure=measure).fields
    base = read_texts(request.POST.get("base", ""))
    found = []
    for name, text in request.POST.items():
        if name in CONTROLS or text == base.get(name, "") or (measure and name not in fields):
            continue
        label = str(fields[name].label) if name in fields else FIGURE
        found.append((label, CHOSEN.get(name, {}).get(text, text)))
    return [(label, text) for label, text in found if text.strip()]


def _why_not_written(request: HttpRequest, result: IndicatorResult) -> str:
    """Of an indicator in which this person's office could write before."""
    assigned = result.assigned
    if can_edit_result(request.user, result):
        return OPEN_AGAIN
    if moved := _moved_on(result.evaluation):
        return moved
    if assigned and not is_lead(request.user, result):
        return f"Chỉ báo này hiện giao cho {assigned.agency or 'cơ quan chưa chọn'}."
    if assigned and assigned.is_handed_over:
        by, at = assigned.moved_by.full_name, _at(assigned.since)
        return f"{by} đã bàn giao chỉ báo này {at}. Cần sửa thì nhờ cơ quan thường trực trả lại."
    return NOT_ASKED


def _why_not_returned(request: HttpRequest, result: IndicatorResult) -> str:
    assigned = result.assigned
    if can_return_part(request.user, result):
        return OPEN_AGAIN
    if moved := _moved_on(result.evaluation):
        return moved
    if assigned and assigned.state == Assignment.State.RETURNED:
        by, at = assigned.moved_by.full_name, _at(assigned.since)
        return f"{by} đã trả lại chỉ báo này {at}, với lời: “{assigned.reason}”"
    if assigned and not assigned.is_handed_over:
        agency = assigned.agency or "chưa cơ quan nào"
        return f"Chỉ báo này chưa bàn giao: {agency} đang làm."
    return NOT_ASKED


def _why_no_opinion(request: HttpRequest, line: AgendaLine) -> str:
    session = line.item.session
    if session.is_closed:
        by, at = session.closed_by.full_name, _at(session.closed_at)
        return (
            f"{by} đã kết thúc phiên họp {at}. Điều cần nói thêm thì gửi thư ký phiên họp, "
            f"{session.secretary}."
        )
    if not session.pilot_round.is_open:
        return ROUND_IS_CLOSED
    if not any(member.person_id == request.user.pk for member in session.members.all()):
        return "Anh, chị không có tên trong thành phần của phiên họp này."
    wrote_it = "Anh, chị đã nhập liệu trong hồ sơ này nên không cho ý kiến về nó được."
    return line.fallen_out or wrote_it


def _moved_on(evaluation: Evaluation) -> str:
    """Who took the dossier from its unit, and when; empty where it is still there."""
    if not evaluation.pilot_round.is_open:
        return ROUND_IS_CLOSED
    if evaluation.status in EDITABLE:
        return ""
    said = f"Hồ sơ bây giờ: {evaluation.get_status_display()}."
    steps = evaluation.events.filter(kind__in=evaluation.steps)
    last = steps.select_related("by__organisation").first()
    if last is None:
        return said
    by = f"{last.by.full_name} ({last.by.organisation})"
    return f"{by} đã {last.text} {_at(last.at)}. {said}"


def _at(moment: datetime) -> str:
    return f"lúc {timezone.localtime(moment):%H:%M ngày %d/%m/%Y}"
