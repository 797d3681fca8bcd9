"""Telling people what has come to them: a line in their inbox, and an e-mail for what is urgent.

Written in the transaction of the step itself, so neither is there without the other; sent only
after it, by a worker (`actions.mails`), so no mail server ever holds a step up or undoes it.

Told are the people whose move it is now; of a decision and of a new date the unit it is about.
Nobody is told what they did themselves.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from evaluations.actions.mails import order_delivery
from evaluations.models import (
    Assignment,
    CouncilSession,
    Evaluation,
    Event,
    IndicatorResult,
    Mail,
    Notice,
    UnitResult,
)
from evaluations.models.dossiers import EXTENSION
from evaluations.reminders import gets_mail, people_of
from evaluations.workflow import HANDED_OVER, PART_RETURNED
from organisations.models import Role, User

LENGTH = 300
Kind = Notice.Kind


def tell(
    *,
    people: Iterable[User],
    kind: str,
    text: str,
    but: User | None = None,
    evaluation: Evaluation | None = None,
    result: IndicatorResult | None = None,
    session: CouncilSession | None = None,
    sheet: UnitResult | None = None,
    event: Event | None = None,
) -> list[Notice]:
    """One line for each of these people but the one who did it, inside the transaction of what it
    tells of.

    `result` leads to the page of one indicator and brings its dossier with it. Who may no longer
    see what a line is about does not see the line: callers need not look ahead.
    """
    if result is not None:
        evaluation = result.evaluation
    told = {person.pk: person for person in people if but is None or person.pk != but.pk}
    about = {
        "evaluation": evaluation,
        "result": result,
        "session": session,
        "sheet": sheet,
        "event": event,
    }
    return Notice.objects.bulk_create(
        Notice(recipient=person, kind=kind, text=text[:LENGTH], **about) for person in told.values()
    )


@dataclass(frozen=True)
class _Told:
    """Of one step: the line, whom it is for, and whether they get an e-mail as well."""

    kind: str
    people: Callable[[Evaluation], Iterable[User]]
    text: str
    by_mail: bool = False


def _office(evaluation: Evaluation) -> Iterable[User]:
    """Whose dossier it is to hand in."""
    return people_of({evaluation.office_id}).get(evaluation.office_id, ())


def _next(step_name: str) -> Callable[[Evaluation], Iterable[User]]:
    """Everybody who might take that step; the city's own dossier has other people for some."""

    def people(evaluation: Evaluation) -> Iterable[User]:
        role = evaluation.steps[step_name].role
        return User.objects.filter(role=role, is_active=True).order_by("pk")

    return people


_STEPS = {
    "submit": _Told(
        Kind.SUBMITTED,
        _next("take-in"),
        "{unit} gửi hồ sơ, chờ {appraised_by} tiếp nhận",
        by_mail=True,
    ),
    "take-in": _Told(Kind.TAKEN_IN, _next("finish"), "{by} đã tiếp nhận hồ sơ {name}"),
    "return": _Told(
        Kind.RETURNED,
        _office,
        "Hồ sơ được trả lại để bổ sung {asked}, hạn {due}",
        by_mail=True,
    ),
    "finish": _Told(Kind.APPRAISED, _next("confirm"), "Hồ sơ {name} chờ xác nhận kết quả"),
    "confirm": _Told(
        Kind.CONFIRMED, _next("recognise"), "Hồ sơ {name} đã xác nhận, chờ phiên họp và quyết định"
    ),
    "send-back": _Told(Kind.REOPENED, _next("finish"), "{by} chuyển lại hồ sơ {name} để xem tiếp"),
    "reopen": _Told(Kind.REOPENED, _next("finish"), "{by} mở lại hồ sơ {name}"),
    "recognise": _Told(Kind.DECIDED, _office, "{note}"),
    "decline": _Told(Kind.DECIDED, _office, "{note}"),
    "recognise-anew": _Told(Kind.DECIDED, _office, "Quyết định thay. {note}"),
    "decline-anew": _Told(Kind.DECIDED, _office, "Quyết định thay. {note}"),
    EXTENSION: _Told(Kind.EXTENDED, _office, "Hồ sơ được gia hạn đến {until}"),
}


def tell_of(event: Event, evaluation: Evaluation) -> None:
    """What a step of the dossier, or a new date, says to whom. Inside the step's transaction."""
    told = _STEPS.get(event.kind)
    if told is None:
        return
    people = list(told.people(evaluation))
    text = told.text.format(**_words(event, evaluation))
    tell(
        people=people,
        kind=told.kind,
        text=text,
        but=event.by,
        evaluation=evaluation,
        event=event,
    )
    agencies = _tell_asked_agencies(event, evaluation)
    if told.by_mail:
        mails = _mails(event, Mail.Kind.STEP, [*people, *agencies])
        if event.kind == "submit":
            leaders = [each for each in _office(evaluation) if each.role == Role.LEADER]
            mails += _mails(event, Mail.Kind.RECEIPT, leaders)
        _order(mails)


