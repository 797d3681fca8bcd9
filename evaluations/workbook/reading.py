"""A filled workbook as rows of text, each cell with its address, and what is wrong with its shape.

Whether a row makes sense is `checking`'s question. Hidden and filtered rows are rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from evaluations.workbook.errors import CellError
from evaluations.workbook.layout import (
    CODE,
    GUIDE_SHEET,
    IDENTITY,
    MAX_ROWS,
    VERSION,
    Layout,
)
from evaluations.workbook.register import Register
from organisations.spreadsheets import (
    Book,
    Sheet,
    UnreadableFile,
    address,
    as_text,
    collector_paused,
)
from organisations.spreadsheets.cells import TextsByType
from organisations.text import search_key

FEW_LETTERS = 20
HEADS_SOUGHT_IN = 10  # somebody may have put a heading above the table
Row = tuple[int, Sequence[str]]


@dataclass(frozen=True)
class ReadSheet:
    """One sheet: its filled rows by number, the texts in the order of `places`.

    `faults` are cells that cannot be believed, by (row number, field): what is wrong, or nothing
    where another cell says it. `missing` are the fields whose column is not there.
    """

    layout: Layout
    name: str
    places: Mapping[str, int]
    rows: list[Row] = field(default_factory=list)
    faults: Mapping[tuple[int, str], str] = field(default_factory=dict)
    errors: tuple[CellError, ...] = ()

    def cell(self, number: int, name: str) -> str:
        return address(self.places.get(name, self.places.get(CODE, 0)), number)

    def stored(self) -> dict:
        # As pairs: PostgreSQL keeps no order of keys, and the rows are in this one.
        return {"name": self.name, "places": list(self.places.items()), "rows": self.rows}


@dataclass(frozen=True)
class ReadWorkbook:
    """What was read; with errors of the file itself there is nothing else."""

    sheets: tuple[ReadSheet, ...] = ()
    errors: tuple[CellError, ...] = ()


@collector_paused()
def read_workbook(content: bytes, register: Register) -> ReadWorkbook:
    """The sheets that this register's workbook has. Raises UnreadableFile for what is no workbook.

    A file made for something else is told as such and not looked into any further.
    """
    book = Book(content)
    names = {search_key(as_text(name)): name for name in book.sheet_names}
    if search_key(GUIDE_SHEET) not in names:
        raise UnreadableFile(
            f"Tệp không có trang “{GUIDE_SHEET}” của mẫu nên không biết là của đơn vị nào, "
            "năm nào. Tải mẫu, chép số liệu sang rồi nạp lại."
        )
    guide = book.sheet(names[search_key(GUIDE_SHEET)])
    if errors := tuple(_foreign(guide, register)):
        return ReadWorkbook(errors=errors)
    sheets, errors = [], []
    for layout in register.layouts:
        name = names.get(search_key(layout.title))
        if name is None:
            errors.append(_missing_sheet(layout, book.sheet_names))
            continue
        sheets.append(_read_sheet(book.sheet(name), layout, register.words))
    return ReadWorkbook(tuple(sheets), tuple(errors))


def stored_workbook(stored: Mapping[str, Mapping], register: Register) -> ReadWorkbook:
    """What was read once, from how it was kept (`ReadSheet.stored`, by the layout's key)."""
    return ReadWorkbook(
        tuple(
            ReadSheet(
                layout,
                stored[layout.key]["name"],
                dict(stored[layout.key]["places"]),
                [(number, texts) for number, texts in stored[layout.key]["rows"]],
            )
            for layout in register.layouts
            if layout.key in stored
        )
    )


def _foreign(guide: Sheet, register: Register) -> Iterator[CellError]:
    """What the file says of itself that is not so of this register."""
    said = {}
    labels = {search_key(label): name for name, label in IDENTITY.items()}
    for number, row in enumerate(guide.rows, start=1):
        label, text = (as_text(cell) for cell in (*row, "", "")[:2])
        name = labels.get(search_key(label).rstrip(" :"))
        if name and name not in said:
            said[name] = (text, address(1, number))
    missing = [label for name, label in IDENTITY.items() if not said.get(name, ("",))[0]]
    if missing:
        yield CellError(
            f"Trang “{guide.name}” thiếu {', '.join(f'“{label}”' for label in missing)}. "
            "Tải mẫu mới, chép số liệu sang rồi nạp lại.",
            guide.name,
        )
        return
    owner, pilot_round = register.owner, register.pilot_round
    version, round_name, code, unit_name, year = (said[name][0] for name in IDENTITY)
    wrong = {}
    if version != str(VERSION):
        wrong["version"] = (
            f"Tệp làm theo mẫu cũ, phiên bản {version[:FEW_LETTERS]}; đang dùng phiên bản "
            f"{VERSION}. Tải mẫu mới, chép số liệu sang rồi nạp lại."
        )
    if round_name != as_text(pilot_round.name):
        wrong["pilot_round"] = (
            f"Đây là mẫu của đợt “{round_name}”, không phải của đợt “{pilot_round.name}”."
        )
    if code != owner.code:
        wrong["unit_code"] = (
            f"Đây là mẫu của {unit_name} (mã {code}), không phải của {owner.name_in_sentence} "
            f"(mã {owner.code}). Mỗi đơn vị nạp tệp của mình."
        )
    elif search_key(unit_name) != search_key(owner.name):
        wrong["unit_name"] = (
            f"Mã {code} là {owner.name_in_sentence}, không phải {unit_name}. Tải lại mẫu."
        )
    if year != str(register.year):
        wrong["year"] = (
            f"Đây là mẫu của năm {year}, trang này nhận kết quả năm {register.year}. "
            f"Chọn đúng năm rồi nạp lại, hoặc tải mẫu năm {register.year}."
        )
    for name, message in wrong.items():
        yield CellError(message, guide.name, said[name][1])


def _missing_sheet(layout: Layout, there: list[str]) -> CellError:
    others = ", ".join(f"“{name}”" for name in there if name != GUIDE_SHEET)
    there_are = f" Tệp đang có: {others}." if others else ""
    return CellError(
        f"Thiếu trang “{layout.title}”.{there_are} Đặt lại tên trang như trong mẫu; không cần "
        "điền gì thì cứ để nguyên trang."
    )


def _read_sheet(sheet: Sheet, layout: Layout, words: Mapping[str, str]) -> ReadSheet:
    head, places, errors = _find_columns(sheet, layout)
    faults, merged = _faults(sheet, places, head)
    told = {row for (row, _), said in faults.items() if said}
    texts = TextsByType()
    texts[str].update(words)
    rows = _filled_rows(sheet.rows[head + 1 :], places, head + 2, told, texts)
    if len(rows) > MAX_ROWS:
        raise UnreadableFile(
            f"Trang “{sheet.name}” có {len(rows)} dòng; mỗi trang nhiều nhất {MAX_ROWS} dòng."
        )
    return ReadSheet(
        layout,
        sheet.name,
        places,
        rows,
        faults,
        (*errors, *merged),
    )


def _filled_rows(
    body: list[list],
    places: Mapping[str, int],
    first: int,
    told: set[int],
    texts: TextsByType,
) -> list[Row]:
    """The rows with anything in a column of ours, and those of which a fault is told."""
    if not places:
        return []
    by_place = list(zip(*body, strict=True)) or [()] * (max(places.values()) + 1)
    columns = [texts.of_column(by_place[place]) for place in places.values()]
    rows = [
        (number, found)
        for number, found in enumerate(zip(*columns, strict=True), start=first)
        if any(found) or number in told
    ]
    beyond = sorted(number for number in told if number >= first + len(body))
    return rows + [(number, ("",) * len(places)) for number in beyond]


def _find_columns(sheet: Sheet, layout: Layout) -> tuple[int, dict[str, int], list[CellError]]:
    """The row of titles, where each column stands, and what is missing or there twice."""
    titles = [[_title(cell) for cell in row] for row in sheet.rows[:HEADS_SOUGHT_IN]]
    wanted = {search_key(title): name for name, title in layout.columns.items()}
    counts = [sum(title in wanted for title in set(row)) for row in titles]
    head = counts.index(max(counts)) if counts and max(counts) > 1 else 0
    row = titles[head] if titles else []
    places: dict[str, int] = {}
    errors = []
    for place, title in enumerate(row):
        name = wanted.get(title)
        if name is None:
            continue
        if name in places:
            errors.append(
                CellError(
                    f"Có hai cột “{layout.columns[name]}”, ở ô {address(places[name], head + 1)} "
                    "và ô này. Chỉ giữ một cột.",
                    sheet.name,
                    address(place, head + 1),
                )
            )
        places.setdefault(name, place)
    missing = [title for name, title in layout.columns.items() if name not in places]
    if missing:
        errors.append(
            CellError(
                f"Thiếu cột {', '.join(f'“{title}”' for title in missing)}. Đặt lại tên cột ở "
                f"hàng {head + 1} như trong mẫu.",
                sheet.name,
            )
        )
    return head, places, errors


def _title(cell: object) -> str:
    return search_key(as_text(cell)).rstrip(" *:")


def _faults(
    sheet: Sheet, places: Mapping[str, int], head: int
) -> tuple[dict[tuple[int, str], str], list[CellError]]:
    """Cells of the table that are formulas, error values or parts of merged cells."""
    names = {place: name for name, place in places.items()}
    faults = {}
    for cells, message in (
        (sheet.errors, "Ô này là giá trị lỗi của Excel (#N/A, #REF!…). Ghi lại, hoặc xóa trắng."),
        (
            sheet.formulas,
            "Ô này là công thức, hệ thống không lấy kết quả của công thức. Ghi số hoặc chữ, "
            "hoặc chép cột rồi Dán đặc biệt → Giá trị.",
        ),
    ):
        for row, place in sorted(cells):
            if row > head and place in names:
                faults[row + 1, names[place]] = message
    errors = []
    for (top, left), (bottom, right) in sheet.merged:
        rows = range(max(top, head), min(bottom, len(sheet.rows) - 1) + 1)
        inside = [names[place] for place in range(left, right + 1) if place in names]
        if not inside or not rows:
            continue
        for row in rows:
            for name in inside:
                faults.setdefault((row + 1, name), "")
        errors.append(
            CellError(
                f"Các ô {address(left, top + 1)}:{address(right, bottom + 1)} bị gộp. Bỏ gộp "
                "(Merge & Center), ghi riêng từng dòng.",
                sheet.name,
                address(left, top + 1),
            )
        )
    return faults, errors
