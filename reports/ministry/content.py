"""What the report to the Ministry knows: the round's frozen things, and the words kept with it.

A district counts with what it submitted, what the Sở concluded and what a decision says; what it
drafts is its own business. A decided dossier counts as it was frozen on the day of the decision.
What was appraised is told once it is confirmed: until then it may still be taken back.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from evaluations.models import (
    CouncilSession,
    DecisionLine,
    Evaluation,
    PilotRound,
    SessionItem,
    Snapshot,
)
from evaluations.snapshots import dossier_content, indicators_in
from evaluations.titles import commune_lines, total_titles
from evaluations.workflow import CITY_STATES, SETTLED, Status
from organisations.models import Organisation
from reports.district_summary.content import district_summary
from reports.figures import PRACTICE_MARK, NothingToSay, change_unit, figure_of, said_of
from reports.letterhead import joined_basis, with_usual_letterhead
from reports.offices import office_of
from reports.suitability import suitability

SLUG = "bao-cao-bo"
CITY = "thành phố"
NOBODY = "Đợt này chưa có quận, huyện nào tham gia, nên không có gì để báo cáo Bộ."

STATES = {
    Status.DRAFT: "đang tự đánh giá",
    Status.SUBMITTED: "chờ thẩm định",
    Status.APPRAISING: "đang thẩm định",
    Status.RETURNED: "đang bổ sung hồ sơ",
    Status.APPRAISED: "đã thẩm định, chờ xác nhận kết quả",
    Status.CONFIRMED: "đã thẩm định xong, chờ Hội đồng xét và quyết định",
    Status.RECOGNISED: "đã được công nhận",
    Status.DECLINED: "không được công nhận",
}


def ministry_facts(pilot_round: PilotRound) -> dict[str, Any]:
    """The figures and names from which everything is said, as plain data; raises NothingToSay in
    a round without districts."""
    dossiers = list(
        Evaluation.objects.of_districts()
        .filter(pilot_round=pilot_round)
        .select_related("unit", "pilot_round")
    )
    if not dossiers:
        raise NothingToSay(NOBODY)
    decided = _decided(pilot_round)
    summary = _as_decided(district_summary(pilot_round), dossiers, decided)
    return {
        "is_draft": False,
        "marks": [PRACTICE_MARK] if pilot_round.is_practice else [],
        "file_name": f"Báo cáo kết quả thí điểm gửi Bộ – {pilot_round.name}",
        "on": timezone.localdate().isoformat(),
        "issuer": _issuer(pilot_round),
        "standing_agency": getattr(pilot_round.standing_agency, "name", ""),
        "round": {"name": pilot_round.name, "year": pilot_round.year},
        "set": {
            "title": pilot_round.district_set.title,
            "legal_basis": _legal_basis(pilot_round),
        },
        "due_on": pilot_round.self_assessment_due_on.isoformat(),
        "calendar": _calendar(pilot_round),
        "readings": [
            {
                "question": each.get_question_display(),
                "choice": each.get_choice_display(),
                "document": each.document,
            }
            for each in pilot_round.adopted_readings.all()
        ],
        "sessions": _sessions(pilot_round),
        "units": [_unit(each, decided) for each in dossiers],
        "summary": summary,
        "suitability": _suitability(pilot_round),
        "last_year": _last_year(pilot_round, [each.unit.code for each in dossiers]),
        "titles": _titles(pilot_round, dossiers),
        "city": _city(pilot_round),
        "city_awaited": _city_awaited(pilot_round),
    }


def _issuer(pilot_round: PilotRound) -> dict[str, Any]:
    """The city: over the standing agency, or the one that there is; blanks where none is known."""
    agency = pilot_round.standing_agency
    city = agency.parent if agency and agency.parent else None
    city = city or Organisation.objects.filter(kind=Organisation.Kind.CITY).first()
    own = {"bare_name": city.bare_name} if city else {"bare_name": "", "name_in_sentence": CITY}
    return with_usual_letterhead(office_of(city) | own)


def _calendar(pilot_round: PilotRound) -> list[dict[str, Any]]:
    return [
        {
            "label": each.label,
            "shown": each.shown_date,
            "from": each.starts_on and each.starts_on.isoformat(),
            "to": each.due_on.isoformat(),
        }
        for each in pilot_round.milestones.all()
    ]


def _sessions(pilot_round: PilotRound) -> list[dict[str, Any]]:
    """The closed sessions of the council that heard a district, in order."""
    closed = CouncilSession.objects.filter(pilot_round=pilot_round, closed_at__isnull=False)
    heard: dict[int, list[str]] = {}
    districts = Evaluation.objects.of_districts().filter(pilot_round=pilot_round)
    items = SessionItem.objects.filter(session__in=closed, evaluation__in=districts)
    for item in items.select_related("evaluation__unit"):
        heard.setdefault(item.session_id, []).append(item.evaluation.unit.code)
    return [
        {"on": each.held_on.isoformat(), "units": heard[each.pk]}
        for each in closed.order_by("held_on", "pk")
        if each.pk in heard
    ]


def _decided(*rounds: PilotRound) -> dict[int, DecisionLine]:
    """By dossier what stands, the newest where there are several."""
    lines = (
        DecisionLine.objects.standing()
        .filter(evaluation__pilot_round__in=rounds)
        .select_related("decision", "snapshot", "evaluation__unit")
    )
    in_order = lines.order_by("decision__signed_on", "decision_id")
    return {line.evaluation_id: line for line in in_order}


def _unit(evaluation: Evaluation, decided: dict[int, DecisionLine]) -> dict[str, Any]:
    """How one district took part: its days, and what was decided."""
    unit, line = evaluation.unit, decided.get(evaluation.pk)
    due_on = evaluation.extended_until or evaluation.pilot_round.self_assessment_due_on
    sent_on = _sent_on(evaluation)
    return {
        "code": unit.code,
        "name": unit.name,
        "name_in_sentence": unit.name_in_sentence,
        "bare_name": unit.bare_name,
        "noun": unit.noun,
        "sent_on": sent_on and sent_on.isoformat(),
        "days_late": max(0, (sent_on - due_on).days) if sent_on else 0,
        "extended_until": evaluation.extended_until and evaluation.extended_until.isoformat(),
        "extension_reason": evaluation.extension_reason,
        "was_returned": evaluation.was_returned,
        "state": STATES[Status(evaluation.status)],
        "stage": list(Status).index(Status(evaluation.status)),
        "decision": line and _said(line),
    }


def _said(line: DecisionLine) -> dict[str, Any]:
    return {
        "level": line.level,
        "number": line.decision.number,
        "on": line.decision.signed_on.isoformat(),
        "issuer": line.decision.issuer,
    }


def _sent_on(evaluation: Evaluation) -> date | None:
    """When it first came; a dossier that its unit took back has not come."""
    if evaluation.status == Status.DRAFT or evaluation.first_submitted_at is None:
        return None
    return timezone.localdate(evaluation.first_submitted_at)


def _as_decided(
    summary: dict[str, Any], dossiers: Iterable[Evaluation], decided: dict[int, DecisionLine]
) -> dict[str, Any]:
    """The summary, decided districts as they were frozen with their decision, others without an
    appraisal that nobody confirmed."""
    frozen = {line.evaluation.unit.code: line.snapshot.content for line in decided.values()}
    confirmed = {each.unit.code for each in dossiers if each.status in SETTLED}
    districts = [
        each | _columns(frozen[each["code"]])
        if each["code"] in frozen
        else each | {"appraised": each["appraised"] if each["code"] in confirmed else None}
        for each in summary["districts"]
    ]
    told = {key: value for key, value in summary.items() if key != "taken_at"}  # `on` says it
    return told | {"districts": districts}


def _columns(content: dict[str, Any]) -> dict[str, Any]:
    indicators = indicators_in(content)
    own = {each["code"]: _result(each, each["mark"], each) for each in indicators}
    theirs = {
        each["code"]: _result(column, column["mark"], each)
        | ({"reason": column["reason"]} if column["verdict"] == "adjust" else {})
        for each in indicators
        if (column := each["appraised"])
    }
    appraised = content["appraised"]
    return {
        "self": content["self_assessed"] | {"results": own},
        "appraised": appraised and appraised | {"results": theirs},
    }


def _result(column: dict[str, Any], mark: dict[str, str], indicator: dict[str, Any]):
    """As the summary has it; the numbers behind a share are read from it."""
    figure = column["figure"]
    measure = indicator["measure"]
    is_change = measure.get("kind") == "change" and column["shown"]
    unit = change_unit(measure.get("unit", ""), column["shown"]) if is_change else ""
    parts = figure.split("/") if column["share"] and "/" in figure else []
    achieved, total = (
        (int(part.replace(".", "")) for part in parts)
        if len(parts) == 2 and all(part.replace(".", "").isdecimal() for part in parts)
        else (None, None)
    )
    return {
        "word": mark["word"],
        "achieved": achieved,
        "total": total,
        "figure": figure_of(figure, measure),
        "share": column["share"],
        "change": column.get("change"),  # what was appraised in older contents has none
        "shown": column["shown"] + unit,
        "unit": unit,
    }


def _suitability(pilot_round: PilotRound) -> dict[str, Any] | None:
    try:
        return suitability(pilot_round)
    except NothingToSay:
        return None


def _last_year(pilot_round: PilotRound, codes: list[str]) -> dict[str, Any] | None:
    """The same districts a year before, those that were concluded; None where none was."""
    before = PilotRound.objects.opened().filter(
        year=pilot_round.year - 1, is_practice=pilot_round.is_practice
    )
    districts: dict[str, dict[str, Any]] = {}
    measures: dict[str, Any] = {}
    for each in before.select_related("district_set", "standing_agency"):
        decided = _decided(each)
        dossiers = each.evaluations.of_districts().select_related("unit")
        levels = {line.evaluation.unit.code: line.level for line in decided.values()}
        for district in _as_decided(district_summary(each), dossiers, decided)["districts"]:
            if district["appraised"] and district["code"] in codes:
                own = {"decided": levels.get(district["code"])}
                districts[district["code"]] = own | {"results": district["appraised"]["results"]}
        measures |= {item.code: item.measure_data for item in each.district_set.indicators.all()}
    if not districts:
        return None
    alike = [
        item.code
        for item in pilot_round.district_set.indicators.all()
        if measures.get(item.code) == item.measure_data
    ]
    return {"year": pilot_round.year - 1, "alike": alike, "districts": districts}


def _titles(pilot_round: PilotRound, dossiers: Iterable[Evaluation]) -> list[dict[str, Any]]:
    """Titles of Hội Khuyến học in the communes of the districts that submitted."""
    owners = [each.unit_id for each in dossiers if _sent_on(each)]
    totals = total_titles(commune_lines(pilot_round).filter(owner__in=owners))
    return [
        {
            "label": each.title.label,
            "recognised": each.recognised,
            "achieved": each.achieved,
            "total": each.total,
            "entered": each.entered,
            "compared": each.compared,
            "communes": each.communes,
        }
        for each in totals
        if each.recognised is not None
    ]


def _legal_basis(pilot_round: PilotRound) -> str:
    """What both sets rest on, each paper once."""
    sets = [pilot_round.district_set, pilot_round.city_set]
    return joined_basis(each.legal_basis for each in sets if each)


def _city(pilot_round: PilotRound) -> dict[str, Any] | None:
    """The city's own dossier, once it was submitted: as sent, concluded, decided."""
    found = Evaluation.objects.of_cities().filter(pilot_round=pilot_round)
    dossier = found.exclude(status=Status.DRAFT).with_results().first()
    if dossier is None:
        return None
    line = _decided(pilot_round).get(dossier.pk)
    content = _city_content(dossier, line)
    appraised = content["appraised"]
    sent_on = _sent_on(dossier)
    return {
        "name": dossier.unit.name,
        "name_in_sentence": dossier.unit.name_in_sentence,
        "title": content["set"]["title"],
        "indicators": [_city_indicator(each) for each in indicators_in(content)],
        "sent_on": sent_on and sent_on.isoformat(),
        "state": CITY_STATES[Status(dossier.status)].label,
        "self": content["self_assessed"]["sentence"],
        "concluded": appraised["sentence"] if appraised else "",
        "level": appraised["level"] if appraised and appraised["is_recognised"] else 0,
        "decision": line and _said(line),
    }


