"""“Dự thảo Quyết định công nhận” of the People's Committee (Nghị định 30/2020, mẫu 1.2)."""

from typing import Any

from reports.council.content import COUNCIL, MINISTRY
from reports.council.tables import session_tables
from reports.council.words import bases, council_meeting, set_titles, titles_of
from reports.letterhead import head_of, issuer_lines, recipients_of, signer_of
from reports.paper.grids import Align, Box, Grid, GridColumn, GridRow
from reports.paper.parts import (
    Article,
    Authority,
    Basis,
    Command,
    Name,
    Paper,
    Part,
    Signature,
)

# What gives the Committee its power to decide: written in by the office, as no set names it.
ON_AUTHORITY = "Căn cứ ……………………………… (bổ sung căn cứ về thẩm quyền);"
COLUMNS = (GridColumn("TT", 14), GridColumn("Đơn vị", 98), GridColumn("Công nhận", 50))


def decision_paper(content: dict[str, Any]) -> Paper:
    city, department, year = content["city"], content["department"], content["year"]
    titles = titles_of(content["lines"])
    *most, last = bases(content, f"kết luận tại {council_meeting(content, COUNCIL)}")
    proposed = (
        f"Theo đề nghị của {department['issuer_name']} tại Tờ trình số ……/TTr-"
        f"{department['document_code']} ngày …… tháng …… năm ……."
    )
    return Paper(
        title=content["file_name"],
        head=head_of(
            city,
            issuer_lines(city["issuer_name"], city["name_in_sentence"]),
            f"/QĐ-{city['document_code']}",
        ),
        parts=(
            Name("Quyết định", f"Về việc công nhận {titles} năm {year}"),
            Authority(city["issuer_name"]),
            Basis((ON_AUTHORITY, *most, f"{last.rstrip('.')};", proposed)),
            Command("Quyết định:"),
            *_recognised(content, titles),
            Article(2, "Quyết định này có hiệu lực kể từ ngày ký."),
            Article(3, _bound(content), is_last=True),
            Signature(
                "",
                signer_of(city),
                recipients_of(city, "Như Điều 3", f"{MINISTRY} (để báo cáo)"),
            ),
        ),
        marks=tuple(content["marks"]),
        issuer=city["issuer_name"],
    )


def _recognised(content: dict[str, Any], titles: str) -> list[Part]:
    """A single one in the sentence; several in a table under it."""
    title, by = f"đạt danh hiệu {titles}", f"theo {set_titles(content)}"
    lines, year = content["lines"], content["year"]
    if len(lines) == 1:
        (line,) = lines
        level = f"mức độ {line['concluded']} năm {year}"
        return [Article(1, f"Công nhận {line['name_in_sentence']} {title} {level} {by}.")]
    said = f"Công nhận {len(lines)} đơn vị có tên sau đây {title} năm {year} {by}:"
    return [Article(1, said), _grid(content)]


def _grid(content: dict[str, Any]) -> Grid:
    return Grid(
        COLUMNS,
        tuple(
            GridRow(
                (
                    Box(str(number), Align.CENTRE),
                    Box(row["name"].shown),
                    Box(row["concluded"].shown, Align.CENTRE, is_strong=True),
                )
            )
            for number, row in enumerate(session_tables(content)[0].rows, start=1)
        ),
        summary="Đơn vị được công nhận và mức độ",
    )


def _bound(content: dict[str, Any]) -> str:
    """Who is to carry it out: the offices that this paper names, and nobody it does not."""
    units = content["lines"]
    committees = (
        "Ủy ban nhân dân các đơn vị có tên tại Điều 1"
        if len(units) > 1
        else f"Ủy ban nhân dân {units[0]['name_in_sentence']}"
    )
    return (
        f"Văn phòng {content['city']['issuer_name']}, {content['department']['issuer_name']}, "
        f"{committees} và các cơ quan, đơn vị liên quan chịu trách nhiệm thi hành Quyết định "
        "này./."
    )
