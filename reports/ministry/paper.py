"""The report to the Ministry as a paper of the People's Committee of the city."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from criteria.numbers import NBSP
from reports.district_summary.drawings import band_figure
from reports.district_summary.paper import KEY, adjusted, legend, matrix
from reports.district_summary.words import words as summary_words
from reports.figures import unbroken
from reports.letterhead import (
    head_of,
    issuer_lines,
    legal_basis,
    lower_first,
    recipients_of,
    signer_of,
)
from reports.ministry.drawings import decided_map
from reports.ministry.sections import CHAPTERS
from reports.ministry.tables import (
    city_table,
    indicators_table,
    levels_table,
    recognised_table,
)
from reports.ministry.words import judged
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
    Signature,
    Small,
    numbered,
)
from reports.prose import prose
from reports.suitability import fit_parts
from reports.tables import Cell, Table

MATRIX = "Bảng tổng hợp kết quả các quận, huyện"
FIT = "Ma trận mức độ phù hợp của chỉ báo"
RECOGNISED_LIST = "Danh sách quận, huyện được công nhận"
CITY = "Kết quả từng chỉ báo của thành phố"
OF = "Báo cáo"
MINISTRY = "Bộ Giáo dục và Đào tạo"
ENDS = {"lowest", "highest"}
CODES = {"code", "number"}  # words that stand in the middle, as figures do
LEVELS = (("level", 62), ("count", 26), ("names", 74))
GRADED = (
    ("code", 13),
    ("short_name", 41),
    ("level_3", 12),
    ("level_2", 12),
    ("level_1", 12),
    ("below", 17),
    ("lowest", 28),
    ("highest", 27),
)
PREREQUISITES = (
    ("code", 13),
    ("short_name", 89),
    ("met", 18),
    ("unmet", 18),
    ("spared", 24),
)
CITY_COLUMNS = (
    ("code", 13),
    ("short_name", 55),
    ("own", 34),
    ("council", 34),
    ("suitability", 26),
)
RECOGNISED = (("place", 10), ("name", 46), ("level", 18), ("number", 50), ("on", 28))


def ministry_paper(content: dict[str, Any]) -> Paper:
    """Chapters as the officers left them, tables by the figures, appendices on pages across."""
    issuer, year = content["issuer"], content["round"]["year"]
    subject = f"Kết quả thí điểm công nhận quận, huyện học tập, thành phố học tập năm{NBSP}{year}"
    appendices = _appendices(content)
    place = {each.title: each.heading for each in appendices}
    return Paper(
        title=content["file_name"],
        head=head_of(
            issuer,
            issuer_lines(issuer["issuer_name"], issuer["name_in_sentence"]),
            f"/BC-{issuer['document_code']}",
        ),
        parts=(
            Name("Báo cáo", subject),
            Addressees((MINISTRY,)),
            Basis(tuple(legal_basis(content["set"]["legal_basis"]))),
            Paragraph(
                f"{issuer['issuer_name']} báo cáo {MINISTRY} kết quả thí điểm công nhận quận, "
                f"huyện học tập, thành phố học tập năm {year} như sau:"
            ),
            *_chapters(content, place),
            Signature(
                f"Trên đây là báo cáo {lower_first(subject)}. {issuer['issuer_name']} trân trọng "
                f"báo cáo {MINISTRY}./.",
                signer_of(issuer),
                _recipients(content),
            ),
        ),
        appendices=appendices,
        marks=tuple(content["marks"]),
        issuer=issuer["issuer_name"],
    )


def _recipients(content: dict[str, Any]) -> tuple[str, ...]:
    return recipients_of(
        content["issuer"],
        "Như trên",
        "Chủ tịch, các Phó Chủ tịch UBND thành phố",
        content["standing_agency"],
        "UBND các quận, huyện tham gia thí điểm",
        addressed=[MINISTRY],
    )


def _chapters(content: dict[str, Any], place: dict[str, str]) -> list[Part]:
    """Those that say anything, numbered as they come."""
    parts: list[Part] = []
    number = 0
    for roman, title in CHAPTERS.items():
        inside = _chapter(content, roman, place)
        if inside:
            number += 1
            parts += [Heading(f"{_roman(number)}. {title}", 1), *inside]
    return parts


def _roman(number: int) -> str:
    return tuple(CHAPTERS)[number - 1]


def _chapter(content: dict[str, Any], roman: str, place: dict[str, str]) -> list[Part]:
    """Its sections that say anything; one that is alone needs no heading of its own."""
    said = [
        (section["title"], inside)
        for section in content["sections"]
        if section["chapter"] == roman
        and (inside := [*prose(section["lines"]), *_tables(content, section["key"], place)])
    ]
    parts: list[Part] = []
    for number, (title, inside) in enumerate(said, start=1):
        if len(said) > 1:
            parts.append(Heading(f"{number}. {title}", 2))
        parts += inside
    return parts


def _tables(content: dict[str, Any], key: str, place: dict[str, str]) -> list[Part]:
    """The figures of a section, which nobody rewrites, and where all of them stand."""
    if key == "cong-nhan":
        summary = "Số quận, huyện theo kết quả công nhận"
        grid = _grid(levels_table(content), LEVELS, summary, 12, stays_whole=True)
        return [
            Paragraph("Tổng hợp theo kết quả công nhận:"),
            grid,
            *decided_map(content),
            *_see(place, MATRIX, RECOGNISED_LIST),
        ]
    if key == "chi-bao" and len(judged(content)[1]) > 1:  # of one the prose says it all
        found = indicators_table(content)
        graded = replace(found, data=[row for row in found.data if row["is_graded"]])
        others = replace(found, data=[row for row in found.data if not row["is_graded"]])
        return [
            *band_figure(content["summary"]),
            Paragraph("Số quận, huyện theo kết quả từng chỉ báo xét mức độ:"),
            _grid(graded, GRADED, "Chỉ báo xét mức độ: số quận, huyện theo kết quả", 11),
            Paragraph("Số quận, huyện theo kết quả từng điều kiện tiên quyết:"),
            _grid(others, PREREQUISITES, "Điều kiện tiên quyết: số quận, huyện theo kết quả", 11),
        ]
    if key == "phu-hop":
        return _see(place, FIT)
    if key == "thanh-pho":
        return _see(place, CITY)
    return []


def _see(place: dict[str, str], *titles: str) -> list[Part]:
    """Where the rest stands, in one line: "(… tại Phụ lục I, … tại Phụ lục III kèm theo.)" """
    found = [
        f"{title if number == 0 else lower_first(title)} tại {place[title.upper()]}"
        for number, title in enumerate(each for each in titles if each.upper() in place)
    ]
    return [Paragraph(f"({'; '.join(found)} kèm theo.)")] if found else []


def _grid(
    table: Table,
    columns: Iterable[tuple[str, float]],
    summary: str,
    size: float,
    *,
    stays_whole: bool = False,
) -> Grid:
    titles = {column.key: column.title for column in table.columns}
    wanted = list(columns)
    rows = [
        tuple(
            Box(
                _tied(key, row[key].shown) or "–",
                Align.LEFT if _is_words(key, row[key]) else Align.CENTRE,
            )
            for key, _ in wanted
        )
        for row in table.rows
    ]
    last = len(rows) - 1 if stays_whole else -1
    return Grid(
        tuple(GridColumn(titles[key], width) for key, width in wanted),
        tuple(GridRow(boxes, stays_with_next=place < last) for place, boxes in enumerate(rows)),
        size=size,
        summary=summary,
    )


def _tied(key: str, shown: str) -> str:
    """A figure and its share on one line, where a column is made for them."""
    return unbroken(shown) if key in ENDS else shown


def _is_words(key: str, cell: Cell) -> bool:
    return isinstance(cell.value, str) and key not in CODES


def _appendices(content: dict[str, Any]) -> tuple[Appendix, ...]:
    said = summary_words(content["summary"])
    found = [
        Appendix(
            "",
            MATRIX.upper(),
            OF,
            (
                *(Paragraph(line) for line in (said["counts"], *said["levels"])),
                matrix(said, MATRIX),
                *adjusted(said["adjustments"]),
                Small((f"{KEY} {'; '.join(legend(said))}.",)),
            ),
            is_landscape=True,
        )
    ]
    if content["suitability"]:
        fit = fit_parts(content["suitability"], FIT)
        found.append(Appendix("", FIT.upper(), OF, fit, is_landscape=True))
    recognised = recognised_table(content)
    if recognised.data:
        grid = _grid(recognised, RECOGNISED, RECOGNISED_LIST, 12)
        found.append(Appendix("", RECOGNISED_LIST.upper(), OF, (grid,)))
    if content["city"]:
        grid = _grid(city_table(content), CITY_COLUMNS, CITY, 11)
        found.append(Appendix("", CITY.upper(), OF, (grid,)))
    return numbered(found)
