"""What tests of inspections do: a dossier before the Sở, an inspection as far as wanted."""

from collections.abc import Mapping

from django.utils import timezone

from evaluations.actions.inspections import (
    Look,
    attach_scan,
    close_inspection,
    draw_inspection,
    record_findings,
)
from evaluations.models import Evaluation, Inspection
from organisations.models import Role
from tests.evaluations import samples
from tests.evaluations.counting import step
from tests.factories import make_counted_dossier, make_department, make_user

SEED = "27081964"
ALL = {"communes-kha": 2, "agencies-tot": 1}


def make_inspectable(unit=None, *, status="appraising", **fields) -> Evaluation:
    """Five communes Khá, one Trung bình; three agencies Tốt, one Chưa đạt; 2.2.1 is 83/92."""
    fields.setdefault("communes", ["kha"] * 5 + ["trung-binh"])
    fields.setdefault("agencies", ["tot"] * 3 + ["chua-dat"])
    evaluation = make_counted_dossier(unit, **fields)
    step(evaluation, "submit")
    if status != "submitted":
        step(evaluation, "take-in")
    return Evaluation.objects.for_display().get(pk=evaluation.pk)


def drawn(evaluation, *, by=None, wanted: Mapping[str, int] = ALL, seed=SEED) -> Inspection:
    by = by or make_user(Role.APPRAISER, make_department())
    return draw_inspection(evaluation=evaluation, wanted=wanted, seed=seed, by=by)


def record(inspection, *, by, looks=None, figures=None, **details) -> Inspection:
    """As said; every other line and figure is as declared."""
    inspection = Inspection.objects.with_lines().get(pk=inspection.pk)
    details = {
        "held_on": timezone.localdate(),
        "place": "UBND huyện",
        "members": "Lê Thị Thẩm, chuyên viên\nNguyễn Văn An, huyện",
        "conclusion": "",
        **details,
    }
    same = Look(state="same")
    return record_findings(
        inspection=inspection,
        details=details,
        lines={line.pk: (looks or {}).get(line.code, same) for line in inspection.lines.all()},
        figures={
            figure.pk: (figures or {}).get(figure.result.indicator.code, same)
            for figure in inspection.figures.all()
        },
        version=inspection.changes,
        by=by,
    )


def ready(evaluation, *, by, looks=None, figures=None, **drawing) -> Inspection:
    """Drawn, written down and signed; `looks` are by the codes of the units."""
    inspection = drawn(evaluation, by=by, **drawing)
    record(inspection, by=by, looks=looks, figures=figures)
    scan = samples.upload(samples.pdf(f"biên bản {inspection.pk}"), "Biên bản.pdf")
    attach_scan(inspection=inspection, uploaded=scan, by=by)
    return inspection


def closed(evaluation, *, by, **found) -> Inspection:
    """The same, and closed."""
    return close_inspection(inspection=ready(evaluation, by=by, **found), by=by)


def one_worse(inspection) -> dict[str, Look]:
    """The first commune that an earlier draw of the same seed drew, found Trung bình."""
    line = inspection.lines.filter(kind="learning_community").first()
    rating = rating_of(inspection, "trung-binh")
    return {line.code: Look(state="differs", found_rating_id=rating)}


def rating_of(inspection, code: str, kind="learning_community") -> int:
    """The key of a class by which the round rates."""
    pilot_round = inspection.evaluation.pilot_round
    points = (
        pilot_round.commune_points if kind == "learning_community" else pilot_round.agency_points
    )
    return points.ratings.get(code=code).pk
