"""A round before it is opened: made, copied, changed, its calendar, its participants."""

from datetime import date
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied

from criteria.loading import SetInUse, load_criteria_set
from evaluations.actions import calendar as calendar_actions
from evaluations.actions.assignments import assign
from evaluations.actions.city import open_city_dossier
from evaluations.actions.held_rounds import Stale, version_of
from evaluations.actions.planning import (
    DETAILS,
    NameTaken,
    change_round,
    choose_participants,
    copy_round,
    create_round,
    moved,
    open_planned_round,
)
from evaluations.actions.rounds import AlreadyOpened
from evaluations.actions.steps import NotReady
from evaluations.loading import sets_in_use
from evaluations.models import AdoptedReading, Evaluation, Milestone, PilotRound
from evaluations.round_checks import districts_of, lacks_before_opening
from organisations.models import Role
from tests.evaluations.test_parallel_saves import at_once
from tests.factories import (
    make_agency,
    make_city,
    make_department,
    make_district,
    make_dossier,
    make_round,
    make_user,
    result_of,
)

LINE = {"label": "Họp", "starts_on": None, "due_on": date(2023, 3, 1), "shown_date": ""}


def details_of(pilot_round, **changed):
    return {name: getattr(pilot_round, name) for name in DETAILS} | changed


def make_plan(*units, **fields):
    fields.setdefault("standing_agency", make_department())
    plan = make_round(opened_at=None, **fields)
    plan.planned_participants.set(units)
    return plan


def told(pilot_round):
    return [(event.kind, event.text, event.by, event.note) for event in pilot_round.events.all()]


# --- Making and changing one ----------------------------------------------------------------


def test_create_round_makes_a_planned_round_and_says_by_whom(administrator):
    like = make_round()

    made = create_round(details=details_of(like, name="Đợt 2023", year=2023), by=administrator)

    made.refresh_from_db()
    assert (made.name, made.year, made.is_planned) == ("Đợt 2023", 2023, True)
    assert told(made) == [("create", "lập đợt năm 2023", administrator, "")]
    assert not Evaluation.objects.exists()


def test_create_round_under_a_name_that_is_taken_is_refused(administrator):
    there = make_round(name="Thí điểm 2022")

    with pytest.raises(NameTaken) as refusal:
        create_round(details=details_of(there), by=administrator)

    assert refusal.value.pilot_round == there
    assert PilotRound.objects.count() == 1


def test_change_round_tells_old_and_new_and_a_second_press_changes_nothing(administrator):
    plan = make_plan()
    version = version_of(plan)
    wanted = details_of(plan, year=2023, self_assessment_due_on=date(2023, 12, 20))

    for _ in range(2):
        change_round(pilot_round=plan, details=wanted, version=version, by=administrator)

    plan.refresh_from_db()
    assert (plan.year, plan.self_assessment_due_on) == (2023, date(2023, 12, 20))
    note = "năm đánh giá: 2022 → 2023; hạn gửi tự đánh giá: 15/12/2022 → 20/12/2023"
    assert told(plan) == [("change", "sửa thông tin đợt", administrator, note)]


def test_change_round_drawn_before_another_change_is_told_who_made_it(administrator):
    plan, other = make_plan(), make_user(Role.ADMINISTRATOR, full_name="Lê Văn Kia")
    version = version_of(plan)
    change_round(pilot_round=plan, details=details_of(plan, year=2024), version=version, by=other)

    with pytest.raises(Stale, match=r"^Lê Văn Kia vừa sửa đợt này \(sửa thông tin đợt\)"):
        change_round(
            pilot_round=plan,
            details=details_of(plan, year=2023),
            version=version,
            by=administrator,
        )

    plan.refresh_from_db()
    assert plan.year == 2024


def test_what_is_opened_is_not_changed_any_more(administrator):
    pilot_round = make_dossier().pilot_round
    calls = [
        lambda: change_round(
            pilot_round=pilot_round,
            details=details_of(pilot_round, year=2030),
            version=version_of(pilot_round),
            by=administrator,
        ),
        lambda: choose_participants(
            pilot_round=pilot_round, units=[], version=version_of(pilot_round), by=administrator
        ),
        lambda: open_planned_round(
            pilot_round=pilot_round, version=version_of(pilot_round), by=administrator
        ),
    ]

    for call in calls:
        with pytest.raises(AlreadyOpened):
            call()

    pilot_round.refresh_from_db()
    assert pilot_round.year == 2022
    assert not pilot_round.events.exists()


