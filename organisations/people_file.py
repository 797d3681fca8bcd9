"""The Excel file of accounts: the template that is filled in, and what is read out of it.

Reading turns a file into rows of text, each cell with its address; whether a row makes an
account is decided by `PersonForm`, as if it had been typed.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

import xlsxwriter

from organisations.models import Organisation, Role
from organisations.spreadsheets import Book, UnreadableFile, address, as_text
from organisations.text import search_key

MAX_BYTES = 2 * 1024 * 1024
TOO_LARGE = (
    f"Tệp lớn hơn {MAX_BYTES // 1024**2} MB. Xóa ảnh và trang thừa, hoặc chia thành nhiều tệp."
)
MAX_ROWS = 200
SHEET = "Người dùng"
HEAD_ROW = 1
COLUMNS = {
    "full_name": "Họ và tên",
    "username": "Tên đăng nhập",
    "unit_code": "Mã đơn vị",
    "unit_since": "Đơn vị có từ ngày",
    "role": "Vai trò",
    "position": "Chức vụ",
    "email": "Thư điện tử",
    "phone": "Điện thoại",
}
REQUIRED = ("full_name", "username", "unit_code", "role")
GUIDE = (
    "Mỗi dòng ở trang “Người dùng” là một tài khoản. Không đổi tên cột; dòng trống được bỏ qua.",
    "Bắt buộc: Họ và tên, Tên đăng nhập, Mã đơn vị, Vai trò.",
    "Tên đăng nhập: từ 3 ký tự, chữ thường không dấu, chữ số, dấu . _ - (ví dụ vinhbao.gddt).",
    "Mã đơn vị: lấy ở trang “Đơn vị”.",
    "Đơn vị có từ ngày: chỉ cần khi một mã được dùng cho hai đơn vị ở hai thời kỳ.",
    "Vai trò: chọn trong danh sách ở ô.",
    "Mật khẩu không ghi ở đây; hệ thống tạo mật khẩu tạm và in phiếu sau khi ghi.",
    "Nạp lên: mọi lỗi được chỉ ra theo ô; chưa ghi gì cho đến khi bấm “Tạo tài khoản”.",
)


@dataclass(frozen=True)
class CellError:
    cell: str
    subject: str
    message: str


@dataclass(frozen=True)
class Row:
    number: int
    values: dict[str, str]
    places: dict[str, int]

    def address(self, name: str) -> str:
        """ "F14": where on the sheet this value stands, or should stand."""
        return address(self.places.get(name, 0), self.number)


def template(organisations: list[Organisation]) -> bytes:
    """The empty file to fill in, with a guide and the list of units on sheets of their own."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    text = book.add_format({"num_format": "@"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    sheet = book.add_worksheet(SHEET)
    for column, (name, title) in enumerate(COLUMNS.items()):
        sheet.write_string(0, column, title + (" *" if name in REQUIRED else ""), bold)
        sheet.set_column(column, column, 24, text)
    sheet.freeze_panes(HEAD_ROW, 0)
    role_column = list(COLUMNS).index("role")
    sheet.data_validation(
        HEAD_ROW,
        role_column,
        MAX_ROWS,
        role_column,
        {"validate": "list", "source": [label for _, label in Role.choices]},
    )

    guide = book.add_worksheet("Hướng dẫn")
    guide.set_column(0, 0, 100, wrapped)
    for row, line in enumerate(GUIDE):
        guide.write_string(row, 0, line, wrapped)

    units = book.add_worksheet("Đơn vị")
    for column, title in enumerate(("Mã đơn vị", "Tên", "Thuộc", "Có từ ngày")):
        units.write_string(0, column, title, bold)
    units.set_column(0, 3, 32, text)
    units.freeze_panes(1, 0)
    for row, unit in enumerate(organisations, start=1):
        units.write_string(row, 0, unit.code)
        units.write_string(row, 1, unit.name)
        units.write_string(row, 2, unit.parent.name if unit.parent else "")
        units.write_string(row, 3, f"{unit.valid_from:%d/%m/%Y}")
    book.close()
    return buffer.getvalue()


def read(file: BinaryIO) -> list[Row]:
    """The filled rows as text, in NFC, empty ones left out. Raises UnreadableFile."""
    book = Book(file.read())
    name = SHEET if SHEET in book.sheet_names else book.sheet_names[0]
    table = book.sheet(name).rows
    if not table:
        raise UnreadableFile("Trang đầu của tệp không có gì. Tải mẫu, điền rồi nạp lại.")

    places = _places(table[0])
    rows = []
    for number, cells in enumerate(table[HEAD_ROW:], start=HEAD_ROW + 1):
        values = {
            name: as_text(cells[place]) if place < len(cells) else ""
            for name, place in places.items()
        }
        if any(values.values()):
            rows.append(Row(number, values, places))
    if not rows:
        raise UnreadableFile("Tệp chưa có dòng nào dưới hàng tiêu đề.")
    if len(rows) > MAX_ROWS:
        raise UnreadableFile(f"Tệp có {len(rows)} dòng; mỗi lần nạp nhiều nhất {MAX_ROWS} dòng.")
    return rows


def _places(titles: list) -> dict[str, int]:
    """Where each column stands, whatever the order; a title counts without its star and marks."""
    found = {search_key(as_text(title)).rstrip(" *"): place for place, title in enumerate(titles)}
    places, missing = {}, []
    for name, title in COLUMNS.items():
        place = found.get(search_key(title))
        if place is not None:
            places[name] = place
        elif name in REQUIRED:
            missing.append(f"“{title}”")
    if missing:
        raise UnreadableFile(f"Hàng đầu của tệp thiếu cột {', '.join(missing)}. Tải lại mẫu.")
    return places
