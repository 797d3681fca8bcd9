"""What a paper must say, line by line, in the order of the ô of Nghị định 30/2020, Phụ lục I, IV.

The same list is looked for in the PDF and in the Word file, whose paragraphs then have to look as
the decree says for their kind.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from reports.paper import parts
from reports.paper.grids import Grid
from reports.paper.parts import Appendix, Head, Paper
from reports.paper.word import MOTTO, NATION


class Kind(StrEnum):
    SUPERIOR = "cơ quan chủ quản"
    ISSUER = "cơ quan ban hành"
    NATION = "Quốc hiệu"
    MOTTO = "Tiêu ngữ"
    NUMBER = "số, ký hiệu"
    ABOUT = "trích yếu công văn"
    PLACE = "địa danh, ngày tháng"
    NAME = "tên loại"
    SUBJECT = "trích yếu"
    MARK = "dấu"
    AUTHORITY = "thẩm quyền ban hành"
    ADDRESSEE = "Kính gửi"
    BASIS = "căn cứ"
    COMMAND = "QUYẾT ĐỊNH:"
    ARTICLE = "điều"
    HEADING_1 = "mục I."
    HEADING_2 = "khoản 1."
    HEADING_3 = "điểm a)"
    BODY = "lời văn"
    STRONG = "lời văn đậm"
    NOTE = "ghi chú"
    CAPTION = "tên hình"
    CLOSING = "câu kết"
    FOR = "Nơi nhận:"
    RECIPIENT = "nơi nhận"
    KEY = "chú giải"
    AUTHORITY_OF_SIGNER = "quyền hạn"
    POSITION = "chức vụ"
    SIGNER = "họ tên"
    APPENDIX = "Phụ lục"
    APPENDIX_TITLE = "tên phụ lục"
    ANNEXED = "(Kèm theo …)"


TEXT = {Kind.BODY, Kind.STRONG, Kind.BASIS, Kind.ARTICLE, Kind.CLOSING}  # of ô 6, in sentences
HEADINGS = (Kind.HEADING_1, Kind.HEADING_2, Kind.HEADING_3)
SIGNED = {Kind.AUTHORITY_OF_SIGNER, Kind.POSITION, Kind.SIGNER}
APPENDIX_HEAD = {Kind.APPENDIX, Kind.APPENDIX_TITLE, Kind.ANNEXED}


@dataclass(frozen=True)
class Due:
    """A line or a paragraph that has to be there."""

    kind: Kind
    text: str
    part: object = None

    def __str__(self) -> str:
        return f"{self.kind} “{self.text[:50]}”"


class Said(Protocol):
    text: str


Block = TypeVar("Block", bound=Said)


@dataclass(frozen=True)
class Found(Generic[Block]):
    """What was due, and the blocks it stands in: two where a page ends within it."""

    due: Due
    blocks: tuple[Block, ...]

    @property
    def kind(self) -> Kind:
        return self.due.kind

    @property
    def first(self) -> Block:
        return self.blocks[0]

    @property
    def last(self) -> Block:
        return self.blocks[-1]

    def __str__(self) -> str:
        return str(self.due)


def plain(text: str) -> str:
    """As it is read aloud: spaces of every kind and length are one."""
    return " ".join(text.split())


def due_of(paper: Paper) -> list[Due]:
    """Of the main text; each of its appendices has a list of its own, `due_of_appendix`."""
    found = list(_head(paper.head)) if paper.head else []
    marks = [Due(Kind.MARK, " ".join(paper.marks).upper())] if paper.marks else []
    names = [n for n, part in enumerate(paper.parts) if isinstance(part, parts.Name)]
    place = names[0] if names else 0
    for number, part in enumerate(paper.parts):
        found += _of_part(part)
        found += marks if number == place else []
    return [Due(each.kind, plain(each.text), each.part) for each in found]


def due_of_appendix(appendix: Appendix, paper: Paper) -> list[Due]:
    symbol = paper.head.symbol if paper.head else ""
    number = f" số {symbol}" if symbol else ""  # a paper without a number is named without one
    annexed = f"(Kèm theo {appendix.of}{number} ngày tháng năm của {paper.issuer})"
    found = [
        Due(Kind.APPENDIX, appendix.heading, appendix),
        Due(Kind.APPENDIX_TITLE, appendix.title, appendix),
        Due(Kind.ANNEXED, annexed, appendix),
        *(due for part in appendix.parts for due in _of_part(part)),
    ]
    return [Due(each.kind, plain(each.text), each.part) for each in found]


def match(
    due: Iterable[Due], blocks: Sequence[Block], read: Callable[[Block], str]
) -> tuple[list[Found[Block]], list[str]]:
    """Each of `due` with its blocks, in the order of both; and what is not there in that order."""
    found, faults, place = [], [], 0
    for each in due:
        wanted = _squeezed(each.text)
        start = next(
            (n for n in range(place, len(blocks)) if _stands_at(wanted, blocks, n, read)), None
        )
        if start is None:
            faults.append(f"{each} is missing, or not in its place")
            continue
        place = start + _length(wanted, blocks, start, read)
        found.append(Found(each, tuple(blocks[start:place])))
    return found, faults


def _squeezed(text: str) -> str:
    """Without spaces: where a line ends, and how long a blank is, is the layout's affair."""
    return "".join(text.split())


