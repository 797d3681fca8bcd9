"""What waits for this person in open rounds other than the one that is shown.

“Việc của tôi” is about one round; a round that was opened later must not hide what an earlier
one still asks. Everything is counted over all those rounds at once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.formats import date_format

from evaluations.duties.administration import has_active
from evaluations.duties.council import opinions_of
from evaluations.duties.shapes import Empty, Home
from evaluations.duties.sheets import sheets_to_confirm
from evaluations.models import (
    Assignment,
    Evaluation,
    Event,
    IndicatorAppraisal,
    PilotRound,
    SessionItem,
    UnitResult,
)
from evaluations.permissions import fills_sheets, written_in
from evaluations.registers import Kind
from evaluations.unit_sheets import OPEN_SHEETS, SheetStatus
from evaluations.workflow import EDITABLE, Status
from organisations.models import Role, User


@dataclass(frozen=True)
class OtherRound:
    """An open round, and in words what of it waits for this person."""

    pilot_round: PilotRound
    waiting: str


Said = Iterator[tuple[int, str]]  # the key of a round, and what waits in it
Rounds = Sequence[PilotRound]


def waiting_in_others(
    user: User, rounds: Rounds, shown: PilotRound, today: date
) -> tuple[OtherRound, ...]:
    """Of `rounds`, those this person knows, the open ones that hold a duty of theirs."""
    others = [each for each in rounds if each.is_open and each.pk != shown.pk]
    if not others:
        return ()
    said: dict[int, list[str]] = {}
    for pk, words in _of_role(user)(user, others, today):
        said.setdefault(pk, []).append(words)
    return tuple(OtherRound(each, ", ".join(said[each.pk])) for each in others if each.pk in said)


def home_beside_others(home: Home, shown: PilotRound, others: Sequence[OtherRound]) -> Home:
    """The same home, which does not say that nothing waits while another round does."""
    if not others or shown.is_closed:
        return home
    names = ", ".join(other.pilot_round.name for other in others)
    empty = Empty(
        f"Đợt {shown.name} không có việc nào chờ anh, chị lúc này.",
        f"Việc đang chờ anh, chị ở đợt khác: {names}. Bấm “Chuyển sang đợt này” ở đầu trang.",
    )
    return replace(home, empty=empty)


def _of_role(user: User) -> Callable[[User, Rounds, date], Said]:
    return _of_office if fills_sheets(user) else _OF_ROLE[Role(user.role)]


def _of_district(user: User, rounds: Rounds, today: date) -> Said:
    own = Evaluation.objects.of_districts().filter(
        unit=user.organisation_id, pilot_round__in=rounds, status__in=EDITABLE
    )
    for evaluation in own.for_display():
        what = "hồ sơ phải bổ sung" if evaluation.status == Status.RETURNED else "hồ sơ chưa gửi"
        yield evaluation.pilot_round_id, what + _due(evaluation.due_on, today)
    yield from _to_confirm(user, rounds)


def _of_office(user: User, rounds: Rounds, today: date) -> Said:
    """A commune's or an agency's: its own sheets, its part of the city's dossier, and that."""
    has_points = Q(kind=Kind.LEARNING_UNIT, pilot_round__agency_points__isnull=False) | Q(
        kind=Kind.LEARNING_COMMUNITY, pilot_round__commune_points__isnull=False
    )
    sheets = UnitResult.objects.filter(
        has_points, unit=user.organisation_id, in_scope=True, sheet_status__in=OPEN_SHEETS
    ).exclude(sheet_status=SheetStatus.NONE, rating__isnull=False)
    yield from _counted(sheets, rounds, "phiếu tự chấm chưa gửi")
    in_city = {f"result__evaluation__{key}": value for key, value in _in_work(rounds).items()}
    owed = Assignment.objects.filter(**in_city).exclude(state=Assignment.State.HANDED_OVER)
    path = "result__evaluation__pilot_round"
    mine = owed.held_by(user.organisation_id)
    yield from _counted(mine, rounds, "chỉ báo của hồ sơ thành phố chưa bàn giao", path)
    compiled = {f"{path}__standing_agency": user.organisation_id}
    unassigned = owed.filter(agency__isnull=True, **compiled)
    yield from _counted(unassigned, rounds, "chỉ báo của hồ sơ thành phố chưa giao", path)
    if user.role == Role.LEADER:
        still_owed = owed.filter(result__evaluation=OuterRef("pk"))
        ready = Evaluation.objects.of_cities().filter(
            ~Exists(still_owed),
            pilot_round__standing_agency=user.organisation_id,
            **_in_work(rounds),
        )
        yield from _counted(ready, rounds, "hồ sơ thành phố chưa gửi")