def _city_awaited(pilot_round: PilotRound) -> dict[str, Any] | None:
    """The city's own dossier as long as it has not come: whose it is, and until when."""
    found = Evaluation.objects.of_cities().filter(pilot_round=pilot_round, status=Status.DRAFT)
    dossier = found.select_related("unit").first()
    if dossier is None:
        return None
    due_on = dossier.extended_until or pilot_round.self_assessment_due_on
    return {"name_in_sentence": dossier.unit.name_in_sentence, "due_on": due_on.isoformat()}


def _city_content(dossier: Evaluation, line: DecisionLine | None) -> dict[str, Any]:
    """Frozen with the decision; else as the council concluded and another person confirmed; else
    as it was last sent."""
    if line:
        return line.snapshot.content
    if dossier.status in SETTLED:
        return dossier_content(dossier)
    sent = Snapshot.objects.filter(evaluation=dossier).newest().get().content
    return sent | {"appraised": None}


def _city_indicator(each: dict[str, Any]) -> dict[str, Any]:
    council = each["appraised"]
    return {
        "code": each["code"],
        "short_name": each["short_name"],
        "is_graded": each["is_graded"],
        "own": said_of(each, each["measure"]),
        "council": said_of(council, each["measure"]) if council else "",
        "is_adjusted": bool(council and council["verdict"] == "adjust"),
        "suitability": each["suitability"],
        "suitability_label": each["suitability_label"],
        "obstacle": each["obstacle"],
        "proposal": each["proposal"],
    }
