"""“Ma trận mức độ phù hợp”: how each indicator fits, unit by unit, with what they said of it.

Kế hoạch 02/KH-UBND asks the districts to say how well the indicators fit, what was hard and what to
amend; the Ministry gets it. Only what was submitted is told.
"""

from typing import Any

from evaluations.models import Evaluation, IndicatorResult, PilotRound, Snapshot
from evaluations.snapshots import indicators_in
from reports.figures import PRACTICE_MARK, NothingToSay
from reports.letterhead import head_of, signer_of
from reports.offices import standing_agency_of
from reports.paper.parts import (
    Align,
    Box,
    Grid,
    GridColumn,
    GridRow,
    Heading,
    Name,
    Paper,
    Part,
    Points,
    Signature,
    Small,
)
from reports.tables import Cell, Column, Table, count, text

Suitability = IndicatorResult.Suitability
UNIT_ORDER = "evaluation__unit__code"
SIGNS = {
    Suitability.FITS.value: "P",
    Suitability.PARTLY.value: "M",
    Suitability.UNFIT.value: "K",
    "": "–",
}
KEY = (
    "P: phù hợp; M: phù hợp một phần; K: không phù hợp; –: đơn vị chưa ghi.",
    "Lấy từ bản đã gửi gần nhất của mỗi đơn vị.",
)
NOTHING = "Chưa đơn vị nào gửi hồ sơ trong đợt này, nên chưa có nhận xét về chỉ báo để in."


def suitability(pilot_round: PilotRound) -> dict[str, Any]:
    """What every submitted district says of every indicator; raises NothingToSay if none did."""
    dossiers = Evaluation.objects.of_districts().filter(pilot_round=pilot_round)
    snapshots = Snapshot.objects.filter(evaluation__in=dossiers).newest()
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
        Table("Mức độ phù hợp", _columns(content), _rows(content), kept=2),
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
            Small(KEY),
            fit_grid(content, subject),
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


def _rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for indicator in content["indicators"]:
        said = {
            u["bare_name"]: u["said"][indicator["code"]]["suitability"] for u in content["units"]
        }
        counts = {choice.value: list(said.values()).count(choice.value) for choice in Suitability}
        rows.append(indicator | {"said": said, "counts": counts})
    return rows


def _columns(content: dict[str, Any]) -> tuple[Column, ...]:
    return (
        Column("code", "Mã", lambda row: text(row["code"]), 8),
        Column("short_name", "Chỉ báo (tên gọn)", lambda row: text(row["short_name"]), 40),
        *(
            Column(u["bare_name"], u["bare_name"], _sign(u["bare_name"]), 12)
            for u in content["units"]
        ),
        *(Column(c.value, c.label, _count(c.value), 12) for c in Suitability),
    )


def _sign(name: str):
    def cell(row: dict[str, Any]) -> Cell:
        return text(SIGNS[row["said"][name]])

    return cell


def _count(choice: str):
    def cell(row: dict[str, Any]) -> Cell:
        return count(row["counts"][choice])

    return cell


def _said(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"code": indicator["code"], "short_name": indicator["short_name"], "name": unit["name"]}
        | unit["said"][indicator["code"]]
        for indicator in content["indicators"]
        for unit in content["units"]
        if unit["said"][indicator["code"]]["obstacle"]
        or unit["said"][indicator["code"]]["proposal"]
    ]


def fit_grid(content: dict[str, Any], subject: str) -> Grid:
    """The matrix, as wide as a page that lies across; `KEY` explains its signs."""
    matrix, _ = suitability_tables(content)
    units = content["units"]
    each = min(18.0, (251 - 13 - 60 - 3 * 17) / len(units))
    columns = (
        GridColumn("Mã", 13),
        GridColumn("Chỉ báo", 251 - 13 - 3 * 17 - each * len(units)),
        *(GridColumn(unit["bare_name"], each) for unit in units),
        *(GridColumn(choice.label, 17, is_shaded=True) for choice in Suitability),
    )
    rows = tuple(
        GridRow(
            tuple(
                Box(cell.shown, Align.LEFT if key == "short_name" else Align.CENTRE)
                for key, cell in row.items()
            )
        )
        for row in matrix.rows
    )
    return Grid(columns, rows, size=10, summary=subject)


def _chapter(title: str, content: dict[str, Any], key: str) -> list[Part]:
    """By indicator what the units said, in their words; left out where nobody said anything."""
    chapters = []
    for indicator in content["indicators"]:
        lines = tuple(
            f"{unit['name']}: {said.strip()}"
            for unit in content["units"]
            if (said := unit["said"][indicator["code"]][key])
        )
        if lines:
            chapters.append((f"Chỉ báo {indicator['code']} ({indicator['short_name']})", lines))
    parts: list[Part] = [Heading(title, 1)] if chapters else []
    for number, (said_of, lines) in enumerate(chapters, start=1):
        parts += [Heading(f"{number}. {said_of}", 2), Points(lines)]
    return parts


SAID_COLUMNS = (
    Column("code", "Mã", lambda row: text(row["code"]), 8),
    Column("short_name", "Chỉ báo (tên gọn)", lambda row: text(row["short_name"]), 36),
    Column("name", "Đơn vị", lambda row: text(row["name"]), 24),
    Column("suitability", "Mức độ", lambda row: text(SIGNS[row["suitability"]]), 8),
    Column("obstacle", "Khó khăn, vướng mắc", lambda row: text(row["obstacle"]), 60),
    Column("proposal", "Kiến nghị sửa đổi", lambda row: text(row["proposal"]), 60),
)
