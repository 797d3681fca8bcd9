"""What the printed “Báo cáo tự đánh giá” says around its tables."""

from typing import Any

from evaluations.models import IndicatorResult
from evaluations.snapshots import indicators_in
from reports.figures import is_open, unbroken
from reports.letterhead import (
    issuer_lines,
    legal_basis,
    recipients_of,
    with_usual_letterhead,
)
from reports.listed_units import in_words, lists_of
from reports.self_assessment.tables import self_assessment_tables
from reports.tables import Cell, text


def words(content: dict[str, Any]) -> dict[str, Any]:
    """What the printed report says around its tables."""
    dossier = content["dossier"]
    unit, self_assessed = with_usual_letterhead(dossier["unit"]), dossier["self_assessed"]
    _, indicator_table, _, evidence_table, *_ = self_assessment_tables(content)
    rows = {row["code"].shown: row for row in indicator_table.rows}
    indicators = indicators_in(dossier)
    unit_lists = lists_of(indicators)
    annexed = _annexed(bool(evidence_table.data), bool(unit_lists))
    # While something is still to be entered, the sentence itself says what.
    distance = "" if is_open(self_assessed) else self_assessed["distance"]
    return {
        "document_title": content["file_name"],
        "dossier": dossier,
        "unit": unit,
        "symbol": f"/BC-{unit['document_code']}",
        "set_title": dossier["set"]["title"],
        "recipients": recipients_of(
            unit, "Như trên", "Sở Giáo dục và Đào tạo", addressed=[content["addressee"]]
        ),
        "issuer_lines": issuer_lines(unit["issuer_name"], unit["name_in_sentence"]),
        "addressee": content["addressee"],
        "through": content.get("through", "(qua Sở Giáo dục và Đào tạo)"),
        "marks": content["marks"],
        "legal_basis": legal_basis(dossier["set"]["legal_basis"]),
        "standards": _standards(dossier, rows, annexed["units"]),
        "counts": _counts(indicators),
        "sentence": unbroken(self_assessed["sentence"]),
        "distance": distance
        and unbroken(f"Để đạt mức độ {self_assessed['level'] + 1}: {distance}."),
        "opinions": _opinions(indicators),
        "without_evidence": _without_evidence(indicators),
        "request": _request(content, unit),
        "evidence": evidence_table.rows,
        "unit_lists": unit_lists,
        "annexed": annexed,
        "submission": content["submission"],
    }


def _standards(
    dossier: dict[str, Any], rows: dict[str, dict[str, Cell]], where: str
) -> list[dict[str, Any]]:
    """The text's own order, each indicator replaced by its row of the table."""
    return [
        {
            "code": standard["code"],
            "text": standard["text"],
            "criteria": [
                {
                    "code": criterion["code"],
                    "text": criterion["text"],
                    "rows": [
                        rows[indicator["code"]] | {"units": text(in_words(indicator, where))}
                        for indicator in criterion["indicators"]
                    ],
                }
                for criterion in standard["criteria"]
            ],
        }
        for standard in dossier["standards"]
    ]


def _annexed(has_evidence: bool, has_lists: bool) -> dict[str, str]:
    """What each appendix is called, and the words that point to them; numbered when several."""
    if has_evidence and has_lists:
        said = "danh mục minh chứng tại Phụ lục I, kết quả từng đơn vị tại Phụ lục II kèm theo"
        return {"evidence": "Phụ lục I", "units": "Phụ lục II", "said": said}
    what = "danh mục minh chứng" if has_evidence else "kết quả từng đơn vị"
    said = f"{what} tại Phụ lục kèm theo" if has_evidence or has_lists else ""
    return {"evidence": "Phụ lục", "units": "Phụ lục", "said": said}


