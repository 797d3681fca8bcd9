"""What somebody may order where they stand, with the newest file of each beside it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Max, Q
from django.http import HttpRequest
from django.urls import reverse

from evaluations.rounds import current_round
from organisations.models import User
from reports.definitions import REPORTS, Report, Takes, choices
from reports.models import ReportRun
from reports.permissions import can_read_words

# A list to choose from, not to read: three columns of it fit on a screen.
CHOICES_PER_PAGE = 60


@dataclass(frozen=True)
class About:
    """What a page is about: of which kind, and which one. `?ho-so=12`, `?phien-hop=2`."""

    takes: Takes
    pk: int

    @classmethod
    def of(cls, request: HttpRequest) -> "About | None":
        for takes in Takes:
            value = request.GET.get(takes.query, "")
            if value.isascii() and value.isdigit():
                return cls(takes, int(value[:9]))
        return None

    @classmethod
    def of_run(cls, run: ReportRun) -> "About":
        ids = {takes: getattr(run, f"{takes.field}_id") for takes in Takes}
        return next(cls(takes, pk) for takes, pk in ids.items() if pk)

    @property
    def query(self) -> str:
        return f"?{self.takes.query}={self.pk}"

    @property
    def centre_url(self) -> str:
        return reverse("reports:index") + self.query

    @property
    def filter(self) -> dict[str, int]:
        """Of runs."""
        return {self.takes.field: self.pk}


@dataclass
class Offer:
    """One report that may be ordered, and the newest file of each of its formats."""

    report: Report
    note: str
    has_words: bool  # to read, and to write while the round is open
    runs: list[ReportRun] = field(default_factory=list)


@dataclass
class Subject:
    """A dossier, round, session or set with what may be ordered about it."""

    about: About
    subject: Any
    offers: list[Offer]


@dataclass
class Section:
    """One kind of subject: a single one with its reports, or several to choose from."""

    takes: Takes
    subjects: Sequence[Subject]
    page: Page | None = None  # of the subjects to choose from

    @property
    def titles(self) -> list[str]:
        """Which reports there are about one of these at least, in the order of declaration."""
        slugs = {offer.report.slug for each in self.subjects for offer in each.offers}
        return [report.title for slug, report in REPORTS.items() if slug in slugs]

    @property
    def is_single(self) -> bool:
        return self.page is None


def sections(request: HttpRequest, about: About | None) -> list[Section]:
    """What this person may order of the round that is looked at, its sessions and dossiers; or
    of that one subject alone. A kind with nothing to order is left out."""
    shown = current_round(request)
    if about:
        within = {about.takes: {"pk": about.pk}}
    else:
        within = {
            Takes.ROUND: {"pk": shown and shown.pk},
            Takes.SESSION: {"pilot_round": shown},
            Takes.DOSSIER: {"pilot_round": shown},
        }
    found = []
    for takes, only in within.items():
        subjects = [
            Subject(About(takes, each.pk), each, own)
            for each in choices(takes, request.user).filter(**only)
            if (own := offers_about(takes, each, request.user))
        ]
        if subjects:
            found.append(_section(request, takes, subjects))
    shown_whole = [each for section in found if section.is_single for each in section.subjects]
    _put_files(shown_whole, request.user)
    return found


def offers_about(takes: Takes, subject: Any, user: User) -> list[Offer]:
    return [
        Offer(report, report.note(subject), bool(report.words_url) and can_read_words(user))
        for report in REPORTS.values()
        if report.takes == takes and report.can_order(user, subject)
    ]


def newest_runs(abouts: Collection[About], user: User) -> list[ReportRun]:
    """Of each report and format the newest file; and what was ordered after it, if that is not
    done yet or could not be."""
    wanted = Q()
    for about in abouts:
        wanted |= Q(**about.filter)
    known = ReportRun.objects.visible_to(user).filter(wanted)
    newest = (
        known.exclude(status=ReportRun.Status.CANCELLED)
        .order_by()
        .values("report", "file_type", "status", *(takes.field for takes in Takes))
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    kept: list[ReportRun] = []
    told: dict[tuple, bool] = {}  # of which kind, and whether its file is among them
    # Said again what they are about: else the database joins all there are before it picks these.
    found = ReportRun.objects.filter(wanted, pk__in=newest).for_display()
    for run in found.order_by("-pk"):
        kind = (run.report, run.file_type, About.of_run(run))
        if kind not in told or (run.is_ready and not told[kind]):
            kept.append(run)
            told[kind] = run.is_ready
    return kept


def _section(request: HttpRequest, takes: Takes, subjects: list[Subject]) -> Section:
    if len(subjects) == 1:
        return Section(takes, subjects)
    page = Paginator(subjects, CHOICES_PER_PAGE).get_page(request.GET.get("page"))
    return Section(takes, subjects, page)


def _put_files(subjects: Iterable[Subject], user: User) -> None:
    """Beside each offer what was ordered last, by anybody whose runs this person may know of."""
    offers = {(each.about, offer.report.slug): offer for each in subjects for offer in each.offers}
    if not offers:
        return
    for run in newest_runs({about for about, _ in offers}, user):
        if offer := offers.get((About.of_run(run), run.report)):
            offer.runs.append(run)
