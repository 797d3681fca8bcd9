"""A derived share is counted from its register: live while the unit writes, fixed once sent."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from criteria.models import CriteriaSet
from evaluations.actions.unit_results import save_line
from evaluations.checking import NOT_COUNTED_YET, check, registers_of
from evaluations.models import Evaluation
from evaluations.snapshots import dossier_content
from evaluations.unit_reading import shown_line
from organisations.models import Role
from tests.evaluations.counting import below, found, rate, step
from tests.factories import (
    COUNTED,
    COUNTED_SET,
    SHARE,
    make_agencies,
    make_city,
    make_communes,
    make_counted_dossier,
    make_department,
    make_district,
    make_dossier,
    make_line,
    make_round,
    make_set,
    make_user,
)

pytestmark = pytest.mark.django_db

COUNTED_CITY_SET = {
    "2.1.1": COUNTED_SET["2.1.1"],
    "2.1.2": ("graded", SHARE | COUNTED | {"counted_from": "districts"}, "Huyện được công nhận"),
}


@pytest.fixture
def dossier():
    return make_counted_dossier()


def test_share_is_counted_from_confirmed_ratings(dossier):
    line = found(dossier).line("2.1.2")

    assert line.self_assessed.figure == "20/26"
    assert line.self_assessed.shown == "76,9\u00a0%"
    assert line.counted.unrated == 1


def test_level_moves_with_a_result(dossier):
    rate(below(dossier), "Khá")

    assert found(dossier).line("2.1.2").self_assessed.figure == "21/26"


def test_excluded_unit_leaves_both_sides_of_the_fraction(dossier):
    good = dossier.pilot_round.unit_results.filter(rating__code="kha").first()
    good.in_scope, good.exclusion_reason = False, "Sáp nhập"
    good.save()

    assert found(dossier).line("2.1.2").self_assessed.figure == "19/25"


def test_register_without_any_result_is_not_entered_and_not_nought(dossier):
    dossier.pilot_round.unit_results.filter(kind="learning_community").update(rating=None)

    line = found(dossier).line("2.1.2")

    assert line.self_assessed.share is None
    assert line.mark.word == "Chưa nhập"


def test_other_years_rounds_and_districts_do_not_count(dossier):
    make_communes(dossier.pilot_round, make_dossier().unit, ["tot"] * 5)
    commune = dossier.pilot_round.unit_results.filter(kind="learning_community").first().unit
    make_line(dossier.pilot_round, commune, rating="tot", year=2021)

    assert found(dossier).line("2.1.2").self_assessed.figure == "20/26"


def test_result_changed_after_submission_does_not_move_the_dossier(dossier):
    step(dossier, "submit")
    rate(below(dossier), "Khá")

    line = found(dossier).line("2.1.2")
    assert line.self_assessed.figure == "20/26"
    assert line.counted.good == 21


def test_snapshot_holds_the_list_itself(dossier):
    step(dossier, "submit")

    content = dossier.snapshots.get().content
    listed = content["standards"][0]["criteria"][0]["indicators"][1]["units"]

    assert len(listed) == 26
    assert sum(unit["is_good_or_better"] for unit in listed) == 20
    assert [unit["rating_label"] for unit in listed].count("") == 1


def test_withdrawn_dossier_counts_live_again(dossier):
    step(dossier, "submit")
    rate(below(dossier), "Khá")

    step(dossier, "withdraw")

    assert found(dossier).line("2.1.2").self_assessed.figure == "21/26"


def test_decision_of_the_year_after_is_kept(dossier):
    line = dossier.pilot_round.unit_results.filter(rating__code="kha").first()
    values = {"decision_number": "12/QĐ-UBND", "decision_on": "15/1/2023"}

    saved = save_line(
        result=line,
        values=values,
        base=shown_line(line),
        by=make_user(Role.EDITOR, line.owner),
    )

    assert saved.result.decision_on == date(2023, 1, 15)
    assert not saved.problems


# --- the city


@pytest.fixture
def city_dossier():
    """The city's own: its agencies, and the districts that nobody counts yet."""
    city_set = make_set("thanh-pho-dem", CriteriaSet.Subject.CITY, COUNTED_CITY_SET)
    pilot_round = make_round(city_set=city_set, standing_agency=make_department())
    evaluation = Evaluation.objects.create(
        unit=make_city(),
        pilot_round=pilot_round,
        criteria_set=city_set,
        status_since=timezone.now(),
    )
    for indicator in city_set.indicators.all():
        evaluation.results.create(indicator=indicator)
    make_agencies(pilot_round, make_city(), ["tot", "kha", "chua-dat", None])
    make_agencies(pilot_round, make_district(), ["tot"] * 5)
    return evaluation


def test_city_counts_its_own_agencies(city_dossier):
    line = found(city_dossier).line("2.1.1")

    assert line.self_assessed.figure == "2/4"


def test_share_of_districts_is_not_counted_yet_and_says_so(client, city_dossier):
    result = city_dossier.results.get(indicator__code="2.1.2")
    result.typed = {"achieved": "15", "total": "15"}
    result.save()

    finding = found(city_dossier)

    line = finding.line("2.1.2")
    assert line.self_assessed.share is None
    assert line.mark.word == "Chưa nhập"
    (error,) = check(finding, registers_of(finding)).errors
    assert (error.line.code, error.text) == ("2.1.2", NOT_COUNTED_YET)
    client.force_login(make_user(Role.EDITOR, make_department()))
    page = client.get(line.result.get_absolute_url())
    assertContains(page, NOT_COUNTED_YET)
    assertNotContains(page, 'name="achieved"')
    assertContains(client.get(city_dossier.get_absolute_url()), "2.1.2")
    assertContains(client.get(reverse("evaluations:check", args=[city_dossier.pk])), "2.1.2")
    assert dossier_content(finding.evaluation)["self_assessed"]["level"] == 0


def test_keeper_of_the_citys_list_writes_it_and_its_officers_read(client, city_dossier):
    url = reverse("evaluations:indicator", args=[city_dossier.pk, "2.1.1"])
    client.force_login(make_user(Role.EDITOR, make_department()))

    page = client.get(url)

    assertContains(page, "Xem đủ 4 đơn vị")
    assertNotContains(page, "Mở danh sách, nhập kết quả")