def _counts(indicators: list[dict[str, Any]]) -> str:
    required = [indicator for indicator in indicators if not indicator["is_graded"]]
    graded = len(indicators) - len(required)
    met = sum(indicator["met"] is True for indicator in required)
    unmet = sum(indicator["met"] is False for indicator in required)
    spared = sum(indicator["mark"]["sign"] == "na" for indicator in required)
    other = len(required) - met - unmet - spared
    parts = (
        (met, "đạt"),
        (unmet, "chưa đạt"),
        (spared, "không áp dụng"),
        (other, "chưa có kết luận"),
    )
    said = [f"{number} {word}" for number, word in parts if number]
    return (
        f"Bộ tiêu chí có {len(indicators)} chỉ báo, gồm {len(required)} chỉ báo là điều kiện tiên "
        f"quyết ({', '.join(said)}) và {graded} chỉ báo xét mức độ."
    )


def _opinions(indicators: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Chapter III: what the unit said, and of which indicators it said nothing."""
    groups = []
    for choice in IndicatorResult.Suitability:
        codes = [i["code"] for i in indicators if i["suitability"] == choice.value]
        if codes:
            groups.append(f"{choice.label}: {len(codes)} chỉ báo ({', '.join(codes)}).")
    silent = [i["code"] for i in indicators if not i["suitability"]]
    if silent:
        groups.append(f"Chưa ghi mức độ phù hợp: {len(silent)} chỉ báo ({', '.join(silent)}).")
    chapters = [
        ("Mức độ phù hợp của các chỉ báo với thực tiễn", groups),
        ("Khó khăn, vướng mắc", _said(indicators, "obstacle")),
        ("Kiến nghị sửa đổi, bổ sung", _said(indicators, "proposal")),
    ]
    return [{"title": title, "lines": lines} for title, lines in chapters if lines]


def _without_evidence(indicators: list[dict[str, Any]]) -> str:
    """None is due where the indicator is said not to apply."""
    codes = [i["code"] for i in indicators if not i["evidence"] and i["mark"]["sign"] != "na"]
    return f"Chưa có minh chứng: {len(codes)} chỉ báo ({', '.join(codes)})." if codes else ""


def _said(indicators: list[dict[str, Any]], key: str) -> list[str]:
    return [
        f"Chỉ báo {i['code']} ({i['short_name']}): {i[key].strip()}" for i in indicators if i[key]
    ]


def _request(content: dict[str, Any], unit: dict[str, Any]) -> str:
    """Chapter IV; what it asks for follows from the level, never from a wish."""
    dossier = content["dossier"]
    year = dossier["round"]["year"]
    determination, addressee = dossier["self_assessed"], content["addressee"]
    if determination["is_recognised"]:
        return (
            f"Căn cứ kết quả tự đánh giá nêu trên, {unit['issuer_name']} đề nghị {addressee} "
            f"xem xét, công nhận {unit['name_in_sentence']} đạt danh hiệu {unit['noun']} học tập "
            f"mức độ {determination['level']} năm {year}."
        )
    if spared := _spared_alone(dossier):
        return (
            f"{unit['issuer_name']} đề nghị {addressee} xem xét, chấp nhận chỉ báo "
            f"{', '.join(spared)} không áp dụng đối với {unit['name_in_sentence']} và công nhận "
            f"mức độ theo kết quả thẩm định."
        )
    if is_open(determination):
        return (
            f"Hồ sơ còn chỉ báo chưa đánh giá xong nên {unit['issuer_name']} chưa đề nghị "
            f"mức độ công nhận."
        )
    return (
        f"Đối chiếu quy định, {unit['name_in_sentence']} chưa đủ điều kiện công nhận mức độ nào "
        f"năm {year}. {unit['issuer_name']} báo cáo để {addressee} xem xét, chỉ đạo."
    )


def _spared_alone(dossier: dict[str, Any]) -> list[str]:
    """The indicators claimed not to apply, where the level waits for nothing else."""
    determination = dossier["self_assessed"]
    claimed = [i["code"] for i in indicators_in(dossier) if i["mark"]["sign"] == "na"]
    waits = determination["not_assessed"]
    return waits if waits and not determination["unmet"] and set(waits) <= set(claimed) else []