def test_only_an_administrator_plans(db):
    plan, unit = make_plan(), make_district()
    version = version_of(plan)
    verbs = {
        "create": lambda by: create_round(details=details_of(plan, name="Mới"), by=by),
        "change": lambda by: change_round(
            pilot_round=plan, details=details_of(plan, year=2030), version=version, by=by
        ),
        "choose": lambda by: choose_participants(
            pilot_round=plan, units=[unit], version=version, by=by
        ),
        "open": lambda by: open_planned_round(pilot_round=plan, version=version, by=by),
        "copy": lambda by: copy_round(
            source=plan, name="Chép", year=2023, is_practice=False, by=by
        ),
        "milestone": lambda by: calendar_actions.add_milestone(
            pilot_round=plan, details=LINE, by=by
        ),
    }

    for role in set(Role) - {Role.ADMINISTRATOR}:
        by = make_user(role)
        for name, verb in verbs.items():
            with pytest.raises(PermissionDenied):
                verb(by)
            assert PilotRound.objects.get() == plan, f"{role} may {name}"

    assert not plan.events.exists()
    assert not Milestone.objects.exists()


# --- Participants and opening ---------------------------------------------------------------


def test_choose_participants_and_open_give_exactly_these_a_dossier(administrator):
    plan = make_plan()
    chosen, left_out = [make_district("Huyện A"), make_district("Quận B")], make_district()
    assert set(districts_of(plan)) == {*chosen, left_out}

    for _ in range(2):  # a second press changes nothing
        choose_participants(
            pilot_round=plan, units=chosen, version=version_of(plan), by=administrator
        )
    opened = open_planned_round(pilot_round=plan, version=version_of(plan), by=administrator)

    assert opened.is_open
    districts = Evaluation.objects.of_districts().filter(pilot_round=plan)
    assert {each.unit for each in districts} == set(chosen)
    assert [line[:2] for line in told(plan)] == [
        ("open", "mở đợt cho 2 đơn vị"),
        ("participants", "chọn 2 đơn vị tham gia"),
    ]


def test_a_round_is_of_the_districts_of_its_standing_agencys_city(db):
    own, other = (
        make_district(parent=make_city(name, code))
        for name, code in (("Thành phố Hải Phòng", "31"), ("Tỉnh Hải Dương", "30"))
    )
    agency = make_agency(parent=own.parent)

    assert set(districts_of(make_plan(standing_agency=agency))) == {own}
    assert set(districts_of(make_plan(standing_agency=None))) == {own, other}
    assert set(districts_of(make_plan(standing_agency=make_agency()))) == {own, other}


def test_a_unit_that_is_no_district_of_that_year_takes_no_part(administrator):
    plan = make_plan(year=2026)
    gone = make_district(valid_to=date(2024, 12, 31))

    with pytest.raises(NotReady, match="năm 2026"):
        choose_participants(
            pilot_round=plan, units=[gone], version=version_of(plan), by=administrator
        )

    plan.planned_participants.add(gone)  # chosen while the round was of another year
    with pytest.raises(NotReady, match="không có trong danh mục năm 2026"):
        open_planned_round(pilot_round=plan, version=version_of(plan), by=administrator)
    assert not Evaluation.objects.exists()


def test_a_plan_that_changed_since_its_summary_is_not_opened(administrator):
    plan = make_plan(make_district())
    version = version_of(plan)
    calendar_actions.add_milestone(pilot_round=plan, details=LINE, by=administrator)

    with pytest.raises(Stale, match="thêm mốc"):
        open_planned_round(pilot_round=plan, version=version, by=administrator)

    assert not Evaluation.objects.exists()


