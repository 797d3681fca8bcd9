"""The practice registers: who stands in them, what they count to, and what they leave to do."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from evaluations.demo import load_practice_round, practice_agencies
from evaluations.determination import find
from evaluations.models import PilotRound, UnitEvent, UnitResult
from evaluations.registers import summarise
from evaluations.titles import commune_lines, total_titles
from evaluations.unit_sheets import SheetStatus
from organisations.models import Organisation, Role, User
from tests.evaluations.loaded import load_reference, rolled_back

TODAY = date(2026, 11, 22)
Kind = UnitResult.Kind
AGENCIES, COMMUNES = Kind.LEARNING_UNIT, Kind.LEARNING_COMMUNITY


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), rolled_back(tmp_path_factory.mktemp("media")):
        load_reference()
        load_practice_round(TODAY)
        yield


@pytest.fixture
def practice(loaded, db):
    return PilotRound.objects.get(is_practice=True)


def register(pilot_round, code, kind, year=2022):
    owner = Organisation.objects.get(code=code, valid_from=date(2020, 2, 1))
    return UnitResult.objects.register(pilot_round=pilot_round, owner=owner, kind=kind, year=year)


@pytest.mark.parametrize(
    ("code", "agencies", "communes"),
    [
        ("303", "41/43", "9/9"),
        ("304", "33/44", "9/12"),
        ("305", "46/49", "14/15"),
        ("306", "41/46", "7/8"),
        ("307", "40/45", "9/10"),
        ("308", "35/45", "5/6"),
        ("309", "39/46", "5/6"),
        ("311", "55/60", "30/37"),
        ("312", "42/50", "10/13"),
        ("316", "", ""),
        ("317", "35/45", "9/12"),
    ],
)
def test_practice_figures_are_counted_from_the_registers(practice, code, agencies, communes):
    finding = find(practice.evaluations.with_results().get(unit__code=code))

    assert finding.line("2.1.1").self_assessed.figure == agencies
    assert finding.line("2.1.2").self_assessed.figure == communes


def test_practice_agencies_have_codes_that_say_so(practice):
    agencies = Organisation.objects.filter(kind="agency", parent__kind="district")

    assert agencies.count() == 550
    assert agencies.filter(code__contains="-TH").count() == 550
    for district in Organisation.objects.filter(pk__in=agencies.values("parent")):
        names = list(district.children.filter(kind="agency").values_list("name", flat=True))
        assert 45 <= len(names) <= 60
        assert len(set(names)) == len(names)
    assert agencies.filter(name="Trường Trung học cơ sở Dũng Tiến", parent__code="316").exists()


@pytest.mark.parametrize(
    ("kind", "in_scope", "good", "excluded"), [(AGENCIES, 58, 47, 2), (COMMUNES, 26, 20, 4)]
)
def test_vinh_bao_has_last_year_and_an_empty_year_to_enter(
    practice, kind, in_scope, good, excluded
):
    before = summarise(register(practice, "316", kind, 2021))
    now = register(practice, "316", kind)

    # What a unit says of itself is no result before Vĩnh Bảo confirms it.
    assert (before.in_scope, before.good, before.excluded) == (in_scope, good, excluded)
    assert summarise(now).rated == summarise(now).excluded == 0
    assert now.count() == {AGENCIES: 60, COMMUNES: 30}[kind]


def test_nothing_of_the_practice_results_is_unclear(practice):
    lines = practice.unit_results.all()

    assert not lines.exclude(unread={}).exists()
    for line in lines.exclude(decision_number=""):
        assert line.decision_number.endswith("/QĐ-TH")
    for line in lines.filter(in_scope=False):
        assert "tình huống tập huấn" in line.exclusion_reason


def test_city_register_has_last_year_and_a_part_of_this_one(practice):
    before = summarise(register(practice, "31", AGENCIES, 2021))
    now = summarise(register(practice, "31", AGENCIES))

    assert (before.in_scope, before.rated, before.good) == (13, 13, 12)
    assert (now.in_scope, now.rated, now.good) == (13, 6, 6)


def test_real_round_has_the_same_units_and_nothing_said_of_them(practice):
    real = PilotRound.objects.get(is_practice=False)

    for code, agencies, communes in (("311", 60, 37), ("316", 60, 30)):
        assert register(real, code, AGENCIES).count() == agencies
        assert register(real, code, COMMUNES).count() == communes
    assert real.unit_results.filter(year=2022, kind=AGENCIES).count() == 550 + 13
    assert real.unit_results.filter(kind=COMMUNES, year=2022).count() == 217
    assert not any(line.has_result for line in real.unit_results.all())
    assert not real.unit_results.filter(in_scope=False).exists()


def test_an_duong_leaves_three_communes_out_for_a_reason(practice):
    communes = register(practice, "312", COMMUNES)

    left_out = communes.filter(in_scope=False).select_related("unit")
    assert {line.unit.name for line in left_out} == {"Xã Lê Thiện", "Xã Đại Bản", "Xã An Hòa"}
    assert summarise(communes).share == Fraction(10, 13)


def test_thuy_nguyen_lacks_the_decision_of_two_communes(practice):
    """As the Sở's request in the returned dossier says."""
    assert summarise(register(practice, "311", COMMUNES)).undecided == 2


