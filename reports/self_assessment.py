"""“Báo cáo tự đánh giá” of one unit: its content, frozen when ordered, and its tables.

The unit's own column only: what the Sở thinks of a figure is no part of what the unit reports.
"""

import re
from typing import Any

from criteria.models import Indicator
from criteria.numbers import NBSP
from evaluations.models import Evaluation, IndicatorResult
from evaluations.snapshots import dossier_content, indicators_in
from evaluations.workflow import EDITABLE, Status
from reports.listed_units import UNIT_COLUMNS, in_words, lists_of, unit_rows
from reports.tables import Cell, Column, Table, count, day, measured, text

DRAFT_MARKS = {
    Status.DRAFT: "Bản nháp, chưa gửi",
    Status.RETURNED: "Bản nháp, chưa gửi lại",
}
PRACTICE_MARK = "Số liệu tập huấn"
OPEN = "Chưa xác định"
POINTS = f"{NBSP}điểm{NBSP}%"
EQUATION = re.compile(r"(?<=\d) = (?=\d)")
DATE = re.compile(r"ngày (\d{1,2})/(\d{1,2})/(\d{4})")


def self_assessment(evaluation: Evaluation) -> dict[str, Any]:
    """The last submission; or what the unit is still writing, then marked as a draft."""
    is_draft = evaluation.status in EDITABLE
    snapshot = None if is_draft else evaluation.snapshots.submissions().first()
    dossier = dossier_content(evaluation) if snapshot is None else snapshot.content
    marks = [DRAFT_MARKS[Status(evaluation.status)]] if is_draft else []
    if dossier["round"]["is_practice"]:
        marks.append(PRACTICE_MARK)
    return {
        "is_draft": is_draft,
        "marks": marks,
        "file_name": _file_name(dossier, is_draft),
        "addressee": f"Ủy ban nhân dân {evaluation.unit.parent.name_in_sentence}",
        "submission": None
        if snapshot is None
        else {
            "number": snapshot.number,
            "taken_at": snapshot.taken_at.isoformat(timespec="seconds"),
            "sha256": snapshot.sha256,
        },
        "dossier": _without_appraisal(dossier),
    }


def note(evaluation: Evaluation) -> str:
    """From what it will be printed, said beside the button."""
    mark = DRAFT_MARKS.get(Status(evaluation.status))
    return f"sẽ ghi rõ “{mark}”" if mark else "in từ bản đã gửi"


def tables(content: dict[str, Any]) -> list[Table]:
    """The sheets of the workbook; the PDF prints the same rows."""
    dossier = content["dossier"]
    indicators = [
        indicator | {"standard": standard["code"], "criterion": criterion["code"]}
        for standard in dossier["standards"]
        for criterion in standard["criteria"]
        for indicator in criterion["indicators"]
    ]
    evidence = [
        item | {"indicator": indicator["code"]}
        for indicator in indicators
        for item in indicator["evidence"]
    ]
    opinions = [i for i in indicators if i["suitability"] or i["obstacle"] or i["proposal"]]
    units = unit_rows(indicators)
    return [
        Table("Kết quả chung", SUMMARY_COLUMNS, _summary(content), has_filter=False),
        Table("Chỉ báo", INDICATOR_COLUMNS, indicators),
        Table("Phù hợp, kiến nghị", OPINION_COLUMNS, opinions),
        Table("Danh mục minh chứng", EVIDENCE_COLUMNS, evidence),
        *([Table("Danh sách đơn vị", UNIT_COLUMNS, units)] if units else []),
    ]


def words(content: dict[str, Any]) -> dict[str, Any]:
    """What the printed report says around its tables."""
    dossier = content["dossier"]
    unit, self_assessed = _with_letterhead(dossier["unit"]), dossier["self_assessed"]
    _, indicator_table, _, evidence_table, *_ = tables(content)
    rows = {row["code"].shown: row for row in indicator_table.rows}
    indicators = indicators_in(dossier)
    unit_lists = lists_of(indicators)
    # While something is still to be entered, the sentence itself says what.
    distance = "" if is_open(self_assessed) else self_assessed["distance"]
    return {
        "document_title": content["file_name"],
        "dossier": dossier,
        "unit": unit,
        "symbol": f"/BC-{unit['document_code']}",
        "set_title": lower_first(dossier["set"]["title"]),
        "recipients": ["Như trên", "Sở Giáo dục và Đào tạo", "Lưu: VT"],
        "issuer_lines": issuer_lines(unit["issuer_name"], unit["name_in_sentence"]),
        "addressee": content["addressee"],
        "marks": content["marks"],
        "legal_basis": legal_basis(dossier["set"]["legal_basis"]),
        "standards": _standards(dossier, rows),
        "counts": _counts(indicators),
        "sentence": _unbroken(self_assessed["sentence"]),
        "distance": distance
        and _unbroken(f"Để đạt mức độ {self_assessed['level'] + 1}: {distance}."),
        "opinions": _opinions(indicators),
        "without_evidence": _without_evidence(indicators),
        "request": _request(content, unit),
        "evidence": evidence_table.rows,
        "unit_lists": unit_lists,
        "annexed": _annexed(bool(evidence_table.data), bool(unit_lists)),
        "submission": content["submission"],
    }