def test_the_summary_says_what_forbids_opening_and_what_is_only_doubtful(administrator):
    plan = make_plan()
    today = date(2022, 6, 1)
    assert [lack.place for lack in lacks_before_opening(plan, today) if lack.is_error] == [
        "participants"
    ]

    plan.standing_agency = None
    assert [lack.place for lack in lacks_before_opening(plan, today) if lack.is_error] == [
        "change",
        "participants",
    ]

    plan.standing_agency = make_department()
    unit = make_district("Huyện Vĩnh Bảo")
    plan.planned_participants.add(unit)
    found = {lack.place: lack.text for lack in lacks_before_opening(plan, date(2022, 12, 16))}
    assert found == {
        "calendar": "Lịch của đợt chưa có mốc nào.",
        "change": "Hạn gửi tự đánh giá 15/12/2022 đã qua.",
        "readings": "3 chỗ văn bản để ngỏ chưa ghi cách hiểu; đợt sẽ dùng mặc định.",
        "people": "Chưa có tài khoản lãnh đạo để gửi hồ sơ: Vĩnh Bảo.",
    }

    make_user(Role.LEADER, unit)
    plan.milestones.create(**LINE)
    for question in AdoptedReading.Question:
        plan.adopted_readings.create(
            question=question,
            choice=AdoptedReading.CHOICES_OF[question][0],
            document="1/CV",
            adopted_by=administrator,
        )
    assert lacks_before_opening(plan, today) == []


def test_opening_freezes_the_text_of_both_sets(administrator):
    plan = make_plan(make_district())
    text = {"code": plan.district_set.code, "title": "Tên khác"}
    assert plan.district_set.code not in sets_in_use()

    open_planned_round(pilot_round=plan, version=version_of(plan), by=administrator)

    assert {plan.district_set.code, plan.city_set.code} <= set(sets_in_use())
    with pytest.raises(SetInUse):
        load_criteria_set(text, in_use=sets_in_use())


# --- The calendar ---------------------------------------------------------------------------


def test_milestones_are_added_changed_and_removed_with_a_trail(administrator):
    pilot_round = make_dossier().pilot_round  # open: the calendar still moves, and says so

    for _ in range(2):
        line = calendar_actions.add_milestone(
            pilot_round=pilot_round, details=LINE, by=administrator
        )
    changed = LINE | {"starts_on": date(2023, 3, 2), "due_on": date(2023, 3, 5)}
    for _ in range(2):
        calendar_actions.change_milestone(
            milestone=line, details=changed, version="1", by=administrator
        )
    calendar_actions.remove_milestone(milestone=line, by=administrator)

    assert [(kind, text, note) for kind, text, _, note in reversed(told(pilot_round))] == [
        ("milestone", "thêm mốc “Họp”: 01/03/2023", ""),
        (
            "milestone",
            "sửa mốc “Họp”",
            "Họp: 01/03/2023 → Họp: 02/03/2023 đến 05/03/2023",
        ),
        ("milestone", "bỏ mốc “Họp”: 02/03/2023 đến 05/03/2023", ""),
    ]
    with pytest.raises(calendar_actions.Gone):
        calendar_actions.remove_milestone(milestone=line, by=administrator)
    with pytest.raises(calendar_actions.Gone):
        calendar_actions.change_milestone(
            milestone=line, details=LINE, version="3", by=administrator
        )


def test_two_milestones_of_one_calendar_have_two_labels(administrator):
    plan = make_plan()
    calendar_actions.add_milestone(pilot_round=plan, details=LINE, by=administrator)
    later = LINE | {"due_on": date(2023, 4, 1)}

    with pytest.raises(calendar_actions.LabelTaken):
        calendar_actions.add_milestone(pilot_round=plan, details=later, by=administrator)
    other = calendar_actions.add_milestone(
        pilot_round=plan, details=LINE | {"label": "Khác"}, by=administrator
    )
    with pytest.raises(calendar_actions.LabelTaken):
        calendar_actions.change_milestone(
            milestone=other, details=LINE, version=version_of(plan), by=administrator
        )
    with pytest.raises(Stale):
        calendar_actions.change_milestone(
            milestone=other, details=later, version="0", by=administrator
        )


# --- Copying --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2022, 12, 15), 1, date(2023, 12, 15)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2023, 2, 28), 1, date(2024, 2, 28)),
        (date(2022, 1, 31), -2, date(2020, 1, 31)),
    ],
)
def test_a_day_moved_by_years(day, years, expected):
    assert moved(day, years) == expected


