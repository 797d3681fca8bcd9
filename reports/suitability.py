"""“Ma trận mức độ phù hợp”: how each indicator fits, unit by unit, with what they said of it.

Kế hoạch 02/KH-UBND asks the districts to say how well the indicators fit, what was hard and what to
amend; the Ministry gets it. Only what was submitted is told, and not withdrawn since.
"""

from typing import Any

from evaluations.models import Evaluation, IndicatorResult, PilotRound, Snapshot
from evaluations.snapshots import indicators_in
from evaluations.workflow import Status
from reports.figures import PRACTICE_MARK, NothingToSay
from reports.letterhead import head_of, lower_first, signer_of
from reports.offices import standing_agency_of
from reports.paper.grids import Align, Box, Grid, GridColumn, GridRow
from reports.paper.parts import (
    Heading,
    Name,
    Paper,
    Paragraph,
    Part,
    Points,
    Signature,
    Small,
)
from reports.tables import Column, Table, count, text

Suitability = IndicatorResult.Suitability
UNIT_ORDER = "evaluation__unit__code"
SIGNS = {
    Suitability.FITS.value: "P",
    Suitability.PARTLY.value: "M",
    Suitability.UNFIT.value: "K",
    "": "–",
}
MATRIX = "Mức độ phù hợp"
NAMES = {"name", "short_name"}  # columns of words; all others stand in the middle
KEY = (
    "P: phù hợp; M: phù hợp một phần; K: không phù hợp; –: đơn vị chưa ghi.",
    "Lấy từ bản đã gửi gần nhất của mỗi đơn vị.",
)
# Beyond, a column on A4 across is narrower than "Nguyên": the units stand in rows instead.
MOST_ACROSS = 10
NAME_WIDTH = 40.0  # millimetres, of a unit that stands in a row
WIDTH = 251.0
NOTHING = "Chưa đơn vị nào gửi hồ sơ trong đợt này, nên chưa có nhận xét về chỉ báo để in."


def suitability(pilot_round: PilotRound) -> dict[str, Any]:
    """What every submitted district says of every indicator; raises NothingToSay if none did."""
    dossiers = Evaluation.objects.of_districts().filter(pilot_round=pilot_round)
    sent = dossiers.exclude(status=Status.DRAFT)  # a unit that withdrew its dossier has not sent it
    snapshots = Snapshot.objects.filter(evaluation__in=sent).newest()
    units = [
        _unit(each) for each in snapshots.select_related("evaluation__unit").order_by(UNIT_ORDER)
    ]
    if not units:
        raise NothingToSay(NOTHING)
    return {
        "is_draft": False,
        "marks": [PRACTICE_MARK] if pilot_round.is_practice else [],
        "file_name": f"Ma trận mức độ phù hợp của chỉ báo – {pilot_round.name}",
        "issuer": standing_agency_of(pilot_round),
        "round": {"name": pilot_round.name, "year": pilot_round.year},
        "indicators": [
            {"code": each.code, "short_name": each.short_name}
            for each in pilot_round.district_set.indicators.all()
        ],
        "units": units,
    }


def suitability_tables(content: dict[str, Any]) -> list[Table]:
    return [
        _units_down(content) if _has_many(content) else _units_across(content),
        Table("Khó khăn, kiến nghị", SAID_COLUMNS, _said(content), kept=3),
    ]


def suitability_paper(content: dict[str, Any]) -> Paper:
    issuer, year = content["issuer"], content["round"]["year"]
    subject = f"Mức độ phù hợp của các chỉ báo quận, huyện học tập năm {year}"
    return Paper(
        title=content["file_name"],
        head=head_of(issuer, [issuer["issuer_name"]]),
        parts=(
            Name("Bảng tổng hợp", subject),
            *fit_parts(content, subject),
            *_chapter("I. Khó khăn, vướng mắc", content, "obstacle"),
            *_chapter("II. Kiến nghị sửa đổi, bổ sung", content, "proposal"),
            Signature("", signer_of(issuer)),
        ),
        marks=tuple(content["marks"]),
        is_landscape=True,
        issuer=issuer["issuer_name"],
    )


def _unit(snapshot: Snapshot) -> dict[str, Any]:
    unit = snapshot.evaluation.unit
    return {
        "name": unit.name,
        "bare_name": unit.bare_name,
        "said": {
            each["code"]: {key: each[key] for key in ("suitability", "obstacle", "proposal")}
            for each in indicators_in(snapshot.content)
        },
    }


def _has_many(content: dict[str, Any]) -> bool:
    return len(content["units"]) > MOST_ACROSS


def _units_across(content: dict[str, Any]) -> Table:
    """A row for each indicator, with how many say what at its end."""
    rows = []
    for indicator in content["indicators"]:
        said = _said_of(content, indicator["code"])
        rows.append(indicator | {"said": said, "counts": _counts(said)})
    columns = (
        Column("code", "Mã", lambda row: text(row["code"]), 8),
        Column("short_name", "Chỉ báo (tên gọn)", lambda row: text(row["short_name"]), 40),
        *(
            Column(f"unit-{place}", unit["bare_name"], _sign(place), 12)
            for place, unit in enumerate(content["units"])
        ),
        *(Column(c.value, c.label, _count(c.value), 12) for c in Suitability),
    )
    return Table(MATRIX, columns, rows, kept=2)


