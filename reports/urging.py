"""“Công văn đôn đốc”: a letter of the Sở that names only those who owe, and what."""

from datetime import date
from typing import Any

from django.utils import timezone

from evaluations.models import Assignment, Evaluation, PilotRound
from evaluations.turns import turn_of
from evaluations.workflow import EDITABLE, Status
from reports.figures import PRACTICE_MARK, NothingToSay
from reports.letterhead import head_of, signer_of
from reports.offices import standing_agency_of
from reports.paper.parts import (
    Addressees,
    Align,
    Box,
    Grid,
    GridColumn,
    GridRow,
    Paper,
    Paragraph,
    Signature,
)
from reports.tables import Column, Table, count, day, text

NOBODY = "Không đơn vị nào còn nợ hồ sơ hay chỉ báo trong đợt này, nên không có công văn để in."
GRID = (
    GridColumn("TT", 10),
    GridColumn("Đơn vị", 48),
    GridColumn("Việc chưa xong", 58),
    GridColumn("Hạn", 26),
    GridColumn("Quá hạn", 20),
)


def urging(pilot_round: PilotRound) -> dict[str, Any]:
    """Dossiers that lie with their districts, and parts of the city's with their agencies.

    What a district has written so far is its own business: the letter says that it is not here.
    Raises NothingToSay where nobody owes anything.
    """
    today = timezone.localdate()
    rows = [*_districts(pilot_round, today), *_agencies(pilot_round, today)]
    if not rows:
        raise NothingToSay(NOBODY)
    return {
        "is_draft": False,
        "marks": [PRACTICE_MARK] if pilot_round.is_practice else [],
        "file_name": f"Công văn đôn đốc – {pilot_round.name}",
        "issuer": standing_agency_of(pilot_round),
        "year": pilot_round.year,
        "on": today.isoformat(),
        "rows": rows,
    }


def urging_tables(content: dict[str, Any]) -> list[Table]:
    return [Table("Đơn vị còn nợ", COLUMNS, content["rows"])]


def urging_paper(content: dict[str, Any]) -> Paper:
    issuer, year = content["issuer"], content["year"]
    (table,) = urging_tables(content)
    offices = dict.fromkeys(row["office"] for row in content["rows"])
    late = [row for row in content["rows"] if row["days_late"]]
    state = f"{len(late)} việc đã quá hạn" if late else "chưa việc nào quá hạn"
    return Paper(
        title=content["file_name"],
        head=head_of(
            issuer,
            [issuer["issuer_name"]],
            f"/{issuer['document_code']}",
            about=f"V/v đôn đốc hồ sơ công nhận quận, huyện học tập, thành phố học tập năm {year}",
        ),
        parts=(
            Addressees(tuple(offices)),
            Paragraph(
                f"Thực hiện kế hoạch công nhận quận, huyện học tập, thành phố học tập năm {year}, "
                f"đến ngày {_words(content['on'])}, {issuer['issuer_name']} chưa nhận được đủ hồ "
                f"sơ của {len(offices)} đơn vị; {state}. Cụ thể:"
            ),
            Grid(
                GRID,
                tuple(_printed(number, row) for number, row in enumerate(table.rows, start=1)),
                summary="Đơn vị còn nợ và việc chưa xong",
            ),
            Paragraph(
                f"{issuer['issuer_name']} đề nghị các đơn vị có tên trên hoàn thành và gửi qua hệ "
                "thống đúng hạn; việc đã quá hạn đề nghị gửi ngay và nêu rõ lý do."
            ),
            Signature(
                "Trân trọng đề nghị các đơn vị quan tâm thực hiện./.",
                signer_of(issuer),
                ("Như trên", "UBND thành phố (để báo cáo)", "Lưu: VT"),
            ),
        ),
        marks=tuple(content["marks"]),
        issuer=issuer["issuer_name"],
    )


def _districts(pilot_round: PilotRound, today: date) -> list[dict[str, Any]]:
    found = Evaluation.objects.of_districts().filter(pilot_round=pilot_round, status__in=EDITABLE)
    rows = []
    for evaluation in found.for_display():
        turn = turn_of(evaluation, today)
        rows.append(
            {
                "office": f"Ủy ban nhân dân {evaluation.unit.name_in_sentence}",
                "what": "bổ sung hồ sơ Sở đã trả lại"
                if evaluation.status == Status.RETURNED
                else "gửi hồ sơ tự đánh giá",
                "due_on": turn.due_on and turn.due_on.isoformat(),
                "days_late": turn.days_late,
            }
        )
    return sorted(rows, key=lambda row: -row["days_late"])


def _agencies(pilot_round: PilotRound, today: date) -> list[dict[str, Any]]:
    """One line an agency: the indicators of the city's dossier that it has not handed over."""
    owed = (
        Assignment.objects.of_round(pilot_round)
        .filter(result__evaluation__status__in=EDITABLE, agency__isnull=False)
        .exclude(state=Assignment.State.HANDED_OVER)
        .exclude(agency=pilot_round.standing_agency_id)
        .for_display()
    )
    by_agency: dict[str, list[Assignment]] = {}
    for each in owed:
        by_agency.setdefault(each.agency.name, []).append(each)
    rows = []
    for name, parts in by_agency.items():
        codes = ", ".join(each.result.indicator.code for each in parts)
        days = [due for each in parts if (due := each.due_on or each.result.evaluation.due_on)]
        due_on = min(days, default=None)
        rows.append(
            {
                "office": name,
                "what": f"bàn giao chỉ báo {codes} của hồ sơ thành phố",
                "due_on": due_on and due_on.isoformat(),
                "days_late": max(0, (today - due_on).days) if due_on else 0,
            }
        )
    return sorted(rows, key=lambda row: -row["days_late"])


def _printed(number: int, row: dict[str, Any]) -> GridRow:
    late = row["days_late"].value
    return GridRow(
        (
            Box(str(number), Align.CENTRE),
            Box(row["office"].shown),
            Box(row["what"].shown),
            Box(row["due_on"].shown or "–", Align.CENTRE),
            Box(f"{late} ngày" if late else "–", Align.CENTRE, is_strong=bool(late)),
        )
    )


def _words(iso: str) -> str:
    return date.fromisoformat(iso).strftime("%d/%m/%Y")


COLUMNS = (
    Column("office", "Đơn vị", lambda row: text(row["office"]), 40),
    Column("what", "Việc chưa xong", lambda row: text(row["what"]), 50),
    Column("due_on", "Hạn", lambda row: day(row["due_on"]), 14),
    Column("days_late", "Quá hạn (ngày)", lambda row: count(row["days_late"] or None), 14),
)
