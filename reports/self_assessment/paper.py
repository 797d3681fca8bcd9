"""“Báo cáo tự đánh giá” as a paper: the parts of the form, in the order of the decree."""

from typing import Any

from criteria.numbers import NBSP
from reports.letterhead import head_of, signer_of
from reports.paper.grids import Align, Box, Grid, GridColumn, GridRow
from reports.paper.parts import (
    Addressees,
    Appendix,
    Basis,
    Heading,
    Name,
    Paper,
    Paragraph,
    Part,
    Points,
    Signature,
    numbered,
)
from reports.self_assessment.words import words
from reports.tables import Cell

INDICATOR_GRID = (
    GridColumn("Mã", 13),
    GridColumn("Chỉ báo", 71.5),
    GridColumn("Số liệu", 28),
    GridColumn("Tỷ lệ, mức thay đổi", 26.5),
    GridColumn("Kết quả", 23),
)
EVIDENCE_GRID = (
    GridColumn("Mã", 20),
    GridColumn("Số, ký hiệu, ngày ban hành", 30),
    GridColumn("Cơ quan ban hành", 33),
    GridColumn("Trích yếu", 59),
    GridColumn("Trang, mục", 20),
)
UNIT_GRID = (
    GridColumn("TT", 9),
    GridColumn("Đơn vị", 53),
    GridColumn("Xếp loại", 24),
    GridColumn("Được tính", 36),
    GridColumn("Số, ngày quyết định", 40),
)
APPENDIX_SIZE = 11


def self_assessment_paper(content: dict[str, Any]) -> Paper:
    """The whole report, in four chapters, with the appendices that it has something for."""
    said = words(content)
    dossier, unit = said["dossier"], said["unit"]
    return Paper(
        title=said["document_title"],
        head=head_of(unit, said["issuer_lines"], said["symbol"]),
        parts=(
            Name(
                "Báo cáo",
                f"Kết quả tự đánh giá công nhận {unit['noun']} học tập "
                f"năm {dossier['round']['year']}",
            ),
            Addressees((said["addressee"],), said["through"]),
            Basis(tuple(said["legal_basis"])),
            Paragraph(
                f"{unit['issuer_name']} báo cáo kết quả tự đánh giá theo {said['set_title']} "
                "như sau:"
            ),
            *_general(said),
            *_by_criterion(said),
            *_opinions(said),
            Heading("IV. Đề nghị công nhận mức độ", 1),
            Paragraph(said["request"]),
            Signature(_last_sentence(said), signer_of(unit), said["recipients"]),
        ),
        appendices=_appendices(said),
        marks=tuple(said["marks"]),
        issuer=unit["issuer_name"],
    )


def _general(said: dict[str, Any]) -> list[Part]:
    distance = [Paragraph(said["distance"])] if said["distance"] else []
    return [
        Heading("I. Kết quả chung", 1),
        Paragraph(said["counts"]),
        Paragraph(said["sentence"], is_strong=True),
        *distance,
    ]


def _by_criterion(said: dict[str, Any]) -> list[Part]:
    parts: list[Part] = [Heading("II. Kết quả từng tiêu chí", 1)]
    for number, standard in enumerate(said["standards"], start=1):
        title = f"Tiêu chuẩn {standard['code']}: {standard['text']}"
        rows = [row for criterion in standard["criteria"] for row in _criterion(criterion)]
        parts += [
            Heading(f"{number}. {title}", 2),
            Grid(INDICATOR_GRID, tuple(rows), summary=title),
        ]
    if said["without_evidence"]:
        parts.append(Paragraph(said["without_evidence"]))
    return parts


def _criterion(criterion: dict[str, Any]) -> list[GridRow]:
    title = Box(
        f"Tiêu chí {criterion['code']}. {criterion['text']}",
        is_strong=True,
        columns=len(INDICATOR_GRID),
    )
    rows = [GridRow((title,), stays_with_next=True)]
    return rows + [row for indicator in criterion["rows"] for row in _indicator(indicator)]


