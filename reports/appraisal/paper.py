"""“Báo cáo thẩm định” as a paper of the Sở, or of the council, to the People's Committee."""

from typing import Any

from criteria.numbers import NBSP
from evaluations.snapshots import indicators_in
from reports.appraisal.tables import adjusted_in, appraisal_tables
from reports.appraisal.words import MINISTRY, SECTIONS, doing, what
from reports.figures import unbroken
from reports.letterhead import head_of, legal_basis, lower_first, recipients_of, signer_of
from reports.paper.grids import Align, Box, Grid, GridColumn, GridRow
from reports.paper.parts import (
    Addressees,
    Basis,
    Heading,
    Name,
    Paper,
    Paragraph,
    Part,
    Signature,
    roman,
)
from reports.prose import prose
from reports.sections import said_in

CODE, NAME, SELF, VERDICT = (
    GridColumn("Mã", 13),
    GridColumn("Chỉ báo", 59),
    GridColumn("Tự đánh giá", 30),
    GridColumn("Kết luận", 30),
)
SIZE = 11


def appraisal_paper(content: dict[str, Any]) -> Paper:
    dossier, issuer = content["dossier"], content["issuer"]
    unit = dossier["unit"]
    about = f"{what(content)} của {unit['name_in_sentence']}"
    tied = f"của {unit['name_in_sentence']}".replace(" ", NBSP)
    return Paper(
        title=content["file_name"],
        head=head_of(issuer, issuer["lines"], f"/BC-{issuer['symbol']}"),
        parts=(
            Name("Báo cáo", f"Kết quả {doing(content)} {what(content)} {tied}"),
            Addressees((content["addressee"],)),
            Basis(tuple(legal_basis(dossier["set"]["legal_basis"]))),
            Paragraph(
                f"{issuer['issuer_name']} báo cáo kết quả {doing(content)} {about} theo "
                f"{dossier['set']['title']} như sau:"
            ),
            *_chapters(content),
            Signature(
                f"Trên đây là báo cáo kết quả {doing(content)} {about}./.",
                signer_of(issuer),
                _recipients(content),
            ),
        ),
        marks=tuple(content["marks"]),
        issuer=issuer["issuer_name"],
    )


def _recipients(content: dict[str, Any]) -> tuple[str, ...]:
    unit = content["dossier"]["unit"]
    whom = content["standing_agency"] if content["is_city"] else f"UBND {unit['name_in_sentence']}"
    addressed = [content["addressee"]]
    return recipients_of(content["issuer"], "Như trên", whom, addressed=addressed)


def _chapters(content: dict[str, Any]) -> list[Part]:
    """Those that say anything, numbered as they come."""
    way, remarks = (prose(said_in(content, section.key)) for section in SECTIONS)
    chapters = (
        (f"Quá trình {doing(content)}", way),
        (f"Kết quả {doing(content)} từng chỉ báo", [_grid(content), _adjusted(content)]),
        ("Nhận xét, kiến nghị", remarks),
        ("Kết luận", _concluded(content)),
        ("Đề nghị", [Paragraph(_request(content))]),
    )
    said = [(title, inside) for title, inside in chapters if inside]
    return [
        part
        for number, (title, inside) in enumerate(said, start=1)
        for part in (Heading(f"{roman(number)}. {title}", 1), *inside)
    ]


def _grid(content: dict[str, Any]) -> Grid:
    _, _, table, _ = appraisal_tables(content)
    rows = [row for each in table.rows for row in _rows(each)]
    theirs = GridColumn("Hội đồng đánh giá" if content["is_city"] else "Thẩm định", 30)
    summary = f"Kết quả {doing(content)} từng chỉ báo"
    return Grid((CODE, NAME, SELF, theirs, VERDICT), tuple(rows), size=SIZE, summary=summary)


def _rows(row: dict[str, Any]) -> list[GridRow]:
    reason = row["reason"].shown
    boxes = (
        Box(row["code"].shown, Align.CENTRE),
        Box(row["short_name"].shown),
        Box(row["self"].shown, Align.CENTRE),
        Box(row["appraised"].shown, Align.CENTRE),
        Box(row["verdict"].shown, Align.CENTRE, is_strong=bool(reason)),
    )
    if not reason:
        return [GridRow(boxes)]
    said = Box(reason, columns=4, lead="Lý do:")
    return [GridRow(boxes, stays_with_next=True), GridRow((Box(""), said))]


def _adjusted(content: dict[str, Any]) -> Part:
    """How many were changed; the rows over it say which way and why."""
    codes = [each["code"] for each in adjusted_in(content)]
    total = len(indicators_in(content["dossier"]))
    whose = content["issuer"]["issuer_name"]
    if not codes:
        return Paragraph(f"{whose} giữ nguyên kết quả tự đánh giá ở cả {total} chỉ báo.")
    return Paragraph(
        f"{whose} điều chỉnh {len(codes)}/{total} chỉ báo ({', '.join(codes)}), giữ nguyên kết quả "
        "tự đánh giá ở các chỉ báo còn lại."
    )


def _concluded(content: dict[str, Any]) -> list[Part]:
    """Both columns; what they say alike is said once."""
    own, theirs = content["dossier"]["self_assessed"], content["dossier"]["appraised"]
    found = f"Kết quả {doing(content)}: {_said(theirs)}"
    distance = [Paragraph(unbroken(_distance(theirs)))] if theirs["distance"] else []
    if own["sentence"] == theirs["sentence"]:
        alike = f"Kết quả {doing(content)} thống nhất với kết quả tự đánh giá: {_said(theirs)}"
        return [Paragraph(alike, is_strong=True), *distance]
    return [
        Paragraph(f"Kết quả tự đánh giá: {_said(own)}"),
        Paragraph(found, is_strong=True),
        *distance,
    ]


def _distance(determination: dict[str, Any]) -> str:
    return f"Để đạt mức độ {determination['level'] + 1}: {determination['distance']}."


def _request(content: dict[str, Any]) -> str:
    """What follows from the level that was found, and nothing else."""
    dossier, issuer, whom = content["dossier"], content["issuer"], content["addressee"]
    unit, year = dossier["unit"], dossier["round"]["year"]
    appraised = dossier["appraised"]
    if not appraised["is_recognised"]:
        return (
            f"{unit['name']} chưa đủ điều kiện công nhận mức độ nào năm {year}; "
            f"{issuer['issuer_name']} báo cáo để {whom} xem xét, chỉ đạo."
        )
    asked = f"xem xét, trình {MINISTRY} công nhận" if content["is_city"] else "xem xét, công nhận"
    return (
        f"{issuer['issuer_name']} đề nghị {whom} {asked} {unit['name_in_sentence']} đạt danh hiệu "
        f"{unit['noun']} học tập mức độ {appraised['level']} năm {year}."
    )


def _said(determination: dict[str, Any]) -> str:
    return unbroken(lower_first(determination["sentence"]))
