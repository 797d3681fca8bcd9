"""The registers of a round: its year and the one before, every unit rated, titles of communes."""

from datetime import date, datetime
from random import Random

from benchmarks.country.copying import Tables
from benchmarks.country.pattern import Pattern
from benchmarks.country.units import District, Province
from evaluations.models import SheetItem, TitleCount, UnitEvent, UnitResult
from evaluations.unit_sheets import SheetStatus

AGENCY, COMMUNE = UnitResult.Kind.LEARNING_UNIT, UnitResult.Kind.LEARNING_COMMUNITY
SHEET_EVERY = 25  # agencies that fill a sheet of their own
SHEET_ITEMS = ("1", "2", "3")


def write_registers(
    tables: Tables, pattern: Pattern, province: Province, pilot_round: int, at: datetime, seed: int
) -> None:
    """Of every district and of the city; `at` is when they were typed."""
    dice = Random(seed)
    by = province.staff["appraiser"][0]
    for year in (at.year, at.year - 1):
        of_year = (tables, pattern, dice, pilot_round, year, at)
        for unit in province.agencies:
            _line(*of_year, province.pk, unit, AGENCY, by, place=1)
        for district in province.districts:
            _register(of_year, district)


def _register(of_year: tuple, district: District) -> None:
    for place, unit in enumerate(district.agencies):
        _line(*of_year, district.pk, unit, AGENCY, district.editor, place)
    tables = of_year[0]
    for place, unit in enumerate(district.communes):
        line = _line(*of_year, district.pk, unit, COMMUNE, district.editor, place)
        for title in TitleCount.Title.values:
            tables.add(
                TitleCount,
                result_id=line,
                title=title,
                registered=80 + place,
                recognised=70 + place,
                out_of=120 + place,
            )


def _line(
    tables: Tables,
    pattern: Pattern,
    dice: Random,
    pilot_round: int,
    year: int,
    at: datetime,
    owner: int,
    unit: int,
    kind: str,
    by: int,
    place: int,
) -> int:
    good, below = pattern.ratings[kind]
    is_good = dice.random() < 0.85
    score = dice.randint(280, 400) if is_good else dice.randint(150, 270)
    has_sheet = kind == AGENCY and place % SHEET_EVERY == 0
    line = tables.add(
        UnitResult,
        pilot_round_id=pilot_round,
        year=year,
        owner_id=owner,
        unit_id=unit,
        kind=kind,
        score=score / 4,
        self_score=score / 4,
        rating_id=dice.choice(good if is_good else below),
        sheet_status=SheetStatus.CONFIRMED if has_sheet else SheetStatus.NONE,
        sheet_since=at if has_sheet else None,
        decision_number=f"{dice.randint(1, 300)}/QĐ-UBND",
        decision_on=date(year, 12, 20),
        updated_at=at,
        updated_by_id=by,
    )
    if year != at.year:
        return line
    said = pattern.unit_trail[place % len(pattern.unit_trail)]
    tables.add(UnitEvent, result_id=line, by_id=by, at=at, **vars(said))
    if has_sheet:
        for code in SHEET_ITEMS:
            tables.add(SheetItem, result_id=line, code=code, points="30", updated_by_id=by)
    return line
