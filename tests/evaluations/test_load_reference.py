"""What `manage.py load_reference` leaves behind, on the real files."""

import json
from datetime import date

import pytest
from django.conf import settings

from criteria.loading import SetInUse, load_criteria_set
from evaluations.loading import RoundLoadError, load_round, read_round, sets_in_use
from evaluations.models import Milestone, PilotRound
from tests.evaluations.loaded import everything, load_reference, rolled_back

ROUND = settings.BASE_DIR / "fixtures" / "rounds" / "thi-diem-2022.json"


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), rolled_back(tmp_path_factory.mktemp("media")):
        yield load_reference()


@pytest.fixture
def reference(loaded, db):
    return loaded


def test_reference_opens_the_round_of_2022_for_its_eight_districts(reference):
    pilot_round = PilotRound.objects.get()

    assert (pilot_round.name, pilot_round.year) == ("Thí điểm 2022", 2022)
    assert pilot_round.self_assessment_due_on == date(2022, 12, 15)
    names = pilot_round.evaluations.values_list("unit__name", flat=True)
    assert sorted(names) == [
        "Huyện An Dương",
        "Huyện Cát Hải",
        "Huyện Thủy Nguyên",
        "Huyện Vĩnh Bảo",
        "Quận Dương Kinh",
        "Quận Hải An",
        "Quận Hồng Bàng",
        "Quận Lê Chân",
    ]
    for evaluation in pilot_round.evaluations.all():
        assert evaluation.results.count() == 16


def test_reference_brings_the_calendar_of_the_plan(reference):
    shown = [
        (milestone.due_on, milestone.shown_date)
        for milestone in PilotRound.objects.get().milestones.all()
    ]

    assert shown == [
        (date(2022, 1, 15), ""),
        (date(2022, 1, 31), ""),
        (date(2022, 12, 15), ""),
        (date(2022, 12, 31), "01–12/2022"),
        (date(2022, 12, 31), "12/2022"),
        (date(2023, 1, 31), "01/2023"),
    ]


def test_reference_a_second_time_changes_nothing(reference):
    before = everything()

    said = load_reference()

    assert everything() == before
    assert "Đợt Thí điểm 2022: đã mở với 8 hồ sơ." in reference
    assert "Đợt Thí điểm 2022: đã mở từ trước, giữ nguyên." in said


def test_reference_leaves_an_opened_round_to_its_administrator(reference):
    PilotRound.objects.get().milestones.filter(due_on=date(2022, 12, 15)).update(
        due_on=date(2022, 12, 20)
    )

    load_reference()

    assert Milestone.objects.filter(due_on=date(2022, 12, 20)).exists()


def test_an_opened_round_freezes_both_its_sets(reference):
    assert sets_in_use() == {"quan-huyen-2022", "thanh-pho-2022"}

    for code in sets_in_use():
        path = settings.BASE_DIR / "fixtures" / "criteria" / f"{code}.json"
        data = json.loads(path.read_text(encoding="utf-8"))
        data["standards"][0]["criteria"][0]["indicators"][0]["text"] += " sửa"
        with pytest.raises(SetInUse, match=code):
            load_criteria_set(data, in_use=sets_in_use())


def test_a_set_that_no_round_opened_is_not_frozen(reference):
    PilotRound.objects.update(opened_at=None)

    assert sets_in_use() == set()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"district_set": "khong-co"}, "Chưa có bộ tiêu chí khong-co."),
        ({"participants": ["316", "999"]}, "Chưa có quận, huyện mã 999."),
        # The codes of districts are of 2022; in 2026 there are none.
        ({"units_on": "2026-01-01"}, "Chưa có quận, huyện mã 303, 305"),
    ],
)
def test_a_round_that_names_what_is_not_there_is_refused_whole(reference, change, said):
    data = read_round(ROUND) | {"name": "Khác"} | change

    with pytest.raises(RoundLoadError, match=said):
        load_round(data)

    assert not PilotRound.objects.filter(name="Khác").exists()
