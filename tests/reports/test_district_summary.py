import pytest

from evaluations.models import Evaluation, IndicatorAppraisal, PilotRound
from evaluations.workflow import Status
from reports.district_summary.content import district_summary
from reports.district_summary.drawings import level_figures, levels_counted
from reports.district_summary.tables import summary_tables as tables
from reports.district_summary.words import words
from tests.factories import make_complete_dossier, make_district, make_dossier, make_round
from tests.reports.conftest import appraise, submit


@pytest.fixture
def pilot_round(db):
    return make_round(name="Thí điểm 2022")


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
    assert said["counts"] == "1/2 quận, huyện đã gửi hồ sơ; 0 hồ sơ đã xác nhận kết quả thẩm định."
    assert said["awaited"] == ["huyện B (chưa gửi)"]


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


def test_adjusted_cell_is_marked_and_its_reason_printed(pilot_round, appraiser):
    appraise(submit(make_complete_dossier(pilot_round=pilot_round)), appraiser)

    said = words(district_summary(pilot_round))

    (district,) = said["districts"]
    marked = [[cell["shown"] for cell in line["results"] if cell["is_adjusted"]]
              for line in district["lines"]]  # fmt: skip
    assert marked == [[], ["66,7\u00a0%"]]
    assert said["adjustments"] == [
        f"{district['name']}, 2.1.2: 23/30\u00a0=\u00a076,7\u00a0% (mức 1) → "
        "20/30\u00a0=\u00a066,7\u00a0% (dưới ngưỡng). Lý do: Hai xã chưa có quyết định"
    ]


def test_adjustment_without_figures_is_told_in_words(pilot_round, appraiser):
    evaluation = submit(make_complete_dossier(pilot_round=pilot_round))
    appraise(evaluation, appraiser)
    IndicatorAppraisal.objects.filter(result__evaluation=evaluation).exclude(
        result__indicator__code="1.1.1"
    ).update(verdict="accept", reason="", typed={})
    IndicatorAppraisal.objects.filter(
        result__evaluation=evaluation, result__indicator__code="1.1.1"
    ).update(verdict="adjust", reason="Văn bản hết hiệu lực", typed={"met": "no"})

    (line,) = words(district_summary(pilot_round))["adjustments"]

    assert line.endswith("1.1.1: đạt → chưa đạt. Lý do: Văn bản hết hiệu lực")


def test_a_fall_in_points_has_its_unit_in_the_sheet_too(pilot_round):
    submit(make_complete_dossier(pilot_round=pilot_round))

    rows = tables(district_summary(pilot_round))[1].rows

    shares = {row["code"].shown: row["share"].shown for row in rows}
    assert shares["3.1.1"] == "\u22121,56\u00a0điểm\u00a0%"
    figures = {row["code"].shown: row["figure"].shown for row in rows}
    assert figures["3.1.1"] == "3,18\u00a0% còn 1,62\u00a0%"


def test_nothing_is_marked_before_the_appraisal_is_finished(pilot_round, appraiser):
    evaluation = submit(make_complete_dossier(pilot_round=pilot_round))
    appraise(evaluation, appraiser, Status.APPRAISING)

    assert words(district_summary(pilot_round))["adjustments"] == []


def test_summary_counts_and_names_by_level(pilot_round, appraiser):
    appraise(
        submit(make_complete_dossier(make_district("Huyện A", "1"), pilot_round=pilot_round)),
        appraiser,
        Status.CONFIRMED,
    )
    make_complete_dossier(make_district("Huyện B", "2"), pilot_round=pilot_round)

    said = words(district_summary(pilot_round))

    assert said["counts"] == (
        "1/2 quận, huyện đã gửi hồ sơ; 1 hồ sơ đã xác nhận kết quả thẩm định."
    )
    assert said["levels"] == [
        "Tự đánh giá: mức độ 1 có 1 (A).",
        "Thẩm định: chưa đạt có 1 (A).",
    ]
    assert said["awaited"] == ["huyện B (chưa gửi)"]


def test_what_awaits_confirmation_is_nowhere_told_as_a_result(pilot_round, appraiser):
    for code, status in (("1", Status.APPRAISED), ("2", Status.CONFIRMED)):
        name = make_district(f"Huyện {'AB'[int(code) - 1]}", code)
        appraise(submit(make_complete_dossier(name, pilot_round=pilot_round)), appraiser, status)
    content = district_summary(pilot_round)

    said = words(content)

    assert said["counts"] == (
        "2/2 quận, huyện đã gửi hồ sơ; 1 hồ sơ đã xác nhận kết quả thẩm định; "
        "1 hồ sơ thẩm định xong, chờ xác nhận."
    )
    assert said["levels"][1:] == [
        "Thẩm định: chưa đạt có 1 (B).",
        "Thẩm định (chưa xác nhận): chưa đạt có 1 (A).",
    ]
    columns = [line["column"] for each in said["districts"] for line in each["lines"]]
    assert columns == ["Tự đánh giá", "Thẩm định (chưa xác nhận)", "Tự đánh giá", "Thẩm định"]
    assert "(A: chưa xác nhận)" in level_figures(content)[0].title
    counted = levels_counted(content["districts"]).bars
    assert [bar.label for bar in counted] == [
        "Tự đánh giá",
        "Thẩm định",
        "Thẩm định (chưa xác nhận)",
    ]


def test_dossiers_of_another_round_are_not_in_it(pilot_round):
    submit(make_complete_dossier())

    assert matrix(pilot_round) == []


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_does_not_grow(pilot_round, count, django_assert_num_queries):
    for number in range(count):
        unit = make_district(f"Huyện {number}", f"h{number}")
        submit(make_complete_dossier(unit, pilot_round=pilot_round))
    fresh = PilotRound.objects.select_related("district_set").get(pk=pilot_round.pk)

    with django_assert_num_queries(7):
        district_summary(fresh)
