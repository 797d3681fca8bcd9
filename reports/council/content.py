"""What the papers of a session tell, frozen when ordered; one shape for all three.

The minutes say what was before the council and stay as they were closed. What is asked for, and
what would be decided, leaves out a dossier that was reopened since: its conclusion counts no more.
"""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from evaluations.determination import find
from evaluations.models import (
    CouncilSession,
    DecisionLine,
    Evaluation,
    Opinion,
    SessionItem,
)
from evaluations.workflow import DECIDED
from reports.figures import PRACTICE_MARK, NothingToSay
from reports.letterhead import with_usual_letterhead
from reports.offices import office_of, standing_agency_of

COUNCIL = "Hội đồng đánh giá cấp thành phố"
COUNCIL_LINES = ("Hội đồng đánh giá", "cấp thành phố")  # as its letterhead breaks
BLANK = "……"
MINISTRY = "Bộ Giáo dục và Đào tạo"
OPEN_MARK = "Chưa kết thúc phiên họp"
DRAFT_MARK = "Dự thảo"
EMPTY = "Phiên họp chưa có hồ sơ nào, nên chưa có biên bản để in."
NOT_CLOSED = (
    "Phiên họp chưa kết thúc: kết luận còn sửa được, nên chưa có tờ trình và dự thảo Quyết định."
)
NONE_RECOGNISED = (
    "Không còn kết luận công nhận nào của phiên họp này dùng được, nên không có văn bản để in."
)
NO_DECISION_ON_THE_CITY = (
    "hồ sơ của thành phố do Bộ Giáo dục và Đào tạo quyết định nên không có dự thảo Quyết định"
)


def with_agenda(sessions: QuerySet[CouncilSession]) -> QuerySet[CouncilSession]:
    """Sessions with all that `minutes`, `proposal` and the permissions ask of them."""
    items = SessionItem.objects.select_related(
        "evaluation__unit__parent", "evaluation__criteria_set"
    ).prefetch_related(Prefetch("opinions", Opinion.objects.select_related("by")))
    return sessions.select_related("pilot_round__standing_agency").prefetch_related(
        "members", Prefetch("items", items)
    )


def minutes(session: CouncilSession) -> dict[str, Any]:
    """Everything before the council; a draft until the session is closed. Raises NothingToSay."""
    marks = [] if session.is_closed else [OPEN_MARK]
    return _content(session, "Biên bản họp Hội đồng", list(session.items.all()), marks) | {
        "is_draft": not session.is_closed,
        "is_held": session.held_on <= timezone.localdate(),
        "members": [
            {
                "name": member.name,
                "position": member.position,
                "is_present": member.is_present,
                "reason": member.absence_reason,
            }
            for member in session.members.all()
        ],
    }


def proposal(session: CouncilSession) -> dict[str, Any]:
    """What the Sở asks the People's Committee for; raises NothingToSay where it is nothing."""
    items = list(session.items.all())
    counting = _counting(session)
    if not any(item.concluded_level for item in counting):
        raise NothingToSay(NONE_RECOGNISED)
    content = _content(session, "Tờ trình công nhận", counting, [])
    sentences = _sentences(counting)
    for line in content["lines"]:
        line["sentence"] = sentences.get(line["dossier"], "")
    members = list(session.members.all())
    return content | {
        "present": sum(member.is_present for member in members),
        "invited": len(members),
        "reopened": [
            item.evaluation.unit.name_in_sentence
            for item in items
            if item.is_concluded and item not in counting
        ],
    }


def draft_decision(session: CouncilSession) -> dict[str, Any]:
    """The districts that were found to reach a level; raises NothingToSay where none was."""
    recognised = [
        item
        for item in _counting(session)
        if item.concluded_level and not item.evaluation.is_of_city
    ]
    if not recognised:
        raise NothingToSay(NONE_RECOGNISED)
    content = _content(session, "Dự thảo Quyết định công nhận", recognised, [DRAFT_MARK])
    return content | {"is_draft": True}


