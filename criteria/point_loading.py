"""Point sets into the catalogue: from a fixture, or as a new version that a person made.

A version that an opened round uses stands for good, and so does every version made here by a
person: a fixture never writes over either.
"""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from criteria.loading import LoadError, SetInUse
from criteria.models import PointItem, PointSet, Rating
from criteria.points import Item, PointRule, RatingBand, arranged, read_points

LARGEST = Decimal("999.99")  # what the column of points holds


class VersionTaken(Exception):
    """Somebody made a version since; `newest` is the newest now."""

    def __init__(self, newest: PointSet):
        super().__init__(str(newest))
        self.newest = newest


def load_point_set(
    data: Mapping[str, Any], *, in_use: Collection[tuple[str, int]] = ()
) -> PointSet:
    """Make the catalogue hold exactly this version of the set.

    `in_use` are the versions, by code and number, that opened rounds rate by. Such a version may
    be loaded again as it is, never otherwise.
    """
    try:
        return _load(data, in_use)
    except (KeyError, TypeError, ValueError) as error:
        said = f"thiếu {error}" if isinstance(error, KeyError) else str(error)
        raise LoadError(f"Biểu điểm {data.get('code', '(không mã)')}: {said}") from error


@transaction.atomic
def store_version(
    base: PointSet, rule: PointRule, *, seen: int, document: str, note: str, recorded_by: str
) -> PointSet:
    """The set's next version, with these points and bands; everything else as in `base`.

    `seen` is the newest version that the person knew of. Raises VersionTaken where there is a
    newer one, so that nobody's version is passed over unread.
    """
    _require_sound(rule)
    newest = PointSet.objects.newest_of(base.code)
    if newest.version != seen:
        raise VersionTaken(newest)
    try:
        with transaction.atomic():
            made = PointSet.objects.create(
                code=base.code,
                version=seen + 1,
                title=base.title,
                subject=base.subject,
                legal_basis=base.legal_basis,
                valid_from=base.valid_from,
                valid_to=base.valid_to,
                maximum=rule.maximum,
                note=note,
                document=document,
                recorded_by=recorded_by,
                recorded_at=timezone.now(),
            )
    except IntegrityError as error:
        # Two at the same moment: the constraint lets one of them through.
        raise VersionTaken(PointSet.objects.newest_of(base.code)) from error
    _write_rows(made, rule)
    return made


@transaction.atomic
def _load(data: Mapping[str, Any], in_use: Collection[tuple[str, int]]) -> PointSet:
    rule = _rule_of(data)
    _require_sound(rule)
    fields = {
        "title": data["title"],
        "subject": PointSet.Subject(data["subject"]),
        "legal_basis": data["legal_basis"],
        "maximum": rule.maximum,
        "note": data["note"],
        "valid_from": _day(data["valid_from"]),
        "valid_to": _day(data["valid_to"]),
    }
    code, version = data["code"], data["version"]
    known = PointSet.objects.with_rule().filter(code=code, version=version).first()
    if known is None:
        known = PointSet.objects.create(code=code, version=version, **fields)
    elif known.rule == rule and all(getattr(known, name) == fields[name] for name in fields):
        return known
    else:
        _require_free(known, in_use)
        PointSet.objects.filter(pk=known.pk).update(**fields)
        known.items.all().delete()
        known.ratings.all().delete()
    _write_rows(known, rule)
    return PointSet.objects.with_rule().get(pk=known.pk)


def _require_free(known: PointSet, in_use: Collection[tuple[str, int]]) -> None:
    named = f"Biểu điểm {known.code}, bản {known.version},"
    if (known.code, known.version) in in_use:
        raise SetInUse(
            f"{named} đang dùng trong một đợt nên không sửa được. Nội dung mới phải là bản mới."
        )
    if known.recorded_at:
        raise SetInUse(
            f"{named} do {known.recorded_by} lập theo {known.document}, tệp không ghi đè được. "
            "Nội dung của tệp phải mang số bản khác."
        )


def _rule_of(data: Mapping[str, Any]) -> PointRule:
    return PointRule(
        maximum=data["maximum"],
        items=arranged(
            Item(**{**row, "maximum": _points(row["maximum"])}) for row in data["items"]
        ),
        ratings=tuple(
            RatingBand(**{**row, "minimum": _points(row["minimum"])}) for row in data["ratings"]
        ),
    )


def _require_sound(rule: PointRule) -> None:
    if problems := rule.problems():
        raise ValueError(" ".join(problems))


def _write_rows(point_set: PointSet, rule: PointRule) -> None:
    rows: dict[str, PointItem] = {}
    for position, item in enumerate(rule.items, start=1):
        rows[item.code] = PointItem.objects.create(
            point_set=point_set,
            parent=rows[item.parent] if item.parent else None,
            code=item.code,
            text=item.text,
            maximum=item.maximum,
            is_remainder=item.is_remainder,
            position=position,
        )
    Rating.objects.bulk_create(
        Rating(
            point_set=point_set,
            code=band.code,
            label=band.label,
            minimum=band.minimum,
            is_good_or_better=band.is_good_or_better,
            rank=rank,
        )
        for rank, band in enumerate(rule.ratings, start=1)
    )


def _points(value: int | str | None) -> Decimal | None:
    if value is None:
        return None
    number = read_points(str(value), LARGEST)
    return Decimal(number.numerator) / number.denominator


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
