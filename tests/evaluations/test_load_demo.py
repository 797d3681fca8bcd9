"""The practice round that `manage.py load_demo` makes, on the real files."""

from datetime import date, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from pypdf import PdfReader

from evaluations.demo import demo_accounts, load_practice_round
from evaluations.demo.people import PASSWORD
from evaluations.determination import find
from evaluations.management.commands import load_demo
from evaluations.models import Assignment, IndicatorResult, Opinion, PilotRound, StoredFile
from evaluations.workflow import STEPS, Status
from organisations.models import Role, User
from tests.evaluations.loaded import everything, load_reference, rolled_back
from upkeep.integrity import faults

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), rolled_back(media):
        load_reference()
        load_practice_round(TODAY)
        yield media


@pytest.fixture
def practice(loaded, db):
    return PilotRound.objects.get(is_practice=True)


def test_practice_round_shows_every_stage_and_nothing_years_late(practice):
    statuses = {
        evaluation.unit.code: evaluation.status
        for evaluation in practice.evaluations.select_related("unit")
    }

    assert (practice.name, practice.year, practice.is_practice) == ("Tập huấn 2026", 2022, True)
    statuses.pop("31", None)  # the city's own dossier
    assert statuses == {
        "303": Status.APPRAISED,
        "304": Status.RECOGNISED,
        "305": Status.APPRAISING,
        "306": Status.SUBMITTED,
        "307": Status.CONFIRMED,
        "308": Status.DECLINED,
        "309": Status.CONFIRMED,
        "311": Status.RETURNED,
        "312": Status.DRAFT,
        "316": Status.DRAFT,
        "317": Status.DRAFT,
    }
    for evaluation in practice.evaluations.select_related("pilot_round"):
        assert evaluation.due_on is None or evaluation.due_on > TODAY


def test_practice_came_about_as_in_service(practice):
    assert list(faults(["database", "trails", "frozen", "rows"])) == []


def test_practice_leaves_vinh_bao_whole_for_whoever_learns(practice):
    dossier = practice.evaluations.get(unit__code="316")

    assert not dossier.results.exclude(typed={}).exists()
    assert not dossier.events.exists()


def test_practice_figures_say_that_they_are_practice(practice):
    typed = IndicatorResult.objects.filter(evaluation__pilot_round=practice).exclude(typed={})

    assert typed.count() > 80
    for result in typed:
        assert "tập huấn" in result.explanation
    for stored in StoredFile.objects.select_related("document"):
        assert "tập huấn" in stored.document.summary


def test_practice_levels_differ_so_that_pages_have_something_to_say(practice):
    levels = {}
    for evaluation in practice.evaluations.with_results():
        finding = find(evaluation)
        appraised = finding.appraised.conclusion if finding.is_fully_decided else None
        levels[evaluation.unit.code] = (finding.self_assessed.conclusion, appraised)

    assert levels["303"] == (0, 0)  # poverty was low already: 3.1.1 cannot be met
    assert levels["306"] == (2, None)
    assert levels["304"] == (1, 1)
    assert levels["307"] == (2, 2)
    assert levels["308"] == (1, 0)  # the Sở takes one commune off 2.1.2
    assert levels["309"] == (2, 1)  # its claim of "không áp dụng" is accepted; 2.2.1 is adjusted
    assert levels["312"] == (None, None)


def test_practice_returns_one_dossier_with_two_requests_and_one_reply(practice):
    finding = find(practice.evaluations.with_results().get(unit__code="311"))

    replied = {line.code: bool(line.result.reply) for line in finding.asked_lines}
    assert replied == {"1.2.1": True, "2.1.2": False}


def test_one_dossier_was_returned_and_sent_again(practice):
    dossier = practice.evaluations.get(unit__code="305")

    way = dossier.events.filter(kind__in=STEPS).order_by("at")
    assert [event.kind for event in way] == ["submit", "take-in", "return", "submit", "take-in"]
    replies = dossier.results.exclude(reply="").values_list("indicator__code", flat=True)
    assert set(replies) == {"2.2.1", "3.2.3"}
    first, second = reversed(dossier.snapshots.submissions())
    assert first.content != second.content


def test_one_session_was_held_and_decided_on_and_one_is_planned(practice):
    planned, held = practice.sessions.all()

    assert (planned.held_on > TODAY, planned.is_closed) == (True, False)
    assert [item.evaluation.unit.code for item in planned.items.pending()] == ["307", "309"]
    assert {opinion.by.username for opinion in Opinion.objects.filter(item__session=planned)} == {
        "hoidong2"
    }
    assert (held.held_on < TODAY, held.is_closed) == (True, True)
    decision = practice.decisions.get()
    assert {line.evaluation.unit.code: line.level for line in decision.lines.all()} == {
        "304": 1,
        "308": 0,
    }
    assert held.held_on < decision.signed_on <= timezone.localdate(decision.recorded_at) < TODAY


def test_scan_of_the_practice_decision_says_that_it_is_a_sample(practice, loaded):
    scan = loaded / practice.decisions.get().file.name

    text = PdfReader(scan).pages[0].extract_text()

    assert text.count("MẪU TẬP HUẤN") == 3
    assert "Quận Ngô Quyền: mức độ 1" in text


