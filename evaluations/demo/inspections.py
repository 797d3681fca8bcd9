"""Two inspections of the practice round: one closed with differences, one drawn and not begun.

The seeds are in the file, so the same units are drawn every time from the same lists.
"""

import json
from collections.abc import Mapping
from datetime import time
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile

from evaluations.actions.inspections import (
    Look,
    attach_scan,
    close_inspection,
    draw_inspection,
    record_findings,
)
from evaluations.demo.clock import Clock
from evaluations.demo.papers import practice_pdf
from evaluations.demo.people import APPRAISER
from evaluations.models import Inspection, InspectionFigure, PilotRound, UnitResult
from evaluations.models.inspections import FoundState
from evaluations.registers import points_of
from organisations.models import User

PATH = Path("fixtures") / "demo" / "inspections.json"
SAMPLE = "MẪU TẬP HUẤN"
LOST = "Không tìm thấy hồ sơ tự đánh giá (tập huấn)"
WEAK = "Thiếu minh chứng của hai tiêu chí (tập huấn)"


def hold_inspections(pilot_round: PilotRound, people: Mapping[str, User], clock: Clock) -> None:
    """Draw, write down and close, as far as the file tells of each."""
    data = json.loads((settings.BASE_DIR / PATH).read_text(encoding="utf-8"))
    for said in data["inspections"]:
        evaluation = pilot_round.evaluations.get(unit__code=said["district"])
        with clock.at(said["drawn_days_ago"], *_hour(said["drawn_at"])):
            inspection = draw_inspection(
                evaluation=evaluation,
                wanted=said["draws"],
                seed=said["seed"],
                by=people[APPRAISER],
            )
        if "closed_at" in said:
            with clock.at(said["drawn_days_ago"], *_hour(said["closed_at"])):
                _conclude(inspection, said, data, people[APPRAISER], clock)


def _conclude(inspection: Inspection, said: Mapping, data: Mapping, by: User, clock: Clock) -> None:
    inspection = Inspection.objects.with_lines().get(pk=inspection.pk)
    record_findings(
        inspection=inspection,
        details={
            "held_on": clock.day(said["drawn_days_ago"]),
            **{name: data[name] for name in ("place", "members", "conclusion")},
        },
        lines=_looks(inspection, said),
        figures={figure.pk: _figure(figure, said["figure"]) for figure in inspection.figures.all()},
        version=inspection.changes,
        by=by,
    )
    lines = [SAMPLE, "BIÊN BẢN KIỂM TRA THỰC TẾ", str(inspection), f"Số rút thăm {said['seed']}"]
    scan = ContentFile(practice_pdf(lines), name="bien-ban-tap-huan.pdf")
    attach_scan(inspection=inspection, uploaded=scan, by=by)
    close_inspection(inspection=inspection, by=by)


def _looks(inspection: Inspection, said: Mapping) -> dict[int, Look]:
    """The first communes worse than declared, the first agencies without a file."""
    looks = {line.pk: Look(state=FoundState.SAME) for line in inspection.lines.all()}
    good = [line for line in inspection.lines.all() if line.declared_is_good]
    communes = [each for each in good if each.kind == UnitResult.Kind.LEARNING_COMMUNITY]
    agencies = [each for each in good if each.kind == UnitResult.Kind.LEARNING_UNIT]
    points = points_of(inspection.evaluation.pilot_round, UnitResult.Kind.LEARNING_COMMUNITY)
    worse = points.ratings.get(code=said["worse_rating"])
    for line in communes[: said["worse_communes"]]:
        looks[line.pk] = Look(state=FoundState.DIFFERS, found_rating_id=worse.pk, note=WEAK)
    for line in agencies[: said["without_file"]]:
        looks[line.pk] = Look(state=FoundState.NO_FILE, note=LOST)
    return looks


def _figure(figure: InspectionFigure, said: Mapping) -> Look:
    if figure.result.indicator.code != said["indicator"]:
        return Look(state=FoundState.SAME)
    achieved = int(figure.declared["achieved"]) - said["fewer"]
    found = {"achieved": str(achieved), "total": figure.declared["total"]}
    return Look(state=FoundState.DIFFERS, found=found, note=said["note"])


def _hour(text: str) -> tuple[int, int]:
    moment = time.fromisoformat(text)
    return moment.hour, moment.minute
