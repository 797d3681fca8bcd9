"""A criteria set as plain data: what its fixture holds, and what others are given."""

from typing import Any

from criteria.models import CriteriaSet, Indicator


def fixture_data(criteria_set: CriteriaSet) -> dict[str, Any]:
    """All that the fixture of the set holds, to compare the two or to write a new one."""
    return {
        "code": criteria_set.code,
        "title": criteria_set.title,
        "subject": criteria_set.subject,
        "legal_basis": criteria_set.legal_basis,
        "appendix": criteria_set.appendix,
        "rule_text": criteria_set.rule_text,
        "valid_from": criteria_set.valid_from.isoformat(),
        "valid_to": criteria_set.valid_to and criteria_set.valid_to.isoformat(),
        "thresholds": [
            {"level": row.level, "percent": row.percent, "inclusive": row.inclusive}
            for row in criteria_set.thresholds.all()
        ],
        "standards": _standards(criteria_set, _indicator_fixture),
    }


def published_data(criteria_set: CriteriaSet) -> dict[str, Any]:
    """The set as `manage.py export_criteria` prints it: others rely on these very keys."""
    return {
        "code": criteria_set.code,
        "title": criteria_set.title,
        "standards": _standards(criteria_set, _indicator_published),
    }


def _standards(criteria_set, describe) -> list[dict[str, Any]]:
    return [
        {
            "code": standard.code,
            "text": standard.text,
            "criteria": [
                {
                    "code": criterion.code,
                    "text": criterion.text,
                    "indicators": [describe(item) for item in criterion.indicators.all()],
                }
                for criterion in standard.criteria.all()
            ],
        }
        for standard in criteria_set.standards.all()
    ]


def _indicator_published(indicator: Indicator) -> dict[str, Any]:
    return {
        "code": indicator.code,
        "text": indicator.text,
        "as_published": indicator.as_published,
        "guidance": indicator.guidance,
        "lead": indicator.lead,
        "partners": indicator.partners,
        "role": indicator.role,
        "measure": indicator.measure_data,
    }


def _indicator_fixture(indicator: Indicator) -> dict[str, Any]:
    return {**_indicator_published(indicator), "short_name": indicator.short_name}
