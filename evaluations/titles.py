"""Titles of Hội Khuyến học added up, for the grid and for reports (Quyết định 448/QĐ-KHVN).

They stand beside the other results and have no part in any level. Only communes in scope are
added up, as everywhere in a register. Not entered is not nought: a sum of nothing is None, and a
share is of those communes that gave both of its numbers.
"""

from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, Q, Sum

from evaluations.models import PilotRound, TitleCount, UnitResult
from evaluations.title_reading import Title
from organisations.models import Organisation


@dataclass(frozen=True)
class TitleTotal:
    """One title of many communes. `communes` are those in scope."""

    title: Title
    communes: int
    registered: int | None = None
    recognised: int | None = None
    out_of: int | None = None
    entered: int = 0  # communes that say how many are recognised
    compared: int = 0  # of those, the ones that also say out of how many
    achieved: int | None = None  # recognised in the communes compared
    total: int | None = None  # out of how many, there
    faulty: int = 0  # communes with something typed that could not be taken

    @property
    def missing(self) -> int:
        return self.communes - self.entered

    @property
    def share(self) -> Fraction | None:
        """Exact; None while no commune gave both numbers, or where there is nothing to count."""
        return Fraction(self.achieved, self.total) if self.total else None


@dataclass(frozen=True)
class CommuneTitles:
    """One commune's line and its four titles in the order of `Title`, empty where not entered."""

    line: UnitResult
    counts: tuple[TitleCount, ...]


@dataclass(frozen=True)
class DistrictTitles:
    """One district and its four titles in the order of `Title`."""

    district: Organisation
    totals: tuple[TitleTotal, ...]


def commune_lines(
    pilot_round: PilotRound, owner: Organisation | None = None, year: int | None = None
):
    """The lines that have titles: of one district or of all, of the round's year or another."""
    lines = UnitResult.objects.filter(
        pilot_round=pilot_round,
        year=year or pilot_round.year,
        kind=UnitResult.Kind.LEARNING_COMMUNITY,
    )
    return lines if owner is None else lines.filter(owner=owner)


def total_titles(lines) -> tuple[TitleTotal, ...]:
    """The four titles of a register, or of any part of one or of many, in two queries."""
    counted = lines.filter(in_scope=True).order_by()
    communes = counted.count()
    sums = _sums(counted)
    return tuple(_total(title, communes, sums.get((None, title))) for title in Title)


def titles_by_commune(lines) -> list[CommuneTitles]:
    """Every commune in scope with its titles, in two queries."""
    return [
        CommuneTitles(line, counts_of(line))
        for line in lines.filter(in_scope=True).select_related("unit").prefetch_related("titles")
    ]


def counts_of(line: UnitResult) -> tuple[TitleCount, ...]:
    """The four titles of one line. Reads `line.titles`: prefetch them where there are many."""
    known = {count.title: count for count in line.titles.all()}
    return tuple(known.get(title) or TitleCount(result=line, title=title) for title in Title)


def titles_by_district(lines) -> list[DistrictTitles]:
    """Every district with a commune in scope, in the order of codes, in three queries."""
    counted = lines.filter(in_scope=True).order_by()
    communes = dict(counted.values_list("owner").annotate(communes=Count("pk")))
    sums = _sums(counted, by="result__owner")
    return [
        DistrictTitles(
            district,
            tuple(
                _total(title, communes[district.pk], sums.get((district.pk, title)))
                for title in Title
            ),
        )
        for district in Organisation.objects.filter(pk__in=communes)
    ]


def _sums(lines, by: str | None = None) -> dict[tuple, dict]:
    """The numbers of `TitleTotal` by group and title, in one query."""
    groups = [by, "title"] if by else ["title"]
    both = Q(recognised__isnull=False, out_of__isnull=False)
    rows = (
        TitleCount.objects.filter(result__in=lines)
        .values(*groups)
        .annotate(
            all_registered=Sum("registered"),
            all_recognised=Sum("recognised"),
            all_out_of=Sum("out_of"),
            entered=Count("recognised"),
            compared=Count("pk", filter=both),
            achieved=Sum("recognised", filter=both),
            total=Sum("out_of", filter=both),
            faulty=Count("pk", filter=~Q(unread={})),
        )
    )
    return {(row.pop(by, None), row.pop("title")): row for row in rows}


def _total(title: Title, communes: int, sums: dict | None) -> TitleTotal:
    numbers = {name.removeprefix("all_"): number for name, number in (sums or {}).items()}
    return TitleTotal(title, communes, **numbers)