def _indicator(row: dict[str, Any]) -> list[GridRow]:
    """Its figures, and what was said of them, on one page together."""
    figures = GridRow(
        (
            Box(row["code"].shown, Align.CENTRE),
            Box(row["text"].shown),
            Box(row["figure"].shown or "–", Align.CENTRE),
            Box(row["compared"].shown or "–", Align.CENTRE),
            Box(row["result"].shown, Align.CENTRE),
        )
    )
    evidence = row["evidence"].shown
    leads = (
        ("Đơn vị:", row["units"].shown),
        ("Thuyết minh:", row["explanation"].shown),
        ("Minh chứng:", f"{evidence}." if evidence else ""),
    )
    notes = [
        GridRow((Box(""), Box(text, columns=len(INDICATOR_GRID) - 1, lead=lead)))
        for lead, text in leads
        if text
    ]
    *together, last = [figures, *notes]
    return [*(GridRow(each.boxes, stays_with_next=True) for each in together), last]


def _opinions(said: dict[str, Any]) -> list[Part]:
    parts: list[Part] = [Heading("III. Mức độ phù hợp, khó khăn, kiến nghị", 1)]
    for number, chapter in enumerate(said["opinions"], start=1):
        parts += [Heading(f"{number}. {chapter['title']}", 2), Points(tuple(chapter["lines"]))]
    return parts


def _last_sentence(said: dict[str, Any]) -> str:
    unit, year = said["unit"], said["dossier"]["round"]["year"]
    annexed = said["annexed"]["said"]
    return (
        f"Trên đây là báo cáo kết quả tự đánh giá công nhận {unit['noun']} học tập năm {year} "
        f"của {unit['issuer_name']}{f' ({annexed})' if annexed else ''}./."
    )


def _appendices(said: dict[str, Any]) -> tuple[Appendix, ...]:
    found = []
    if said["evidence"]:
        parts = (evidence_grid(said["evidence"]),)
        found.append(Appendix("", "DANH MỤC MINH CHỨNG", "Báo cáo", parts))
    if said["unit_lists"]:
        parts = tuple(part for listed in said["unit_lists"] for part in _units(listed))
        found.append(Appendix("", "KẾT QUẢ CỦA TỪNG ĐƠN VỊ", "Báo cáo", parts))
    return numbered(found)


def evidence_grid(rows: list[dict[str, Cell]]) -> Grid:
    """The rows of the table “Danh mục minh chứng”, as they are printed."""
    printed = tuple(_evidence(row) for row in rows)
    return Grid(EVIDENCE_GRID, printed, size=APPENDIX_SIZE, summary="Danh mục minh chứng")


def _evidence(row: dict[str, Any]) -> GridRow:
    number = "\n".join(filter(None, [row["number"].shown, row["issued_on"].shown]))
    texts = (
        row["code"].shown,
        number,
        row["issuer"].shown,
        row["summary"].shown,
        row["cited"].shown,
    )
    return GridRow(tuple(Box(text) for text in texts))


def _units(listed: dict[str, Any]) -> list[Part]:
    figure = f": {listed['figure']} = {listed['shown']}" if listed["figure"] else ""
    title = f"Chỉ báo {listed['code']}. {listed['short_name']}{figure}"
    rows = [_unit(number, row) for number, row in enumerate(listed["rows"], start=1)]
    return [Heading(title, 2), Grid(UNIT_GRID, tuple(rows), size=APPENDIX_SIZE, summary=title)]


def _unit(number: int, row: dict[str, Any]) -> GridRow:
    score = f" ({row['score'].shown}{NBSP}điểm)" if row["score"].shown else ""
    rating = row["rating"].shown or "–"
    reason = f": {row['reason'].shown}" if row["reason"].shown else ""
    decision = (row["decision_number"].shown, row["decision_on"].shown)
    return GridRow(
        (
            Box(str(number), Align.CENTRE),
            Box(row["name"].shown),
            Box(rating[:1].upper() + rating[1:] + score),
            Box(row["counts_as"].shown + reason),
            Box(", ".join(filter(None, decision))),
        )
    )
