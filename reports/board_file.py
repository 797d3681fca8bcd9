"""The board as a workbook on A3: the figures of the page, typed, with shapes beside the colours.

A share is a number and keeps as many decimals as the page shows; its level stands in the same cell
as a shape in the number's own format, so that it prints in black and white and still sorts.
"""

from io import BytesIO
from typing import Any

from django.utils import timezone

from evaluations.board import Board
from evaluations.board.rows import Cell, Row
from organisations.models import User
from reports.tables import PERCENT
from reports.workbooks import A3, local, new_book, to_print

SHEET = "Bảng theo dõi"
# As on the page, in characters that every spreadsheet has.
SHAPES = {
    "met": "✓",
    "unmet": "✗",
    "steps-1": "●○○",
    "steps-2": "●●○",
    "steps-3": "●●●",
    "empty": "·",
    "part": "◐",
    "ask": "⚑",
    "na": "–",
}
ADJUSTED = "△"
GROUNDS = {"l0": "#FBEEEC", "l1": "#E7EFF9", "l2": "#BDD4EF", "l3": "#86ACDC"}
LEGEND = (
    ("✓", "đạt", ""),
    ("✗", "chưa đạt, dưới 70", "l0"),
    ("●○○", "70 đến 80", "l1"),
    ("●●○", "trên 80 đến 90", "l2"),
    ("●●●", "trên 90", "l3"),
    ("·", "chưa nhập", ""),
    ("◐", "đang dở, thiếu minh chứng", ""),
    ("⚑", "cần bổ sung", ""),
    (ADJUSTED, "Sở điều chỉnh", ""),
    ("–", "đề nghị không áp dụng", ""),
)
HEADS = 3  # the title, the criteria, the indicators
NOT_SENT = "Chưa gửi; số liệu hiện ở đây sau khi gửi"
NARROW, WIDE = 6.5, 13
# What stands right of the indicators: title and width.
AFTER = (
    ("Tự đánh giá", 14),
    ("Thẩm định", 14),
    ("Đến lượt ai", 30),
    ("Đã chờ, ngày", 9),
    ("Hạn", 12),
    ("Muộn, ngày", 9),
)


def board_file(board: Board, slug: str, by: User) -> bytes:
    """The districts that the filter leaves, for the person who fetches it."""
    chosen = next((each.label for each in board.filters if each.slug == slug), "Tất cả")
    title = f"Bảng theo dõi quận, huyện, {board.pilot_round}"
    foot = f"{by.full_name} tải lúc {timezone.localtime():%H:%M %d/%m/%Y}; lọc: {chosen}"
    buffer = BytesIO()
    with new_book(buffer, title=title, comments=foot) as book:
        writer = _Writer(book, board)
        writer.heads(f"{title} ({chosen.lower()})")
        last = writer.rows([row for _, rows in board.blocks(slug) for row in rows])
        writer.legend(last + 2)
        mark = "Đợt tập huấn" if board.pilot_round.is_practice else ""
        writer.paper(head=(title, mark), foot=foot, last_row=last + 2 + len(LEGEND))
    return buffer.getvalue()


