"""Every report about the practice round of the demo, in every format: one world for all tests.

The rows are gone again once the contents are frozen, so nothing of the world reaches a test that
did not ask for it, and a file is made when it is first looked at.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cached_property
from io import BytesIO
from typing import Any

from django.test import override_settings

from criteria.models import CriteriaSet
from evaluations.demo import load_practice_round
from evaluations.demo.clock import Clock
from evaluations.models import CouncilSession, PilotRound
from evaluations.snapshots import content_hash
from reports.definitions import REPORTS, Report, Takes
from reports.paper.parts import Paper
from reports.renderers import RENDERERS, Stamp
from tests.evaluations.loaded import load_reference, rolled_back

TODAY = date(2026, 11, 22)
ORDERED_AT = datetime(2026, 11, 22, 8, 5, tzinfo=timezone(timedelta(hours=7)))
RUN = 12
# The dossiers of the practice round that each report is printed of, by the code of their unit:
# appraised below level 1 (303), recognised (304), sent twice (305), confirmed (307), declined
# (308), with an indicator that does not apply (309), returned (311), half written (312), empty
# (316), and the city's own (31).
DOSSIERS: Mapping[str, tuple[str, ...]] = {
    "bao-cao-tu-danh-gia": ("304", "309", "311", "312", "316", "31"),
    "danh-muc-minh-chung": ("304", "312", "316", "31"),
    "phieu-tiep-nhan": ("304", "305", "311"),
    "ho-so-dong-goi": ("304",),
    "bao-cao-tham-dinh": ("303", "304", "307", "308", "309"),
}
# Of the session that was held and of the one to come.
SESSIONS: Mapping[str, tuple[str, ...]] = {
    "bien-ban-hoi-dong": ("held", "planned"),
    "to-trinh-cong-nhan": ("held",),
    "du-thao-quyet-dinh": ("held",),
}
SETS = ("quan-huyen-2022", "thanh-pho-2022")


@dataclass(frozen=True)
class Printed:
    """One report about one subject, as an order of it would be kept; `about` names the subject."""

    report: Report
    about: str
    content: dict[str, Any]
    media: str

    @property
    def name(self) -> str:
        """ "bao-cao-tu-danh-gia-304"."""
        return f"{self.report.slug}-{self.about}"

    @property
    def stamp(self) -> Stamp:
        return Stamp(ORDERED_AT, content_hash(self.content), RUN)

    @cached_property
    def paper(self) -> Paper:
        return self.report.paper(self.content)

    @cached_property
    def files(self) -> dict[str, bytes]:
        """What was made so far, by format; see `file`."""
        return {}

    def file(self, file_type: str) -> bytes:
        """The file of this format, made once: "pdf", "docx", "xlsx", "zip"."""
        if file_type not in self.files:
            made = BytesIO()
            with override_settings(MEDIA_ROOT=self.media):
                RENDERERS[file_type].write(self.report, self.content, self.stamp, _silent, made)
            self.files[file_type] = made.getvalue()
        return self.files[file_type]


def print_every_report(media: str) -> dict[str, Printed]:
    """By name, all of `REPORTS` about the subjects above; the evidence lies in `media`."""
    with rolled_back(media):
        load_reference()
        load_practice_round(TODAY)
        with Clock(TODAY).at(0, 8, 0):
            found = [
                Printed(report, about, _frozen(report, subject), media)
                for report in REPORTS.values()
                for about, subject in _subjects(report)
            ]
    return {printed.name: printed for printed in found}


def _subjects(report: Report) -> list[tuple[str, Any]]:
    pilot_round = PilotRound.objects.get(is_practice=True)
    known = report.all_subjects()
    if report.takes == Takes.DOSSIER:
        dossiers = known.filter(pilot_round=pilot_round)
        return [(code, dossiers.get(unit__code=code)) for code in DOSSIERS[report.slug]]
    if report.takes == Takes.SESSION:
        planned, held = CouncilSession.objects.filter(pilot_round=pilot_round)
        keys = {"planned": planned.pk, "held": held.pk}
        return [(about, known.get(pk=keys[about])) for about in SESSIONS[report.slug]]
    if report.takes == Takes.SET:
        keys = dict(CriteriaSet.objects.filter(code__in=SETS).values_list("code", "pk"))
        return [(code, known.get(pk=keys[code])) for code in SETS]
    return [("round", known.get(pk=pilot_round.pk))]


def _frozen(report: Report, subject: Any) -> dict[str, Any]:
    """Through JSON, as an order is kept."""
    return json.loads(json.dumps(report.content(subject)))


def _silent(word: str) -> None:
    """Nobody watches the progress."""