def issuer_lines(issuer: str, place: str) -> list[str]:
    """The letterhead breaks before the unit's name, as offices write it, in capitals."""
    head = issuer.removesuffix(place).strip()
    return [line.upper() for line in ((head, place) if head != issuer else (issuer,)) if line]


def lower_first(title: str) -> str:
    """ "Bộ tiêu chí …" in the middle of a sentence."""
    return title[:1].lower() + title[1:]


def legal_basis(text_of_set: str) -> list[str]:
    """Each căn cứ on its own line, the last ended by a full stop (Nghị định 30, Phụ lục I)."""
    parts = [part.strip(" .") for part in text_of_set.replace("\n", ";").split(";")]
    parts = [part.removeprefix("căn cứ ").removeprefix("Căn cứ ") for part in parts if part]
    lines = [f"Căn cứ {DATE.sub(_day_in_words, part)}" for part in parts]
    return [f"{line};" for line in lines[:-1]] + [f"{line}." for line in lines[-1:]]


def _day_in_words(found: re.Match[str]) -> str:
    """ "ngày 04 tháng 01 năm 2022": the decree writes the date of a cited paper out."""
    day_, month, year = (int(part) for part in found.groups())
    return f"ngày {day_:02d} tháng {f'{month:02d}' if month < 3 else month} năm {year}"


def _file_name(dossier: dict[str, Any], is_draft: bool) -> str:
    name = f"Báo cáo tự đánh giá – {dossier['unit']['name']} – {dossier['round']['year']}"
    return f"{name} (bản nháp)" if is_draft else name


def _without_appraisal(dossier: dict[str, Any]) -> dict[str, Any]:
    own = {key: value for key, value in dossier.items() if key != "appraised"}
    own["standards"] = [
        standard
        | {
            "criteria": [
                criterion
                | {
                    "indicators": [
                        {key: value for key, value in indicator.items() if key != "appraised"}
                        for indicator in criterion["indicators"]
                    ]
                }
                for criterion in standard["criteria"]
            ]
        }
        for standard in dossier["standards"]
    ]
    return own


def _summary(content: dict[str, Any]) -> list[dict[str, Any]]:
    dossier = content["dossier"]
    self_assessed, submission = dossier["self_assessed"], content["submission"]
    sent = f"lần {submission['number']}, dấu {submission['sha256'][:12]}" if submission else ""
    pairs = [
        ("Đơn vị", text(dossier["unit"]["name"])),
        ("Đợt", text(dossier["round"]["name"])),
        ("Năm", Cell(str(dossier["round"]["year"]), str(dossier["round"]["year"]))),
        ("Bộ tiêu chí", text(dossier["set"]["title"])),
        ("Mức độ tự đánh giá", level_cell(self_assessed)),
        ("Kết luận", text(self_assessed["sentence"])),
        ("Còn thiếu để lên mức", text(self_assessed["distance"])),
        ("Lần gửi", text(sent)),
        ("Ghi chú", text("; ".join(content["marks"]))),
    ]
    return [{"label": label, "cell": cell} for label, cell in pairs if cell.shown]


def level_cell(determination: dict[str, Any]) -> Cell:
    if determination["is_recognised"]:
        return count(determination["level"])
    return text(OPEN if is_open(determination) else "Chưa đạt")


def is_open(determination: dict[str, Any]) -> bool:
    """Nothing is concluded yet; the stored sentence is the only witness of it."""
    return determination["sentence"].startswith(OPEN)


def _compared(row: dict[str, Any]) -> Cell:
    """The one value that is compared: a share, or how much something changed."""
    unit = change_unit(row["measure"]["unit"], row["shown"]) if row["change"] else ""
    return measured(row["share"] or row["change"], row["shown"], unit)


def change_unit(unit: str, shown: str) -> str:
    """A share that fell by so many points; read as a part of last year it has its % already."""
    return POINTS if unit == "percent" and not shown.endswith("%") else ""


def _evidence_codes(row: dict[str, Any]) -> Cell:
    return text("; ".join(item["code"] for item in row["evidence"]))


def _explanation(row: dict[str, Any]) -> Cell:
    if row["mark"]["sign"] == "na" and row["not_applicable_reason"]:
        return text(f"Không áp dụng: {row['not_applicable_reason']}")
    source = f"Nguồn: {row['source']}." if row["source"] else ""
    return text("\n".join(filter(None, [row["explanation"].strip(), source])))