class _Writer:
    """One sheet under way."""

    def __init__(self, book, board: Board):
        self.board, self.book = board, book
        self.sheet = book.add_worksheet(SHEET)
        self._formats: dict[tuple, Any] = {}
        self.first = 2  # the column of the first indicator, after block and name
        self.after = self.first + len(board.indicators)

    def heads(self, title: str) -> None:
        sheet, top = self.sheet, self._style(bold=True, font_size=14)
        head = self._style(bold=True, border=1, align="center", text_wrap=True, bg_color="#EDF2F9")
        sheet.write_string(0, 0, title, top)
        for column, (name, width) in enumerate((("Khối", 12), ("Quận, huyện", 16))):
            sheet.merge_range(1, column, 2, column, name, head)
            sheet.set_column(column, column, width)
        column = self.first
        for part in self.board.parts:
            last = column + len(part.indicators) - 1
            code = f"Tiêu chí {part.criterion.code}"
            if last > column:
                sheet.merge_range(1, column, 1, last, code, head)
            else:
                sheet.write_string(1, column, code, head)
            for indicator in part.indicators:
                sheet.write_string(2, column, indicator.code, head)
                sheet.write_comment(2, column, indicator.short_name)
                sheet.set_column(column, column, WIDE if indicator.is_graded else NARROW)
                column += 1
        for place, (name, width) in enumerate(AFTER, start=self.after):
            sheet.merge_range(1, place, 2, place, name, head)
            sheet.set_column(place, place, width)
        sheet.set_row(1, 30)
        sheet.freeze_panes(HEADS, self.first)

    def rows(self, rows: list[Row]) -> int:
        """The number of the last row written."""
        for number, row in enumerate(rows, start=HEADS):
            self._row(number, row)
        last = HEADS + len(rows) - 1
        if rows:
            self.sheet.autofilter(2, 0, last, self.after + len(AFTER) - 1)
        return last

    def legend(self, number: int) -> None:
        self.sheet.write_string(number, 0, "Chú giải", self._style(bold=True))
        for place, (shape, word, ground) in enumerate(LEGEND, start=number + 1):
            self.sheet.write_string(place, 0, shape, self._mark(ground))
            self.sheet.write_string(place, 1, word)

    def paper(self, *, head: tuple[str, str], foot: str, last_row: int) -> None:
        self.sheet.repeat_rows(1, 2)
        self.sheet.print_area(0, 0, last_row, self.after + len(AFTER) - 1)
        to_print(self.sheet, A3, head=head, foot=foot)

    def _row(self, number: int, row: Row) -> None:
        sheet, left = self.sheet, self._style(border=1)
        sheet.write_string(number, 0, self.board.block_of(row), left)
        sheet.write_string(number, 1, row.name, self._style(border=1, bold=True))
        for column, cell in enumerate(row.cells, start=self.first):
            self._cell(number, column, cell)
        if not row.cells:
            quiet = self._style(border=1, align="center", font_color="#55606E")
            sheet.merge_range(number, self.first, number, self.after - 1, NOT_SENT, quiet)
        turn, days = row.turn, self._style(border=1, num_format="0")
        unknown = "Chưa xác định" if row.finding else ""
        open_yet = "Chưa kết luận" if row.finding and not row.is_concluded else unknown
        self._level(number, self.after, row.self_level, unknown)
        self._level(number, self.after + 1, row.appraised_level, open_yet)
        extended = ", được gia hạn" if row.evaluation.extended_until and not row.finding else ""
        sheet.write_string(number, self.after + 2, row.whose + extended, left)
        sheet.write_number(number, self.after + 3, turn.days_waiting, days)
        if turn.due_on:
            day = self._style(border=1, num_format=local("dd/mm/yyyy"))
            sheet.write_datetime(number, self.after + 4, turn.due_on, day)
        else:
            sheet.write_blank(number, self.after + 4, None, left)
        late = self._style(border=1, num_format='"muộn "0', font_color="#A3201C", bold=True)
        if turn.is_late:
            sheet.write_number(number, self.after + 5, turn.days_late, late)
        else:
            sheet.write_blank(number, self.after + 5, None, left)

    def _cell(self, number: int, column: int, cell: Cell) -> None:
        shape = SHAPES[cell.sign]
        suffix = f" {ADJUSTED}" if cell.is_adjusted else ""
        if cell.share is None:
            self.sheet.write_string(number, column, shape + suffix, self._mark(cell.ground))
            return
        decimals = len(cell.figure.partition(",")[2])
        pattern = f'"{shape} "0{"." if decimals else ""}{"0" * decimals}{PERCENT}'
        pattern += f'"{suffix}"' if suffix else ""
        # A workbook knows only doubles; no verdict is drawn from this number.
        self.sheet.write_number(
            number, column, float(cell.share), self._mark(cell.ground, num_format=local(pattern))
        )

    def _level(self, number: int, column: int, level: int | None, unknown: str) -> None:
        """A number that sorts; what is not known yet is said in words."""
        if level is None:
            self.sheet.write_string(number, column, unknown, self._style(border=1))
            return
        shape = SHAPES[f"steps-{level}" if level else "unmet"]
        pattern = f'"{shape} Mức "0' if level else f'"{shape} Chưa đạt"'
        style = self._mark(f"l{level}", num_format=pattern, align="left")
        self.sheet.write_number(number, column, level, style)

    def _mark(self, ground: str, **more: Any):
        look = {"border": 1, "align": "center", **more}
        if ground:
            look["bg_color"] = GROUNDS[ground]
        return self._style(**look)

    def _style(self, **look: Any):
        """One format object for each look, however many cells wear it."""
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"valign": "vcenter", **look})
        return self._formats[key]
