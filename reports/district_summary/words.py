"""What the printed “Bảng tổng hợp” says over and under its matrix."""

from typing import Any

from criteria.numbers import NBSP
from reports.district_summary.tables import (
    APPRAISED,
    SELF,
    UNCONFIRMED,
    is_confirmed,
    summary_tables,
)
from reports.figures import level_cell, listed
from reports.letterhead import lower_first
from reports.tables import Table


def words(content: dict[str, Any]) -> dict[str, Any]:
    matrix, _, legend = summary_tables(content)
    issuer = content["issuer"]
    submitted = [district for district in content["districts"] if district["self"]]
    appraised = [district for district in submitted if district["appraised"]]
    confirmed = [district for district in appraised if is_confirmed(district)]
    unconfirmed = [district for district in appraised if not is_confirmed(district)]
    awaited = [district for district in content["districts"] if not district["self"]]
    return {
        "document_title": content["file_name"],
        "issuer": issuer,
        "issuer_lines": [issuer["issuer_name"].upper()],
        "marks": content["marks"],
        "year": content["round"]["year"],
        "round_name": content["round"]["name"],
        "set_title": content["set"]["title"],
        "indicators": content["indicators"],
        "districts": _printed(content, matrix),
        "span": len(content["indicators"]) + 1,
        "legend": legend.rows,
        "counts": (
            f"{len(submitted)}/{len(content['districts'])} quận, huyện đã gửi hồ sơ; "
            f"{len(confirmed)} hồ sơ đã xác nhận kết quả thẩm định"
            + (f"; {len(unconfirmed)} hồ sơ thẩm định xong, chờ xác nhận." if unconfirmed else ".")
        ),
        "levels": [
            *_levels(submitted, "self", SELF),
            *_levels(confirmed, "appraised", APPRAISED),
            *_levels(unconfirmed, "appraised", UNCONFIRMED),
        ],
        "adjustments": _adjustments(content),
        "awaited": [f"{lower_first(d['name'])} ({d['state']})" for d in awaited],
    }


def _printed(content: dict[str, Any], matrix: Table) -> list[dict[str, Any]]:
    """The rows of the matrix, those of one district together, so that no page parts them."""
    districts: dict[int, dict[str, Any]] = {}
    for data, row in zip(matrix.data, matrix.rows, strict=True):
        number, name = row["number"].value, row["name"].shown
        district = districts.setdefault(number, {"number": number, "name": name, "lines": []})
        results = [
            {
                "shown": row[i["code"]].shown,
                "is_graded": i["is_graded"],
                "is_adjusted": "reason" in data["results"].get(i["code"], {}),
            }
            for i in content["indicators"]
        ]
        district["lines"].append(
            {
                "column": row["column"].shown,
                "state": row["state"].shown,
                "level": row["level"].shown,
                "results": results,
            }
        )
    return list(districts.values())


def _adjustments(content: dict[str, Any]) -> list[str]:
    """Every figure that the appraisal put in the place of the district's own, and why."""
    return [
        f"{district['name']}, {code}: {_in_full(district['self']['results'][code])} → "
        f"{_in_full(result)}. Lý do: {result['reason'].strip()}"
        for district in content["districts"]
        if district["appraised"]
        for code, result in district["appraised"]["results"].items()
        if "reason" in result
    ]


def _in_full(result: dict[str, Any]) -> str:
    """ "23/30 = 76,7 % (Mức 1)": two figures may differ though their word is the same."""
    figure, shown = result["figure"], result["shown"]
    said = f"{figure}{NBSP}={NBSP}{shown}" if "/" in figure and shown else figure or shown
    return f"{said} ({result['word'].lower()})" if said else result["word"].lower()


def _levels(districts: list[dict[str, Any]], key: str, label: str) -> list[str]:
    """ "Tự đánh giá: mức độ 2 có 3 (…); chưa đạt có 1 (…)": names, since a council asks who."""
    names: dict[str, list[str]] = {}
    for district in sorted(districts, key=lambda each: -each[key]["level"]):
        shown = level_cell(district[key]).shown
        word = f"mức độ {shown}" if shown.isdigit() else shown.lower()
        names.setdefault(word, []).append(district["bare_name"])
    said = [f"{word} có {len(who)} ({listed(who, ', ')})" for word, who in names.items()]
    return [f"{label}: {'; '.join(said)}."] if said else []
