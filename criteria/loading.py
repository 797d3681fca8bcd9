"""From a fixture into the catalogue: the only code that writes it."""

import datetime
import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from criteria.exporting import fixture_data
from criteria.measures import Measure
from criteria.models import CriteriaSet, Criterion, Indicator, LevelThreshold, Standard


class LoadError(Exception):
    """The fixture is not a criteria set; the message says where."""


class SetInUse(Exception):
    """A round judges by this set, so its text and its rule stand for good."""


def load_criteria_set(data: Mapping[str, Any], *, in_use: Collection[str]) -> CriteriaSet:
    """Make the catalogue hold exactly this set; rows keep their identity by their codes.

    `in_use` are the codes of the sets that a round rests on. Such a set may be loaded again as
    it is, never otherwise: a new text is a new set.
    """
    try:
        return _load(data, in_use)
    except (KeyError, TypeError, ValueError) as error:
        said = f"thiếu {error}" if isinstance(error, KeyError) else str(error)
        raise LoadError(f"Bộ tiêu chí {data.get('code', '(không mã)')}: {said}.") from error


@transaction.atomic
def _load(data: Mapping[str, Any], in_use: Collection[str]) -> CriteriaSet:
    known = CriteriaSet.objects.with_text().filter(code=data["code"]).first()
    if known is not None and fixture_data(known) == data:
        if known.source_hash != source_hash(data):
            # A migration said the same in other words.
            known.source_hash = source_hash(data)
            known.save(update_fields=["source_hash"])
        return known
    if known is not None and known.code in in_use:
        raise SetInUse(
            f"Bộ tiêu chí {known.code} đang dùng trong một đợt nên không sửa được. "
            "Nội dung mới phải là bộ tiêu chí mới, với mã khác."
        )
    criteria_set, _ = CriteriaSet.objects.update_or_create(
        code=data["code"],
        defaults={
            "title": data["title"],
            "subject": CriteriaSet.Subject(data["subject"]),
            "legal_basis": data["legal_basis"],
            "appendix": data["appendix"],
            "rule_text": data["rule_text"],
            "valid_from": datetime.date.fromisoformat(data["valid_from"]),
            "valid_to": data["valid_to"] and datetime.date.fromisoformat(data["valid_to"]),
            "source_hash": source_hash(data),
        },
    )
    _load_thresholds(criteria_set, data["thresholds"])
    _load_standards(criteria_set, data["standards"])
    return CriteriaSet.objects.with_text().get(pk=criteria_set.pk)


def source_hash(data: Mapping[str, Any]) -> str:
    """The same for the same content, however the file is laid out."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _load_thresholds(criteria_set: CriteriaSet, thresholds: list[dict[str, Any]]) -> None:
    levels = [item["level"] for item in thresholds]
    criteria_set.thresholds.exclude(level__in=levels).delete()
    for item in thresholds:
        LevelThreshold.objects.update_or_create(
            criteria_set=criteria_set,
            level=item["level"],
            defaults={"percent": item["percent"], "inclusive": item["inclusive"]},
        )


def _load_standards(criteria_set: CriteriaSet, standards: list[dict[str, Any]]) -> None:
    indicators = []
    for standard_position, standard_data in enumerate(standards, start=1):
        standard, _ = Standard.objects.update_or_create(
            criteria_set=criteria_set,
            code=standard_data["code"],
            defaults={"text": standard_data["text"], "position": standard_position},
        )
        for position, criterion_data in enumerate(standard_data["criteria"], start=1):
            criterion, _ = Criterion.objects.update_or_create(
                standard=standard,
                code=criterion_data["code"],
                defaults={"text": criterion_data["text"], "position": position},
            )
            indicators += [(criterion, item) for item in criterion_data["indicators"]]
        kept = [item["code"] for item in standard_data["criteria"]]
        standard.criteria.exclude(code__in=kept).delete()
    criteria_set.standards.exclude(code__in=[item["code"] for item in standards]).delete()
    kept = [item["code"] for _, item in indicators]
    criteria_set.indicators.exclude(code__in=kept).delete()
    for position, (criterion, item) in enumerate(indicators, start=1):
        _load_indicator(criteria_set, criterion, position, item)


def _load_indicator(
    criteria_set: CriteriaSet, criterion: Criterion, position: int, item: dict[str, Any]
) -> None:
    Indicator.objects.update_or_create(
        criteria_set=criteria_set,
        code=item["code"],
        defaults={
            "criterion": criterion,
            "position": position,
            "text": item["text"],
            "as_published": item["as_published"],
            "short_name": item["short_name"],
            "guidance": item["guidance"],
            "lead": item["lead"],
            "partners": item["partners"],
            "role": Indicator.Role(item["role"]),
            # Through the measure, so that what no measure understands is refused here.
            "measure_data": Measure.from_data(item["measure"]).to_data(),
        },
    )
