import re
from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from evaluations.board import board_of
from evaluations.models import IndicatorAppraisal, PilotRound
from evaluations.workflow import STATES, Status
from organisations.models import Role
from organisations.tile_grid import tile_grid
from tests.factories import (
    LEVEL_1,
    make_district,
    make_dossier,
    make_round,
    make_user,
    result_of,
)

URL = "/bang-theo-doi/"
TODAY = date(2022, 12, 16)  # one day after the due day of the factory's round
SECRET = {"2.1.2": {"achieved": "29", "total": "31"}}  # 93,5 %


def board(pilot_round, user, today=TODAY):
    return board_of(user, PilotRound.objects.for_board().get(pk=pilot_round.pk), today)


def row_of(found, evaluation):
    return next(row for row in found.rows if row.evaluation == evaluation)


def appraised(result, by, verdict="accept", **fields):
    return IndicatorAppraisal.objects.create(
        result=result, verdict=verdict, decided_by=by, decided_at=timezone.now(), **fields
    )


def test_board_shows_no_figure_of_a_draft(appraiser):
    evaluation = make_dossier(typed=SECRET)

    row = row_of(board(evaluation.pilot_round, appraiser), evaluation)

    assert (row.cells, row.self_level, row.url) == ((), None, "")
    assert (row.whose, row.clock) == ("Huyện, chưa gửi", "muộn 1 ngày")


def test_board_page_holds_no_figure_of_a_draft(client, appraiser):
    draft = make_dossier(typed=SECRET)
    sent = make_dossier(pilot_round=draft.pilot_round, status=Status.SUBMITTED, typed=LEVEL_1)
    client.force_login(appraiser)

    response = client.get(URL)

    assertContains(response, "76,7")  # of the one that was sent: the page could leak
    assertNotContains(response, "93,5")
    assertContains(response, sent.unit.bare_name)
    assertContains(response, draft.unit.bare_name)


def test_a_withdrawn_dossier_is_a_draft_again(appraiser):
    evaluation = make_dossier(typed=SECRET, first_submitted_at=timezone.now())

    assert row_of(board(evaluation.pilot_round, appraiser), evaluation).cells == ()


def test_cells_say_share_level_and_sign(appraiser):
    evaluation = make_dossier(status=Status.SUBMITTED, typed=LEVEL_1)

    row = row_of(board(evaluation.pilot_round, appraiser), evaluation)

    cells = {cell.label.split(", ")[1].split(":")[0]: cell for cell in row.cells}
    shown = {code: (cell.sign, cell.ground, cell.figure) for code, cell in cells.items()}
    assert shown == {
        "1.1.1": ("part", "", ""),  # declared without evidence
        "2.1.2": ("steps-1", "l1", "76,7"),
        "2.2.1": ("steps-3", "l3", "90,2"),
        "3.1.1": ("met", "", ""),
        "3.1.2": ("met", "", ""),
    }
    assert cells["2.1.2"].label.endswith("2.1.2: mức 1, 76,7\u00a0%")


def test_an_adjusted_cell_shows_the_agencys_figure_and_its_triangle(appraiser):
    evaluation = make_dossier(status=Status.APPRAISING, typed=LEVEL_1)
    appraised(
        evaluation.results.get(indicator__code="2.1.2"),
        appraiser,
        "adjust",
        typed={"achieved": "20", "total": "30"},
        reason="Thiếu quyết định",
    )

    row = row_of(board(evaluation.pilot_round, appraiser), evaluation)

    cell = next(cell for cell in row.cells if "2.1.2" in cell.label)
    assert (cell.figure, cell.ground, cell.is_adjusted) == ("66,7", "l0", True)


def test_a_request_waves_its_flag(appraiser):
    evaluation = make_dossier(status=Status.APPRAISING, typed=LEVEL_1)
    result = evaluation.results.get(indicator__code="2.1.2")
    appraised(result, appraiser, "ask", reason="Thiếu")

    row = row_of(board(evaluation.pilot_round, appraiser), evaluation)

    assert [cell.sign for cell in row.cells if "2.1.2" in cell.label] == ["ask"]


