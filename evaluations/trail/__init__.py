"""The trail of a dossier (quá trình): what was done to it and what of it was read, newest first.

Four tables tell it: the events, what closed sessions of the council concluded, the openings of
files that it cites, and what was fetched of the dossier as a whole. They are put in one order by
the database and read a page at a time, in a constant number of queries.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import CharField, F, Q, QuerySet, Value

from evaluations.models import (
    CouncilSession,
    DossierAccess,
    Evaluation,
    Event,
    Evidence,
    EvidenceAccess,
    RemovedEvidence,
    SessionItem,
    StoredFile,
)
from evaluations.permissions import can_open_appraisal, can_see_readings, is_of_unit
from evaluations.trail.kinds import READING, STEP, group_of
from evaluations.trail.lines import (
    Line,
    folded,
    line_of_event,
    line_of_fetching,
    line_of_file,
    line_of_session,
)
from organisations.models import User

EVENT, SESSION, FILE, FETCHED = "event", "session", "file", "fetched"
# The groups that each table belongs to; the events are of every group.
GROUPS = {SESSION: STEP, FILE: READING, FETCHED: READING}


@dataclass(frozen=True)
class Wanted:
    """What a reader asked to see of a trail; nothing chosen is everything."""

    indicator: str = ""
    group: str = ""
    person: int | None = None


def events_for(user: User, evaluation: Evaluation) -> QuerySet:
    """The whole trail for its unit, but for what an inspector has not told it; the moves alone for
    others, who read what was submitted."""
    events = evaluation.events.all()
    if is_of_unit(user, evaluation):
        return events.without_the_inspectors_own()
    return events.steps_and_inspections(all_of_them=can_open_appraisal(user))


class Trail:
    """As much of it as this person may know, and asked for; a sequence for a paginator.

    The dossier comes with its set's indicators.
    """

    def __init__(self, user: User, evaluation: Evaluation, wanted: Wanted | None = None):
        self.evaluation, self.wanted = evaluation, wanted or Wanted()
        self._all = {EVENT: events_for(user, evaluation).order_by()}
        self._all[SESSION] = _conclusions(user, evaluation)
        if can_see_readings(user, evaluation):
            self._all[FILE] = _openings(user, evaluation, self.wanted.indicator)
            self._all[FETCHED] = DossierAccess.objects.filter(evaluation=evaluation).order_by()

    def count(self) -> int:
        return self._keys.count()

    def __getitem__(self, place: slice) -> list[Line]:
        """One page; what one person typed at one go for one indicator is folded into one line."""
        return folded(self._lines(self._keys[place]))

    def every_line(self) -> list[Line]:
        """All of it, each save by itself: for a file."""
        return self._lines(self._keys)

    @cached_property
    def people(self) -> list[User]:
        """Who is named in it, whatever was asked for."""
        found = [rows.values_list("by") for rows in self._all.values()]
        keys = [key for (key,) in found[0].union(*found[1:])]
        return list(User.objects.filter(pk__in=keys).order_by("full_name", "pk"))

    @cached_property
    def _keys(self) -> QuerySet:
        """When, which row, of which table."""
        found = [
            rows.annotate(table=Value(table, CharField())).values_list("at", "pk", "table")
            for table, rows in self._chosen().items()
        ]
        return found[0].union(*found[1:], all=True).order_by("-at", "-pk")

    def _chosen(self) -> dict[str, QuerySet]:
        wanted, chosen = self.wanted, dict(self._all)
        if wanted.group:
            chosen[EVENT] = chosen[EVENT].filter(group_of(wanted.group))
            chosen = {
                table: rows
                for table, rows in chosen.items()
                if GROUPS.get(table, wanted.group) == wanted.group
            }
        if wanted.indicator:
            chosen[EVENT] = chosen[EVENT].filter(_about(wanted.indicator))
            for of_the_whole in (SESSION, FETCHED):
                chosen.pop(of_the_whole, None)
        if wanted.person:
            chosen = {name: rows.filter(by=wanted.person) for name, rows in chosen.items()}
        return chosen

    def _lines(self, keys: QuerySet) -> list[Line]:
        order = list(keys)
        indicators = {each.code: each for each in self.evaluation.criteria_set.indicators.all()}
        made = {
            EVENT: lambda event: line_of_event(event, indicators),
            SESSION: line_of_session,
            FILE: line_of_file,
            FETCHED: line_of_fetching,
        }
        related = {
            EVENT: ("by__organisation",),
            SESSION: ("session__closed_by__organisation",),
            FILE: ("by__organisation", "stored_file__document"),
            FETCHED: ("by__organisation",),
        }
        models = {
            EVENT: Event,
            SESSION: SessionItem,
            FILE: EvidenceAccess,
            FETCHED: DossierAccess,
        }
        rows = {}
        for table, model in models.items():
            wanted = [pk for _, pk, name in order if name == table]
            if wanted:
                found = model.objects.select_related(*related[table]).in_bulk(wanted)
                rows |= {(table, pk): made[table](row) for pk, row in found.items()}
        return [rows[table, pk] for _, pk, table in order]


def _about(code: str) -> Q:
    """Lines of that indicator, and those that name it among several."""
    return Q(detail__indicator=code) | Q(detail__asked__icontains=f'"{code}"')


def _conclusions(user: User, evaluation: Evaluation) -> QuerySet:
    """What closed sessions concluded, for who may read the sessions; of units nobody does."""
    sessions = CouncilSession.objects.visible_to(user).filter(closed_at__isnull=False)
    items = SessionItem.objects.filter(
        evaluation=evaluation,
        concluded_level__isnull=False,
        session__in=sessions.order_by().values("pk"),
    )
    return items.order_by().annotate(at=F("session__closed_at"), by=F("session__closed_by"))


def _openings(user: User, evaluation: Evaluation, code: str) -> QuerySet:
    """Of the files that the dossier cites or once cited, those that this person may know of."""
    papers: list[QuerySet] = []
    for model in (Evidence, RemovedEvidence):
        cited = model.objects.filter(result__evaluation=evaluation)
        if code:
            cited = cited.filter(result__indicator__code=code)
        papers.append(cited.order_by().values("document"))
    # One list, not one or the other: "or" makes the database read the files of everybody.
    cited_here = Q(stored_file__document__in=papers[0].union(papers[1]))
    known = StoredFile.objects.visible_to(user).values("pk")
    return EvidenceAccess.objects.filter(cited_here, stored_file__in=known).order_by()
