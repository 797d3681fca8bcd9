"""“Bảng tổng hợp kết quả các quận, huyện” of a round: district × indicator, both columns.

What a district is still writing is its own business: one that has not submitted is listed without
figures, one that has its dossier back with those of its last submission. The appraised line appears
once the appraisal is finished.
"""

from typing import Any

from django.utils import timezone

from criteria.levels import Determination
from criteria.numbers import NBSP
from evaluations.determination import Line, find
from evaluations.models import Evaluation, PilotRound
from evaluations.snapshots import as_last_submitted
from evaluations.workflow import CONCLUDED, EDITABLE, Status
from organisations.models import Organisation
from reports.figures import PRACTICE_MARK, change_unit, level_cell
from reports.tables import Cell, Column, Table, count, measured, text

STANDING_AGENCY = "SGDDT"
AWAITED = {Status.DRAFT: "chưa gửi", Status.RETURNED: "đang bổ sung"}
SELF, APPRAISED = "Tự đánh giá", "Thẩm định"


def district_summary(pilot_round: PilotRound) -> dict[str, Any]:
    """Every district of the round, read through the same engine as the pages."""
    evaluations = list(
        Evaluation.objects.filter(
            pilot_round=pilot_round, criteria_set=pilot_round.district_set
        ).with_results()
    )
    submitted = [each for each in evaluations if each.status not in EDITABLE]
    submitted += as_last_submitted(each for each in evaluations if each.status == Status.RETURNED)
    return {
        "is_draft": False,
        "marks": [PRACTICE_MARK] if pilot_round.is_practice else [],
        "file_name": f"Bảng tổng hợp kết quả các quận, huyện – {pilot_round.name}",
        "taken_at": timezone.localtime().isoformat(timespec="seconds"),
        "issuer": _issuer(),
        "round": {"name": pilot_round.name, "year": pilot_round.year},
        "set": {"title": pilot_round.district_set.title},
        "indicators": [
            {
                "code": indicator.code,
                "short_name": indicator.short_name,
                "is_graded": indicator.is_graded,
            }
            for indicator in pilot_round.district_set.indicators.all()
        ],
        "districts": [
            _district(evaluation, is_submitted=evaluation in submitted)
            for evaluation in evaluations
        ],
    }


def tables(content: dict[str, Any]) -> list[Table]:
    """The sheets: the matrix as printed, and the same figures one a line for further counting."""
    return [
        Table("Tổng hợp", _matrix_columns(content), _matrix_rows(content)),
        Table("Chi tiết", DETAIL_COLUMNS, _detail_rows(content)),
        Table("Chỉ báo", LEGEND_COLUMNS, content["indicators"], has_filter=False),
    ]


def words(content: dict[str, Any]) -> dict[str, Any]:
    matrix, _, legend = tables(content)
    issuer = content["issuer"]
    submitted = [district for district in content["districts"] if district["self"]]
    appraised = [district for district in submitted if district["appraised"]]
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
            f"{len(appraised)} hồ sơ đã thẩm định xong."
        ),
        "levels": _levels(submitted, "self", SELF) + _levels(appraised, "appraised", APPRAISED),
        "adjustments": _adjustments(content),
        "awaited": [f"{d['name']} ({d['state']})" for d in awaited],
    }


def _issuer() -> dict[str, str]:
    agency = Organisation.objects.filter(code=STANDING_AGENCY).order_by("-valid_from").first()
    keys = ("superior_name", "issuer_name", "signing_authority", "signer_position", "signer_name")
    return {key: getattr(agency, key, "") for key in (*keys, "place", "document_code")}


def _district(evaluation: Evaluation, *, is_submitted: bool) -> dict[str, Any]:
    finding = find(evaluation) if is_submitted else None
    is_appraised = evaluation.status in CONCLUDED
    return {
        "code": evaluation.unit.code,
        "name": evaluation.unit.name,
        "bare_name": evaluation.unit.bare_name,
        "state": AWAITED.get(Status(evaluation.status), evaluation.get_status_display()),
        "self": finding
        and _column(finding.self_assessed, {line.code: _self(line) for line in finding.lines}),
        "appraised": _column(
            finding.appraised, {line.code: _appraised(line) for line in finding.lines}
        )
        if finding and is_appraised
        else None,
    }


def _column(determination: Determination, results: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "level": determination.level,
        "is_recognised": determination.is_recognised,
        "sentence": determination.sentence,
        "results": results,
    }


def _self(line: Line) -> dict[str, Any]:
    return _result(line.self_assessed, line.mark.word)