def minutes_note(session: CouncilSession) -> str:
    if session.is_closed:
        return ""
    return f"sẽ ghi rõ “{OPEN_MARK}”; tờ trình, dự thảo Quyết định có sau khi kết thúc"


def proposal_note(session: CouncilSession) -> str:
    has_city = any(item.evaluation.is_of_city for item in session.items.all())
    return NO_DECISION_ON_THE_CITY if has_city else ""


def _content(
    session: CouncilSession, title: str, items: list[SessionItem], marks: list[str]
) -> dict[str, Any]:
    if not items:
        raise NothingToSay(EMPTY)
    pilot_round = session.pilot_round
    first = items[0].evaluation
    city = first.unit if first.is_of_city else first.unit.parent
    practice = [PRACTICE_MARK] if pilot_round.is_practice else []
    sets = {item.evaluation.criteria_set_id: item.evaluation.criteria_set for item in items}
    return {
        "is_draft": False,
        "marks": marks + practice,
        "file_name": f"{title} – phiên họp {session.held_on:%d-%m-%Y}",
        "department": standing_agency_of(pilot_round),
        "city": with_usual_letterhead(office_of(city) | {"bare_name": city.bare_name}),
        "year": pilot_round.year,
        "sets": [{"title": each.title, "legal_basis": each.legal_basis} for each in sets.values()],
        "is_closed": session.is_closed,
        "held_on": session.held_on.isoformat(),
        "starts_at": session.starts_at and session.starts_at.strftime("%H:%M"),
        "place": session.place,
        "chair": session.chair,
        "secretary": session.secretary,
        "lines": [_line(session, item) for item in items],
    }


def _line(session: CouncilSession, item: SessionItem) -> dict[str, Any]:
    unit = item.evaluation.unit
    # Closing takes the conclusion from a dossier that was reopened before.
    was_heard = item.is_concluded if session.is_closed else item.stands
    given = [each for each in item.opinions.all() if each.updated_at >= item.confirmed_at]
    return {
        "dossier": item.evaluation_id,
        "name": unit.name,
        "name_in_sentence": unit.name_in_sentence,
        "noun": unit.noun,
        "is_city": item.evaluation.is_of_city,
        "was_heard": was_heard,
        "proposed": item.proposed_level,
        "opinions": [
            {"by": each.by.full_name, "stand": each.get_stand_display(), "text": each.text}
            for each in given
        ],
        "discussion": item.discussion,
        "votes_for": item.votes_for,
        "votes_against": item.votes_against,
        "concluded": item.concluded_level,
        "conclusion": item.conclusion,
    }


def _counting(session: CouncilSession) -> list[SessionItem]:
    """Those whose conclusion stands: nobody reopened the dossier and had it concluded anew."""
    if not session.is_closed:
        raise NothingToSay(NOT_CLOSED)
    items = list(session.items.all())
    dossiers = [item.evaluation_id for item in items]
    newest: dict[int, int] = {}
    concluded = SessionItem.objects.filter(
        evaluation__in=dossiers, session__closed_at__isnull=False, concluded_level__isnull=False
    ).order_by("session__closed_at", "pk")
    for evaluation_id, pk in concluded.values_list("evaluation_id", "pk"):
        newest[evaluation_id] = pk
    return [
        item
        for item in items
        if newest.get(item.evaluation_id) == item.pk
        and (item.stands or item.evaluation.status in DECIDED)
    ]


def _sentences(items: list[SessionItem]) -> dict[int, str]:
    """Why each appraised level is what it is; of a decided dossier as it was frozen."""
    standing = [item.evaluation_id for item in items if item.stands]
    dossiers = Evaluation.objects.filter(pk__in=standing).with_results()
    said = {each.pk: find(each).appraised.sentence for each in dossiers}
    decided = DecisionLine.objects.standing().filter(
        evaluation__in=[item.evaluation_id for item in items if not item.stands]
    )
    for line in decided.select_related("snapshot"):
        said[line.evaluation_id] = line.snapshot.content["appraised"]["sentence"]
    return said
