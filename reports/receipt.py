"""“Phiếu tiếp nhận” of a submitted dossier: what came in, when, and by which seal it is known."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from evaluations.models import Evaluation
from evaluations.snapshots import indicators_in
from reports.days import short
from reports.figures import PRACTICE_MARK, NothingToSay, said_of, unbroken
from reports.letterhead import head_of, lower_first
from reports.offices import standing_agency_of
from reports.paper.grids import Align, Box, Grid, GridColumn, GridRow
from reports.paper.parts import Appendix, Name, Paper, Paragraph, Points, Signature, Signer
from reports.tables import Cell, Column, Table, count, facts, moment, text

INDICATOR_GRID = (
    GridColumn("Mã", 15),
    GridColumn("Chỉ báo", 77),
    GridColumn("Tự đánh giá", 45),
    GridColumn("Minh chứng", 25),
)
RECEIVED = ("code", "short_name", "measure", "figure", "shown", "mark")
FILE_GRID = (GridColumn("Minh chứng", 22), GridColumn("Tệp", 60), GridColumn("SHA-256", 80))


def receipt(evaluation: Evaluation) -> dict[str, Any]:
    """Of the last submission; whether it was taken in since, and by whom, is said with it.

    Raises NothingToSay before the first one.
    """
    snapshot = evaluation.snapshots.submissions().select_related("taken_by").first()
    if snapshot is None:
        raise NothingToSay("Hồ sơ chưa gửi lần nào nên chưa có phiếu tiếp nhận.")
    taken_in = evaluation.events.filter(kind="take-in", at__gt=snapshot.taken_at).first()
    dossier = snapshot.content
    return {
        "is_draft": False,
        "marks": [PRACTICE_MARK] if dossier["round"]["is_practice"] else [],
        "file_name": f"Phiếu tiếp nhận – {dossier['unit']['name']} – lần {snapshot.number}",
        "issuer": standing_agency_of(evaluation.pilot_round),
        "receiver": evaluation.appraised_by,
        "unit": dossier["unit"],
        "title": dossier["title"],
        "round": dossier["round"],
        "sentence": dossier["self_assessed"]["sentence"],
        "submission": {
            "number": snapshot.number,
            "taken_at": snapshot.taken_at.isoformat(timespec="seconds"),
            "sha256": snapshot.sha256,
            "by": _person(snapshot.taken_by),
        },
        "taken_in": taken_in
        and {"at": taken_in.at.isoformat(timespec="seconds"), "by": _person(taken_in.by)},
        "indicators": [
            {key: indicator[key] for key in RECEIVED}
            | {
                "evidence": [
                    {"code": item["code"], "files": item["files"]} for item in indicator["evidence"]
                ]
            }
            for indicator in indicators_in(dossier)
        ],
    }


def receipt_tables(content: dict[str, Any]) -> list[Table]:
    return [
        _came(content),
        Table("Chỉ báo", INDICATOR_COLUMNS, content["indicators"], kept=2),
        Table("Tệp", FILE_COLUMNS, _files(content), kept=1),
    ]


def _came(content: dict[str, Any]) -> Table:
    submission, taken_in = content["submission"], content["taken_in"]
    pairs = (
        ("Đơn vị gửi", text(content["unit"]["name"])),
        ("Hồ sơ", text(content["title"])),
        ("Người gửi", text(submission["by"])),
        ("Gửi lần", count(submission["number"])),
        ("Gửi lúc", moment(datetime.fromisoformat(submission["taken_at"]))),
        ("Tiếp nhận lúc", moment(datetime.fromisoformat(taken_in["at"])) if taken_in else text("")),
        ("Người tiếp nhận", text(taken_in["by"] if taken_in else "")),
        ("Tự đánh giá", text(content["sentence"])),
        ("Dấu nội dung (SHA-256)", text(submission["sha256"])),
        ("Ghi chú", text("; ".join(content["marks"]))),
    )
    return facts("Lần gửi", pairs)


def receipt_paper(content: dict[str, Any]) -> Paper:
    submission, taken_in = content["submission"], content["taken_in"]
    issuer, unit = content["issuer"], content["unit"]
    _, indicators, files = receipt_tables(content)
    receiver = content.get("receiver", "Sở")  # nothing was said of it before the city sent its own
    annexed = ", tệp minh chứng tại Phụ lục kèm theo" if files.rows else ""
    where = taken_in and f"{receiver} tiếp nhận lúc {_moment(taken_in['at'])}: {taken_in['by']}."
    return Paper(
        title=content["file_name"],
        head=head_of(issuer, [issuer["issuer_name"]]),
        parts=(
            Name("Phiếu tiếp nhận", f"{content['title']} của {unit['name_in_sentence']}"),
            Points(
                (
                    f"Đơn vị gửi: {unit['name']}; người gửi: {submission['by']}.",
                    f"Gửi lần {submission['number']}; hệ thống nhận hồ sơ lúc "
                    f"{_moment(submission['taken_at'])}.",
                    where or f"{receiver} chưa tiếp nhận hồ sơ.",
                    f"Dấu nội dung (SHA-256): {_in_groups(submission['sha256'])}.",
                )
            ),
            Paragraph(unbroken(f"Đơn vị tự đánh giá: {lower_first(content['sentence'])}")),
            Grid(
                INDICATOR_GRID,
                tuple(_indicator(row) for row in indicators.rows),
                summary="Chỉ báo và minh chứng đã gửi",
            ),
            _signature(
                f"Phiếu do hệ thống lập từ bản đã gửi{annexed}; sửa một chữ trong hồ sơ thì dấu "
                "nội dung khác đi./.",
                submission["by"],
                taken_in,
            ),
        ),
        appendices=_appendix(files),
        marks=tuple(content["marks"]),
        issuer=issuer["issuer_name"],
    )


def _appendix(files: Table) -> tuple[Appendix, ...]:
    if not files.rows:
        return ()
    rows = tuple(
        GridRow(
            (Box(row["code"].shown), Box(row["name"].shown), Box(_in_groups(row["sha256"].shown)))
        )
        for row in files.rows
    )
    grid = Grid(FILE_GRID, rows, size=10, summary="Tệp minh chứng đã gửi")
    return (Appendix("", "TỆP MINH CHỨNG ĐÃ GỬI", "Phiếu tiếp nhận", (grid,)),)


def _indicator(row: dict[str, Any]) -> GridRow:
    evidence = row["evidence"].shown
    return GridRow(
        (
            Box(row["code"].shown, Align.CENTRE),
            Box(row["short_name"].shown),
            Box(row["said"].shown),
            Box(evidence, Align.CENTRE),
        )
    )


def _files(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"code": item["code"], "name": file["name"], "size": file["size"], "sha256": file["sha256"]}
        for indicator in content["indicators"]
        for item in indicator["evidence"]
        for file in item["files"]
    ]


def _moment(iso: str) -> str:
    at = timezone.localtime(datetime.fromisoformat(iso))
    return f"{at:%H:%M} ngày {short(at.date())}"


def _in_groups(sha256: str) -> str:
    """In eights, so that a line can break and an eye can compare."""
    return " ".join(sha256[place : place + 8] for place in range(0, len(sha256), 8))


def _person(user) -> str:
    return f"{user.full_name}, {user.organisation.name}"


def _signature(before: str, sent_by: str, taken_in: dict[str, str] | None) -> Signature:
    """Whoever took it in signs beside the sender; until then there is nobody who could."""
    sender = Signer("", "Người gửi", _name(sent_by))
    if taken_in is None:
        return Signature(before, sender)
    return Signature(before, Signer("", "Người tiếp nhận", _name(taken_in["by"])), other=sender)


def _name(by: str) -> str:
    return by.partition(",")[0]


def _said(row: dict[str, Any]) -> Cell:
    """Receipts ordered before the measure was kept with them print the bare figure."""
    return text(said_of(row, row.get("measure")))


INDICATOR_COLUMNS = (
    Column("code", "Mã", lambda row: text(row["code"]), 8),
    Column("short_name", "Chỉ báo (tên gọn)", lambda row: text(row["short_name"]), 40),
    Column("said", "Tự đánh giá", _said, 30),
    Column("evidence", "Minh chứng", lambda row: count(len(row["evidence"])), 12),
)
FILE_COLUMNS = (
    Column("code", "Minh chứng", lambda row: text(row["code"]), 16),
    Column("name", "Tệp", lambda row: text(row["name"]), 50),
    Column("size", "Dung lượng (byte)", lambda row: count(row["size"]), 18),
    Column("sha256", "SHA-256", lambda row: text(row["sha256"]), 70),
)
