"""“Bảng tổng hợp kết quả các quận, huyện” as a paper on A4 landscape, for the council's table."""

from typing import Any

from reports.district_summary.drawings import level_figures
from reports.district_summary.words import words
from reports.figures import listed
from reports.letterhead import head_of, signer_of
from reports.paper.grids import Align, Box, Grid, GridColumn, GridRow
from reports.paper.parts import Appendix, Name, Paper, Paragraph, Part, Signature, Small

SIZE = 9  # points, of the matrix
FIXED = 7 + 26 + 17 + 14  # millimetres that are not the indicators'
GRADED_PART = 1.05  # of the width of another column
WIDTH = 251
KEY = "Ký hiệu chỉ báo:"


def summary_paper(content: dict[str, Any]) -> Paper:
    """One page where eight districts fit; the head is repeated where they do not."""
    said = words(content)
    subject = f"Kết quả đánh giá, công nhận quận, huyện học tập năm {said['year']}"
    awaited = [f"Chưa có số liệu: {listed(said['awaited'], ', ')}."] if said["awaited"] else []
    figures = tuple(level_figures(content))
    about = f"Đợt {said['round_name']}; {said['set_title']}. {said['counts']}"
    return Paper(
        title=said["document_title"],
        head=head_of(said["issuer"], said["issuer_lines"]),
        parts=(
            Name("Bảng tổng hợp", subject),
            *(Paragraph(line) for line in (about, *said["levels"], *awaited)),
            matrix(said, subject),
            *adjusted(said["adjustments"]),
            *([Paragraph("(Biểu đồ, bản đồ tại Phụ lục kèm theo.)")] if figures else []),
            Signature(
                "",
                signer_of(said["issuer"]),
                key=(KEY, *legend(said)),
            ),
        ),
        appendices=(
            (Appendix("", "MỨC ĐỘ CỦA CÁC QUẬN, HUYỆN", "Bảng tổng hợp", figures, True),)
            if figures
            else ()
        ),
        marks=tuple(said["marks"]),
        is_landscape=True,
        issuer=said["issuer"]["issuer_name"],
    )


def legend(said: dict[str, Any]) -> list[str]:
    """What the codes over the matrix stand for."""
    return [f"{row['code'].shown}: {row['short_name'].shown}" for row in said["legend"]]


def matrix(said: dict[str, Any], subject: str) -> Grid:
    """Of the words of a summary, as wide as a page that lies across."""
    indicators = said["indicators"]
    # A share and its asterisk want more room than “Đạt”.
    parts = [GRADED_PART if i["is_graded"] else 1 for i in indicators]
    each = (WIDTH - FIXED) / sum(parts)
    columns = (
        GridColumn("TT", 7),
        GridColumn("Quận, huyện", 26),
        GridColumn("Cột", 17),
        *(
            GridColumn(i["code"], each * part, is_shaded=i["is_graded"])
            for i, part in zip(indicators, parts, strict=True)
        ),
        GridColumn("Mức độ", 14),
    )
    rows = tuple(row for district in said["districts"] for row in _district(district, said["span"]))
    return Grid(columns, rows, size=SIZE, summary=subject, stays_with_next=True)


def _district(district: dict[str, Any], span: int) -> list[GridRow]:
    lines = district["lines"]
    name = (
        Box(str(district["number"]), Align.CENTRE, rows=len(lines)),
        Box(district["name"], is_strong=True, rows=len(lines)),
    )
    return [
        GridRow(
            (*(name if place == 0 else ()), *_line(line, span)),
            stays_with_next=place < len(lines) - 1,
        )
        for place, line in enumerate(lines)
    ]


def _line(line: dict[str, Any], span: int) -> list[Box]:
    column = Box(line["column"])
    if line["state"]:
        return [column, Box(line["state"][:1].upper() + line["state"][1:], columns=span)]
    results = [
        Box(
            (result["shown"] or "–") + ("*" if result["is_adjusted"] else ""),
            Align.CENTRE,
            is_shaded=result["is_graded"],
        )
        for result in line["results"]
    ]
    return [column, *results, Box(line["level"], Align.CENTRE, is_strong=True)]


def adjusted(lines: list[str]) -> list[Part]:
    """What the asterisks of the matrix mean, each with its reason."""
    if not lines:
        return []
    return [Small(("* Thẩm định điều chỉnh:", *(f"- {line}" for line in lines)))]
