"""The districts behind the city's 2.1.2: who counts, and what the standing decision says of each.

The base is the round's reading: every district of the city, or those that take part. Counted by
`EvaluationQuerySet.with_register_counts`; here they have names. A district without a decision is
not recognised, and says so by itself.
"""

from evaluations.feasibility import counts_all_districts
from evaluations.models import DecisionLine, Evaluation
from evaluations.models.dossiers import districts_counted
from organisations.models import Organisation

OUTSIDE = "không tham gia đợt, không tính vào mẫu số"


def listed_districts(evaluation: Evaluation) -> list[dict]:
    """Every district of the city as plain data for a page and a snapshot; two queries.

    Of the shape of `registers.listed`; the city's dossier as fetched `with_results()`.
    """
    pilot_round = evaluation.pilot_round
    taking_part = set(pilot_round.evaluations.of_districts().values_list("unit", flat=True))
    counts_all = counts_all_districts(pilot_round)
    lines = {line.evaluation.unit_id: line for line in _standing_lines(evaluation)}
    counted = districts_counted(pilot_round.pk, pilot_round.year)
    districts = counted.filter(parent=evaluation.unit_id)
    return [
        _said(district, lines.get(district.pk), counts_all or district.pk in taking_part)
        for district in districts.order_by("code")
    ]


def count_from_names(evaluation: Evaluation) -> list[dict]:
    """The districts of the city's dossier, and their numbers on its row taken from these names.

    Two queries are of two moments, and a decision may be recorded between them: what is frozen
    together has to be read once.
    """
    named = listed_districts(evaluation)
    counted = [each for each in named if each["in_scope"]]
    evaluation.districts_in_scope = len(counted)
    evaluation.districts_rated = sum(bool(each["rating"]) for each in counted)
    evaluation.districts_good = sum(each["is_good_or_better"] for each in counted)
    return named


def _standing_lines(evaluation: Evaluation):
    districts = Evaluation.objects.of_districts().filter(pilot_round=evaluation.pilot_round_id)
    return DecisionLine.objects.standing().filter(evaluation__in=districts).for_display()


def _said(district: Organisation, line: DecisionLine | None, in_scope: bool) -> dict:
    recognised = line is not None and line.level > 0
    label = ""
    if line is not None:
        label = f"mức độ {line.level}" if recognised else "không công nhận"
    return {
        "kind": "district",
        "unit": district.pk,
        "code": district.code,
        "name": district.name,
        "in_scope": in_scope,
        "exclusion_reason": "" if in_scope else OUTSIDE,
        "rating": f"level-{line.level}" if line is not None else "",
        "rating_label": label,
        "rating_rank": -line.level if line is not None else None,
        "is_good_or_better": recognised,
        "score": None,
        "decision": line.decision_id if line is not None else None,
        "decision_number": line.decision.number if line is not None else "",
        "decision_on": line.decision.signed_on.isoformat() if line is not None else None,
    }
