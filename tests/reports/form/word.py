"""A Word file as an officer meets it: paragraphs in reading order, with the look that comes out of
their styles, and the sections and tables they stand in. Lengths are millimetres, sizes points.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from reports.paper.drawings import TileMap
from reports.paper.parts import Appendix, Figure, Paper, Part
from tests.reports.form.expected import Found, Kind, due_of, due_of_appendix, match

TWIPS = 1440 / 25.4  # in a millimetre
POINT = 20  # twips in a point
LENGTHS = (
    ("first_line", "w:ind", "w:firstLine", TWIPS),
    ("left", "w:ind", "w:left", TWIPS),
    ("right", "w:ind", "w:right", TWIPS),
    ("before", "w:spacing", "w:before", POINT),
    ("after", "w:spacing", "w:after", POINT),
)
ON = {None, "1", "true", "on"}


@dataclass(frozen=True)
class Look:
    """How a run of letters looks."""

    font: str = ""
    size: float = 0
    is_bold: bool = False
    is_italic: bool = False
    colour: str = "000000"
    language: str = ""


@dataclass(frozen=True)
class Form:
    """How a paragraph stands."""

    align: str = "left"
    first_line: float = 0
    left: float = 0
    right: float = 0
    before: float = 0
    after: float = 0
    line: float = 1.0  # single; points where it is exact
    is_exact: bool = False
    keeps_with_next: bool = False
    outline: int | None = None


@dataclass(frozen=True)
class Line:
    """A paragraph; `is_in_cell` of a table."""

    text: str
    style: str
    form: Form
    looks: frozenset[Look]
    section: int
    is_in_cell: bool
    has_border: bool
    ends_section: bool
    node: Any


@dataclass(frozen=True)
class Section:
    """The main text, or one appendix, with what was due in it."""

    appendix: Appendix | None
    parts: tuple[Part, ...]
    found: list[Found[Line]]
    faults: list[str]

    def of(self, *kinds: Kind) -> list[Found[Line]]:
        return [each for each in self.found if each.kind in kinds]


class WrittenWord:
    def __init__(self, name: str, paper: Paper, stamp: str, content: bytes):
        self.name, self.paper, self.stamp = name, paper, stamp
        self.document = Document(BytesIO(content))
        self._styles = {
            node.get(qn("w:styleId")): node
            for node in self.document.styles.element.iter(qn("w:style"))
        }
        self._known: dict[str, tuple[str, Form, Look]] = {}

    @cached_property
    def lines(self) -> list[Line]:
        return list(self._lines(self.document.element.body, [0], is_in_cell=False))

    @cached_property
    def sections(self) -> list[Section]:
        made = []
        for number, appendix in enumerate((None, *self.paper.appendices)):
            lines = [line for line in self.lines if line.section == number and line.text.strip()]
            due = due_of_appendix(appendix, self.paper) if appendix else due_of(self.paper)
            found, faults = match(due, lines, lambda line: line.text)
            made.append(Section(appendix, (appendix or self.paper).parts, found, faults))
        return made

    @property
    def main(self) -> Section:
        return self.sections[0]

    @property
    def found(self) -> list[Found[Line]]:
        return [each for section in self.sections for each in section.found]

    def of(self, *kinds: Kind) -> list[Found[Line]]:
        return [each for each in self.found if each.kind in kinds]

    def after(self, line: Line) -> Line | None:
        place = next(n for n, each in enumerate(self.lines) if each.node is line.node)
        return self.lines[place + 1] if place + 1 < len(self.lines) else None

    @property
    def tables(self) -> list[Any]:
        """Those with rules, which people read as tables; a map made of cells is none."""
        parts = (part for holder in self.sections for part in holder.parts)
        maps = {part.alt for part in parts if _is_map(part)}
        return [
            table
            for table in self.document.element.body.iter(qn("w:tbl"))
            if _value(table.tblPr, "w:tblStyle") == "TableGrid"
            and _value(table.tblPr, "w:tblCaption") not in maps
        ]

    def _lines(self, holder: Any, section: list[int], *, is_in_cell: bool) -> Iterator[Line]:
        for node in holder:
            if node.tag == qn("w:p"):
                line = self._line(node, section[0], is_in_cell)
                yield line
                section[0] += line.ends_section
            elif node.tag in {qn("w:tbl"), qn("w:tr")} or node.tag == qn("w:tc"):
                yield from self._lines(node, section, is_in_cell=True)

    def _line(self, node: Any, section: int, is_in_cell: bool) -> Line:
        properties = node.find(qn("w:pPr"))
        name, form, look = self._style(_value(properties, "w:pStyle") or "Normal")
        texts, looks = [], set()
        for run in node.iter(qn("w:r")):
            said = "".join(_said(each) for each in run)
            texts.append(said)
            if said.strip():
                looks.add(_look(run.find(qn("w:rPr")), look))
        is_bordered = properties is not None and properties.find(qn("w:pBdr")) is not None
        ends = properties is not None and properties.find(qn("w:sectPr")) is not None
        return Line(
            "".join(texts),
            name,
            _form(properties, form),
            frozenset(looks),
            section,
            is_in_cell,
            is_bordered,
            ends,
            node,
        )

    def _style(self, key: str) -> tuple[str, Form, Look]:
        """Its name, and what it makes of a paragraph and of its letters, all it is based on
        included."""
        if key not in self._known:
            node = self._styles[key]
            if based := _value(node, "w:basedOn"):
                _, form, look = self._style(based)
            else:
                defaults = self.document.styles.element.find(qn("w:docDefaults"))
                form = _form(defaults.find(f"{qn('w:pPrDefault')}/{qn('w:pPr')}"), Form())
                look = _look(defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}"), Look())
            self._known[key] = (
                _value(node, "w:name"),
                _form(node.find(qn("w:pPr")), form),
                _look(node.find(qn("w:rPr")), look),
            )
        return self._known[key]


def _is_map(part: Part) -> bool:
    return isinstance(part, Figure) and isinstance(part.drawing, TileMap)


def _said(node: Any) -> str:
    if node.tag == qn("w:t"):
        return node.text or ""
    return {qn("w:br"): "\n", qn("w:tab"): "\t"}.get(node.tag, "")


def _value(holder: Any, name: str, attribute: str = "w:val") -> str | None:
    found = None if holder is None else holder.find(qn(name))
    return None if found is None else found.get(qn(attribute))


def _is_on(holder: Any, name: str, otherwise: bool) -> bool:
    found = holder.find(qn(name))
    return otherwise if found is None else found.get(qn("w:val")) in ON


def _look(given: Any, base: Look) -> Look:
    if given is None:
        return base
    size = _value(given, "w:sz")
    return Look(
        _value(given, "w:rFonts", "w:ascii") or base.font,
        int(size) / 2 if size else base.size,
        _is_on(given, "w:b", base.is_bold),
        _is_on(given, "w:i", base.is_italic),
        _value(given, "w:color") or base.colour,
        _value(given, "w:lang") or base.language,
    )


def _form(given: Any, base: Form) -> Form:
    if given is None:
        return base
    form = base
    if align := _value(given, "w:jc"):
        form = replace(form, align=align)
    outline = _value(given, "w:outlineLvl")
    if outline is not None:
        form = replace(form, outline=int(outline))
    form = replace(form, keeps_with_next=_is_on(given, "w:keepNext", form.keeps_with_next))
    for field, holder, attribute, unit in LENGTHS:
        if length := _value(given, holder, attribute):
            form = replace(form, **{field: int(length) / unit})
    if line := _value(given, "w:spacing", "w:line"):
        is_exact = _value(given, "w:spacing", "w:lineRule") in {"exact", "atLeast"}
        form = replace(form, line=int(line) / (POINT if is_exact else 240), is_exact=is_exact)
    return form
