"""What the city's own dossier asks of people: agencies, who compiles, the council."""

from collections.abc import Callable
from datetime import date

from django.urls import reverse

from evaluations.city_permissions import compiles
from evaluations.duties.shapes import Duty
from evaluations.handovers import AgencyParts, Part, by_agency
from evaluations.models import Assignment, Evaluation, PilotRound
from evaluations.permissions import can_appraise, can_take
from evaluations.turns import turn_of
from evaluations.workflow import DECIDED, EDITABLE, Status
from organisations.models import UNIT_ROLES, Organisation, Role, User

SHOWN_PARTS = 6

Duties = tuple[list[Duty], list[Duty]]  # mine, and what I wait for


def city_work(user: User, pilot_round: PilotRound, today: date) -> Duties:
    """The round's city dossier as this person has to do with it; two queries, for most one."""
    if user.role in UNIT_ROLES and user.organisation.kind != Organisation.Kind.AGENCY:
        return [], []
    rows = Evaluation.objects.of_cities().filter(pilot_round=pilot_round)
    if user.role in UNIT_ROLES:
        rows = rows.known_to(user)
    evaluation = rows.for_display().first()
    if evaluation is None:
        return [], []
    if user.role == Role.ADMINISTRATOR:
        return _of_administrator(evaluation), []
    if user.role in UNIT_ROLES:
        return _of_agency(user, evaluation, today)
    return _of_readers(user, evaluation, today)


def _of_agency(user: User, evaluation: Evaluation, today: date) -> Duties:
    assignments = Assignment.objects.filter(result__evaluation=evaluation).for_display()
    compiled = compiles(user, evaluation)
    if not compiled:
        assignments = assignments.held_by(user.organisation_id)
    groups = by_agency(assignments, evaluation, today)
    own = next((group for group in groups if _is_own(user, group)), None)
    if evaluation.status not in EDITABLE:
        return [], [_with_council(evaluation, today)]
    mine = _own_work(evaluation, own) if own else []
    elsewhere = _handed_over(evaluation, own, compiled=compiled) if own else []
    if compiled:
        ours, theirs = _compiling(user, evaluation, groups, today)
        mine, elsewhere = [*ours, *mine], [*elsewhere, *theirs]
    return mine, elsewhere


def _own_work(evaluation: Evaluation, own: AgencyParts) -> list[Duty]:
    """The indicators still to be handed over, those that came back first."""
    ordered = sorted(own.owed, key=lambda part: not part.assignment.reason)
    found = [_to_do(part) for part in ordered[:SHOWN_PARTS]]
    if rest := ordered[SHOWN_PARTS:]:
        url = reverse("evaluations:own-part", args=[evaluation.pk])
        codes = ", ".join(part.code for part in rest)
        title = f"Còn {len(rest)} chỉ báo của thành phố nữa"
        found.append(Duty("empty", title, url, codes, rest[0].turn))
    return found


def _to_do(part: Part) -> Duty:
    assignment, result = part.assignment, part.assignment.result
    name = f"{part.code} {result.indicator.short_name}"
    url = result.get_absolute_url()
    if assignment.reason:
        return Duty("ask", f"Làm tiếp {name}", url, f"Bị trả lại: {assignment.reason}", part.turn)
    if result.updated_at is None:
        detail = "Hồ sơ thành phố: cơ quan chủ trì chỉ báo này, chưa nhập gì."
        return Duty("empty", f"Nhập {name}", url, detail, part.turn)
    return Duty("part", f"Hoàn thành, bàn giao {name}", url, "Hồ sơ thành phố.", part.turn)


def _handed_over(evaluation: Evaluation, own: AgencyParts, *, compiled: bool) -> list[Duty]:
    if not own.done or compiled:
        return []
    url = reverse("evaluations:own-part", args=[evaluation.pk])
    detail = f"{own.done}/{len(own.parts)} chỉ báo đã bàn giao."
    title = f"{evaluation.office_name} tổng hợp hồ sơ thành phố"
    return [Duty("lock", title, url, detail)]


