"""The workbook as tables of values, with what must be known of a sheet before it is believed."""

from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from organisations.office_files import BrokenFile
from organisations.spreadsheets.cells import address, as_text
from organisations.spreadsheets.package import BROKEN, Package, UnreadableFile
from organisations.spreadsheets.sheet_xml import survey

# The library makes room for the whole rectangle that the filled cells span.
MAX_SPANNED_CELLS = 4_000_000


@dataclass(frozen=True)
class Sheet:
    """One sheet from its cell A1 on; places are (row, column) from nought, `name` is `as_text`."""

    name: str
    rows: list[list[Any]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()
    errors: frozenset[tuple[int, int]] = frozenset()


class Book:
    """An .xlsx file. Raises UnreadableFile for what is none, and for one that is unsafe to read."""

    def __init__(self, content: bytes):
        self._package = Package(content)
        try:
            self._book = CalamineWorkbook.from_filelike(BytesIO(content))
        except CalamineError as error:
            raise UnreadableFile(BROKEN) from error

    @cached_property
    def sheet_names(self) -> list[str]:
        """Of the sheets that have cells, in the order of the tabs, hidden ones too."""
        known = self._package.sheet_parts
        return [name for name in self._book.sheet_names if name in known]

    def sheet(self, name: str) -> Sheet:
        try:
            seen = survey(self._package.sheet_xml(name))
            spanned = (seen.last_row + 1) * (seen.last_column + 1)
            if spanned > MAX_SPANNED_CELLS:
                raise UnreadableFile(
                    f"Trang “{as_text(name)}” có ô đã điền ở rất xa bảng, đến tận ô "
                    f"{address(seen.last_column, seen.last_row + 1)}. "
                    "Xóa các dòng, cột thừa rồi nạp lại."
                )
            table = self._book.get_sheet_by_name(name)
            rows = table.to_python(skip_empty_area=False)
        except (CalamineError, BrokenFile, KeyError) as error:
            raise UnreadableFile(BROKEN) from error
        return Sheet(
            as_text(name),
            rows,
            merged=tuple(table.merged_cell_ranges or ()),
            formulas=frozenset(seen.formulas),
            errors=frozenset(seen.errors),
        )
