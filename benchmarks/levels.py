"""All 705 districts of the country at once, as a ministry might ask for them."""

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks.data import load_reference, nationwide
from benchmarks.measuring import Figure, benchmark, in_turns
from criteria.levels import determine_level
from evaluations.determination import find
from evaluations.models import Evaluation

DISTRICTS = 705


@benchmark
def levels():
    """Mức độ của 705 huyện × 16 chỉ báo, cả hai cột, từ cơ sở dữ liệu"""
    load_reference()
    with transaction.atomic():
        yield from _measure()
        transaction.set_rollback(True)  # the pages that are measured next are of one city


def _measure():
    pilot_round = nationwide(DISTRICTS)
    rows = Evaluation.objects.of_districts().filter(pilot_round=pilot_round).with_results()

    def read():
        return list(rows.all())

    def determine():
        found = (find(evaluation) for evaluation in rows.all())
        return [(each.self_assessed.level, each.appraised.level) for each in found]

    with CaptureQueriesContext(connection) as one:
        find(rows.all()[:1][0])
    with CaptureQueriesContext(connection) as many:
        reached = determine()
    assert len(reached) == DISTRICTS
    assert len(many) == len(one), (len(many), len(one))
    assert {own for own, _ in reached} == {1, 2, 3}, reached

    inputs = [find(evaluation).self_assessed for evaluation in rows.all()]

    def engine():
        for item in inputs:
            determine_level(item.prerequisites, item.graded, item.thresholds)

    reading, all_of_it, alone = in_turns(read, determine, engine, turns=5, warm_up=1)
    name = f"đọc và xét {DISTRICTS} hồ sơ, {len(many)} truy vấn"
    yield Figure(name, all_of_it, "riêng phần đọc", reading, most_seconds=1.0)
    yield Figure(f"riêng phần xét mức, {DISTRICTS} hồ sơ", alone, most_seconds=0.02)