def _of_appraiser(user: User, rounds: Rounds, today: date) -> Said:
    with_us = {Status.SUBMITTED, Status.APPRAISING}
    found = _not_written_by(user, Evaluation.objects.of_districts(), rounds, with_us)
    yield from _counted(found, rounds, "hồ sơ chờ thẩm định")
    yield from _to_confirm(user, rounds)


def _of_approver(user: User, rounds: Rounds, today: date) -> Said:
    districts = Evaluation.objects.of_districts()
    finished = _not_written_by(user, districts, rounds, {Status.APPRAISED})
    yield from _counted(_appraised_by_another(user, finished), rounds, "hồ sơ chờ xác nhận")
    to_come = SessionItem.objects.pending().filter(
        evaluation=OuterRef("pk"), session__held_on__gt=today
    )
    confirmed = districts.filter(~Exists(to_come), status=Status.CONFIRMED)
    yield from _counted(confirmed, rounds, "hồ sơ chờ hội đồng hoặc quyết định")


def _of_council(user: User, rounds: Rounds, today: date) -> Said:
    yield from _counted(
        opinions_of(user), rounds, "hồ sơ chờ anh, chị cho ý kiến", "session__pilot_round"
    )
    cities = Evaluation.objects.of_cities()
    with_us = {Status.SUBMITTED, Status.APPRAISING, Status.APPRAISED}
    found = _not_written_by(user, cities, rounds, with_us)
    finished = _appraised_by_another(user, found.filter(status=Status.APPRAISED))
    found = found.exclude(status=Status.APPRAISED) | found.filter(pk__in=finished)
    yield from _counted(found, rounds, "hồ sơ thành phố chờ đánh giá hoặc xác nhận")


def _of_administrator(user: User, rounds: Rounds, today: date) -> Said:
    stuck = Evaluation.objects.of_districts().filter(~has_active(Role.LEADER))
    yield from _counted(stuck, rounds, "đơn vị chưa có tài khoản lãnh đạo")


def _of_nobody(user: User, rounds: Rounds, today: date) -> Said:
    yield from ()


_OF_ROLE: dict[Role, Callable[[User, Rounds, date], Said]] = {
    Role.EDITOR: _of_district,
    Role.LEADER: _of_district,
    Role.APPRAISER: _of_appraiser,
    Role.APPROVER: _of_approver,
    Role.COUNCIL: _of_council,
    Role.OBSERVER: _of_nobody,
    Role.ADMINISTRATOR: _of_administrator,
}


def _due(day: date | None, today: date) -> str:
    if day is None:
        return ""
    late = f", quá hạn {(today - day).days} ngày" if day < today else ""
    return f" (hạn {date_format(day)}{late})"


def _to_confirm(user: User, rounds: Rounds) -> Said:
    yield from _counted(sheets_to_confirm(user), rounds, "phiếu tự chấm chờ xác nhận")


def _in_work(rounds: Rounds) -> dict:
    return {"pilot_round__in": rounds, "status__in": EDITABLE}


def _counted(rows: QuerySet, rounds: Rounds, what: str, path: str = "pilot_round") -> Said:
    """How many of these rows each round has; one query."""
    rows = rows.filter(**{f"{path}__in": rounds}).order_by()
    counts = rows.values(of_round=F(path)).annotate(count=Count("pk", distinct=True))
    for each in counts:
        yield each["of_round"], f"{each['count']} {what}"


def _not_written_by(user: User, dossiers: QuerySet, rounds: Rounds, statuses: set[Status]):
    """Nobody appraises, or confirms, what they wrote themselves."""
    found = dossiers.filter(pilot_round__in=rounds, status__in=statuses)
    return found.exclude(pk__in=written_in(user, found))


def _appraised_by_another(user: User, dossiers: QuerySet) -> QuerySet:
    """Confirming takes a second person: see `permissions.can_take`."""
    verdicts = IndicatorAppraisal.objects.filter(result__evaluation=OuterRef("pk"), decided_by=user)
    last = Event.objects.filter(evaluation=OuterRef("pk"), kind="finish").order_by("-at", "-pk")
    finished_by = dossiers.annotate(finished_by=Subquery(last.values("by")[:1]))
    mine = finished_by.filter(Q(finished_by=user.pk) | Exists(verdicts))
    return dossiers.exclude(pk__in=mine.values("pk"))
