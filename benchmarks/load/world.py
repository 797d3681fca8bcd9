"""A round of the whole city in its busiest weeks, and the accounts of those who work on it.

Fifteen districts with their real communes and sixty made-up agencies each. Twelve of them are
writing; the Sở appraises the other three. The city's own dossier is with its lead agencies.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import count, cycle, islice
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from benchmarks.data import REGISTER, fill, load_reference
from evaluations.actions.steps import take_step
from evaluations.checking import check, registers_of
from evaluations.determination import find
from evaluations.grid import Register, kinds_of
from evaluations.loading import load_round, read_round
from evaluations.models import Evaluation, IndicatorResult, PilotRound, UnitResult
from evaluations.registers import points_of
from organisations.models import Organisation, Role, User

YEAR = 2023
LAST_DAY = date(YEAR, 12, 31)
ROUND = Path("fixtures") / "rounds" / "thi-diem-2022.json"
PASSWORD = "mot-mat-khau-de-do-tai"
APPRAISED = 3  # districts that have sent their dossier
OWN_INDICATORS = 3  # of each officer of a district
TOTAL = 100_000  # of every share that is typed, so that each officer types another number
Kind = Organisation.Kind
# Of five who write: three for a district, one for a lead agency of the city, one for a commune.
SHARES = (Kind.DISTRICT, Kind.COMMUNE, Kind.DISTRICT, Kind.AGENCY, Kind.DISTRICT)


@dataclass(frozen=True)
class Desk:
    """One account and what lies on its desk."""

    username: str
    kind: str
    evaluation: int = 0
    results: dict[str, int] = field(default_factory=dict)  # the keys of the indicators, by code
    registers: tuple[str, ...] = ()  # addresses of grids
    sheet: int = 0


@dataclass(frozen=True)
class World:
    officers: list[Desk]  # in an order in which any beginning of the list is the same mix
    staff: list[Desk]  # of the Sở
    appraised: list[Desk]  # the dossiers they look at
    prober: Desk  # asks for the empty page


def make_world(officers: int, staff: int) -> World:
    load_reference()
    districts = list(Organisation.objects.districts().in_force(LAST_DAY).order_by("code"))
    _make_agencies(districts)
    pilot_round = _open_round(districts)
    dossiers = list(pilot_round.evaluations.of_districts().select_related("unit").order_by("pk"))
    sent, written = dossiers[:APPRAISED], dossiers[APPRAISED:]
    _rate(pilot_round, {each.unit_id for each in sent})
    fill(dossiers)
    _complete_figures(pilot_round)
    department = pilot_round.standing_agency
    appraisers = [_account(f"so.{number}", Role.APPRAISER, department) for number in range(staff)]
    User.objects.bulk_create(appraisers)
    for evaluation in sent:
        _send(evaluation, appraisers[0])
    city = pilot_round.evaluations.of_cities().get()
    places = {
        Kind.DISTRICT: (_of_district(each, number) for number in count() for each in written),
        Kind.AGENCY: cycle(_of_agencies(city)),
        Kind.COMMUNE: cycle(_of_communes(pilot_round)),
    }
    desks, people = [], []
    for number, kind in enumerate(islice(cycle(SHARES), officers)):
        unit, lies_there = next(places[kind])
        role = Role.LEADER if number % 10 == 0 else Role.EDITOR
        people.append(_account(f"can-bo.{number}", role, unit))
        desks.append(Desk(people[-1].username, kind, **lies_there))
    prober = _account("nguoi-do", Role.EDITOR, written[0].unit)
    User.objects.bulk_create([*people, prober])
    return World(
        desks,
        [Desk(each.username, "department") for each in appraisers],
        [Desk("", "", each.pk, _results(each)) for each in sent],
        Desk(prober.username, "empty"),
    )


def _make_agencies(districts: list[Organisation]) -> None:
    agencies = [
        Organisation(
            kind=Kind.AGENCY,
            code=f"{district.code}-{place:02}",
            name=f"Cơ quan số {place} {district.name_in_sentence}",
            type="cơ quan",
            valid_from=date(2020, 2, 1),
            parent=district,
        )
        for district in districts
        for place in range(1, REGISTER[Kind.AGENCY] + 1)
    ]
    for agency in agencies:
        agency.search = agency.computed_search()
    Organisation.objects.bulk_create(agencies)


def _open_round(districts: list[Organisation]) -> PilotRound:
    changed = {
        "name": "Đợt đo tải",
        "year": YEAR,
        "self_assessment_due_on": date(YEAR, 12, 15).isoformat(),
        "units_on": LAST_DAY.isoformat(),
        "participants": [district.code for district in districts],
    }
    return load_round(read_round(settings.BASE_DIR / ROUND) | changed).pilot_round


def _rate(pilot_round: PilotRound, complete: set[int]) -> None:
    """Three of four are Khá; each fifth of this year is still to come, but not of the `complete`
    owners."""
    lines = list(
        pilot_round.unit_results.select_related("unit")
        .order_by("pk")
        .exclude(owner__kind=Kind.CITY)
    )
    points = {kind: points_of(pilot_round, kind) for kind in UnitResult.Kind.values}
    ratings = {(kind, each.code): each for kind in points for each in points[kind].ratings.all()}
    for number, line in enumerate(lines):
        if line.year == YEAR and number % 5 == 0 and line.owner_id not in complete:
            continue
        code = "kha" if number % 4 else "trung-binh"
        line.rating = ratings[line.kind, code]
        if points[line.kind].rule.has_bands:
            line.score = 75 if code == "kha" else 60
        line.decision_number, line.decision_on = "12/QĐ-UBND", date(line.year, 12, 1)
    names = ["rating", "score", "decision_number", "decision_on"]
    UnitResult.objects.bulk_update(lines, names, batch_size=500)


def _complete_figures(pilot_round: PilotRound) -> None:
    """Percentages with their source, counts out of a total that leaves many to type."""
    results = IndicatorResult.objects.filter(evaluation__pilot_round=pilot_round)
    results.update(source="Chi cục Thống kê, báo cáo năm")
    shares = [each for each in results if "achieved" in each.typed]
    for each in shares:
        each.typed = {"achieved": str(TOTAL * 3 // 4), "total": str(TOTAL)}
    IndicatorResult.objects.bulk_update(shares, ["typed"], batch_size=500)


def _send(evaluation: Evaluation, appraiser: User) -> None:
    """Handed in by its leader with a reason for every doubt, and taken in."""
    leader = _account(f"lanh-dao.{evaluation.unit.code}", Role.LEADER, evaluation.unit)
    leader.save()
    finding = find(Evaluation.objects.with_results().get(pk=evaluation.pk))
    doubts = check(finding, registers_of(finding)).doubts
    reasons = {doubt.kind: "Sẽ bổ sung." for doubt in doubts}
    take_step(evaluation=evaluation, step_name="submit", by=leader, reasons=reasons)
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)


def _of_district(evaluation: Evaluation, number: int) -> tuple[Organisation, dict]:
    """An office gives each indicator to one or two of its people: three each, in turn."""
    district, results = evaluation.unit, list(_results(evaluation).items())
    registers = [
        Register(evaluation.pilot_round, district, kind, YEAR).get_absolute_url()
        for kind in kinds_of(district)
        if evaluation.pilot_round.unit_results.filter(owner=district, kind=kind).exists()
    ]
    start = number * OWN_INDICATORS % len(results)
    return district, {
        "evaluation": evaluation.pk,
        "results": dict([*results, *results][start : start + OWN_INDICATORS]),
        "registers": tuple(registers),
    }


def _of_agencies(city: Evaluation) -> list[tuple[Organisation, dict]]:
    """Those that lead an indicator; the Sở compiles, and so is not among them."""
    found: dict[Organisation, dict[str, int]] = {}
    assigned = city.results.filter(assignment__agency__isnull=False)
    for result in assigned.select_related("assignment__agency", "indicator"):
        if result.assignment.agency_id != city.pilot_round.standing_agency_id:
            own = found.setdefault(result.assignment.agency, {})
            own[result.indicator.code] = result.pk
    return [(agency, {"evaluation": city.pk, "results": own}) for agency, own in found.items()]


def _of_communes(pilot_round: PilotRound) -> list[tuple[Organisation, dict]]:
    lines = pilot_round.unit_results.filter(unit__kind=Kind.COMMUNE, year=YEAR, in_scope=True)
    # Every thirteenth, then the next: few of one district before all have some.
    ordered = list(lines.select_related("unit").order_by("pk"))
    spread = [line for start in range(13) for line in ordered[start::13]]
    return [(line.unit, {"sheet": line.pk}) for line in spread]


def _results(evaluation: Evaluation) -> dict[str, int]:
    return dict(evaluation.results.values_list("indicator__code", "pk"))


def _account(username: str, role: Role, unit: Organisation) -> User:
    account = User(
        username=username,
        full_name=f"Cán bộ {username}",
        role=role,
        organisation=unit,
        password=_hashed(),
        created_at=timezone.now(),
    )
    account.search = account.computed_search()
    return account


@cache
def _hashed() -> str:
    """One slow hash for all of them; each is checked by a slow one of its own."""
    return make_password(PASSWORD)


def addresses() -> Iterator[str]:
    """One for each person, as officers in as many offices have."""
    return (f"10.{a}.{b}.{c}" for a in range(256) for b in range(256) for c in range(1, 255))
