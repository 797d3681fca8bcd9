"""“Công văn đôn đốc”: a letter of the Sở that names only those who owe, and what."""

from datetime import date
from typing import Any

from django.utils import timezone

from criteria.numbers import NBSP
from evaluations.models import Assignment, Evaluation, PilotRound
from evaluations.turns import turn_of
from evaluations.workflow import EDITABLE, Status
from reports.days import day as day_of
from reports.figures import PRACTICE_MARK, NothingToSay
from reports.letterhead import head_of, letter_symbol, plan_of, recipients_of, signer_of
from reports.offices import standing_agency_of
from reports.paper.grids import Align, Box, Grid, GridColumn, GridRow
from reports.paper.parts import Addressees, Paper, Signature
from reports.prose import prose
from reports.sections import Section, said_in
from reports.tables import Column, Table, count, day, text

NOBODY = "Không đơn vị nào còn nợ hồ sơ hay chỉ báo trong đợt này, nên không có công văn để in."
GRID = (
    GridColumn("TT", 10),
    GridColumn("Đơn vị", 48),
    GridColumn("Việc chưa xong", 54),
    GridColumn("Hạn", 26),
    GridColumn("Quá hạn", 24),
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
        "plan": plan_of(pilot_round.district_set.legal_basis),
        "year": pilot_round.year,
        "on": today.isoformat(),
        "rows": rows,
    }


def urging_tables(content: dict[str, Any]) -> list[Table]:
    return [Table("Đơn vị còn nợ", COLUMNS, content["rows"])]


def urging_paper(content: dict[str, Any]) -> Paper:
    issuer = content["issuer"]
    (table,) = urging_tables(content)
    addressees = tuple(dict.fromkeys(row["office"] for row in content["rows"]))
    return Paper(
        title=content["file_name"],
        head=head_of(
            issuer,
            [issuer["issuer_name"]],
            letter_symbol(issuer),
            about=f"V/v đôn đốc hồ sơ công nhận {_titles(content)} năm {content['year']}",
        ),
        parts=(
            Addressees(addressees),
            *prose(said_in(content, "mo-dau")),
            Grid(
                GRID,
                tuple(_printed(number, row) for number, row in enumerate(table.rows, start=1)),
                summary="Đơn vị còn nợ và việc chưa xong",
            ),
            *prose(said_in(content, "de-nghi")),
            Signature(
                "Trân trọng đề nghị các cơ quan, đơn vị quan tâm, phối hợp thực hiện./.",
                signer_of(issuer),
                recipients_of(
                    issuer, "Như trên", "UBND thành phố (để báo cáo)", addressed=addressees
                ),
            ),
        ),
        marks=tuple(content["marks"]),
        issuer=issuer["issuer_name"],
    )


def opening(content: dict[str, Any]) -> list[str]:
    """On which ground, until which day, how many owe, and how many of them are late."""
    issuer, rows = content["issuer"]["issuer_name"], content["rows"]
    plan = content["plan"] or f"kế hoạch công nhận {_titles(content)}"
    late = len({row["office"] for row in rows if row["days_late"]})
    offices = len({row["office"] for row in rows})
    owing = f"{offices} cơ quan, đơn vị" if offices > 1 else rows[0]["office"]
    lateness = ""
    if late:
        lateness = (
            f", trong đó {late} cơ quan, đơn vị đã quá hạn" if offices > 1 else ", đã quá hạn"
        )
    return [
        f"Thực hiện {plan}, đến ngày {day_of(content['on'])}, {issuer} chưa nhận đủ hồ sơ công "
        f"nhận {_titles(content)} năm {content['year']} của {owing}{lateness}. Cụ thể:"
    ]


def request(content: dict[str, Any]) -> list[str]:
    """What is asked of those who have time, and of those who have none left."""
    rows = content["rows"]
    asked = []
    if any(not row["days_late"] for row in rows):
        asked.append(
            "cơ quan, đơn vị còn trong thời hạn hoàn thành và gửi qua hệ thống đúng hạn nêu trên"
        )
    if any(row["days_late"] for row in rows):
        asked.append("cơ quan, đơn vị đã quá hạn gửi ngay và nêu rõ lý do chậm")
    return [f"{content['issuer']['issuer_name']} đề nghị {'; '.join(asked)}."]


SECTIONS = (
    Section("mo-dau", "Mở đầu", opening),
    Section("de-nghi", "Đề nghị", request),
)


def _titles(content: dict[str, Any]) -> str:
    """Of whose dossiers something is owed: districts', the city's, or both."""
    kinds = {row["is_city"] for row in content["rows"]}
    return ", ".join(
        title
        for is_city, title in ((False, "quận, huyện học tập"), (True, "thành phố học tập"))
        if is_city in kinds
    )


def _districts(pilot_round: PilotRound, today: date) -> list[dict[str, Any]]:
    found = Evaluation.objects.of_districts().filter(pilot_round=pilot_round, status__in=EDITABLE)
    rows = []
    for evaluation in found.for_display():
        turn = turn_of(evaluation, today)
        rows.append(
            {
                "office": f"Ủy ban nhân dân {evaluation.unit.name_in_sentence}",
                "is_city": False,
                "what": "Bổ sung hồ sơ đã được trả lại"
                if evaluation.status == Status.RETURNED
                else "Gửi hồ sơ tự đánh giá",
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
                "is_city": True,
                "what": f"Bàn giao chỉ báo {codes} của hồ sơ thành phố",
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
            Box(
                f"{row['days_late'].shown}{NBSP}ngày" if late else "–",
                Align.CENTRE,
                is_strong=bool(late),
            ),
        )
    )


COLUMNS = (
    Column("office", "Đơn vị", lambda row: text(row["office"]), 40),
    Column("what", "Việc chưa xong", lambda row: text(row["what"]), 50),
    Column("due_on", "Hạn", lambda row: day(row["due_on"]), 14),
    Column("days_late", "Quá hạn (ngày)", lambda row: count(row["days_late"] or None), 14),
)