def test_every_line_of_the_practice_trails_is_in_its_order_and_past(practice):
    """Each part is made at its own time, and no real round is touched by that."""
    last = datetime.combine(TODAY, time.min, tzinfo=timezone.get_default_timezone())
    for dossier in practice.evaluations.exclude(first_submitted_at=None):
        events = list(dossier.events.order_by("at", "pk"))
        assert [event.pk for event in events] == sorted(event.pk for event in events)
        assert events[-1].at < last
        moved = [event for event in events if event.kind in STEPS]
        assert dossier.status_since <= moved[-1].at
        assert not dossier.results.filter(updated_at__gte=last).exists()
    for session in practice.sessions.all():
        assert not session.events.filter(at__gte=last).exists()
    assert timezone.now.__module__ == "django.utils.timezone"


def test_practice_again_keeps_what_people_typed(practice):
    result = IndicatorResult.objects.get(
        evaluation__pilot_round=practice, evaluation__unit__code="316", indicator__code="1.1.1"
    )
    result.explanation = "gõ khi tập"
    result.save(update_fields=["explanation"])
    User.objects.filter(username="vinhbao").update(full_name="Tên đã sửa")
    before = everything()

    assert load_practice_round(TODAY) is None

    result.refresh_from_db()
    assert result.explanation == "gõ khi tập"
    assert User.objects.get(username="vinhbao").full_name == "Tên đã sửa"
    assert everything() == before


def test_practice_round_of_an_older_installation_gets_its_point_sets(practice):
    PilotRound.objects.filter(pk=practice.pk).update(agency_points=None, commune_points=None)

    assert load_practice_round(TODAY) is None

    practice.refresh_from_db()
    assert practice.agency_points.code == "don-vi-hoc-tap-2020"
    assert practice.commune_points.code == "cong-dong-hoc-tap-2014"


def test_practice_has_accounts_for_each_role_and_of_each_kind_of_unit(practice):
    accounts = demo_accounts()

    by_role = {}
    for account in accounts:
        by_role.setdefault(account.role, []).append(account.username)
    assert list(by_role) == Role.labels
    expected = {
        "Người nhập liệu": {"vinhbao", "thuynguyen", "haian"},
        "Lãnh đạo đơn vị": {"vinhbao.lanhdao", "dungtien.lanhdao", "sonoivu.lanhdao"},
        "Chuyên viên thẩm định": {"so.thamdinh", "so.thamdinh2"},
        "Lãnh đạo Sở": {"so.lanhdao"},
        "Thành viên hội đồng": {"hoidong", "hoidong2"},
        "Theo dõi": {"theodoi"},
        "Quản trị": {"quantri"},
    }
    for role, usernames in expected.items():
        assert usernames <= set(by_role[role])
    for account in accounts:
        assert account.password == PASSWORD
        assert account.task
        assert User.objects.get(username=account.username).check_password(PASSWORD)


def test_practice_names_roles_and_no_invented_person(practice):
    for user in User.objects.select_related("organisation"):
        assert user.full_name.startswith(user.get_role_display())
        assert user.full_name.endswith(user.organisation.bare_name.removeprefix("Sở "))


def test_one_district_has_nobody_to_send_its_dossier(practice):
    """So that the administrator's page has its case to show."""
    leaders = User.objects.filter(role=Role.LEADER)

    assert not leaders.filter(organisation__code="317").exists()
    assert leaders.filter(organisation__kind="district").count() == 10


def test_the_city_is_partly_filled_handed_over_and_given_back(practice):
    """Something to hand over, to do again, to wait for and to be late with."""
    found = Assignment.objects.of_round(practice).for_display()
    states: dict[str, set[str]] = {}
    for each in found:
        states.setdefault(each.state, set()).add(each.result.indicator.code)

    assert states["returned"] == {"2.2.2"}
    assert {"1.1.1", "1.2.1", "2.2.1", "3.1.1"} <= states["handed_over"]
    assert {"2.2.4", "3.2.2", "3.2.4"} <= states["working"]
    assert all(each.since < timezone.now() - timedelta(days=1) for each in found)
    assert practice.evaluations.of_cities().get().status == Status.DRAFT


@pytest.mark.parametrize(
    ("is_new", "expected"),
    [(True, "Đợt Tập huấn 2026: đã tạo."), (False, "Đợt tập huấn đã có, giữ nguyên.")],
)
def test_load_demo_lists_the_accounts_by_role(practice, monkeypatch, is_new, expected):
    monkeypatch.setattr(
        load_demo, "is_sqlite", lambda: True
    )  # the suite runs on PostgreSQL as well
    monkeypatch.setattr(
        load_demo, "load_practice_round", lambda today: practice if is_new else None
    )
    said = StringIO()

    call_command("load_demo", stdout=said)

    lines = said.getvalue().splitlines()
    assert lines[0] == expected
    assert "550 cơ quan, đơn vị cấp huyện (mã có TH)" in lines[1]
    assert PASSWORD in said.getvalue()
    assert set(Role.labels) <= set(lines)
    of_leaders = lines[lines.index("Lãnh đạo đơn vị") + 1]
    assert of_leaders.split(maxsplit=1)[0] == "vinhbao.lanhdao"
    assert "Huyện Vĩnh Bảo" in of_leaders
    assert of_leaders.endswith("đọc lại, gửi hồ sơ cho Sở")
