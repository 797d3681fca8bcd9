"""“Bảng tổng hợp kết quả các quận, huyện” of a round, frozen when ordered.

What a district is still writing is its own business: one that has not submitted is listed without
figures, one that has its dossier back with those of its last submission. The appraised line appears
once the appraisal is finished.
"""

from typing import Any

from django.utils import timezone

from criteria.levels import Determination
from evaluations.determination import Line, find
from evaluations.models import Evaluation, PilotRound
from evaluations.snapshots import as_last_submitted
from evaluations.workflow import CONCLUDED, EDITABLE, SETTLED, Status
from organisations.tile_grid import tile_grid
from reports.figures import PRACTICE_MARK, change_unit
from reports.offices import standing_agency_of

AWAITED = {Status.DRAFT: "chưa gửi", Status.RETURNED: "đang bổ sung"}


def district_summary(pilot_round: PilotRound) -> dict[str, Any]:
    """Every district of the round, read through the same engine as the pages."""
    evaluations = list(
        Evaluation.objects.filter(
            pilot_round=pilot_round, criteria_set=pilot_round.district_set
        ).with_results()
    )
    submitted = [each for each in evaluations if each.status not in EDITABLE]
    submitted += as_last_submitted(each for each in evaluations if each.status == Status.RETURNED)
    return {
        "is_draft": False,
        "marks": [PRACTICE_MARK] if pilot_round.is_practice else [],
        "file_name": f"Bảng tổng hợp kết quả các quận, huyện – {pilot_round.name}",
        "taken_at": timezone.localtime().isoformat(timespec="seconds"),
        "issuer": standing_agency_of(pilot_round),
        "round": {"name": pilot_round.name, "year": pilot_round.year},
        "set": {"title": pilot_round.district_set.title},
        "indicators": [
            {
                "code": indicator.code,
                "short_name": indicator.short_name,
                "is_graded": indicator.is_graded,
            }
            for indicator in pilot_round.district_set.indicators.all()
        ],
        "districts": [
            _district(evaluation, is_submitted=evaluation in submitted)
            for evaluation in evaluations
        ],
        "map": _map([evaluation.unit.code for evaluation in evaluations]),
    }


def _map(codes: list[str]) -> list[dict[str, Any]]:
    """The squares of the city; none where a district of the round would be missing."""
    grid = tile_grid()
    if not codes or not set(codes) <= grid.keys():
        return []
    return [{"code": code} | place._asdict() for code, place in grid.items()]


def _district(evaluation: Evaluation, *, is_submitted: bool) -> dict[str, Any]:
    finding = find(evaluation) if is_submitted else None
    is_appraised = evaluation.status in CONCLUDED
    return {
        "code": evaluation.unit.code,
        "name": evaluation.unit.name,
        "bare_name": evaluation.unit.bare_name,
        "state": AWAITED.get(Status(evaluation.status), evaluation.get_status_display()),
        "self": finding
        and _column(finding.self_assessed, {line.code: _self(line) for line in finding.lines}),
        "appraised": _column(
            finding.appraised, {line.code: _appraised(line) for line in finding.lines}
        )
        if finding and is_appraised
        else None,
        "is_confirmed": evaluation.status in SETTLED,
    }


def _column(determination: Determination, results: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "level": determination.level,
        "is_recognised": determination.is_recognised,
        "sentence": determination.sentence,
        "unmet": list(determination.unmet),
        "weakest": list(determination.weakest),
        "results": results,
    }


def _self(line: Line) -> dict[str, Any]:
    return _result(line.self_assessed, line.mark.word)


def _appraised(line: Line) -> dict[str, Any]:
    reason = {"reason": line.appraisal.reason} if line.differs else {}
    return _result(line.appraised, line.appraised_verdict.word) | reason


def _result(assessment, word: str) -> dict[str, Any]:
    share = assessment.share
    change = assessment.change
    unit = "" if change is None else change_unit(assessment.measure.unit, assessment.shown)
    return {
        "word": word,
        "achieved": assessment.achieved,
        "total": assessment.total,
        "figure": assessment.figure_in_full,
        "share": None if share is None else str(share),
        "change": None if change is None else str(change),
        "shown": assessment.shown + unit,
        "unit": unit,
    }