def _stands_at(wanted: str, blocks: Sequence[Block], place: int, read) -> bool:
    return _length(wanted, blocks, place, read) > 0


def _length(wanted: str, blocks: Sequence[Block], place: int, read) -> int:
    """Of how many blocks from there on it is the text; 0 where it is not."""
    said = ""
    for count, block in enumerate(blocks[place : place + 3], start=1):
        said += _squeezed(read(block))
        if said == wanted:
            return count
        if not said or not wanted.startswith(said):
            return 0
    return 0


def _head(head: Head) -> Iterator[Due]:
    if head.superior:
        yield Due(Kind.SUPERIOR, head.superior.upper(), head)
    for line in head.issuer:
        yield Due(Kind.ISSUER, line.upper(), head)
    yield Due(Kind.NATION, NATION, head)
    yield Due(Kind.MOTTO, MOTTO, head)
    if head.symbol:
        yield Due(Kind.NUMBER, f"Số: {head.symbol}", head)
    if head.about:
        yield Due(Kind.ABOUT, head.about, head)
    if head.place:
        yield Due(Kind.PLACE, f"{head.place}, ngày tháng năm", head)


def _of_part(part: parts.Part) -> list[Due]:
    return [Due(kind, text, part) for kind, text in _LINES[type(part)](part)]


Lines = Iterator[tuple[Kind, str]]


def _addressees(part: parts.Addressees) -> Lines:
    if part.is_single:
        yield Kind.ADDRESSEE, f"Kính gửi: {part.names[0]} {part.through}"
        return
    yield Kind.ADDRESSEE, "Kính gửi:"
    for name in part.names[:-1]:
        yield Kind.ADDRESSEE, f"- {name};"
    yield Kind.ADDRESSEE, f"- {part.names[-1]}."


def _heading(part: parts.Heading) -> Lines:
    yield HEADINGS[part.level - 1], part.text.upper() if part.level == 1 else part.text


def _signature(part: parts.Signature) -> Lines:
    if part.before:
        yield Kind.CLOSING, part.before
    if part.other:
        yield from _signer(part.other)
        yield from _signer(part.signer)
        yield from _recipients(part)
    else:
        yield from _recipients(part)
        yield from ((Kind.KEY, line) for line in part.key)
        yield from _signer(part.signer)


def _signer(signer: parts.Signer) -> Lines:
    if signer.authority:
        yield Kind.AUTHORITY_OF_SIGNER, signer.authority.upper()
    yield Kind.POSITION, signer.position.upper()
    if signer.name:
        yield Kind.SIGNER, signer.name


def _recipients(part: parts.Signature) -> Lines:
    if part.recipients:
        yield Kind.FOR, "Nơi nhận:"
        for name in part.recipients[:-1]:
            yield Kind.RECIPIENT, f"- {name};"
        yield Kind.RECIPIENT, f"- {part.recipients[-1]}."


def _lines_as(kind: Kind, before: str = "") -> Callable[[parts.Part], Lines]:
    return lambda part: ((kind, f"{before}{line}") for line in part.lines)


_LINES: dict[type, Callable[[parts.Part], Iterable[tuple[Kind, str]]]] = {
    parts.Name: lambda part: [(Kind.NAME, part.kind.upper()), (Kind.SUBJECT, part.subject)],
    parts.Authority: lambda part: [(Kind.AUTHORITY, part.text.upper())],
    parts.Addressees: _addressees,
    parts.Basis: _lines_as(Kind.BASIS),
    parts.Heading: _heading,
    parts.Command: lambda part: [(Kind.COMMAND, part.text.upper())],
    parts.Article: lambda part: [(Kind.ARTICLE, f"Điều {part.number}. {part.text}")],
    parts.Paragraph: lambda part: [(Kind.STRONG if part.is_strong else Kind.BODY, part.text)],
    parts.Points: _lines_as(Kind.BODY, "- "),
    parts.Small: _lines_as(Kind.NOTE),
    parts.Figure: lambda part: [(Kind.CAPTION, part.caption)],
    Grid: lambda part: [],  # read by itself: its cells are no lines of the text
    parts.Signature: _signature,
}
