"""The grid of one title of Hội Khuyến học: its communes, its totals, where it leads.

It is the register of communes seen from another side: the same lines, with three counts each.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, prefetch_related_objects
from django.urls import reverse

from criteria.numbers import show_number, show_percent
from evaluations.actions.unit_results import SavedLine, TypedLine
from evaluations.determination import Mark
from evaluations.grid import Register
from evaluations.grid.shown import Filter, ShownRow, row_after
from evaluations.models import TitleCount, UnitEvent, UnitResult
from evaluations.title_reading import PARTS, Title, doubts, names_of, read_titles, shown_titles
from evaluations.titles import TitleTotal, counts_of, total_titles
from organisations.models import User

SLUGS = {
    Title.FAMILY: "gia-dinh",
    Title.CLAN: "dong-ho",
    Title.COMMUNITY: "cong-dong",
    Title.UNIT: "don-vi",
}
NOUNS = {
    Title.FAMILY: "gia đình",
    Title.CLAN: "dòng họ",
    Title.COMMUNITY: "thôn, tổ dân phố",
    Title.UNIT: "đơn vị thuộc xã",
}


@dataclass(frozen=True)
class TitleGrid:
    """One title in one register of communes."""

    register: Register
    title: Title

    @property
    def slug(self) -> str:
        return SLUGS[self.title]

    @property
    def year(self) -> int:
        return self.register.year

    @property
    def noun(self) -> str:
        """What is counted."""
        return NOUNS[self.title]

    @property
    def columns(self) -> list[str]:
        return ["Đăng ký", "Được công nhận", f"Tổng số {self.noun}"]

    @cached_property
    def totals(self) -> tuple[TitleTotal, ...]:
        return total_titles(self.register.lines)

    @property
    def tabs(self) -> list["Tab"]:
        """All titles with their totals; one of them is this."""
        return [Tab(replace(self, title=total.title), total) for total in self.totals]

    def get_absolute_url(self) -> str:
        register = self.register
        url = reverse("evaluations:titles", args=[register.pilot_round.pk, register.owner.pk])
        asked = {"danh-hieu": self.slug}
        if not register.is_of_the_round:
            asked["nam"] = str(register.year)
        return f"{url}?{urlencode(asked)}"

    def of_year(self, year: int) -> "TitleGrid":
        return TitleGrid(self.register.of_year(year), self.title)

    def filters(self) -> list[Filter]:
        """In the order of the page, with how many lines each leaves; one query more."""
        counts = TitleCount.objects.filter(result=OuterRef("pk"), title=self.title)
        is_entered = Exists(counts.filter(recognised__isnull=False))
        is_faulty = Exists(counts.exclude(unread={}))
        total = next(total for total in self.totals if total.title == self.title)
        excluded = self.register.lines.filter(in_scope=False).count()
        return [
            Filter("", "Tất cả", Q(), total.communes + excluded),
            Filter("chua-nhap", "Chưa nhập", Q(~is_entered, in_scope=True), total.missing),
            Filter("can-sua", "Cần sửa", Q(is_faulty, in_scope=True), total.faulty),
            Filter("ngoai-pham-vi", "Ngoài phạm vi", Q(in_scope=False), excluded),
        ]

    def rows(self, lines: Iterable[UnitResult], start: int = 1) -> list["TitleRow"]:
        """A page of lines with `unit` and `titles`, numbered from `start`; one query more."""
        lines = list(lines)
        past = self._past(lines)
        return [
            replace(row_of(self.title, line, number), past=past.get(line.unit_id))
            for number, line in enumerate(lines, start)
        ]

    def last_saved(self) -> "LastSaved | None":
        """The last word on any title of the register; the lines themselves do not know of it."""
        events = UnitEvent.objects.filter(result__in=self.register.lines.order_by(), kind="titles")
        last = events.select_related("by").first()
        return last and LastSaved(last.at, last.by)

    def _past(self, lines: list[UnitResult]) -> dict[int, TitleCount]:
        """What the same communes had the year before, by unit; the round knows one such year."""
        if not self.register.is_of_the_round:
            return {}
        before = self.register.of_year(self.year - 1).lines.order_by()
        counts = TitleCount.objects.filter(
            result__in=before.filter(unit__in=[line.unit_id for line in lines]), title=self.title
        )
        return {count.result.unit_id: count for count in counts.select_related("result")}


@dataclass(frozen=True)
class LastSaved:
    """When and by whom something was last saved, under the names of a line."""

    updated_at: datetime
    updated_by: User

    @property
    def updated_by_id(self) -> int:
        return self.updated_by.pk


@dataclass(frozen=True)
class Tab:
    """One title of a register with its totals as a page shows them."""

    grid: TitleGrid
    total: TitleTotal

    @property
    def label(self) -> str:
        return self.total.title.label

    @property
    def registered(self) -> str:
        return _shown(self.total.registered)

    @property
    def recognised(self) -> str:
        return _shown(self.total.recognised)

    @property
    def figure(self) -> str:
        """ "12.345/15.000" of the communes that gave both, so that it is what the share says."""
        if not self.share:
            return self.recognised
        return f"{_shown(self.total.achieved)}/{_shown(self.total.total)}"

    @property
    def share(self) -> str:
        return "" if self.total.share is None else show_percent(self.total.share)

    @property
    def left_out(self) -> int:
        """Communes whose recognised are not in the figure, for want of a total."""
        return self.total.entered - self.total.compared if self.share else 0


@dataclass(frozen=True)
class Cell:
    """One count of a row as a page shows it."""

    name: str
    part: str
    label: str
    text: str
    is_wrong: bool

    @property
    def read(self) -> str:
        """The same for who only reads: thousands grouped, what is no count as it was typed."""
        return show_number(int(self.text)) if self.text and not self.is_wrong else self.text


@dataclass(frozen=True, kw_only=True)
class TitleRow(ShownRow):
    """One commune's counts of one title. A commune's other titles have pages of their own."""

    title: Title
    count: TitleCount
    past: TitleCount | None = None

    def label_of(self, name: str) -> str:
        return PARTS[name.removeprefix(f"{self.title}_")].capitalize()

    @property
    def cells(self) -> list[Cell]:
        return [
            Cell(name, part, self.label_of(name), self.shown[name], name in self.wrong)
            for part, name in names_of(self.title).items()
        ]

    @property
    def mark(self) -> Mark | None:
        """What is not as it should be; nothing of a row that is complete."""
        if not self.line.in_scope:
            return Mark("na", "Ngoài phạm vi")
        if self.count.unread:
            return Mark("ask", "Cần sửa")
        return Mark("empty", "Chưa nhập") if self.count.recognised is None else None

    @property
    def share(self) -> str:
        return "" if self.count.share is None else show_percent(self.count.share)

    @property
    def figure(self) -> str:
        return _figure(self.count)

    @property
    def past_figure(self) -> str:
        """That of the year before."""
        return _figure(self.past) if self.past else ""

    @property
    def doubts(self) -> list[str]:
        """What may be right and is worth a second look."""
        said = doubts(read_titles(self.shown).values)
        return [said[name] for name in names_of(self.title).values() if name in said]

    def after(
        self,
        typed: TypedLine,
        saved: SavedLine,
        errors: Mapping[str, str],
        *,
        is_same_page: bool,
    ) -> "TitleRow":
        """The row after a save, with what is wrong about its own title."""
        found = _of(self.title, saved.problems)
        own = replace(saved, problems=found)
        return row_after(self, typed, own, errors, is_same_page=is_same_page)


def row_of(title: Title, line: UnitResult, number: int = 0) -> TitleRow:
    """A line with `titles` as its page shows it."""
    shown = shown_titles(line)
    return TitleRow(
        line=line,
        title=title,
        count=next(count for count in counts_of(line) if count.title == title),
        shown=shown,
        base=_of(title, shown),
        wrong=_of(title, read_titles(shown).problems),
        number=number,
    )


def rows_of_commune(line: UnitResult) -> list[TitleRow]:
    """All titles of one commune, to read."""
    prefetch_related_objects([line], "titles")
    return [row_of(title, line) for title in Title]


def _figure(count: TitleCount) -> str:
    """ "1.204/1.500": recognised, out of how many."""
    if count.recognised is None:
        return ""
    total = "" if count.out_of is None else f"/{show_number(count.out_of)}"
    return show_number(count.recognised) + total


def _of(title: Title, texts: Mapping[str, str]) -> dict[str, str]:
    """Those of the texts that belong to one title, in the order of its fields."""
    return {name: texts[name] for name in names_of(title).values() if name in texts}


def _shown(number: int | None) -> str:
    return "–" if number is None else show_number(number)
