"""“Tờ trình” of the Sở to the People's Committee of the city, after a closed session."""

from typing import Any

from reports.council.content import COUNCIL, MINISTRY
from reports.council.tables import session_tables
from reports.council.words import (
    bases,
    by_level,
    council_meeting,
    day_in_words,
    names,
    one_line,
    set_titles,
    titles_of,
)
from reports.figures import unbroken
from reports.letterhead import head_of, signer_of
from reports.paper.parts import (
    Addressees,
    Align,
    Basis,
    Box,
    Grid,
    GridColumn,
    GridRow,
    Heading,
    Name,
    Paper,
    Paragraph,
    Part,
    Points,
    Signature,
)

COLUMNS = (
    GridColumn("TT", 10),
    GridColumn("Đơn vị", 34),
    GridColumn("Kết quả thẩm định", 72),
    GridColumn("Đồng ý/số phiếu", 20),
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
            Paragraph(
                f"{COUNCIL} họp {day_in_words(content['held_on'])}, {one_line(content['chair'])} "
                f"chủ trì, {content['present']}/{content['invited']} thành viên có mặt, xét hồ sơ "
                "đã thẩm định xong. Kết quả:"
            ),
            _grid(content),
            *_otherwise(content),
            Heading("II. Nội dung đề nghị", 1),
            *_request(content),
            Heading("III. Hồ sơ kèm theo", 1),
            Points(_enclosed(content)),
            Signature(
                f"{department['issuer_name']} kính trình {city['issuer_name']} xem xét, "
                "quyết định./.",
                signer_of(department),
                ("Như trên", "Lưu: VT"),
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


def _otherwise(content: dict[str, Any]) -> list[Part]:
    """What the council said where it concluded another level, and what was reopened since."""
    said = [
        f"{line['name']}: {one_line(line['conclusion'])}."
        for line in content["lines"]
        if line["concluded"] != line["proposed"] and one_line(line["conclusion"])
    ]
    parts: list[Part] = []
    if said:
        parts.append(Paragraph("Hội đồng kết luận khác mức độ đề nghị, với lý do:"))
        parts.append(Points(tuple(said)))
    if content["reopened"]:
        parts.append(
            Paragraph(
                f"Hồ sơ của {names(content['reopened'])} được mở lại thẩm định sau phiên họp nên "
                "chưa trình lần này."
            )
        )
    return parts


def _request(content: dict[str, Any]) -> list[Part]:
    """Recognition level by level; the city's goes on to the Ministry; then who reached none."""
    year = content["year"]
    districts = [line for line in content["lines"] if not line["is_city"]]
    found = by_level(districts)
    city = next((line for line in content["lines"] if line["is_city"]), None)
    parts: list[Part] = []
    asked = [f"Mức độ {level}: {names(units)}." for level, units in found.items() if level]
    if asked:
        recognised = [line for line in districts if line["concluded"]]
        who = f"{content['department']['issuer_name']} đề nghị {content['city']['issuer_name']}"
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


def _enclosed(content: dict[str, Any]) -> tuple[str, ...]:
    """The papers that this dossier of the round really has."""
    lines = content["lines"]
    districts = [line for line in lines if not line["is_city"]]
    enclosed = [f"Biên bản họp {COUNCIL} {day_in_words(content['held_on'])};"]
    if districts:
        enclosed.append(
            "Báo cáo tự đánh giá và Báo cáo thẩm định hồ sơ của "
            f"{names(line['name_in_sentence'] for line in districts)};"
        )
    if any(line["concluded"] for line in districts):
        enclosed.append("Dự thảo Quyết định công nhận;")
    enclosed += [
        f"Báo cáo tự đánh giá của {line['name_in_sentence']};" for line in lines if line["is_city"]
    ]
    return (*enclosed[:-1], f"{enclosed[-1].rstrip(';')}.")
