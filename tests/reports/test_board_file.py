"""The board as a workbook: what the page shows, typed, on one A3 sheet."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from evaluations.models import IndicatorAppraisal
from evaluations.workflow import Status
from tests.factories import (
    LEVEL_1,
    make_complete_dossier,
    make_district,
    make_dossier,
    make_round,
    result_of,
)

pytestmark = pytest.mark.django_db

URL = reverse("reports:board-file")


@pytest.fixture
def pilot_round():
    return make_round(self_assessment_due_on=timezone.localdate() - timedelta(days=3))


def fetched(client, user, **asked):
    client.force_login(user)
    response = client.get(URL, asked)
    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")
    return load_workbook(BytesIO(response.content)).active


def by_name(sheet):
    """The rows of the table by district, each by the title of its column."""
    titles = [sheet.cell(3, place).value or sheet.cell(2, place).value for place in range(1, 14)]
    rows = {}
    for cells in sheet.iter_rows(min_row=4):
        if cells[0].value == "Chú giải" or not cells[1].value:
            break
        rows[cells[1].value] = dict(zip(titles, cells, strict=True))
    return rows


def test_shares_are_numbers_with_the_decimals_and_the_shape_of_the_page(
    client, appraiser, pilot_round
):
    dossier = make_dossier(
        make_district("Quận Lê Chân", "305"),
        pilot_round=pilot_round,
        status=Status.APPRAISING,
        typed=LEVEL_1,
    )
    IndicatorAppraisal.objects.create(
        result=result_of(dossier, "2.2.1"),
        verdict="adjust",
        typed={"achieved": "60", "total": "92"},
        reason="Thiếu",
        decided_by=appraiser,
        decided_at=timezone.now(),
    )

    row = by_name(fetched(client, appraiser))["Lê Chân"]

    assert row["2.1.2"].value == pytest.approx(23 / 30)
    assert row["2.1.2"].number_format == '[$-42A]"●○○ "0.0" "%'
    assert row["2.1.2"].fill.fgColor.rgb == "FFE7EFF9"
    assert row["2.2.1"].number_format == '[$-42A]"✗ "0.0" "%" △"'
    assert (row["1.1.1"].value, row["3.1.1"].value) == ("◐", "✓")
    assert (row["Tự đánh giá"].value, row["Thẩm định"].value) == ("Chưa xác định", "Chưa kết luận")
    assert row["Đến lượt ai"].value == "Sở, đang thẩm định"
    assert (row["Đã chờ, ngày"].value, row["Hạn"].value, row["Muộn, ngày"].value) == (0, None, None)


def test_a_level_is_a_number_and_a_draft_says_only_that_it_is_late(client, appraiser, pilot_round):
    lechan = make_district("Quận Lê Chân", "305")
    make_complete_dossier(lechan, pilot_round=pilot_round, status=Status.SUBMITTED)
    make_dossier(make_district("Huyện An Dương", "312"), pilot_round=pilot_round, typed=LEVEL_1)

    rows = by_name(fetched(client, appraiser))

    level = rows["Lê Chân"]["Tự đánh giá"]
    assert (level.value, level.number_format) == (1, '"●○○ Mức "0')
    draft = rows["An Dương"]
    assert draft["1.1.1"].value == "Chưa gửi; số liệu hiện ở đây sau khi gửi"
    assert draft["2.1.2"].value is None
    due = pilot_round.self_assessment_due_on
    assert (draft["Hạn"].value.date(), draft["Muộn, ngày"].value) == (due, 3)
    assert [row["Khối"].value for row in rows.values()] == ["Khối quận", "Khối huyện"]


def test_only_what_the_filter_leaves_and_it_says_which(client, appraiser, pilot_round):
    make_dossier(
        make_district("Quận Lê Chân", "305"), pilot_round=pilot_round, status=Status.SUBMITTED
    )
    make_dossier(make_district("Huyện An Dương", "312"), pilot_round=pilot_round)

    assert [*by_name(fetched(client, appraiser, loc="cho-so"))] == ["Lê Chân"]
    late = fetched(client, appraiser, loc="muon")
    assert [*by_name(late)] == ["An Dương"]
    assert late["A1"].value.endswith("(muộn)")
    assert "lọc: Muộn" in late.oddFooter.left.text
    nothing = fetched(client, appraiser, loc="da-quyet-dinh")
    assert by_name(nothing) == {}


def test_sheet_is_ready_to_read_and_to_print(client, appraiser, pilot_round):
    make_dossier(make_district("Quận Lê Chân", "305"), pilot_round=pilot_round)

    sheet = fetched(client, appraiser)

    assert sheet.freeze_panes == "C4"
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 8)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$2:$3"
    assert re.fullmatch(r"'Bảng theo dõi'!\$A\$1:\$M\$\d+", sheet.print_area)
    words = [cell.value for cell in sheet["B"]]
    assert {"đạt", "cần bổ sung", "Sở điều chỉnh"} <= set(words)


def test_query_count_does_not_grow_with_the_districts(client, appraiser, pilot_round):
    client.force_login(appraiser)

    def queries_with(more):
        for _ in range(more):
            make_dossier(pilot_round=pilot_round, status=Status.SUBMITTED, typed=LEVEL_1)
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        return len(queries)

    queries_with(0)
    assert queries_with(2) == queries_with(10)
