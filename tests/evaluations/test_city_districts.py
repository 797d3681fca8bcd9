"""The city's 2.1.2: recognised districts, on the base that the round adopted, live and frozen."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from criteria.models import CriteriaSet
from evaluations.actions import steps
from evaluations.actions.appraisal import appraise
from evaluations.actions.rounds import ReadingIsSettled, adopt_reading
from evaluations.checking import NOT_COUNTED_YET, check, check_part, registers_of
from evaluations.determination import Counted, find
from evaluations.districts import listed_districts
from evaluations.feasibility import best_share
from evaluations.models import AdoptedReading, Assignment, Evaluation
from evaluations.snapshots import indicators_in, units_submitted
from evaluations.unit_lists import changes_since_submission
from evaluations.workflow import Status
from organisations.models import Role
from tests.evaluations.city_world import CityWorld, make_city_world
from tests.evaluations.test_counted import COUNTED_CITY_SET
from tests.factories import (
    make_agencies,
    make_city,
    make_confirmed_dossier,
    make_decision,
    make_district,
    make_set,
    make_user,
)

CODE = "2.1.2"


@pytest.fixture
def world(db) -> CityWorld:
    """Four districts, of which three take part; Sở GD&ĐT leads everything."""
    city_set = make_set("thanh-pho-dem", CriteriaSet.Subject.CITY, COUNTED_CITY_SET)
    made = make_city_world(city_set=city_set)
    Assignment.objects.of_round(made.pilot_round).update(agency=made.offices["SGDDT"])
    make_district("Huyện Tiên Lãng", "315")
    for name in ("Quận Lê Chân", "Quận Hải An"):
        make_confirmed_dossier(make_district(name), pilot_round=made.pilot_round)
    return made


def line_of(world: CityWorld):
    finding = find(Evaluation.objects.with_results().get(pk=world.dossier.pk))
    return finding, finding.line(CODE)


def figure(world: CityWorld) -> str:
    return line_of(world)[1].self_assessed.figure


def recognise(world: CityWorld, name: str, level: int, **fields):
    dossier = world.pilot_round.evaluations.get(unit__name=name)
    return make_decision({dossier: level}, by=world.people["approver"], **fields)


def adopt(world: CityWorld, choice) -> None:
    adopt_reading(
        pilot_round=world.pilot_round,
        question=AdoptedReading.Question.CITY_BASE,
        choice=choice,
        document="Công văn 15",
        by=world.people["administrator"],
    )


def send(world: CityWorld) -> None:
    """As a submission leaves it: what was counted is typed, and the snapshot has the list."""
    from evaluations.actions.steps import take_step

    Assignment.objects.of_round(world.pilot_round).update(
        state="handed_over", moved_by=world.people["SGDDT editor"]
    )
    other = [code for code in COUNTED_CITY_SET if code != CODE]
    for result in world.dossier.results.filter(indicator__code__in=other):
        result.typed = {"not_applicable": "yes"}
        result.not_applicable_reason = "Không có."
        result.save()
    finding, _ = line_of(world)
    doubts = check(finding, registers_of(finding)).doubts
    take_step(
        evaluation=world.dossier,
        step_name="submit",
        by=world.people["SGDDT leader"],
        reasons={doubt.kind: "Đã rõ." for doubt in doubts},
    )


def test_without_a_decision_nothing_is_counted_and_it_is_no_nought(world):
    line = line_of(world)[1]

    assert line.self_assessed.share is None
    assert [each.text for each in check_part(line).errors] == [NOT_COUNTED_YET]
    recognise(world, "Quận Lê Chân", 1)
    found = check_part(line_of(world)[1])
    assert not found.errors
    assert "3 quận, huyện chưa có quyết định" in found.doubts[-1].text


def test_it_moves_with_each_decision_and_its_correction(world):
    first = recognise(world, "Quận Lê Chân", 1)
    assert figure(world) == "1/4"
    recognise(world, "Quận Hải An", 0)
    assert figure(world) == "1/4"
    recognise(world, "Quận Lê Chân", 0, corrects=first, signed_on=date(2022, 12, 29))
    assert figure(world) == "0/4"


def test_the_adopted_base_is_the_total(world):
    recognise(world, "Quận Lê Chân", 2)

    adopt(world, AdoptedReading.Choice.PARTICIPANTS)
    assert figure(world) == "1/3"
    adopt(world, AdoptedReading.Choice.ALL_DISTRICTS)
    assert figure(world) == "1/4"


def test_districts_of_another_day_are_no_part_of_the_base(world):
    """Periods that were loaded before or after; the count, the names and the best share agree."""
    make_district("Huyện Trước", valid_from=date(2000, 1, 1), valid_to=date(2022, 12, 30))
    make_district("Huyện Sau", valid_from=date(2023, 1, 1))
    last_day = make_district("Huyện Ngày Cuối", valid_to=date(2022, 12, 31))
    # A practice round may be of a year in which its units are no more.
    gone = make_district("Huyện Tập Huấn", valid_to=date(2021, 1, 1))
    make_confirmed_dossier(gone, pilot_round=world.pilot_round)

    finding, line = line_of(world)
    named = [each["name"] for each in listed_districts(finding.evaluation)]

    assert {last_day.name, gone.name} < set(named)
    assert (len(named), line.counted.in_scope) == (6, 6)
    assert best_share(world.pilot_round).total == 6


def test_decisions_of_another_round_do_not_count(world):
    other = make_confirmed_dossier(make_district("Huyện Cát Hải"))
    make_decision({other: 1})

    assert line_of(world)[1].counted.rated == 0


def test_both_sides_of_the_share_have_names(client, world):
    decision = recognise(world, "Quận Lê Chân", 1)
    recognise(world, "Quận Hải An", 0)
    client.force_login(world.people["SGDDT editor"])

    page = client.get(world.url(CODE, "danh-sach/"))

    assertContains(page, "Đã được công nhận: 1")
    assertContains(page, "Không được công nhận: 1")
    assertContains(page, "Chưa có quyết định: 2")
    assertContains(page, "Huyện Tiên Lãng")
    assertContains(page, decision.number)
    adopt(world, AdoptedReading.Choice.PARTICIPANTS)
    page = client.get(world.url(CODE, "danh-sach/"))
    assertContains(page, "Ngoài mẫu số: 1")
    assertContains(client.get(world.url(CODE)), "1/3")


def test_submission_freezes_the_figure_and_the_list(client, world):
    first = recognise(world, "Quận Lê Chân", 1)
    send(world)
    snapshot = world.dossier.snapshots.get()
    said = {each["name"]: each["rating_label"] for each in units_submitted(snapshot.content)[CODE]}
    figures = {each["code"]: each["figure"] for each in indicators_in(snapshot.content)}

    recognise(world, "Quận Hải An", 1)
    recognise(world, "Quận Lê Chân", 0, corrects=first, signed_on=date(2022, 12, 29))

    assert figures[CODE] == "1/4"
    assert said["Quận Lê Chân"] == "mức độ 1"
    assert said["Huyện Tiên Lãng"] == ""
    finding, line = line_of(world)
    assert line.self_assessed.figure == "1/4"
    (changes,) = changes_since_submission([finding], world.people["SGDDT leader"])[world.dossier.pk]
    assert {each.name: each.text for each in changes.units} == {
        "Quận Hải An": "chưa có quyết định → mức độ 1",
        "Quận Lê Chân": "mức độ 1 → không công nhận",
    }
    client.force_login(world.people["SGDDT leader"])
    page = client.get(world.url(CODE, "danh-sach/"))
    assertContains(page, "Danh sách đã thay đổi từ khi gửi")
    assertContains(page, "Như đã gửi lúc")


@pytest.mark.parametrize("moment", ["count_from_names", "find", "check"])
def test_a_decision_recorded_while_the_city_is_sent_splits_no_figure_from_its_list(
    world, monkeypatch, moment
):
    """On PostgreSQL it may be committed before any query of the submission."""
    recognise(world, "Quận Lê Chân", 1)
    real = getattr(steps, moment)

    def decided_meanwhile(*args, **words):
        recognise(world, "Quận Hải An", 1)
        return real(*args, **words)

    monkeypatch.setattr(steps, moment, decided_meanwhile)
    send(world)

    content = world.dossier.snapshots.get().content
    (figure,) = [each["figure"] for each in indicators_in(content) if each["code"] == CODE]
    recognised = sum(each["is_good_or_better"] for each in units_submitted(content)[CODE])
    assert figure == f"{recognised}/4"


def give_back(world: CityWorld, code: str) -> None:
    """The council asks about one indicator and returns the dossier."""
    council = world.people["council"]
    world.step("take-in", "council")
    appraise(result=world.result(code), verdict="ask", reason="Nêu rõ hơn.", by=council)
    world.step("return", "council", note="Bổ sung.", due_on=timezone.localdate())


def test_the_base_stands_while_the_city_supplements_another_indicator(client, world):
    """The share stays as it was submitted; nobody could send it on another base."""
    recognise(world, "Quận Lê Chân", 1)
    send(world)
    give_back(world, next(code for code in COUNTED_CITY_SET if code != CODE))

    with pytest.raises(ReadingIsSettled):
        adopt(world, AdoptedReading.Choice.PARTICIPANTS)
    assert figure(world) == "1/4"
    client.force_login(world.people["administrator"])
    url = reverse("evaluations:adopt-reading", args=[world.pilot_round.pk, "city_base"])
    assertContains(client.get(url), "Hồ sơ thành phố đã gửi theo cách hiểu hiện nay")
    words = {"choice": AdoptedReading.Choice.PARTICIPANTS, "document": "Công văn 15"}
    assertContains(client.post(url, words), "không đổi được nữa", status_code=422)


def test_the_base_may_change_while_its_own_share_is_open_again(world):
    recognise(world, "Quận Lê Chân", 1)
    send(world)
    give_back(world, CODE)

    adopt(world, AdoptedReading.Choice.PARTICIPANTS)

    assert figure(world) == "1/3"


def test_an_impossible_level_is_said_from_the_first_day(client, world):
    """Three of four is enough; two of four is not."""
    client.force_login(world.people["SGDDT editor"])
    said = "nhiều nhất 3/5 = 60,0"
    assertNotContains(client.get(world.url()), "nhiều nhất")
    make_district("Huyện An Lão", "313")

    for url in (world.url(), world.url(CODE)):
        assertContains(client.get(url), said)
    client.force_login(make_user(Role.OBSERVER, make_city()))
    assertContains(client.get(world.pilot_round.get_absolute_url()), said)
    adopt(world, AdoptedReading.Choice.PARTICIPANTS)
    client.force_login(world.people["SGDDT editor"])
    assertNotContains(client.get(world.url()), "nhiều nhất")


def test_the_page_asks_the_same_however_many_decisions(client, world):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(world.url(CODE)).status_code == 200
        return len(queries)

    client.force_login(world.people["SGDDT editor"])
    recognise(world, "Quận Lê Chân", 1)
    client.get(world.url(CODE))
    before = asked()
    recognise(world, "Quận Hải An", 1)
    for number in range(5):
        make_district(f"Huyện Thêm {number}")

    assert asked() == before


def test_a_dossier_of_a_district_counts_no_districts(world):
    dossier = world.pilot_round.evaluations.of_districts().filter(status=Status.DRAFT).first()
    counted = Evaluation.objects.with_register_counts().get(pk=dossier.pk)

    assert (counted.districts_in_scope, counted.districts_rated) == (0, 0)
    assert timezone.now() > counted.status_since


def test_who_leads_the_share_of_agencies_reads_their_names_and_opens_none(client, world):
    """Whichever agency it is: the register itself is not theirs."""
    Assignment.objects.of_round(world.pilot_round).filter(result__indicator__code="2.1.1").update(
        agency=world.offices["SNV"]
    )
    make_agencies(world.pilot_round, make_city(), ["tot", "kha", "chua-dat"])
    url = world.url("2.1.1", "danh-sach/")
    client.force_login(world.people["SNV editor"])

    page = client.get(url)

    assertContains(page, "Từ Khá trở lên: 2")
    assertContains(page, "Dưới Khá: 1")
    assertNotContains(page, "/ket-qua-don-vi/")
    client.force_login(world.people["SGDDT editor"])
    assertContains(client.get(url), "/ket-qua-don-vi/dong/")


def test_the_count_and_the_names_are_one(world):
    recognise(world, "Quận Lê Chân", 3)
    recognise(world, "Quận Hải An", 0)
    for choice in (AdoptedReading.Choice.ALL_DISTRICTS, AdoptedReading.Choice.PARTICIPANTS):
        adopt(world, choice)
        finding, line = line_of(world)
        said = [each for each in listed_districts(finding.evaluation) if each["in_scope"]]
        named = Counted(
            in_scope=len(said),
            rated=sum(bool(each["rating"]) for each in said),
            good=sum(each["is_good_or_better"] for each in said),
        )
        assert line.counted == named, choice
