"""Five years of a province: a round each, its dossiers, what was written, said and decided."""

from datetime import UTC, date, datetime, timedelta

from benchmarks.country.copying import Tables
from benchmarks.country.deciding import write_council, write_inspection
from benchmarks.country.papers import write_papers, write_runs, write_snapshot
from benchmarks.country.pattern import Pattern
from benchmarks.country.registers import write_registers
from benchmarks.country.units import District, Province
from benchmarks.data import figures
from evaluations.models import (
    Assignment,
    Evaluation,
    Event,
    IndicatorAppraisal,
    IndicatorResult,
    Mail,
    Milestone,
    Notice,
    PilotRound,
    Reminder,
    RoundEvent,
)
from evaluations.workflow import Status

YEARS = (2022, 2023, 2024, 2025, 2026)
RUNNING = YEARS[-1]
# Of a round that runs: its dossiers stand in every state.
STATES = (
    Status.DRAFT,
    Status.SUBMITTED,
    Status.APPRAISING,
    Status.RETURNED,
    Status.APPRAISED,
    Status.CONFIRMED,
)
INSPECTED = 2  # dossiers of each round
STEPS_TOLD = ("submit", "take-in", "finish", "confirm", "recognise")


def write_year(tables: Tables, pattern: Pattern, province: Province, year: int) -> int:
    """The round of that year in the province, with everything in it; gives its key."""
    at = datetime(year, 11, 2, 8, 0, tzinfo=UTC)
    pilot_round = _round(tables, pattern, province, year, at)
    write_registers(
        tables, pattern, province, pilot_round, at, seed=province.number * 10_000 + year
    )
    dossiers = [
        _dossier(tables, pattern, province, district, pilot_round, place, at)
        for place, district in enumerate(province.districts)
    ]
    _city_dossier(tables, pattern, province, pilot_round, at)
    if year != RUNNING:
        write_council(tables, pattern, province, pilot_round, dossiers, at)
    return pilot_round


def _round(tables: Tables, pattern: Pattern, province: Province, year: int, at: datetime) -> int:
    template = pattern.template
    pilot_round = tables.add(
        PilotRound,
        name=f"{province.name}, năm {year}",
        year=year,
        district_set_id=template.district_set_id,
        city_set_id=template.city_set_id,
        agency_points_id=template.agency_points_id,
        commune_points_id=template.commune_points_id,
        standing_agency_id=province.office,
        self_assessment_due_on=date(year, 12, 15),
        opened_at=at - timedelta(days=200),
        closed_at=None if year == RUNNING else at + timedelta(days=80),
    )
    for place, label in enumerate(("Kế hoạch", "Tự đánh giá", "Thẩm định", "Họp hội đồng")):
        due_on = date(year, 12, 1 + 7 * place)
        tables.add(Milestone, pilot_round_id=pilot_round, label=label, due_on=due_on)
    by = province.staff["administrator"][0]
    tables.add(RoundEvent, pilot_round_id=pilot_round, kind="open", text="mở đợt", by_id=by, at=at)
    return pilot_round


def _dossier(
    tables: Tables,
    pattern: Pattern,
    province: Province,
    district: District,
    pilot_round: int,
    place: int,
    at: datetime,
) -> tuple[int, Status, list[int]]:
    """One district's; gives its key, its state and its files."""
    is_past = at.year != RUNNING
    status = STATES[(place + province.number) % len(STATES)]
    if is_past:
        status = Status.DECLINED if (place + at.year) % 7 == 0 else Status.RECOGNISED
    appraiser = province.staff["appraiser"][place % len(province.staff["appraiser"])]
    came_in = None if status == Status.DRAFT else at + timedelta(days=10)
    evaluation = tables.add(
        Evaluation,
        unit_id=district.pk,
        pilot_round_id=pilot_round,
        criteria_set_id=pattern.template.district_set_id,
        status=status,
        status_since=at + timedelta(days=15),
        first_submitted_at=came_in,
        supplement_due_on=date(at.year, 12, 20) if status == Status.RETURNED else None,
    )
    results = []
    for indicator in pattern.indicators:
        result = tables.add(
            IndicatorResult,
            evaluation_id=evaluation,
            indicator_id=indicator.pk,
            typed=figures(indicator, seed=evaluation),
            explanation=f"Đã làm theo kế hoạch năm {at.year}.",
            suitability="fits",
            updated_at=at,
            updated_by_id=district.editor,
        )
        results.append((indicator, result))
        if status not in (Status.DRAFT, Status.SUBMITTED):
            tables.add(
                IndicatorAppraisal,
                result_id=result,
                verdict="accept",
                is_sent=True,
                decided_by_id=appraiser,
                decided_at=at,
            )
    files = write_papers(tables, results, district.pk, district.editor, appraiser, at)
    _trail(tables, pattern, province, district, evaluation, appraiser, at, is_past=is_past)
    if came_in:
        write_snapshot(tables, pattern, evaluation, 1, files, district.leader, came_in)
        write_runs(tables, pattern, evaluation, district.editor, appraiser, at)
    if place < INSPECTED and is_past:
        write_inspection(tables, district, evaluation, appraiser, at)
    return evaluation, status, files


def _trail(
    tables: Tables,
    pattern: Pattern,
    province: Province,
    district: District,
    evaluation: int,
    appraiser: int,
    at: datetime,
    *,
    is_past: bool,
) -> None:
    told = [*province.staff["appraiser"], *province.staff["approver"], district.leader]
    for place, said in enumerate(pattern.trail):
        by = appraiser if said.kind in ("take-in", "finish") else district.editor
        event = tables.add(
            Event,
            evaluation_id=evaluation,
            by_id=by,
            at=at + timedelta(hours=place),
            **vars(said),
        )
        if said.kind not in STEPS_TOLD:
            continue
        for person in told:
            tables.add(
                Notice,
                recipient_id=person,
                kind="submitted",
                text=f"{district.name}: {said.text}",
                evaluation_id=evaluation,
                event_id=event,
                created_at=at + timedelta(hours=place),
                read_at=at if is_past or place % 2 else None,
            )
            tables.add(
                Mail,
                recipient_id=person,
                kind="step",
                event_id=event,
                day=at.date(),
                status=Mail.Status.SENT,
                sent_at=at,
                subject=said.text,
                created_at=at,
            )
    for stage in ("week", "day"):
        tables.add(
            Reminder,
            recipient_id=district.editor,
            about=f"evaluation:{evaluation}",
            due_on=date(at.year, 12, 15),
            stage=stage,
            day=date(at.year, 12, 8),
        )


def _city_dossier(
    tables: Tables, pattern: Pattern, province: Province, pilot_round: int, at: datetime
) -> None:
    is_past = at.year != RUNNING
    evaluation = tables.add(
        Evaluation,
        unit_id=province.pk,
        pilot_round_id=pilot_round,
        criteria_set_id=pattern.template.city_set_id,
        status=Status.CONFIRMED if is_past else Status.DRAFT,
        status_since=at,
        first_submitted_at=at if is_past else None,
    )
    for place, indicator in enumerate(pattern.city_indicators):
        result = tables.add(
            IndicatorResult,
            evaluation_id=evaluation,
            indicator_id=indicator.pk,
            typed=figures(indicator, seed=evaluation),
            updated_at=at,
        )
        tables.add(
            Assignment,
            result_id=result,
            agency_id=province.agencies[place % len(province.agencies)],
            state="working",
            since=at,
        )