def test_lists_were_written_before_their_dossier_was_sent(practice):
    for dossier in practice.evaluations.exclude(first_submitted_at=None).select_related("unit"):
        later = UnitEvent.objects.filter(
            result__pilot_round=practice,
            result__owner=dossier.unit,
            at__gt=dossier.first_submitted_at,
        )
        assert later.count() == (1 if dossier.unit.code == "305" else 0)


def test_one_list_has_changed_since_its_dossier_was_sent(practice):
    """Lê Chân sent 46/49; one agency was rated after that."""
    live = summarise(register(practice, "305", AGENCIES))
    figure = find(practice.evaluations.with_results().get(unit__code="305")).line("2.1.1")

    assert (live.good, live.in_scope) == (47, 49)
    assert figure.self_assessed.figure == "46/49"


def test_some_agencies_state_their_points_and_none_contradicts_them(practice):
    scored = practice.unit_results.exclude(score=None).select_related("rating")
    rule = practice.agency_points.rule

    assert scored.filter(kind=AGENCIES).count() > 200
    assert not scored.filter(kind=COMMUNES).exists()  # their point set is left open
    for line in scored:
        assert rule.classify(Fraction(line.score)).code == line.rating.code


@pytest.mark.parametrize(
    ("code", "year", "entered", "communes"),
    [("303", 2021, 9, 9), ("303", 2022, 7, 9), ("316", 2021, 26, 26), ("316", 2022, 0, 30)],
)
def test_two_districts_have_titles(practice, code, year, entered, communes):
    district = Organisation.objects.get(code=code)

    for total in total_titles(commune_lines(practice, district, year)):
        assert (total.entered, total.communes, total.faulty) == (entered, communes, 0)


def test_sheets_wait_are_returned_and_are_confirmed(practice):
    sheets = practice.unit_results.exclude(sheet_status=SheetStatus.NONE)

    assert sorted(sheets.values_list("unit__code", "year", "sheet_status")) == [
        ("11887", 2022, SheetStatus.SUBMITTED),
        ("316-TH32", 2021, SheetStatus.CONFIRMED),
        ("316-TH32", 2022, SheetStatus.RETURNED),
        ("316-TH33", 2022, SheetStatus.SUBMITTED),
        ("316-TH34", 2022, SheetStatus.SUBMITTED),
        ("SNV", 2022, SheetStatus.SUBMITTED),
    ]
    for line in sheets:
        assert User.objects.filter(organisation=line.unit, role=Role.LEADER).count() == 1
        assert line.sheet_since < line.pilot_round.opened_at + timedelta(days=20)
        for item in line.sheet_items.all():
            assert "tập huấn" in item.explanation or not item.explanation


def test_next_year_has_a_round_of_its_own_with_the_same_agencies(practice):
    agency = Organisation.objects.get(code="316-TH02")
    Organisation.objects.filter(pk=agency.pk).update(name="Phòng Nội vụ đã sửa")

    assert load_practice_round(date(2027, 1, 4)).name == "Tập huấn 2027"

    agency.refresh_from_db()
    assert agency.name == "Phòng Nội vụ đã sửa"
    assert practice_agencies().count() == 550
