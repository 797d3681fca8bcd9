"""The workbook to fill in: a register as it stands, with a guide and what the file is for.

Nothing is protected: a protected sheet cannot be filtered or sorted. What is typed where it does
not belong is told on the way back in. Texts are written as texts, never guessed to be formulas
or numbers. Days are text, as a foreign setting of Excel would turn
05/11 into the eleventh of May.
"""

from dataclasses import dataclass
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from criteria.numbers import UnclearNumber, parse_number, show_number
from criteria.points import PLACES
from evaluations.workbook.layout import (
    CODE,
    GUIDE_SHEET,
    IDENTITY,
    NAME,
    PAST_TITLE,
    POINT_FIELDS,
    VERSION,
    Layout,
)
from evaluations.workbook.register import KnownUnit, Register

SPARE_ROWS = 200  # for new units: drop-downs go on below the last row
FROZEN_COLUMNS = 2
A4 = 9
TITLE_LETTERS = 32  # Excel's own limit for the head of a warning
INK, HEAD_FILL, PAST_INK, RULE = "#1B2230", "#EDF2F9", "#565D6B", "#D9D4C9"
PAST = "past"
WIDTHS = {
    CODE: 12,
    "in_scope": 10,
    "exclusion_reason": 40,
    "self_score": 10,
    "self_rating": 13,
    "score": 10,
    "rating": 13,
    "decision_number": 20,
    "decision_on": 13,
    "correction_reason": 34,
}
NAME_WIDTHS = (30, 62)
PAST_WIDTH = COUNT_WIDTH = 14
HEAD_HEIGHT, HIGH_HEAD = 40, 66
HOW_TO_FILL = (
    "Mỗi đơn vị một dòng, mỗi năm một tệp. Giữ nguyên tên trang, tên cột và cột Mã.",
    "Được lọc, sắp xếp, tô màu, ẩn dòng, thêm cột ghi chú ở bên phải bảng.",
    "Dòng không có gì thay đổi thì để nguyên. Xóa cả dòng không làm mất kết quả đã có của đơn vị.",
    "Xóa trắng một ô thì khi ghi, kết quả cũ ở ô đó cũng bị xóa.",
    "Ghi số và chữ, không để công thức: chép rồi dùng Dán đặc biệt → Giá trị.",
    "Nạp tệp: mọi lỗi được chỉ ra theo ô và chưa ghi gì; hết lỗi thì xem khác biệt rồi mới ghi.",
)