def _units_down(content: dict[str, Any]) -> Table:
    """A row for each unit; under them how many say what of each indicator."""
    codes = [indicator["code"] for indicator in content["indicators"]]
    rows = [
        {
            "name": unit["name"],
            "cells": [text(SIGNS[unit["said"][code]["suitability"]]) for code in codes],
        }
        for unit in content["units"]
    ]
    counts = [_counts(_said_of(content, code)) for code in codes]
    rows += [
        {
            "name": choice.label,
            "cells": [count(each[choice.value]) for each in counts],
            "is_sum": True,
        }
        for choice in Suitability
    ]
    columns = (
        Column("name", "Đơn vị", lambda row: text(row["name"]), 30),
        *(Column(code, code, _cell(place), 8) for place, code in enumerate(codes)),
    )
    return Table(MATRIX, columns, rows, kept=1)


def _said_of(content: dict[str, Any], code: str) -> list[str]:
    """In the order of the units: two of them may bear one name."""
    return [unit["said"][code]["suitability"] for unit in content["units"]]


def _counts(said: list[str]) -> dict[str, int]:
    return {choice.value: said.count(choice.value) for choice in Suitability}


def _sign(place: int):
    return lambda row: text(SIGNS[row["said"][place]])


def _count(choice: str):
    return lambda row: count(row["counts"][choice])


def _cell(place: int):
    return lambda row: row["cells"][place]


def _said(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"code": indicator["code"], "short_name": indicator["short_name"], "name": unit["name"]}
        | unit["said"][indicator["code"]]
        for indicator in content["indicators"]
        for unit in content["units"]
        if unit["said"][indicator["code"]]["obstacle"]
        or unit["said"][indicator["code"]]["proposal"]
    ]


def fit_parts(content: dict[str, Any], subject: str) -> tuple[Part, ...]:
    """The matrix, as wide as a page that lies across, with what its signs and codes mean."""
    matrix = suitability_tables(content)[0]
    key = tuple(Paragraph(line) for line in KEY)
    if not _has_many(content):
        return (*key, _grid(matrix, _across(content), subject, 10))
    names = (f"{each['code']}: {each['short_name']}" for each in content["indicators"])
    return (
        *key,
        _grid(matrix, _down(content), subject, 9),
        Small(("; ".join(names) + ".",)),
    )


def _across(content: dict[str, Any]) -> tuple[GridColumn, ...]:
    units, first, last = content["units"], 13.0, 17.0
    sums = [GridColumn(choice.label, last, is_shaded=True) for choice in Suitability]
    each = min(18.0, (WIDTH - first - 60 - len(sums) * last) / len(units))
    return (
        GridColumn("Mã", first),
        GridColumn("Chỉ báo", WIDTH - first - len(sums) * last - each * len(units)),
        *(GridColumn(unit["bare_name"], each) for unit in units),
        *sums,
    )


def _down(content: dict[str, Any]) -> tuple[GridColumn, ...]:
    codes = [indicator["code"] for indicator in content["indicators"]]
    each = (WIDTH - NAME_WIDTH) / len(codes)
    return (GridColumn("Đơn vị", NAME_WIDTH), *(GridColumn(code, each) for code in codes))


def _grid(matrix: Table, columns: tuple[GridColumn, ...], subject: str, size: float) -> Grid:
    rows = tuple(
        GridRow(
            tuple(
                Box(
                    cell.shown,
                    Align.LEFT if key in NAMES else Align.CENTRE,
                    is_shaded="is_sum" in data,
                )
                for key, cell in row.items()
            )
        )
        for data, row in zip(matrix.data, matrix.rows, strict=True)
    )
    return Grid(columns, rows, size=size, summary=subject)


def _chapter(title: str, content: dict[str, Any], key: str) -> list[Part]:
    """By indicator what the units said, in their words; left out where nobody said anything."""
    chapters = []
    for indicator in content["indicators"]:
        lines = tuple(_lines(indicator, content["units"], key))
        if lines:
            chapters.append((f"Chỉ báo {indicator['code']} ({indicator['short_name']})", lines))
    parts: list[Part] = [Heading(title, 1)] if chapters else []
    for number, (said_of, lines) in enumerate(chapters, start=1):
        parts += [Heading(f"{number}. {said_of}", 2), Points(lines)]
    return parts


def _lines(indicator: dict[str, Any], units: list[dict[str, Any]], key: str) -> list[str]:
    """Each thing said once, with all who said it."""
    who: dict[str, list[str]] = {}
    for unit in units:
        if said := unit["said"][indicator["code"]][key].strip():
            who.setdefault(said, []).append(unit["name"])
    return [f"{_named(names)}: {said}" for said, names in who.items()]


def _named(names: list[str]) -> str:
    """ "Quận Hồng Bàng, quận Lê Chân": the generic word has a capital where the line begins."""
    first, *others = names
    return ", ".join([first, *map(lower_first, others)])


SAID_COLUMNS = (
    Column("code", "Mã", lambda row: text(row["code"]), 8),
    Column("short_name", "Chỉ báo (tên gọn)", lambda row: text(row["short_name"]), 36),
    Column("name", "Đơn vị", lambda row: text(row["name"]), 24),
    Column("suitability", "Mức độ", lambda row: text(SIGNS[row["suitability"]]), 8),
    Column("obstacle", "Khó khăn, vướng mắc", lambda row: text(row["obstacle"]), 60),
    Column("proposal", "Kiến nghị sửa đổi", lambda row: text(row["proposal"]), 60),
)
