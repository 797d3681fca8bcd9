"""“Tờ trình” of the Sở to the People's Committee of the city, after a closed session."""

from typing import Any

from reports.council.content import COUNCIL, MINISTRY
from reports.council.tables import session_tables
from reports.council.words import (
    bases,
    by_level,
    council_meeting,
    names,
    one_line,
    set_titles,
    titles_of,
)
from reports.days import day_in_words
from reports.figures import unbroken
from reports.letterhead import head_of, recipients_of, signer_of
from reports.paper.grids import Align, Box, Grid, GridColumn, GridRow
from reports.paper.parts import (
    Addressees,
    Basis,
    Heading,
    Name,
    Paper,
    Paragraph,
    Part,
    Points,
    Signature,
)
from reports.prose import prose
from reports.sections import Section, said_in

COLUMNS = (
    GridColumn("TT", 10),
    GridColumn("Đơn vị", 34),
    GridColumn("Kết quả thẩm định", 68),
    GridColumn("Phiếu đồng ý với kết luận", 24),
    GridColumn("Hội đồng kết luận", 26),
)


def proposal_paper(content: dict[str, Any]) -> Paper:
    department, city, year = content["department"], content["city"], content["year"]
    titles = titles_of(content["lines"])
    return Paper(
        title=content["file_name"],
        head=head_of(
            department, [department["issuer_name"]], f"/TTr-{department['document_code']}"
        ),
        parts=(
            Name("Tờ trình", f"Về việc công nhận {titles} năm {year}"),
            Addressees((city["issuer_name"],)),
            Basis(tuple(bases(content, f"kết luận tại {council_meeting(content, COUNCIL)}"))),
            Paragraph(
                f"{department['issuer_name']} kính trình {city['issuer_name']} xem xét việc công "
                f"nhận {titles} năm {year} theo {set_titles(content)} như sau:"
            ),
            Heading("I. Kết quả thẩm định và kết luận của Hội đồng", 1),
            *prose(said_in(content, "ket-qua")),
            _grid(content),
            *prose(said_in(content, "noi-them")),
            Heading("II. Nội dung đề nghị", 1),
            *_request(content),
            *_enclosed(content),
            Signature(
                f"{department['issuer_name']} kính trình {city['issuer_name']} xem xét, "
                "quyết định./.",
                signer_of(department),
                recipients_of(department, "Như trên", addressed=[city["issuer_name"]]),
            ),
        ),
        marks=tuple(content["marks"]),
        issuer=department["issuer_name"],
    )


def _grid(content: dict[str, Any]) -> Grid:
    rows = zip(content["lines"], session_tables(content)[0].rows, strict=True)
    return Grid(
        COLUMNS,
        tuple(
            GridRow(
                (
                    Box(str(number), Align.CENTRE),
                    Box(row["name"].shown),
                    Box(unbroken(line["sentence"]) or row["proposed"].shown),
                    Box(row["votes"].shown, Align.CENTRE),
                    Box(row["concluded"].shown, Align.CENTRE, is_strong=True),
                )
            )
            for number, (line, row) in enumerate(rows, start=1)
        ),
        summary="Kết quả thẩm định và kết luận của Hội đồng",
    )


def _request(content: dict[str, Any]) -> list[Part]:
    """Recognition level by level; the city's goes on to the Ministry; then who reached none."""
    year = content["year"]
    districts = [line for line in content["lines"] if not line["is_city"]]
    found = by_level(districts)
    city = next((line for line in content["lines"] if line["is_city"]), None)
    parts: list[Part] = []
    asked = [f"Mức độ {level}: {names(units)}." for level, units in found.items() if level]
    recognised = [line for line in districts if line["concluded"]]
    who = f"{content['department']['issuer_name']} đề nghị {content['city']['issuer_name']}"
    if len(recognised) == 1:
        (line,) = recognised
        parts.append(
            Paragraph(
                f"{who} xem xét, quyết định công nhận {line['name_in_sentence']} đạt danh hiệu "
                f"{titles_of(recognised)} mức độ {line['concluded']} năm {year}."
            )
        )
    elif recognised:
        parts.append(
            Paragraph(
                f"{who} xem xét, quyết định công nhận {len(recognised)} đơn vị đạt danh hiệu "
                f"{titles_of(recognised)} năm {year}, cụ thể:"
            )
        )
        parts.append(Points(tuple(asked)))
    if found.get(0):
        parts.append(Paragraph(f"Hội đồng kết luận không công nhận: {names(found[0])}."))
    if city and city["concluded"]:
        parts.append(
            Paragraph(
                f"Đề nghị {content['city']['issuer_name']} trình {MINISTRY} xem xét, công nhận "
                f"{names([city['name_in_sentence']])} đạt danh hiệu thành phố học tập mức độ "
                f"{city['concluded']} năm {year}."
            )
        )
    elif city:
        parts.append(
            Paragraph(f"Hội đồng kết luận chưa đề nghị công nhận {city['name_in_sentence']}.")
        )
    return parts


def _enclosed(content: dict[str, Any]) -> list[Part]:
    lines = said_in(content, "ho-so")
    return [Heading("III. Hồ sơ kèm theo", 1), *prose(lines)] if lines else []


def heard(content: dict[str, Any]) -> list[str]:
    """The session, before the table of what it came to."""
    return [
        f"{COUNCIL} họp {day_in_words(content['held_on'])}, {one_line(content['chair'])} chủ trì, "
        f"{content['present']}/{content['invited']} thành viên có mặt, xét "
        f"{len(content['lines'])} hồ sơ. Kết quả:"
    ]


def otherwise(content: dict[str, Any]) -> list[str]:
    """What the council said where it concluded another level, and what was reopened since."""
    said = [
        f"- {line['name']}: {one_line(line['conclusion'])}."
        for line in content["lines"]
        if line["concluded"] != line["proposed"] and one_line(line["conclusion"])
    ]
    lines = ["Hội đồng kết luận khác mức độ đề nghị, với lý do:", *said] if said else []
    if content["reopened"]:
        lines.append(
            f"Hồ sơ của {names(content['reopened'])} được mở lại thẩm định sau phiên họp nên chưa "
            "trình lần này."
        )
    return lines


def enclosed(content: dict[str, Any]) -> list[str]:
    """The papers that this dossier of the round really has."""
    lines = content["lines"]
    districts = [line for line in lines if not line["is_city"]]
    papers = [f"Biên bản họp {COUNCIL} {day_in_words(content['held_on'])}"]
    if districts:
        papers.append(
            "Báo cáo tự đánh giá và Báo cáo thẩm định hồ sơ của "
            f"{names(line['name_in_sentence'] for line in districts)}"
        )
    if any(line["concluded"] for line in districts):
        papers.append("Dự thảo Quyết định công nhận")
    papers += [
        f"Báo cáo tự đánh giá của {line['name_in_sentence']} và Báo cáo kết quả đánh giá của Hội "
        "đồng"
        for line in lines
        if line["is_city"]
    ]
    return [*(f"- {paper};" for paper in papers[:-1]), f"- {papers[-1]}."]


SECTIONS = (
    Section("ket-qua", "Kết quả thẩm định và kết luận của Hội đồng", heard),
    Section("noi-them", "Nội dung nói thêm sau bảng kết quả", otherwise),
    Section("ho-so", "Hồ sơ kèm theo", enclosed),
)