def template(register: Register) -> bytes:
    """The workbook of an owner and a year, filled with the registers as they are."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": _title(register)})
        _write_guide(book, register)
        for place, layout in enumerate(register.layouts):
            sheet = book.add_worksheet(layout.title)
            _SheetWriter(book, layout, register.lines(layout)).write(sheet)
            if place == 0:
                sheet.activate()
    return buffer.getvalue()


def _title(register: Register) -> str:
    return f"Kết quả đơn vị năm {register.year} – {register.owner.name}"


def _write_guide(book: xlsxwriter.Workbook, register: Register) -> None:
    sheet = book.add_worksheet(GUIDE_SHEET)
    head = book.add_format({"bold": True, "font_size": 14})
    label = book.add_format({"bold": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    sheet.set_column(0, 0, 24, label)
    sheet.set_column(1, 1, 96, text)
    sheet.write_string(0, 0, _title(register), head)
    rows = [*_identity(register), ("", ""), *_how_to_fill(), ("", "")]
    rows += [line for layout in register.layouts for line in _about(layout)]
    for number, (name, said) in enumerate(rows, start=2):
        sheet.write_string(number, 0, name, label)
        sheet.write_string(number, 1, said, text)
    sheet.hide_gridlines(2)
    _set_page(sheet)


def _identity(register: Register) -> list[tuple[str, str]]:
    said = {
        "version": str(VERSION),
        "pilot_round": register.pilot_round.name,
        "unit_code": register.owner.code,
        "unit_name": register.owner.name,
        "year": str(register.year),
    }
    return [(label, said[name]) for name, label in IDENTITY.items()]


def _how_to_fill() -> list[tuple[str, str]]:
    return [("" if number else "Cách điền", line) for number, line in enumerate(HOW_TO_FILL)]


def _about(layout: Layout) -> list[tuple[str, str]]:
    """What to write in which column of a sheet."""
    if layout.rule is None:
        return [
            (f"Trang {layout.title}", "Danh hiệu của Hội Khuyến học theo từng xã, phường."),
            ("Các cột", "Số đếm, ghi số nguyên; chưa có số thì để trống, không ghi 0."),
        ]
    rows = [
        (f"Trang {layout.title}", f"{layout.kind.label}, xếp loại trong năm."),
        ("Mã, Tên", _about_keys(layout)),
        (PAST_TITLE, "Xếp loại của năm trước, chỉ để xem; không đọc lại."),
        ("Trong phạm vi", "Có hoặc Không. Không thì ghi lý do ở cột bên cạnh."),
    ]
    if layout.rule.has_points:
        rows.append(
            (
                "Điểm tự chấm, Điểm",
                f"Từ 0 đến {layout.rule.maximum}, nhiều nhất {PLACES} chữ số thập phân. "
                "Có điểm mà để trống xếp loại thì lấy xếp loại theo điểm.",
            )
        )
    return [
        *rows,
        ("Tự xếp loại, Xếp loại", f"Chọn trong danh sách: {_bands(layout)}."),
        ("Số quyết định", "Số, ký hiệu quyết định công nhận, ví dụ 3187/QĐ-UBND."),
        ("Ngày quyết định", "Ghi ngày/tháng/năm, ví dụ 25/11/2022."),
        ("Lý do khác tự chấm", "Bắt buộc khi kết quả khác phiếu tự chấm mà đơn vị đã gửi."),
        ("", ""),
    ]


def _about_keys(layout: Layout) -> str:
    if layout.takes_new_units:
        return (
            "Giữ nguyên. Cơ quan chưa có trong danh sách: thêm dòng ở cuối, để trống mã, ghi tên."
        )
    return "Giữ nguyên. Xã, phường theo danh mục, không thêm dòng mới."


def _bands(layout: Layout) -> str:
    bands = layout.rule.ratings
    if not layout.rule.has_bands:
        return ", ".join(band.label for band in bands)
    return ", ".join(f"{band.label} (từ {show_number(band.minimum)} điểm)" for band in bands)


@dataclass(frozen=True)
class _Column:
    """One column of a sheet: its field (none for what is only shown), title, width and formats."""

    name: str
    title: str
    width: float
    format: Format
    filled: Format
    is_number: bool = False


class _SheetWriter:
    """One sheet of the workbook and its units."""

    def __init__(self, book: xlsxwriter.Workbook, layout: Layout, units: list[KnownUnit]):
        self.book = book
        self.layout = layout
        self.units = units
        self.columns = self._columns()

    def write(self, sheet: Worksheet) -> None:
        head = self.book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "vcenter",
                "font_color": INK,
                "bg_color": HEAD_FILL,
                "border": 1,
                "border_color": RULE,
            }
        )
        for place, column in enumerate(self.columns):
            sheet.set_column(place, place, column.width, column.format)
            sheet.write_string(0, place, column.title, head)
        for row, unit in enumerate(self.units, start=1):
            self._write_unit(sheet, row, unit)
        sheet.set_row(0, HEAD_HEIGHT if self.layout.has_results else HIGH_HEAD)
        sheet.freeze_panes(1, FROZEN_COLUMNS)
        sheet.autofilter(0, 0, max(len(self.units), 1), len(self.columns) - 1)
        self._offer_choices(sheet)
        _set_page(sheet)
        sheet.repeat_rows(0)

    def _columns(self) -> list[_Column]:
        looks = {
            "text": {"num_format": "@"},
            "number": {"num_format": "General", "align": "center"},
            "past": {"num_format": "@", "font_color": PAST_INK, "italic": True},
        }
        formats = {name: self.book.add_format(look) for name, look in looks.items()}
        lined = {
            name: self.book.add_format({**look, "border": 1, "border_color": RULE})
            for name, look in looks.items()
        }

        def column(name: str, title: str) -> _Column:
            is_key = name in (CODE, NAME)
            is_number = name in POINT_FIELDS or not (is_key or self.layout.has_results)
            look = "number" if is_number else "text"
            width = self._name_width() if name == NAME else WIDTHS.get(name, COUNT_WIDTH)
            return _Column(name, title, width, formats[look], lined[look], is_number)

        columns = [column(name, title) for name, title in self.layout.columns.items()]
        if self.layout.has_results:
            past = _Column(PAST, PAST_TITLE, PAST_WIDTH, formats["past"], lined["past"])
            columns.insert(FROZEN_COLUMNS, past)
        return columns

    def _name_width(self) -> int:
        longest = max((len(unit.name) for unit in self.units), default=0)
        return min(max(longest, NAME_WIDTHS[0]), NAME_WIDTHS[1])

    def _write_unit(self, sheet: Worksheet, row: int, unit: KnownUnit) -> None:
        shown = {**unit.shown(self.layout), CODE: unit.code, NAME: unit.name, PAST: unit.past}
        for place, column in enumerate(self.columns):
            text = shown.get(column.name, "")
            if not text:
                sheet.write_blank(row, place, None, column.filled)
            elif column.is_number and (number := _number(text)) is not None:
                sheet.write_number(row, place, number, column.filled)
            else:
                sheet.write_string(row, place, text, column.filled)

    def _offer_choices(self, sheet: Worksheet) -> None:
        """Drop-downs and bounds; on a sheet that takes new units they go on below the last row."""
        last = len(self.units) + (SPARE_ROWS if self.layout.takes_new_units else 0)
        for place, column in enumerate(self.columns):
            if rule := self._rule(column):
                rule["error_title"] = f"Cột {column.title}"[:TITLE_LETTERS]
                sheet.data_validation(1, place, max(last, 1), place, rule)

    def _rule(self, column: _Column) -> dict | None:
        if choices := self.layout.choices.get(column.name):
            said = f"Chọn một trong: {', '.join(choices)}."
            return {"validate": "list", "source": choices, "error_message": said}
        if column.name not in POINT_FIELDS:
            return None
        maximum = self.layout.rule.maximum
        return {
            "validate": "decimal",
            "criteria": "between",
            "minimum": 0,
            "maximum": maximum,
            "error_message": f"Ghi số từ 0 đến {maximum}. Máy không nhận dấu phẩy thì dùng dấu "
            "chấm: 84.5",
        }


def _number(text: str) -> float | None:
    """None for what is stored as it was typed, for the keeper to put right."""
    try:
        return float(parse_number(text))
    except UnclearNumber:
        return None


def _set_page(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
