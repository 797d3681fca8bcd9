"""Verbs on point sets: make the next version of one, let an opened round rate by a newer one."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from criteria.models import PointSet
from criteria.point_loading import VersionTaken, store_version
from criteria.points import PointRule
from evaluations.actions.held_rounds import held_round
from evaluations.models import PilotRound, RoundEvent, SheetEvidence, SheetItem
from evaluations.models.rounds import POINTS_FIELD
from evaluations.permissions import can_change_round, can_edit_catalogue
from evaluations.registers import KIND_OF_SUBJECT
from organisations.models import User

__all__ = ["CannotAdopt", "VersionTaken", "adopt_points", "make_version", "why_not_adopt"]


class CannotAdopt(Exception):
    """The round cannot go over to that version; the message says why, in Vietnamese."""


def make_version(
    *, base: PointSet, rule: PointRule, seen: int, document: str, note: str, by: User
) -> PointSet:
    """The next version of the set, by these points and bands. No round changes by it.

    Raises VersionTaken where a version came since the one that this person saw.
    """
    if not can_edit_catalogue(by):
        raise PermissionDenied
    return store_version(
        base, rule, seen=seen, document=document, note=note, recorded_by=by.full_name
    )


@transaction.atomic
def adopt_points(
    *, pilot_round: PilotRound, point_set: PointSet, reason: str, by: User
) -> PilotRound:
    """Let an opened round rate by a newer version of the set that it uses.

    Results stay what they are: each rating given is now the same rating of the new version. The
    round and the lines concerned are held, so nobody writes one by the old version meanwhile.
    """
    pilot_round = held_round(pilot_round, by, can_change_round)
    lines = _lines_rated_by(pilot_round, point_set)
    list(lines.select_for_update().order_by("pk").values_list("pk"))
    if refusal := why_not_adopt(pilot_round, point_set):
        raise CannotAdopt(refusal)

    field = POINTS_FIELD[point_set.subject]
    before = getattr(pilot_round, field)
    _point_ratings_at(lines, before, point_set)
    setattr(pilot_round, field, point_set)
    pilot_round.save(update_fields=[field])
    RoundEvent.objects.create(
        pilot_round=pilot_round,
        kind="points",
        text=f"{point_set.title}: bản {before.version} → bản {point_set.version}",
        by=by,
        note=reason,
    )
    return pilot_round


def why_not_adopt(pilot_round: PilotRound, point_set: PointSet) -> str:
    """Why the round cannot go over to this version now; empty where it can."""
    before = getattr(pilot_round, POINTS_FIELD[point_set.subject])
    if not pilot_round.opened_at:
        return "Đợt chưa mở; khi mở, đợt tự lấy bản mới nhất."
    if before is None or before.code != point_set.code:
        return "Đợt không xếp loại theo biểu điểm này."
    if before.version == point_set.version:
        return f"Đợt đang dùng bản {before.version} rồi."
    if before.version > point_set.version:
        return f"Đợt đang dùng bản {before.version}, mới hơn bản {point_set.version}."
    if _ratings(before.rule) != _ratings(point_set.rule):
        return (
            f"Các xếp loại của bản {point_set.version} khác bản {before.version}, nên kết quả đã "
            "nhập không chuyển sang được. Bản này chỉ dùng cho đợt mở sau."
        )
    if _scoring(before.rule) != _scoring(point_set.rule):
        return _why_not_score_anew(pilot_round, before, point_set)
    return ""


def _why_not_score_anew(pilot_round: PilotRound, before: PointSet, point_set: PointSet) -> str:
    """Points given by one scale are not points of another, so there must be none."""
    lines = _lines_rated_by(pilot_round, point_set)
    scored = lines.filter(Q(score__isnull=False) | Q(self_score__isnull=False)).count()
    items = SheetItem.objects.filter(result=OuterRef("pk")).exclude(points="", explanation="")
    papers = SheetEvidence.objects.filter(result=OuterRef("pk"))
    begun = lines.filter(Exists(items) | Exists(papers)).count()
    if not scored and not begun:
        return ""
    found = [f"{scored} kết quả có điểm"] * bool(scored) + [f"{begun} phiếu tự chấm"] * bool(begun)
    return (
        f"Bản {point_set.version} khác bản {before.version} về điểm hoặc mức xếp loại, mà đợt đã "
        f"có {' và '.join(found)} theo bản {before.version}. Bản này chỉ dùng cho đợt mở sau."
    )


def _lines_rated_by(pilot_round: PilotRound, point_set: PointSet):
    return pilot_round.unit_results.filter(kind=KIND_OF_SUBJECT[point_set.subject])


def _point_ratings_at(lines, before: PointSet, after: PointSet) -> None:
    new = {row.code: row for row in after.ratings.all()}
    for old in before.ratings.all():
        for field in ("rating", "self_rating"):
            lines.filter(**{field: old}).update(**{field: new[old.code]})


def _ratings(rule: PointRule) -> list[tuple[str, bool]]:
    return [(band.code, band.is_good_or_better) for band in rule.ratings]


def _scoring(rule: PointRule) -> tuple:
    """Everything of a rule that a score depends on; its words are not among it."""
    return (
        rule.maximum,
        [(item.code, item.maximum) for item in rule.items],
        [band.minimum for band in rule.ratings],
    )