def test_stages_count_and_name_who_is_there(appraiser):
    pilot_round = make_round()
    names = {status: make_dossier(pilot_round=pilot_round, status=status) for status in Status}

    found = board(pilot_round, appraiser)

    headings = list(dict.fromkeys(state.heading for state in STATES.values()))
    assert [stage.label for stage in found.stages] == headings
    for stage in found.stages:
        stood_there = [
            names[status].unit.bare_name
            for status, state in STATES.items()
            if state.heading == stage.label
        ]
        entries = sorted(entry.text for entry in stage.entries)
        assert all(map(str.startswith, entries, sorted(stood_there))), stage.label
        assert len(entries) == len(stood_there)


@pytest.mark.parametrize(
    ("slug", "shown"),
    [
        ("", {"draft", "late", "sent"}),
        ("cho-so", {"sent"}),
        ("cho-huyen", {"draft", "late"}),
        ("muon", {"late"}),
        ("khong-co", {"draft", "late", "sent"}),
    ],
)
def test_filters_are_by_whose_turn_it_is_and_lateness(appraiser, slug, shown):
    pilot_round = make_round()
    rows = {
        "late": make_dossier(pilot_round=pilot_round),
        "draft": make_dossier(
            pilot_round=pilot_round,
            extended_until=TODAY + timedelta(days=6),
            extension_reason="Bão",
        ),
        "sent": make_dossier(pilot_round=pilot_round, status=Status.SUBMITTED),
    }

    found = board(pilot_round, appraiser)

    assert {row.evaluation for row in found.shown(slug)} == {rows[name] for name in shown}
    assert found.headline == "Hạn gửi 15/12/2022 đã qua 1 ngày"
    assert found.counts == ", 1 muộn, 1 được gia hạn"


def test_blocks_put_urban_before_rural_and_names_in_vietnamese_order(appraiser):
    pilot_round = make_round()
    for name in ("Huyện Vĩnh Bảo", "Quận Đồ Sơn", "Quận Dương Kinh", "Huyện An Dương"):
        make_dossier(make_district(name), pilot_round=pilot_round)

    blocks = board(pilot_round, appraiser).blocks("")

    assert [(title, [row.name for row in rows]) for title, rows in blocks] == [
        ("Khối quận", ["Dương Kinh", "Đồ Sơn"]),
        ("Khối huyện", ["An Dương", "Vĩnh Bảo"]),
    ]


def test_remarks_name_what_nobody_should_overlook(appraiser):
    pilot_round = make_round()
    for _ in range(2):
        make_district()  # take no part: three of five are 60 %
    late = make_dossier(make_district("Huyện Cát Hải"), pilot_round=pilot_round)
    unfit = make_dossier(
        make_district("Quận Lê Chân"), pilot_round=pilot_round, status=Status.SUBMITTED
    )
    unfit.results.filter(indicator__code="3.1.1").update(
        suitability="unfit", obstacle="Đã dưới 1,5 %."
    )
    changed = make_dossier(
        make_district("Huyện Thủy Nguyên"),
        pilot_round=pilot_round,
        status=Status.APPRAISED,
        typed=LEVEL_1 | {"1.1.1": {"met": "no"}},
    )
    for result in changed.results.select_related("indicator"):
        if result.indicator.code == "1.1.1":
            appraised(result, appraiser, "adjust", typed={"met": "yes"}, reason="Có nghị quyết")
        else:
            appraised(result, appraiser)

    remarks = board(pilot_round, appraiser).remarks

    assert [(remark.subject, remark.text) for remark in remarks] == [
        (
            "2.1.2 của thành phố",
            "lấy cả 5 quận, huyện làm mẫu số: nhiều nhất 3/5 = 60,0\u00a0%, dưới 70\u00a0%; "
            "thành phố không đạt được mức độ nào.",
        ),
        ("Quá hạn:", "Cát Hải muộn 1 ngày."),
        (
            "Thủy Nguyên:",
            "Sở điều chỉnh 1.1.1 thành đạt; tự đánh giá chưa đạt thành mức độ 1.",
        ),
        ("3.1.1 ở Lê Chân:", "ghi “không phù hợp”: Đã dưới 1,5 %."),
    ]
    assert row_of(board(pilot_round, appraiser), late).turn.days_late == 1


