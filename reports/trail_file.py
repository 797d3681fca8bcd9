"""The trail of a dossier as a workbook: every save by itself, a row for each thing that changed."""

from collections.abc import Iterable
from io import BytesIO

from django.utils import timezone

from evaluations.models import Evaluation
from evaluations.trail.lines import Line
from organisations.models import User
from reports.tables import Column, Table, moment, text
from reports.workbooks import new_book, write_table

SHEET = "Quá trình"
COLUMNS = (
    Column("at", "Lúc", lambda row: moment(row["at"]), 17),
    Column("by", "Người làm", lambda row: text(row["by"]), 26),
    Column("office", "Đơn vị của người làm", lambda row: text(row["office"]), 28),
    Column("kind", "Loại việc", lambda row: text(row["kind"]), 13),
    Column("code", "Chỉ báo", lambda row: text(row["code"]), 9),
    Column("what", "Việc", lambda row: text(row["what"]), 46),
    Column("label", "Thứ đã sửa", lambda row: text(row["label"]), 30),
    Column("old", "Trước", lambda row: text(row["old"]), 22),
    Column("new", "Nay", lambda row: text(row["new"]), 22),
    Column("why", "Lý do, ý kiến", lambda row: text(row["why"]), 46),
)


def trail_file(evaluation: Evaluation, lines: Iterable[Line], by: User) -> bytes:
    """What `lines` say, for the person who fetches it; the foot of each page names them."""
    title = f"Quá trình hồ sơ {evaluation.unit.name_in_sentence}, {evaluation.pilot_round}"
    mark = "Đợt tập huấn" if evaluation.pilot_round.is_practice else ""
    foot = f"{by.full_name} tải lúc {timezone.localtime():%H:%M %d/%m/%Y}"
    rows = [row for line in lines for row in _rows(line)]
    buffer = BytesIO()
    with new_book(buffer, title=title, comments=foot) as book:
        write_table(book, Table(SHEET, COLUMNS, rows), head=(title, mark), foot=foot)
    return buffer.getvalue()


def _rows(line: Line) -> list[dict]:
    said = {
        "at": line.at,
        "by": line.by.full_name,
        "office": line.by.organisation.name if line.by.organisation else "",
        "kind": line.word,
        "code": line.code,
        "what": line.text,
        "why": "\n".join(filter(None, [line.note, *line.asides])),
    }
    changes = [(each.label, each.old, each.new) for each in line.changes] or [("", "", "")]
    return [said | {"label": label, "old": old, "new": new} for label, old, new in changes]