def test_copy_round_moves_the_calendar_and_takes_participants_by_code(administrator):
    old = make_district("Huyện A", "316", valid_to=date(2022, 12, 31))
    renewed = make_district("Thành phố A", "316", valid_from=date(2023, 1, 1))
    staying, ended = (
        make_district("Quận B", "305"),
        make_district("Quận C", "306", valid_to=date(2022, 12, 31)),
    )
    source = make_round(name="Thí điểm 2022", self_assessment_due_on=date(2024, 2, 29))
    for unit in (old, staying, ended):
        make_dossier(unit, pilot_round=source)
    source.milestones.create(
        label="Kết quả năm 2021 theo Thông tư 22/2020",
        starts_on=date(2024, 2, 29),
        due_on=date(2024, 3, 31),
        shown_date="01–12/2022",
    )
    source.adopted_readings.create(
        question="fall", choice="relative", document="9/CV", adopted_by=administrator
    )

    made = copy_round(
        source=source, name="Đợt 2023", year=2023, is_practice=False, by=administrator
    )

    assert (made.year, made.is_planned, made.copied_from) == (2023, True, source)
    assert made.self_assessment_due_on == date(2025, 2, 28)
    for field in ("district_set", "city_set", "agency_points", "commune_points"):
        assert getattr(made, field) == getattr(source, field)
    assert set(made.planned_participants.all()) == {renewed, staying}
    line = made.milestones.get()
    assert (line.label, line.shown_date) == (
        "Kết quả năm 2022 theo Thông tư 22/2020",
        "01–12/2023",
    )
    assert (line.starts_on, line.due_on) == (date(2025, 2, 28), date(2025, 3, 31))
    assert not made.adopted_readings.exists()  # proposed on its page, binding nobody yet
    (event,) = told(made)
    assert event[1] == "lập đợt, chép từ đợt Thí điểm 2022"
    assert event[3] == ("2 đơn vị tham gia, 1 mốc lịch. Không còn trong danh mục năm 2023: Quận C")


def test_copy_of_a_plan_takes_who_was_chosen_for_it(administrator):
    unit = make_district()
    source = make_plan(unit)

    made = copy_round(source=source, name="Nữa", year=2023, is_practice=True, by=administrator)

    assert list(made.planned_participants.all()) == [unit]
    assert made.is_practice
    with pytest.raises(NameTaken):
        copy_round(source=source, name="Nữa", year=2024, is_practice=True, by=administrator)


def test_opening_a_copy_gives_the_citys_indicators_to_who_led_them(administrator):
    city = make_city()
    ended = make_agency("Sở Cũ", parent=city, valid_to=date(2022, 12, 31))
    source = make_round(name="Thí điểm 2022", standing_agency=make_department())
    unit = make_district()
    open_city_dossier(source, on=date(2022, 12, 31))
    leads = {"1.1.1": make_agency("Sở Nội vụ", parent=city), "2.1.2": ended}
    for code, agency in leads.items():
        result = result_of(source.evaluations.of_cities().get(), code)
        assign(result=result, agency=agency, due_on=None, by=administrator)
    made = copy_round(
        source=source, name="Công nhận 2023", year=2023, is_practice=False, by=administrator
    )
    made.planned_participants.set([unit])

    open_planned_round(pilot_round=made, version=version_of(made), by=administrator)

    dossier = made.evaluations.of_cities().get()
    assert result_of(dossier, "1.1.1").assignment.agency == leads["1.1.1"]
    assert result_of(dossier, "2.1.2").assignment.agency is None  # that office is no more
    assert made.events.first().text == "phân công 1 chỉ báo thành phố như đợt Thí điểm 2022"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_at_once_one_opens_and_one_is_told():
    plan = make_plan(make_district(), make_district())
    version = version_of(plan)
    people = [make_user(Role.ADMINISTRATOR, make_department()) for _ in range(2)]

    def open_it(by):
        try:
            open_planned_round(pilot_round=plan, version=version, by=by)
        except AlreadyOpened:
            return "told"

    answers = at_once(*(partial(open_it, by) for by in people))

    assert sorted(answers, key=str) == [None, "told"]
    assert plan.evaluations.of_districts().count() == 2
    assert [event.kind for event in plan.events.all()] == ["open"]
