"""“Báo cáo thẩm định” as a paper of the Sở to the People's Committee of the city."""

from datetime import date
from typing import Any

from criteria.numbers import NBSP
from evaluations.snapshots import indicators_in
from reports.appraisal.tables import adjusted_in, appraisal_tables
from reports.figures import said_of, unbroken
from reports.letterhead import head_of, legal_basis, lower_first, signer_of
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
    GridColumn("Mã", 13),
    GridColumn("Chỉ báo", 59),
    GridColumn("Tự đánh giá", 30),
    GridColumn("Thẩm định", 30),
    GridColumn("Kết luận", 30),
)
SIZE = 11


def appraisal_paper(content: dict[str, Any]) -> Paper:
    dossier, issuer = content["dossier"], content["issuer"]
    unit, year = dossier["unit"], dossier["round"]["year"]
    what = f"hồ sơ công nhận {unit['noun']} học tập năm {year}"
    return Paper(
        title=content["file_name"],
        head=head_of(issuer, [issuer["issuer_name"]], f"/BC-{issuer['document_code']}"),
        parts=(
            Name(
                "Báo cáo",
                f"Kết quả thẩm định {what} của {unit['name_in_sentence'].replace(' ', NBSP)}",
            ),
            Addressees((content["addressee"],)),
            Basis(tuple(legal_basis(dossier["set"]["legal_basis"]))),
            Paragraph(
                f"{issuer['issuer_name']} báo cáo kết quả thẩm định {what} của "
                f"{unit['name_in_sentence']} theo {lower_first(dossier['set']['title'])} như sau:"
            ),
            Heading("I. Quá trình thẩm định", 1),
            Points(tuple(_way(content))),
            Heading("II. Kết quả thẩm định từng chỉ báo", 1),
            _grid(content),
            *_adjusted(content),
            Heading("III. Kết luận", 1),
            Paragraph(f"Tự đánh giá: {_said(dossier['self_assessed'])}"),
            Paragraph(f"Thẩm định: {_said(dossier['appraised'])}", is_strong=True),
            *_distance(dossier["appraised"]),
            Heading("IV. Đề nghị", 1),
            Paragraph(_request(content)),
            Signature(
                f"Trên đây là báo cáo kết quả thẩm định {what} của {unit['name_in_sentence']}./.",
                signer_of(issuer),
                ("Như trên", f"UBND {unit['name_in_sentence']}", "Lưu: VT"),
            ),
        ),
        marks=tuple(content["marks"]),
        issuer=issuer["issuer_name"],
    )


def _way(content: dict[str, Any]) -> list[str]:
    """When it came, when it went back and for what, when it was concluded."""
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for each in content["way"]:
        by_kind.setdefault(each["kind"], []).append(each)
    submitted, returned = by_kind.get("submit", []), by_kind.get("return", [])
    lines = []
    if submitted:
        again = "".join(f"; gửi lại ngày {_day(each)}" for each in submitted[1:])
        lines.append(f"Đơn vị gửi hồ sơ ngày {_day(submitted[0])}{again}.")
    lines += [
        f"Trả lại ngày {_day(each)} để bổ sung {len(each['asked'])} chỉ báo: "
        f"{', '.join(each['asked'])}."
        for each in returned
    ]
    for kind, words in (("finish", "Kết thúc thẩm định"), ("confirm", "Lãnh đạo Sở xác nhận")):
        if kind in by_kind:
            lines.append(f"{words} ngày {_day(by_kind[kind][-1])}.")
    return lines


def _grid(content: dict[str, Any]) -> Grid:
    _, table, _ = appraisal_tables(content)
    rows = [row for each in table.rows for row in _rows(each)]
    return Grid(COLUMNS, tuple(rows), size=SIZE, summary="Kết quả thẩm định từng chỉ báo")


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
    said = Box(reason, columns=len(COLUMNS) - 1, lead="Lý do:")
    return [GridRow(boxes, stays_with_next=True), GridRow((Box(""), said))]


def _adjusted(content: dict[str, Any]) -> list[Part]:
    adjusted = adjusted_in(content)
    total = len(indicators_in(content["dossier"]))
    if not adjusted:
        return [Paragraph(f"Cả {total} chỉ báo được chấp nhận như đơn vị tự đánh giá.")]
    lines = tuple(
        unbroken(
            f"{each['code']} ({each['short_name']}): {said_of(each)} → "
            f"{said_of(each['appraised'])}."
        )
        for each in adjusted
    )
    return [Paragraph(f"Điều chỉnh {len(adjusted)}/{total} chỉ báo:"), Points(lines)]


def _distance(determination: dict[str, Any]) -> list[Part]:
    if not determination["distance"]:
        return []
    said = f"Để đạt mức độ {determination['level'] + 1}: {determination['distance']}."
    return [Paragraph(unbroken(said))]


def _request(content: dict[str, Any]) -> str:
    """What follows from the appraised level, and nothing else."""
    dossier, issuer = content["dossier"], content["issuer"]
    unit, year = dossier["unit"], dossier["round"]["year"]
    appraised = dossier["appraised"]
    if appraised["is_recognised"]:
        return (
            f"{issuer['issuer_name']} đề nghị {content['addressee']} xem xét, công nhận "
            f"{unit['name_in_sentence']} đạt danh hiệu {unit['noun']} học tập mức độ "
            f"{appraised['level']} năm {year}."
        )
    return (
        f"{unit['name'][:1].upper() + unit['name_in_sentence'][1:]} chưa đủ điều kiện công nhận "
        f"mức độ nào năm {year}; {issuer['issuer_name']} báo cáo để {content['addressee']} xem "
        "xét, chỉ đạo."
    )


def _day(event: dict[str, Any]) -> str:
    return date.fromisoformat(event["on"]).strftime("%d/%m/%Y")


def _said(determination: dict[str, Any]) -> str:
    return unbroken(lower_first(determination["sentence"]))
