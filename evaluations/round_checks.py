"""What is still lacking before a round is opened, and what would be left undone when it is closed.

Nothing here changes anything: the pages of a round show it, the verbs ask it again.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import PROTECT, Exists, OuterRef, QuerySet

from criteria.models import CriteriaSet, PointSet
from evaluations.models import (
    AdoptedReading,
    CouncilSession,
    Evaluation,
    IndicatorResult,
    PilotRound,
)
from evaluations.models.rounds import POINTS_FIELD
from evaluations.workflow import DECIDED, STATES, Status
from organisations.models import Organisation, Role, User

SHOWN_NAMES = 5


@dataclass(frozen=True)
class Lack:
    """One thing that is not there yet; `place` names the page of the round that mends it."""

    text: str
    place: str = ""
    is_error: bool = False


def units_on(pilot_round: PilotRound) -> date:
    """The day whose districts, communes and agencies the round is about."""
    return date(pilot_round.year, 12, 31)


def districts_of(pilot_round: PilotRound) -> QuerySet[Organisation]:
    """Every district of the round's year and city, in the order of the codes.

    The city is that of the standing agency; where there is none, all are offered.
    """
    districts = Organisation.objects.districts().in_force(units_on(pilot_round)).order_by("code")
    agency = pilot_round.standing_agency
    return districts.filter(parent=agency.parent_id) if agency and agency.parent_id else districts


def lacks_before_opening(pilot_round: PilotRound, today: date) -> list[Lack]:
    """Errors, which forbid opening, before doubts, which only want to be seen."""
    found = [*_errors(pilot_round), *_doubts(pilot_round, today)]
    return sorted(found, key=lambda lack: not lack.is_error)


def unfinished(pilot_round: PilotRound) -> list[str]:
    """What closing the round would leave undone, as sentences; empty where all is decided."""
    found = []
    dossiers = pilot_round.evaluations.exclude(status__in=DECIDED).select_related("unit")
    by_status: dict[str, list[Evaluation]] = {}
    for evaluation in dossiers.order_by("unit__code"):
        by_status.setdefault(evaluation.status, []).append(evaluation)
    for status in Status:
        if waiting := by_status.get(status):
            names = _named([each.unit.bare_name for each in waiting])
            found.append(f"{len(waiting)} hồ sơ {STATES[status].label}: {names}.")
    sessions = CouncilSession.objects.filter(pilot_round=pilot_round, closed_at__isnull=True)
    if count := sessions.count():
        found.append(f"{count} phiên họp hội đồng chưa kết thúc.")
    return found


def untouched_dossiers(pilot_round: PilotRound) -> QuerySet:
    """The keys of drafts of districts in which nobody wrote and about which nothing is on record:
    no step in the trail, no report that was ordered, no file that was fetched.

    One of these goes out with its district; any other stays.
    """
    drafts = pilot_round.evaluations.of_districts().filter(
        status=Status.DRAFT, first_submitted_at__isnull=True
    )
    written = IndicatorResult.objects.filter(evaluation=OuterRef("pk"), updated_at__isnull=False)
    # Of any app: a row that the database would not let go with its dossier.
    records = [
        relation.related_model.objects.filter(**{relation.field.name: OuterRef("pk")})
        for relation in Evaluation._meta.related_objects
        if relation.on_delete is PROTECT
    ]
    untouched = drafts.filter(~Exists(written), *(~Exists(rows) for rows in records))
    return untouched.values_list("pk", flat=True)


def _errors(pilot_round: PilotRound) -> list[Lack]:
    found = []
    sets = ((pilot_round.district_set, "quận, huyện"), (pilot_round.city_set, "thành phố"))
    subjects = (CriteriaSet.Subject.DISTRICT, CriteriaSet.Subject.CITY)
    for (criteria_set, whose), subject in zip(sets, subjects, strict=True):
        if criteria_set.subject != subject:
            found.append(Lack(f"Bộ tiêu chí {whose} chọn chưa đúng.", "change", is_error=True))
    for subject, field in POINTS_FIELD.items():
        chosen = getattr(pilot_round, field)
        if chosen is None or chosen.subject != subject:
            text = f"Chưa chọn biểu điểm cho {PointSet.Subject(subject).label}."
            found.append(Lack(text, "change", is_error=True))
    if pilot_round.standing_agency_id is None:
        text = "Chưa chọn cơ quan thường trực để tổng hợp hồ sơ thành phố."
        found.append(Lack(text, "change", is_error=True))
    chosen = set(pilot_round.planned_participants.values_list("pk", flat=True))
    if not chosen:
        found.append(Lack("Chưa chọn đơn vị nào tham gia.", "participants", is_error=True))
    gone = chosen - set(districts_of(pilot_round).values_list("pk", flat=True))
    if gone:
        names = Organisation.objects.filter(pk__in=gone).values_list("name", flat=True)
        text = f"{_named(names)} không có trong danh mục năm {pilot_round.year}."
        found.append(Lack(text, "participants", is_error=True))
    return found


def _doubts(pilot_round: PilotRound, today: date) -> list[Lack]:
    found = []
    if not pilot_round.milestones.exists():
        found.append(Lack("Lịch của đợt chưa có mốc nào.", "calendar"))
    if pilot_round.self_assessment_due_on < today:
        day = f"{pilot_round.self_assessment_due_on:%d/%m/%Y}"
        found.append(Lack(f"Hạn gửi tự đánh giá {day} đã qua.", "change"))
    adopted = set(pilot_round.adopted_readings.values_list("question", flat=True))
    left = [question for question in AdoptedReading.Question if question not in adopted]
    if left:
        count = f"{len(left)} chỗ văn bản để ngỏ"
        found.append(Lack(f"{count} chưa ghi cách hiểu; đợt sẽ dùng mặc định.", "readings"))
    leaders = User.objects.filter(organisation=OuterRef("pk"), role=Role.LEADER, is_active=True)
    without = pilot_round.planned_participants.filter(~Exists(leaders)).order_by("code")
    if names := [unit.bare_name for unit in without]:
        text = f"Chưa có tài khoản lãnh đạo để gửi hồ sơ: {_named(names)}."
        found.append(Lack(text, "people"))
    return found


def _named(names) -> str:
    """The first few by name, the rest by number."""
    names = list(names)
    if len(names) <= SHOWN_NAMES:
        return ", ".join(names)
    return f"{', '.join(names[:SHOWN_NAMES])} và {len(names) - SHOWN_NAMES} đơn vị khác"