def _document(row: dict[str, Any]) -> Cell:
    return text("; ".join(filter(None, [row["number"], day(row["issued_on"]).shown])))


SUMMARY_COLUMNS = (
    Column("label", "Mục", lambda row: text(row["label"]), 26),
    Column("cell", "Nội dung", lambda row: row["cell"], 100),
)
INDICATOR_COLUMNS = (
    Column("standard", "Tiêu chuẩn", lambda row: text(row["standard"]), 11),
    Column("criterion", "Tiêu chí", lambda row: text(row["criterion"]), 9),
    Column("code", "Mã", lambda row: text(row["code"]), 8),
    Column("text", "Chỉ báo", lambda row: text(row["text"]), 60),
    Column("role", "Vai trò", lambda row: text(Indicator.Role(row["role"]).label), 20),
    Column("achieved", "Số đạt", lambda row: count(row["achieved"]), 10),
    Column("total", "Tổng số", lambda row: count(row["total"]), 10),
    Column("figure", "Số liệu", lambda row: text(row["figure"]), 18),
    Column("compared", "Tỷ lệ, mức thay đổi", _compared, 12),
    Column("result", "Kết quả", lambda row: text(row["mark"]["word"]), 17),
    Column("explanation", "Thuyết minh", _explanation, 60),
    Column("evidence", "Minh chứng", _evidence_codes, 24),
)
OPINION_COLUMNS = (
    Column("code", "Mã", lambda row: text(row["code"]), 8),
    Column("short_name", "Chỉ báo (tên gọn)", lambda row: text(row["short_name"]), 32),
    Column("suitability", "Mức độ phù hợp", lambda row: text(row["suitability_label"]), 20),
    Column("obstacle", "Khó khăn, vướng mắc", lambda row: text(row["obstacle"]), 60),
    Column("proposal", "Kiến nghị sửa đổi", lambda row: text(row["proposal"]), 60),
)
EVIDENCE_COLUMNS = (
    Column("indicator", "Chỉ báo", lambda row: text(row["indicator"]), 9),
    Column("code", "Mã minh chứng", lambda row: text(row["code"]), 16),
    Column("number", "Số, ký hiệu", lambda row: text(row["number"]), 22),
    Column("issued_on", "Ngày ban hành", lambda row: day(row["issued_on"]), 14),
    Column("issuer", "Cơ quan ban hành", lambda row: text(row["issuer"]), 34),
    Column("summary", "Trích yếu", lambda row: text(row["summary"]), 60),
    Column("cited", "Trang, mục", lambda row: text(row["cited"]), 20),
    Column(
        "files",
        "Tệp",
        lambda row: text("\n".join(file["name"] for file in row["files"])),
        40,
    ),
)


def _standards(dossier: dict[str, Any], rows: dict[str, dict[str, Cell]]) -> list[dict[str, Any]]:
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
                        rows[indicator["code"]] | {"units": text(in_words(indicator))}
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
    other = len(required) - met - unmet
    parts = ((met, "đạt"), (unmet, "chưa đạt"), (other, "chưa có kết luận"))
    said = [f"{number} {word}" for number, word in parts if number]
    return (
        f"Bộ tiêu chí có {len(indicators)} chỉ báo: {len(required)} điều kiện tiên quyết "
        f"({', '.join(said)}) và {graded} chỉ báo xét mức độ."
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


def _unbroken(sentence: str) -> str:
    """ "28/30 = 93,3 %" stays on one line."""
    return EQUATION.sub(f"{NBSP}={NBSP}", sentence)


def _said(indicators: list[dict[str, Any]], key: str) -> list[str]:
    return [
        f"Chỉ báo {i['code']} ({i['short_name']}): {i[key].strip()}" for i in indicators if i[key]
    ]


def _with_letterhead(unit: dict[str, Any]) -> dict[str, Any]:
    """What an administrator left empty is as for every People's Committee."""
    usual = {
        "issuer_name": f"Ủy ban nhân dân {unit['name_in_sentence']}",
        "document_code": "UBND",
        "place": unit["bare_name"],
        "signing_authority": "TM. ỦY BAN NHÂN DÂN",
        "signer_position": "CHỦ TỊCH",
    }
    return unit | {key: unit[key] or value for key, value in usual.items()}


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
    if is_open(determination):
        return (
            f"Hồ sơ còn chỉ báo chưa đánh giá xong nên {unit['issuer_name']} chưa đề nghị "
            f"mức độ công nhận."
        )
    return (
        f"Đối chiếu quy định, {unit['name_in_sentence']} chưa đủ điều kiện công nhận mức độ nào "
        f"năm {year}. {unit['issuer_name']} báo cáo để {addressee} xem xét, chỉ đạo."
    )
