import pytest
from django.utils import timezone

from evaluations.models import Evaluation, IndicatorAppraisal, PilotRound
from evaluations.workflow import Status
from reports.district_summary import district_summary, tables, words
from tests.factories import make_complete_dossier, make_district, make_dossier, make_round
from tests.reports.conftest import submit


@pytest.fixture
def pilot_round(db):
    return make_round(name="Thí điểm 2022")


def appraise(evaluation, by, status=Status.APPRAISED):
    for result in evaluation.results.select_related("indicator"):
        lowered = result.indicator.code == "2.1.2"
        IndicatorAppraisal.objects.create(
            result=result,
            verdict="adjust" if lowered else "accept",
            reason="Hai xã chưa có quyết định" if lowered else "",
            typed={"achieved": "20", "total": "30"} if lowered else {},
            decided_by=by,
            decided_at=timezone.now(),
        )
    Evaluation.objects.filter(pk=evaluation.pk).update(status=status)


def matrix(pilot_round):
    rows = tables(district_summary(pilot_round))[0].rows
    return [
        (row["name"].shown, row["column"].shown, row["2.1.2"].shown, row["level"].shown,
         row["state"].shown)
        for row in rows
    ]  # fmt: skip


def test_only_submitted_dossiers_have_figures(pilot_round, appraiser):
    submit(make_complete_dossier(make_district("Huyện A", "1"), pilot_round=pilot_round))
    make_complete_dossier(make_district("Huyện B", "2"), pilot_round=pilot_round)
    make_dossier(make_district("Huyện C", "3"), pilot_round=pilot_round, status=Status.RETURNED)

    assert matrix(pilot_round) == [
        ("Huyện A", "Tự đánh giá", "76,7\u00a0%", "1", ""),
        ("Huyện A", "Thẩm định", "", "", "đã gửi, chờ Sở tiếp nhận"),
        ("Huyện B", "", "", "", "chưa gửi"),
        ("Huyện C", "", "", "", "đang bổ sung"),
    ]


def test_returned_dossier_keeps_the_figures_of_its_last_submission(pilot_round, appraiser):
    returned = submit(make_complete_dossier(make_district("Huyện A", "1"), pilot_round=pilot_round))
    Evaluation.objects.filter(pk=returned.pk).update(status=Status.RETURNED)
    withdrawn = submit(
        make_complete_dossier(make_district("Huyện B", "2"), pilot_round=pilot_round)
    )
    Evaluation.objects.filter(pk=withdrawn.pk).update(status=Status.DRAFT)
    returned.results.filter(indicator__code="2.1.2").update(typed={"achieved": "1", "total": "30"})

    assert matrix(pilot_round) == [
        ("Huyện A", "Tự đánh giá", "76,7\u00a0%", "1", ""),
        ("Huyện A", "Thẩm định", "", "", "đang bổ sung"),
        ("Huyện B", "", "", "", "chưa gửi"),
    ]
    said = words(district_summary(pilot_round))
    assert said["counts"] == "1/2 quận, huyện đã gửi hồ sơ; 0 hồ sơ đã thẩm định xong."
    assert said["awaited"] == ["Huyện B (chưa gửi)"]


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (Status.APPRAISED, ("66,7\u00a0%", "Chưa đạt", "")),
        (Status.APPRAISING, ("", "", "Sở đang thẩm định")),  # half a verdict is none
    ],
)
def test_appraised_line_appears_once_the_appraisal_is_finished(
    pilot_round, appraiser, status, line
):
    evaluation = submit(make_complete_dossier(pilot_round=pilot_round))
    appraise(evaluation, appraiser, status)

    assert matrix(pilot_round)[1][2:] == line


def test_summary_counts_and_names_by_level(pilot_round, appraiser):
    appraise(
        submit(make_complete_dossier(make_district("Huyện A", "1"), pilot_round=pilot_round)),
        appraiser,
    )
    make_complete_dossier(make_district("Huyện B", "2"), pilot_round=pilot_round)

    said = words(district_summary(pilot_round))

    assert said["counts"] == "1/2 quận, huyện đã gửi hồ sơ; 1 hồ sơ đã thẩm định xong."
    assert said["levels"] == ["Tự đánh giá: mức độ 1: 1 (A).", "Thẩm định: chưa đạt: 1 (A)."]
    assert said["awaited"] == ["Huyện B (chưa gửi)"]


def test_dossiers_of_another_round_are_not_in_it(pilot_round):
    submit(make_complete_dossier())

    assert matrix(pilot_round) == []


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_does_not_grow(pilot_round, count, django_assert_num_queries):
    for number in range(count):
        unit = make_district(f"Huyện {number}", f"h{number}")
        submit(make_complete_dossier(unit, pilot_round=pilot_round))
    fresh = PilotRound.objects.select_related("district_set").get(pk=pilot_round.pk)

    with django_assert_num_queries(11):
        district_summary(fresh)
