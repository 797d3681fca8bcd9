"""What `manage.py load_reference` leaves behind, on the real files."""

import json
from datetime import date

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db.models import Count

from criteria.loading import SetInUse, load_criteria_set
from criteria.models import PointSet
from criteria.point_loading import load_point_set, store_version
from evaluations.loading import (
    RoundLoadError,
    load_round,
    point_sets_in_use,
    read_round,
    sets_in_use,
)
from evaluations.models import Assignment, Milestone, PilotRound, RoundEvent, UnitResult
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
    names = pilot_round.evaluations.of_districts().values_list("unit__name", flat=True)
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
    for evaluation in pilot_round.evaluations.of_districts():
        assert evaluation.results.count() == 16


def test_reference_opens_the_citys_dossier_with_its_published_leads(reference):
    pilot_round = PilotRound.objects.get()

    dossier = pilot_round.evaluations.of_cities().get()

    assert (dossier.unit.name, dossier.results.count()) == ("Thành phố Hải Phòng", 20)
    assert pilot_round.standing_agency.code == "SGDDT"
    assigned = Assignment.objects.of_round(pilot_round).for_display()
    leads: dict[str, list[str]] = {}
    for each in assigned:
        leads.setdefault(each.agency.code, []).append(each.result.indicator.code)
    assert leads == {
        "VPUB": ["1.1.1", "1.1.2"],
        "SGDDT": ["1.2.1", "1.2.2", "2.1.1", "2.1.2", "2.2.3", "3.2.2", "3.2.3"],
        "HKH": ["1.2.3"],
        "STTTT": ["2.2.1", "2.2.2", "2.2.4"],
        "CTK": ["3.1.1", "3.1.4"],
        "SLDTBXH": ["3.1.2"],
        "SKHCN": ["3.1.3"],
        "STNMT": ["3.1.5"],
        "SVHTT": ["3.2.1"],
        "SNV": ["3.2.4"],
    }


def test_reference_gives_an_older_round_the_citys_dossier_once(reference):
    pilot_round = PilotRound.objects.get()
    pilot_round.evaluations.of_cities().delete()
    PilotRound.objects.update(standing_agency=None)

    first, second = load_reference(), load_reference()

    pilot_round.refresh_from_db()
    assert pilot_round.standing_agency.code == "SGDDT"
    assert Assignment.objects.of_round(pilot_round).exclude(agency=None).count() == 20
    assert "nay đã bổ sung phần còn thiếu" in first
    assert "giữ nguyên" in second


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


AGENCY, COMMUNE = "don-vi-hoc-tap-2020", "cong-dong-hoc-tap-2014"


def test_the_round_rates_by_the_two_circulars(reference):
    pilot_round = PilotRound.objects.get()

    assert (pilot_round.agency_points.code, pilot_round.commune_points.code) == (AGENCY, COMMUNE)
    assert point_sets_in_use() == {(AGENCY, 1), (COMMUNE, 1)}
    assert "Biểu điểm: Đánh giá, xếp loại “Đơn vị học tập”, bản 1." in reference


def test_the_round_has_a_line_for_each_commune_and_agency_of_both_years(reference):
    lines = PilotRound.objects.get().unit_results.values_list("kind", "year")

    counts = {(kind, year): count for kind, year, count in lines.annotate(Count("pk")).order_by()}
    assert counts == {
        ("learning_community", 2021): 217,
        ("learning_community", 2022): 217,
        ("learning_unit", 2021): 13,
        ("learning_unit", 2022): 13,
    }


def new_version(code):
    base = PointSet.objects.with_rule().get(code=code)
    words = {"document": "12/CV-SGDĐT", "note": "", "recorded_by": "Đỗ Thị Quản"}
    return store_version(base, base.rule, seen=1, **words)


def test_a_load_leaves_an_opened_round_with_its_version(reference):
    new_version(AGENCY)

    load_reference()

    assert PilotRound.objects.get().agency_points.version == 1


def test_a_round_that_is_not_opened_takes_the_newest_version(reference):
    newer = new_version(AGENCY)

    made = load_round(read_round(ROUND) | {"name": "Khác"}).pilot_round

    assert made.agency_points == newer
    assert point_sets_in_use() == {(AGENCY, 1), (AGENCY, 2), (COMMUNE, 1)}


def test_a_version_that_an_opened_round_rates_by_is_not_altered(reference):
    path = settings.BASE_DIR / "fixtures" / "points" / f"{AGENCY}.json"
    data = json.loads(path.read_text(encoding="utf-8")) | {"title": "Khác"}

    with pytest.raises(SetInUse, match=AGENCY):
        load_point_set(data, in_use=point_sets_in_use())
    PilotRound.objects.update(opened_at=None)
    assert load_point_set(data, in_use=point_sets_in_use()).title == "Khác"


def test_the_command_says_in_vietnamese_what_it_refuses(reference):
    PointSet.objects.filter(code=AGENCY).update(title="Sửa tay")

    with pytest.raises(CommandError, match="bản 1, đang dùng trong một đợt nên không sửa được"):
        load_reference()


def test_a_round_opened_before_there_were_registers_gets_them_once(reference):
    UnitResult.objects.all().delete()
    PilotRound.objects.update(agency_points=None, commune_points=None)

    said = load_reference()
    again = load_reference()

    pilot_round = PilotRound.objects.get()
    assert (pilot_round.agency_points.code, pilot_round.commune_points.code) == (AGENCY, COMMUNE)
    assert pilot_round.unit_results.count() == 460
    assert "Đợt Thí điểm 2022: đã mở từ trước, nay đã bổ sung phần còn thiếu." in said
    assert "Đợt Thí điểm 2022: đã mở từ trước, giữ nguyên." in again
    (event,) = RoundEvent.objects.filter(kind="complete")
    assert (event.by, event.note) == (
        None,
        "Đánh giá, xếp loại “Đơn vị học tập”, bản 1; "
        "Đánh giá, xếp loại “Cộng đồng học tập” cấp xã, bản 1",
    )


def test_a_practice_round_of_a_later_year_gets_the_units_of_its_participants(reference):
    UnitResult.objects.all().delete()
    PilotRound.objects.update(year=2026)

    load_round(read_round(ROUND))

    assert PilotRound.objects.get().unit_results.filter(year=2026).count() == 230


def test_a_round_that_only_lacks_one_of_them_keeps_the_rest(reference):
    newer = new_version(COMMUNE)
    PilotRound.objects.update(agency_points=None, commune_points=newer)
    line = UnitResult.objects.first()
    UnitResult.objects.exclude(pk=line.pk).delete()

    load_reference()

    pilot_round = PilotRound.objects.get()
    assert (pilot_round.agency_points.version, pilot_round.commune_points) == (1, newer)
    assert list(pilot_round.unit_results.all()) == [line]  # taken out by somebody: not entered anew


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
        ({"agency_points": "khong-co"}, "Đợt Khác: Chưa có biểu điểm khong-co."),
        ({"commune_points": ""}, "Đợt Khác: Tệp chưa ghi commune_points."),
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