def test_every_tile_of_the_map_has_its_place_in_the_stylesheet():
    css = (settings.BASE_DIR / "static" / "css" / "board.css").read_text()

    places = dict(re.findall(r"\.at-(\w+) \{ grid-area: (\d+ / \d+)", css))

    assert places == {code: f"{place.row} / {place.column}" for code, place in tile_grid().items()}
    assert len(set(places.values())) == len(places)


def test_map_draws_participants_and_leaves_the_rest_pale(appraiser):
    evaluation = make_dossier(make_district("Quận Hải An", code="306"), status=Status.SUBMITTED)

    tiles = {tile.code: tile for tile in board(evaluation.pilot_round, appraiser).tiles}

    assert tiles["306"].row.evaluation == evaluation
    assert tiles["304"].row is None
    assert tiles["304"].words == ("Ngô", "Quyền")


def test_without_any_known_place_there_is_no_map(appraiser):
    assert board(make_dossier().pilot_round, appraiser).tiles == []


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.EDITOR, HTTPStatus.NOT_FOUND),
        (Role.LEADER, HTTPStatus.NOT_FOUND),
        (Role.APPRAISER, HTTPStatus.OK),
        (Role.APPROVER, HTTPStatus.OK),
        (Role.COUNCIL, HTTPStatus.OK),
        (Role.OBSERVER, HTTPStatus.OK),
        (Role.ADMINISTRATOR, HTTPStatus.NOT_FOUND),
    ],
)
def test_who_may_look_at_the_board(client, db, role, status):
    make_dossier()
    client.force_login(make_user(role))

    assert client.get(URL).status_code == status


def test_cells_lead_each_reader_to_a_page_that_opens(client, appraiser, observer):
    evaluation = make_dossier(status=Status.APPRAISING, typed=LEVEL_1)

    for user in (appraiser, observer):
        client.force_login(user)
        row = row_of(board(evaluation.pilot_round, user), evaluation)
        for url in (row.url, row.cells[0].url):
            assert client.get(url).status_code == HTTPStatus.OK


def test_filter_and_report_are_links_that_keep_the_round(client, appraiser):
    pilot_round = make_dossier().pilot_round
    client.force_login(appraiser)

    response = client.get(URL)

    assertContains(response, f'href="?dot={pilot_round.pk}&amp;loc=muon"')
    assertContains(response, f"{reverse('reports:index')}?dot={pilot_round.pk}")


def test_board_without_a_round_says_so(client, appraiser):
    client.force_login(appraiser)

    assertContains(client.get(URL), "Chưa có đợt nào được mở.")


def test_filter_that_leaves_nothing_leads_back(client, appraiser):
    make_dossier(status=Status.SUBMITTED)
    client.force_login(appraiser)

    assertContains(client.get(URL, {"loc": "cho-huyen"}), "Không có quận, huyện nào ở mục này.")


@pytest.mark.parametrize("count", [3, 15])
def test_board_query_count_does_not_grow(client, appraiser, count, django_assert_num_queries):
    pilot_round = make_round()
    for number in range(count):
        status = list(Status)[number % 3]  # a draft, a sent one, one at work, and so on
        make_dossier(pilot_round=pilot_round, status=status, typed=LEVEL_1)
    client.force_login(appraiser)

    with django_assert_num_queries(27):
        client.get(URL)


def test_a_reader_outside_the_so_sees_no_verdict_before_it_is_sent(appraiser, observer):
    evaluation = make_dossier(status=Status.APPRAISING, typed=LEVEL_1)
    adjusted = result_of(evaluation, "2.1.2")
    appraised(adjusted, appraiser, "adjust", reason="Đếm lại", typed={"percent": "71"})
    for code in ("1.1.1", "2.2.1", "3.1.1", "3.1.2"):
        appraised(result_of(evaluation, code), appraiser)

    seen = {
        user: row_of(board(evaluation.pilot_round, user), evaluation)
        for user in (appraiser, observer)
    }

    assert seen[appraiser].is_concluded
    assert any(cell.is_adjusted for cell in seen[appraiser].cells)
    assert not seen[observer].is_concluded
    assert not any(cell.is_adjusted for cell in seen[observer].cells)
