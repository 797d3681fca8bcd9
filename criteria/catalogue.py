"""From the rows of the catalogue to the rule; the only file that knows both shapes."""

from criteria.models import CriteriaSet
from criteria.rules import LevelRule, RuledIndicator, rule_of


def level_rule(criteria_set: CriteriaSet) -> LevelRule:
    """The set's rule; no query where indicators and thresholds are prefetched.

    Made once for each set object: dossiers that share the object share the rule.
    """
    if not hasattr(criteria_set, "_level_rule"):
        criteria_set._level_rule = _made_from(criteria_set)
    return criteria_set._level_rule


def _made_from(criteria_set: CriteriaSet) -> LevelRule:
    return rule_of(
        (
            RuledIndicator(item.code, item.short_name, item.is_graded, item.measure)
            for item in criteria_set.indicators.all()
        ),
        (threshold.as_threshold for threshold in criteria_set.thresholds.all()),
    )
