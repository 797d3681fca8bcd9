"""What the reading library does not tell of a sheet: formulas, error values, how far it reaches.

Almost every sheet has none of it, which a few searches over its bytes tell; only else is it
parsed.
"""

import re
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate

from organisations.office_files import BrokenFile

MAX_MERGED_CELLS = 10_000

_FORMULA = (re.compile(rb"<f[\s/>]"), re.compile(rb":f[\s/>]"))
_ERROR = re.compile(rb't="e"')
# A cell beyond column Z or row 99,999, or that does not say in the usual way where it stands.
_ELSEWHERE = (re.compile(rb'<c(?! r="[A-Z][0-9]{1,5}")[\s/>]'), re.compile(rb":c[\s/>]"))
_ODDITIES = (*_FORMULA, _ERROR, *_ELSEWHERE)

_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")
_CLOSED = re.compile(rb"</(?:\w+:)?(?:v|is|f)>|<(?:\w+:)?f\s[^>]*/>")
_ROW_END = re.compile(rb"</(?:\w+:)?row>")
_DATA_END = re.compile(rb"</(?:\w+:)?sheetData>")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]+[0-9]+):([A-Z]+[0-9]+)"\s*/>')


@dataclass
class Survey:
    """Cells by (row, column), both from nought; the last filled row and column."""

    formulas: set[tuple[int, int]] = field(default_factory=set)
    errors: set[tuple[int, int]] = field(default_factory=set)
    last_row: int = 0
    last_column: int = 0


def survey(xml: bytes) -> Survey:
    """What is odd about a sheet; the extent is told only of one that is. Raises BrokenFile."""
    if not any(oddity.search(xml) for oddity in _ODDITIES):
        return Survey()
    return _parsed(xml)


def trimmed(xml: bytes) -> bytes:
    """The sheet without the empty rows under its last filled one, and without giant merges."""
    data_end = _DATA_END.search(xml)
    if data_end is None:
        return xml
    tail = _MERGED.sub(_kept_merge, xml[data_end.start() :])
    tail = re.sub(rb"<(\w+:)?mergeCells[^>]*>\s*</(\w+:)?mergeCells>", b"", tail)
    data = xml[: data_end.start()]
    last = max((match.end() for match in _CLOSED.finditer(data)), default=None)
    row_end = _ROW_END.search(data, last) if last else None
    return (data[: row_end.end()] if row_end else data) + tail


def _kept_merge(match: re.Match[bytes]) -> bytes:
    (top, left), (bottom, right) = (_position(corner.decode()) for corner in match.groups())
    size = (bottom - top + 1) * (right - left + 1)
    return match[0] if size <= MAX_MERGED_CELLS else b""


def _position(cell: str) -> tuple[int, int]:
    """ "B3" → (2, 1)"""
    found = _ADDRESS.fullmatch(cell)
    if found is None:
        raise BrokenFile
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _parsed(xml: bytes) -> Survey:
    found = Survey()
    row, column = -1, -1

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        tag = name.rpartition(":")[2]
        if tag == "c":
            stands = attributes.get("r")
            row, column = _position(stands) if stands else (row, column + 1)
            if attributes.get("t") == "e":
                found.errors.add((row, column))
        elif tag == "row":
            row, column = int(attributes.get("r", row + 2)) - 1, -1
        elif tag in ("v", "is", "f"):
            found.last_row = max(found.last_row, row)
            found.last_column = max(found.last_column, column)
            if tag == "f":
                found.formulas.add((row, column))

    parser = ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(xml, True)
    except (ExpatError, ValueError) as error:
        raise BrokenFile from error
    return found
