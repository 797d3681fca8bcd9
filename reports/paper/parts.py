"""The parts of an official paper (thể thức văn bản), as plain data.

The numbers of the "ô" are those of the diagram in Nghị định 30/2020/NĐ-CP, Phụ lục I, mục IV.
Lengths are in millimetres. Text is what a person reads, in NFC; a no-break space ties words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TypeAlias

from reports.paper.drawings import Drawing
from reports.paper.grids import Grid
from reports.paper.measuring import balanced, rule_under

BODY_SIZE = 14  # points, of everything that has no other size
ISSUER_SIZE = 13
ABOUT_SIZE, ABOUT_LINE = 12, 64.0  # points; millimetres of the left column of the head


@dataclass(frozen=True)
class Head:
    """Ô 1 to 4: who issues, under whom, the number (left to văn thư) and the place.

    `issuer` breaks into lines as offices write it. Without `place` there is no line of place and
    day (biên bản); without `symbol` none for the number. `about` is the “V/v …” of a công văn.
    """

    superior: str
    issuer: tuple[str, ...]
    symbol: str = ""
    place: str = ""
    about: str = ""

    @property
    def about_lines(self) -> tuple[str, ...]:
        """The “V/v …”, as it breaks into lines of about one length."""
        return balanced(self.about, ABOUT_SIZE, ABOUT_LINE, bold=False)

    @property
    def rule(self) -> float:
        """The length of the rule under the issuer, in millimetres; it stands in capitals."""
        return round(rule_under(tuple(line.upper() for line in self.issuer), ISSUER_SIZE), 1)


@dataclass(frozen=True)
class Name:
    """Ô 5a: the kind of paper (tên loại) and what it is about (trích yếu)."""

    kind: str
    subject: str

    @property
    def lines(self) -> tuple[str, ...]:
        """What it is about, as it breaks into lines: the rule under it is a part of the last."""
        return balanced(self.subject, BODY_SIZE)

    @property
    def rule(self) -> float:
        """The length of the rule under it, in millimetres."""
        return round(rule_under(self.lines, BODY_SIZE), 1)

    @property
    def said(self) -> list[str]:
        return [self.kind, self.subject]


@dataclass(frozen=True)
class Authority:
    """Who decides, in capitals over the căn cứ of a quyết định."""

    text: str

    @property
    def said(self) -> list[str]:
        return [self.text]


@dataclass(frozen=True)
class Addressees:
    """Ô 9a, “Kính gửi”: one stands on the same line, several in a list."""

    names: tuple[str, ...]
    through: str = ""  # "(qua Sở Giáo dục và Đào tạo)"

    @property
    def is_single(self) -> bool:
        return len(self.names) == 1

    @property
    def said(self) -> list[str]:
        return [*self.names, *filter(None, [self.through])]


@dataclass(frozen=True)
class Basis:
    """The căn cứ, each in italics on a line of its own; punctuation is part of the text."""

    lines: tuple[str, ...]

    @property
    def said(self) -> list[str]:
        return list(self.lines)


@dataclass(frozen=True)
class Heading:
    """“I. TIÊU ĐỀ” (1), “1. Tiêu đề” (2), “a) Tiêu đề” (3); the number is part of the text."""

    text: str
    level: int

    @property
    def said(self) -> list[str]:
        return [self.text]


@dataclass(frozen=True)
class Command:
    """“QUYẾT ĐỊNH:” alone on its line, in the middle."""

    text: str

    @property
    def said(self) -> list[str]:
        return [self.text]


@dataclass(frozen=True)
class Article:
    """“Điều 1.” in bold, and its sentence behind; the last one stays with the signature."""

    number: int
    text: str
    is_last: bool = False

    @property
    def stays_with_next(self) -> bool:
        return self.is_last or self.text.endswith(":")

    @property
    def said(self) -> list[str]:
        return [f"Điều {self.number}.", self.text]


@dataclass(frozen=True)
class Paragraph:
    text: str
    is_strong: bool = False

    @property
    def stays_with_next(self) -> bool:
        """What it announces stands on the same page."""
        return self.text.endswith(":")

    @property
    def said(self) -> list[str]:
        return [self.text]


@dataclass(frozen=True)
class Points:
    """Lines that begin with a dash."""

    lines: tuple[str, ...]

    @property
    def said(self) -> list[str]:
        return list(self.lines)


@dataclass(frozen=True)
class Small:
    """Lines smaller than the body: notes over or under a grid."""

    lines: tuple[str, ...]

    @property
    def said(self) -> list[str]:
        return list(self.lines)


@dataclass(frozen=True)
class Figure:
    """A hình with its caption under it, never parted; the paper gives it its number."""

    title: str
    drawing: Drawing
    number: int = 0
    is_half: bool = False  # two that follow each other stand side by side on a page across

    @property
    def caption(self) -> str:
        return f"Hình {self.number}. {self.title}"

    @property
    def alt(self) -> str:
        """Everything that is drawn, for a reader who does not see it."""
        return f"{self.title}. {self.drawing.alt}"

    @property
    def said(self) -> list[str]:
        return [*self.drawing.said, self.caption]


@dataclass(frozen=True)
class Signer:
    """Ô 7: quyền hạn ("TM. ỦY BAN NHÂN DÂN"), chức vụ, and the name where it is known."""

    authority: str
    position: str
    name: str

    @property
    def said(self) -> list[str]:
        return [text for text in (self.authority, self.position, self.name) if text]


@dataclass(frozen=True)
class Signature:
    """Ô 7 and 9b: what ends the paper, never alone on a page: `before` is its last sentence.

    With `other` two sign, the first at the left: thư ký and chủ tọa of a biên bản. `key` explains
    a table above it, where a page lies across: its title, then its lines, beside the signer.
    """

    before: str
    signer: Signer
    recipients: tuple[str, ...] = ()
    other: Signer | None = None
    key: tuple[str, ...] = ()

    @property
    def said(self) -> list[str]:
        """Two signers stand over the recipients, one beside them at the right."""
        behind = [*self.recipients, *self.key]
        if self.other:
            return [self.before, *self.other.said, *self.signer.said, *behind]
        return [self.before, *behind, *self.signer.said]


Part: TypeAlias = (
    Name
    | Authority
    | Addressees
    | Basis
    | Heading
    | Command
    | Article
    | Paragraph
    | Points
    | Grid
    | Small
    | Figure
    | Signature
)


@dataclass(frozen=True)
class Appendix:
    """“Phụ lục I”, on pages of its own, numbered anew from 1.

    `number` is Roman, or empty where there is only one; `of` ends the line “(Kèm theo …)”.
    """

    number: str
    title: str
    of: str
    parts: tuple[Part, ...]
    is_landscape: bool = False

    @property
    def heading(self) -> str:
        return f"Phụ lục {self.number}".strip()

    @property
    def said(self) -> list[str]:
        return [self.heading, self.title, *(text for part in self.parts for text in part.said)]


@dataclass(frozen=True)
class Paper:
    """A whole paper. `marks` say, boxed, why it must not be taken for an issued one.

    A copy of what was published elsewhere has no head; it has no appendices either.
    """

    title: str
    head: Head | None
    parts: tuple[Part, ...]
    appendices: tuple[Appendix, ...] = field(default=())
    marks: tuple[str, ...] = ()
    is_landscape: bool = False
    issuer: str = ""  # as it stands in a sentence: "Ủy ban nhân dân huyện Vĩnh Bảo"

    def __post_init__(self) -> None:
        """Figures are numbered through the whole paper, its appendices included."""
        numbers = count(1)
        parts = _with_figure_numbers(self.parts, numbers)
        appendices = tuple(
            replace(each, parts=_with_figure_numbers(each.parts, numbers))
            for each in self.appendices
        )
        object.__setattr__(self, "parts", parts)
        object.__setattr__(self, "appendices", appendices)

    @property
    def marks_after(self) -> int:
        """How many parts stand over the box of ô 11: up to the name, or one where there is none."""
        places = (n for n, part in enumerate(self.parts, start=1) if isinstance(part, Name))
        return next(places, 1)

    @property
    def said(self) -> list[str]:
        """Everything that is said, in reading order: what every format must carry."""
        inside = (*self.parts, *self.appendices)
        return [text for each in inside for text in each.said]


def with_ends(parts: Iterable[Part]) -> list[tuple[Part, bool]]:
    """Each part, and whether it is the end of the text: the last before the signature.

    A signature with only the closing sentence over it may be put under any text: the last lines
    of the body, or the last row of a table, go to its page with it.
    """
    given = list(parts)
    after = [*given[1:], None]
    return [
        (part, isinstance(follows, Signature)) for part, follows in zip(given, after, strict=True)
    ]


def _with_figure_numbers(parts: Iterable[Part], numbers: Iterator[int]) -> tuple[Part, ...]:
    return tuple(
        replace(part, number=next(numbers)) if isinstance(part, Figure) else part for part in parts
    )


def numbered(appendices: Iterable[Appendix]) -> tuple[Appendix, ...]:
    """With Roman numerals where there are several (Nghị định 30/2020, Phụ lục I, mục III)."""
    given = list(appendices)
    if len(given) < 2:
        return tuple(given)
    return tuple(
        Appendix(roman(place), each.title, each.of, each.parts, each.is_landscape)
        for place, each in enumerate(given, start=1)
    )


def roman(number: int) -> str:
    """1 → "I", 14 → "XIV"; for 1 to 39."""
    tens, ones = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]