def tell_of_part(event: Event, result: IndicatorResult) -> None:
    """What becomes of one indicator of the city's dossier, to whom it comes: its agency when it
    is given or given back, who compiles when it is handed over. Inside the transaction."""
    code, assigned = result.indicator.code, result.assigned
    if event.kind == HANDED_OVER:
        office, kind = result.evaluation.office_id, Kind.HANDED_OVER
        text = f"{assigned.agency} đã bàn giao chỉ báo {code} của hồ sơ thành phố"
    elif event.kind == PART_RETURNED:
        office, kind = assigned.agency_id, Kind.ASSIGNMENT_RETURNED
        text = f"Chỉ báo {code} của hồ sơ thành phố được trả lại để làm tiếp"
    else:
        office, kind = assigned.agency_id, Kind.ASSIGNED
        due = f", hạn {date_format(assigned.due_on, 'd/m/Y')}" if assigned.due_on else ""
        text = f"Được giao chỉ báo {code} của hồ sơ thành phố{due}"
    people = people_of({office}).get(office, ())
    tell(people=people, kind=kind, text=text, but=event.by, result=result, event=event)
    if event.kind == PART_RETURNED:
        _order(_mails(event, Mail.Kind.STEP, people))


def _tell_asked_agencies(event: Event, evaluation: Evaluation) -> list[User]:
    """Of the city's dossier that is returned the agencies whose indicators were asked about; one
    line for each person. Who compiles is told of the whole."""
    if event.kind != "return" or not evaluation.is_of_city:
        return []
    asked = [each["indicator"] for each in event.detail["asked"]]
    parts = (
        Assignment.objects.filter(
            result__evaluation=evaluation, result__indicator__code__in=asked, agency__isnull=False
        )
        .exclude(agency=evaluation.office_id)
        .for_display()
    )
    by_agency: dict[int, list[Assignment]] = {}
    for part in parts:
        by_agency.setdefault(part.agency_id, []).append(part)
    told = []
    for agency, people in people_of(set(by_agency)).items():
        codes = ", ".join(part.result.indicator.code for part in by_agency[agency])
        tell(
            people=people,
            kind=Kind.ASSIGNMENT_RETURNED,
            text=f"Hội đồng yêu cầu bổ sung {codes} của hồ sơ thành phố",
            but=event.by,
            result=by_agency[agency][0].result,
            event=event,
        )
        told += people
    return told


def _order(mails: Collection[Mail]) -> None:
    if mails:
        transaction.on_commit(order_delivery, robust=True)


def _words(event: Event, evaluation: Evaluation) -> dict[str, str]:
    due, until = event.detail.get("due_on"), event.detail.get("until")
    return {
        "unit": evaluation.unit.name,
        "appraised_by": "hội đồng" if evaluation.is_of_city else "Sở",
        "name": evaluation.unit.name_in_sentence,
        "by": event.by.full_name,
        "note": event.note,
        "asked": ", ".join(each["indicator"] for each in event.detail.get("asked", ())),
        "due": date_format(due) if due else "",
        "until": date_format(until) if until else "",
    }


def _mails(event: Event, kind: str, people: Iterable[User]) -> list[Mail]:
    """What is said in them is written when they are sent: until then things may change."""
    today = timezone.localdate()
    return Mail.objects.bulk_create(
        Mail(recipient=person, kind=kind, event=event, day=today)
        for person in people
        if gets_mail(person, event.evaluation)
        and (person.pk != event.by_id or kind == Mail.Kind.RECEIPT)
    )


def tell_members(session: CouncilSession, by: User) -> None:
    """Members with an account, once they are seated in a session: an opinion is asked of them."""
    told = Notice.objects.filter(session=session).values("recipient")
    seated = session.members.filter(person__role=Role.COUNCIL, person__is_active=True)
    people = [member.person for member in seated.exclude(person__in=told).select_related("person")]
    held = date_format(session.held_on, "d/m/Y")
    text = f"Mời cho ý kiến {session.items.count()} hồ sơ trước phiên họp ngày {held}"
    tell(people=people, kind=Kind.SESSION, text=text, but=by, session=session)


_SHEETS = {
    "return": (Kind.SHEET_RETURNED, "Phiếu tự chấm năm {year} bị trả lại để sửa"),
    "confirm": (Kind.SHEET_CONFIRMED, "Phiếu tự chấm năm {year} đã được xác nhận"),
}


def tell_of_sheets(lines: Collection[UnitResult], step_name: str, by: User) -> None:
    """What the keeper of a register decided about units' own sheets, to each of these units."""
    if not lines or step_name not in _SHEETS:
        return
    kind, text = _SHEETS[step_name]
    people = people_of({line.unit_id for line in lines})
    Notice.objects.bulk_create(
        Notice(recipient=person, kind=kind, text=text.format(year=line.year), sheet=line)
        for line in lines
        for person in people.get(line.unit_id, ())
        if person.pk != by.pk
    )


def mark_read(*, notice: Notice) -> None:
    """The first time counts; a notice is never unread again."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=timezone.now())


def mark_all_read(*, by: User, newest: int) -> int:
    """Those that this person can see, up to the newest one that was shown; how many there were."""
    unread = Notice.objects.visible_to(by).unread().filter(pk__lte=newest)
    return unread.update(read_at=timezone.now())
