"""Excel files made of a sound one: other cells, other parts, other bytes."""

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

from tests.evaluations import samples
from tests.fuzz import texts
from tests.workbooks import parts_of

BOOK = "xl/workbook.xml"


@dataclass(frozen=True)
class Put:
    """A cell as XML; where it stood, or where there was none."""

    sheet: str
    place: str
    xml: bytes


@dataclass(frozen=True)
class File:
    content: bytes
    changes: tuple

    def __repr__(self) -> str:
        return f"File({len(self.content)} bytes, {self.changes!r})"


_VALUES = ("1", "0", "-1", "1e308", "NaN", "INF", "44890", "#N/A", "#DIV/0!", "2022-11-25", "0.1")
_VALUES += ("2022-11-25T00:00:00", "99999999999", "84.125", "-1e-320")
_spots = st.tuples(st.sampled_from("AABCDEFGHIJKLMNOPQRSTUV"), st.integers(1, 14)).map(
    lambda spot: f"{spot[0]}{spot[1]}"
)
_places = st.one_of(
    *[_spots] * 9, st.sampled_from(["XFD1048576", "A1048577", "ZZZZ9", "", "1A", "a1"])
)
_escaped = st.sampled_from(
    ["_x0000_", "_x000D_", "_xD800_", "_xFFFF_", "_x005F_x0000_", "a_x0001_b", "_xd83d__xDE00_"]
)
_words = st.sampled_from(
    ["Có", "Không", "Tốt", "Khá", "kha\u0301", "Trung bình", "316-001", "11866", "316-002", "SYT"]
    + ["=1+1", "editor", "leader", "Tâm", "TRUE", "1", "0", "31/12/2022", "100", "84,5"]
)
_texts = st.one_of(texts.anything, texts.numbers, texts.days, _escaped, _words, _words)


def _in_xml(text: str) -> bytes:
    return texts.said(escape(text))


def _inline(text: str) -> bytes:
    return b't="inlineStr"><is><t xml:space="preserve">' + _in_xml(text) + b"</t></is>"


def _valued(kind: str, formula: bool) -> st.SearchStrategy[bytes]:
    def made(text: str) -> bytes:
        said = b"<f>" + _in_xml(text) + b"</f>" if formula else b""
        return b't="' + kind.encode() + b'">' + said + b"<v>" + _in_xml(text) + b"</v>"

    return st.one_of(_texts, st.sampled_from(_VALUES)).map(made)


_contents = st.one_of(
    _texts.map(_inline),
    _texts.map(_inline),
    st.tuples(st.sampled_from(["n", "b", "e", "str", "d", "s", "x"]), st.booleans()).flatmap(
        lambda case: _valued(*case)
    ),
    st.sampled_from(
        [b't="inlineStr"><is/>', b't="e"/>', b'r="A1"><v>', b's="99999"><v>1</v>', b"><f/>"]
    ),
)


@st.composite
def _cell(draw, sheets: list[str]) -> Put:
    place = draw(_places)
    xml = b"<c r=%s " % quoteattr(place).encode() + draw(_contents) + b"</c>"
    return Put(draw(st.sampled_from(sheets)), place, xml)


def _put(xml: bytes, put: Put) -> bytes:
    """In the place of what stood there; else at the end of the row, or in a row of its own."""
    place = re.escape(put.place.encode())
    there = re.compile(rb'<c r="%s"[^>]*?(?:/>|>.*?</c>)' % place, re.S)
    if there.search(xml):
        return there.sub(lambda _: put.xml, xml, count=1)
    number = re.sub(rb"\D", b"", put.place.encode()) or b"1"
    row = re.compile(rb'(<row r="%s"[^>]*?)(/>|>)' % number)
    if found := row.search(xml):
        end = b"</row>" if found[2] == b"/>" else b""
        return xml[: found.end(1)] + b">" + put.xml + end + xml[found.end() :]
    return xml.replace(b"</sheetData>", b'<row r="%s">%s</row></sheetData>' % (number, put.xml))