def _compiling(
    user: User, evaluation: Evaluation, groups: list[AgencyParts], today: date
) -> Duties:
    url = reverse("evaluations:assignments", args=[evaluation.pk])
    mine = [
        Duty("ask", f"Giao {len(group.parts)} chỉ báo chưa có cơ quan chủ trì", url, _codes(group))
        for group in groups
        if group.agency is None
    ]
    elsewhere = [
        Duty(
            "late" if group.is_late else "part",
            f"{group.agency} còn {len(group.owed)} chỉ báo chưa bàn giao",
            url,
            _codes(group),
            _nearest(group).turn,
        )
        for group in groups
        if group.agency is not None and group.owed and not _is_own(user, group)
    ]
    if any(group.owed for group in groups):
        return mine, elsewhere
    check_url = reverse("evaluations:check", args=[evaluation.pk])
    turn = turn_of(evaluation, today)
    if user.role == Role.LEADER:
        detail = "Các cơ quan đã bàn giao đủ. Xem trang kiểm tra rồi gửi hội đồng."
        return [*mine, Duty("ask", "Gửi hồ sơ thành phố", check_url, detail, turn)], elsewhere
    detail = "Các cơ quan đã bàn giao đủ; trình lãnh đạo xem trang kiểm tra."
    return mine, [*elsewhere, Duty("part", "Lãnh đạo gửi hồ sơ thành phố", check_url, detail, turn)]


def _with_council(evaluation: Evaluation, today: date) -> Duty:
    sign = "met" if evaluation.status in DECIDED else "lock"
    title = f"Hồ sơ thành phố: {evaluation.get_status_display()}"
    turn = None if evaluation.status in DECIDED else turn_of(evaluation, today)
    return Duty(sign, title, evaluation.get_absolute_url(), "", turn)


def _of_readers(user: User, evaluation: Evaluation, today: date) -> Duties:
    turn = turn_of(evaluation, today)
    if evaluation.status == Status.DRAFT:
        url = evaluation.pilot_round.get_absolute_url()
        return [], [Duty("part", "Hồ sơ thành phố chưa gửi", url, "Các cơ quan đang làm.", turn)]
    url = reverse("evaluations:appraise-dossier", args=[evaluation.pk])
    for can, sign, title in _OF_COUNCIL:
        if can(user, evaluation):
            return [Duty(sign, title, url, evaluation.get_status_display().capitalize(), turn)], []
    return [], [_with_council(evaluation, today)]


_OF_COUNCIL: list[tuple[Callable[[User, Evaluation], bool], str, str]] = [
    (lambda user, each: can_take(user, each, "take-in"), "empty", "Tiếp nhận hồ sơ thành phố"),
    (can_appraise, "part", "Đánh giá hồ sơ thành phố"),
    (lambda user, each: can_take(user, each, "confirm"), "ask", "Xác nhận kết luận về thành phố"),
]


def _of_administrator(evaluation: Evaluation) -> list[Duty]:
    """A step that nobody could take stops the dossier without anyone noticing."""
    agency = evaluation.pilot_round.standing_agency
    leaders = User.objects.filter(organisation=agency, role=Role.LEADER, is_active=True)
    if agency is None or leaders.exists():
        return []
    url = f"{reverse('organisations:create-person')}?don-vi={agency.pk}&vai-tro={Role.LEADER}"
    detail = "Chưa ai gửi được hồ sơ thành phố: cần một lãnh đạo đơn vị ở cơ quan thường trực."
    return [Duty("ask", f"Cấp tài khoản lãnh đạo đơn vị cho {agency.name}", url, detail)]


def _is_own(user: User, group: AgencyParts) -> bool:
    return group.agency is not None and group.agency.pk == user.organisation_id


def _nearest(group: AgencyParts) -> Part:
    return min(group.owed, key=lambda part: part.turn.due_on or date.max)


def _codes(group: AgencyParts) -> str:
    return ", ".join(part.code for part in group.owed)