def _appraised(line: Line) -> dict[str, Any]:
    reason = {"reason": line.appraisal.reason} if line.differs else {}
    return _result(line.appraised, line.appraised_verdict.word) | reason


def _result(assessment, word: str) -> dict[str, Any]:
    share = assessment.share
    is_change = assessment.change is not None
    unit = change_unit(assessment.measure.unit, assessment.shown) if is_change else ""
    return {
        "word": word,
        "achieved": assessment.achieved,
        "total": assessment.total,
        "figure": assessment.figure,
        "share": None if share is None else str(share),
        "shown": assessment.shown + unit,
    }


def _matrix_rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Two lines a district; the second says where the appraisal stands as long as it has none."""
    rows = []
    for number, district in enumerate(content["districts"], start=1):
        for key, label in (("self", SELF), ("appraised", APPRAISED)):
            column = district[key]
            if column is None and district["self"] is None and key == "appraised":
                continue
            rows.append(
                {
                    "number": number,
                    "name": district["name"],
                    "column": label if district["self"] else "",
                    "state": "" if column else district["state"],
                    "determination": column,
                    "results": column["results"] if column else {},
                }
            )
    return rows


def _matrix_columns(content: dict[str, Any]) -> tuple[Column, ...]:
    return (
        Column("number", "TT", lambda row: count(row["number"]), 5),
        Column("name", "Quận, huyện", lambda row: text(row["name"]), 20),
        Column("column", "Cột", lambda row: text(row["column"]), 12),
        *(
            Column(i["code"], i["code"], _result_cell(i["code"], i["is_graded"]), 9)
            for i in content["indicators"]
        ),
        Column("level", "Mức độ", _level, 12),
        Column("state", "Tình trạng", lambda row: text(row["state"]), 26),
    )


def _result_cell(code: str, is_graded: bool):
    """A share where it sets the level, a word where the indicator is met or not."""

    def cell(row: dict[str, Any]) -> Cell:
        result = row["results"].get(code)
        if result is None:
            return text(None)
        if is_graded and result["share"]:
            return measured(result["share"], result["shown"])
        return text(result["word"])

    return cell


def _level(row: dict[str, Any]) -> Cell:
    return level_cell(row["determination"]) if row["determination"] else text(None)


def _detail_rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    names = {indicator["code"]: indicator["short_name"] for indicator in content["indicators"]}
    return [
        {"name": district["name"], "column": label, "code": code, "short_name": names[code]}
        | result
        for district in content["districts"]
        for key, label in (("self", SELF), ("appraised", APPRAISED))
        if district[key]
        for code, result in district[key]["results"].items()
    ]


DETAIL_COLUMNS = (
    Column("name", "Quận, huyện", lambda row: text(row["name"]), 20),
    Column("column", "Cột", lambda row: text(row["column"]), 12),
    Column("code", "Mã", lambda row: text(row["code"]), 8),
    Column("short_name", "Chỉ báo (tên gọn)", lambda row: text(row["short_name"]), 36),
    Column("achieved", "Số đạt", lambda row: count(row["achieved"]), 10),
    Column("total", "Tổng số", lambda row: count(row["total"]), 10),
    Column("figure", "Số liệu", lambda row: text(row["figure"]), 18),
    Column("share", "Tỷ lệ", lambda row: measured(row["share"], row["shown"]), 10),
    Column("word", "Kết quả", lambda row: text(row["word"]), 17),
    Column("reason", "Lý do điều chỉnh", lambda row: text(row.get("reason")), 60),
)
LEGEND_COLUMNS = (
    Column("code", "Mã", lambda row: text(row["code"]), 8),
    Column(
        "short_name", "Chỉ báo (tên gọn do hệ thống đặt)", lambda row: text(row["short_name"]), 50
    ),
    Column(
        "part",
        "Vai trò",
        lambda row: text("xét mức độ" if row["is_graded"] else "điều kiện tiên quyết"),
        22,
    ),
)


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
    """ "Tự đánh giá: mức độ 1 có 3 (…)": names, since a council asks who."""
    names: dict[str, list[str]] = {}
    for district in districts:
        shown = level_cell(district[key]).shown
        word = f"mức độ {shown}" if shown.isdigit() else shown.lower()
        names.setdefault(word, []).append(district["bare_name"])
    said = [f"{word}: {len(who)} ({', '.join(who)})" for word, who in sorted(names.items())]
    return [f"{label}: {'; '.join(said)}."] if said else []
