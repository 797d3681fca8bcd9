"""What is wrong with a workbook, cell by cell: message first, then where and of whom."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

FEW = 3  # as many places of one message are read one by one


@dataclass(frozen=True)
class CellError:
    """An error; `sheet`, `cell` and `subject` are empty where it is the file's or the sheet's."""

    message: str
    sheet: str = ""
    cell: str = ""
    subject: str = ""

    @property
    def place(self) -> str:
        """ "trang Xã, phường, ô F14" """
        parts = (f"trang {self.sheet}" if self.sheet else "", f"ô {self.cell}" if self.cell else "")
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        return " · ".join(part for part in (self.message, self.place, self.subject) if part)

    def stored(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class SameError:
    """One message and every place that it is said of."""

    message: str
    errors: tuple[CellError, ...]

    @property
    def is_repeated(self) -> bool:
        return len(self.errors) > FEW


@dataclass(frozen=True)
class SheetErrors:
    """The errors of one sheet, those that say the same told once."""

    sheet: str
    count: int
    groups: tuple[SameError, ...]

    @property
    def heading(self) -> str:
        return f"Trang {self.sheet}: {self.count} lỗi"


def grouped(errors: Iterable[CellError]) -> list[SheetErrors]:
    """Errors for a page: by sheet in the order of the file, then by message as it first comes."""
    by_sheet: dict[str, dict[str, list[CellError]]] = {}
    for error in errors:
        by_sheet.setdefault(error.sheet, {}).setdefault(error.message, []).append(error)
    return [
        SheetErrors(
            sheet,
            sum(len(same) for same in by_message.values()),
            tuple(SameError(message, tuple(same)) for message, same in by_message.items()),
        )
        for sheet, by_message in by_sheet.items()
    ]