_tails = st.sampled_from(
    [
        b'<mergeCells count="1"><mergeCell ref="A1:C3"/></mergeCells>',
        b'<mergeCells><mergeCell ref="B2:XFD1048576"/></mergeCells>',
        b'<mergeCells><mergeCell ref="C3:A1"/><mergeCell ref="A0:B0"/></mergeCells>',
        b'<mergeCells><mergeCell ref=""/><mergeCell ref="A2"/></mergeCells>',
        b'<autoFilter ref="A1:H9"/>',
    ]
)
_book_changes = st.sampled_from(
    [
        (b"<sheet ", b'<sheet state="veryHidden" '),
        (b"Danh hi\xe1\xbb\x87u", b"Danh hie\xcc\xa3\xcc\x82u"),
        ("Cơ quan".encode(), "CƠ QUAN ".encode()),
        ("Hướng dẫn".encode(), b"x"),
        (b"</sheets>", b'<sheet name="x" sheetId="9" r:id="rId1"/></sheets>'),
        (b"</sheets>", b'<sheet name="" sheetId="9" r:id="rId99"/></sheets>'),
        (b"<workbookPr", b'<workbookPr date1904="1"'),
        (b"<sheets>", b"<sheets><!-- x -->"),
    ]
)


@st.composite
def cells(draw, content: bytes) -> File:
    """A workbook as a spreadsheet program could have written it, more or less."""
    made = parts_of(content)
    sheets = sorted(name for name in made if name.startswith("xl/worksheets/sheet"))
    changes: list = []
    for _ in range(draw(st.integers(1, 6))):
        put = draw(_cell(sheets))
        made[put.sheet] = _put(made[put.sheet], put)
        changes.append(put)
    if draw(st.integers(0, 4)) == 0:
        sheet, tail = draw(st.sampled_from(sheets)), draw(_tails)
        made[sheet] = made[sheet].replace(b"</sheetData>", b"</sheetData>" + tail)
        changes.append((sheet, tail))
    if draw(st.integers(0, 5)) == 0:
        before, after = draw(_book_changes)
        made[BOOK] = made[BOOK].replace(before, after, 1)
        changes.append((before, after))
    return File(samples.zipped(made), tuple(changes))


@st.composite
def parts(draw, content: bytes) -> File:
    """A sound zip whose parts are not: bytes changed, left out, called otherwise."""
    made = parts_of(content)
    changes: list = []
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(made)))
        way = draw(st.sampled_from(["bytes"] * 4 + ["drop", "rename", "copy", "attribute"]))
        changes.append((way, name))
        if way == "drop":
            del made[name]
        elif way == "rename":
            other = draw(texts.hostile).replace("\x00", "")[:60]
            writable = other.encode("utf-8", "replace").decode()  # no zip has half a letter
            made[writable or "x"] = made.pop(name)
        elif way == "copy":
            made[name] = made[draw(st.sampled_from(sorted(made)))]
        elif way == "attribute":
            said = draw(
                st.sampled_from([b"-1", b"9" * 30, b"9" * 5000, b"", b"x", b"A1:", b"../x"])
            )
            found = list(re.finditer(rb'="([^"]*)"', made[name]))
            if found:
                spot = draw(st.sampled_from(found))
                made[name] = made[name][: spot.start(1)] + said + made[name][spot.end(1) :]
                changes.append((spot.start(1), said))
        else:
            made[name], change = draw(_spoilt(made[name]))
            changes.append(change)
        if not made:
            break
    return File(samples.zipped(made), tuple(changes))


@st.composite
def _spoilt(draw, data: bytes) -> tuple[bytes, tuple]:
    place = draw(st.integers(0, len(data)))
    size = draw(st.sampled_from([0, 0, 1, 1, 2, 8, 64, 1000]))
    put = draw(st.one_of(st.binary(max_size=8), texts.hostile.map(texts.said)))
    return data[:place] + put + data[place + size :], (place, size, put)


@st.composite
def bytes_of(draw, content: bytes) -> File:
    """A file that a disk, a line or malice has been at. Its ends hold the zip's own words."""
    changes: list = []
    made = content
    for _ in range(draw(st.integers(1, 4))):
        near_end = draw(st.booleans())
        place = draw(st.integers(0, min(len(made), 1500)))
        place = len(made) - place if near_end else place
        size = draw(st.sampled_from([0, 1, 1, 2, 4, 4, 30]))
        put = draw(
            st.one_of(
                st.binary(min_size=size, max_size=size),
                st.sampled_from([b"\xff" * size, b"\0" * size, b"PK\x05\x06", b"PK\x01\x02", b""]),
            )
        )
        made = made[:place] + put + made[place + size :]
        changes.append((place, size, put))
    if draw(st.integers(0, 9)) == 0:
        cut = draw(st.integers(0, len(made)))
        made = made[:cut]
        changes.append(("cut", cut))
    return File(made, tuple(changes))
