"""One cell: where it stands, and what a person sees in it."""

from collections.abc import Sequence
from datetime import date

from organisations.text import UNWRITABLE, nfc


def address(place: int, number: int) -> str:
    """ "F14": the cell in the column at that place, from nought, and the row of that number."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{number}"


def as_text(value: object) -> str:
    """The text of a cell, NFC and on one line: 316.0 is "316", 84.5 "84,5", a day dd/mm/yyyy.

    A number in a cell has one reading, so it gets a text that has only one: 84.125 becomes
    "84,1250", which nobody can take for thousands.
    """
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"  # as Excel shows it
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value)


def one_line(text: str) -> str:
    """Without what no database and no file can hold: a cell spells a NUL as _x0000_."""
    return " ".join(nfc(UNWRITABLE.sub(" ", text)).split())


def _number(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    text = repr(value).replace(".", ",")
    return f"{text}0" if "e" not in text and len(text.rpartition(",")[2]) == 3 else text


class Texts(dict[object, str]):
    """`as_text` for many cells of one type, most of which say what another said already."""

    def __missing__(self, value: object) -> str:
        text = self[value] = one_line(value) if isinstance(value, str) else as_text(value)
        return text


class TextsByType(dict[type, Texts]):
    """One memory for each type: True, 1 and 1.0 are one key and three texts."""

    def __missing__(self, kind: type) -> Texts:
        texts = self[kind] = Texts()
        return texts

    def of_column(self, cells: Sequence[object]) -> list[str]:
        """The texts of a whole column, most of which is of one type."""
        types = set(map(type, cells))
        if len(types) == 1:
            return list(map(self[types.pop()].__getitem__, cells))
        return [self[type(cell)][cell] for cell in cells]
