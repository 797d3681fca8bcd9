"""The trail of a dossier as a workbook, and that its fetching is part of the trail."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from evaluations.actions.results import save_result, values_of
from evaluations.models import DossierAccess
from evaluations.trail.kinds import FIGURE, STEP
from tests.evaluations.counting import step
from tests.factories import make_complete_dossier, result_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(district, editor, leader):
    dossier = make_complete_dossier(district, by=editor)
    for achieved in ("=1+1", "84"):
        result = result_of(dossier, "2.2.1")
        base = values_of(result)
        values = {**base, "achieved": achieved}
        save_result(result=result, values=values, base=base, by=editor)
    step(dossier, "submit", leader)
    return dossier


def fetched(client, user, dossier, **asked):
    client.force_login(user)
    response = client.get(reverse("reports:trail-file", args=[dossier.pk]), asked)
    return load_workbook(BytesIO(response.content)).active


def rows(sheet):
    titles, *rest = sheet.iter_rows()
    names = [cell.value for cell in titles]
    return [dict(zip(names, row, strict=True)) for row in rest]


def test_every_save_is_a_row_with_time_old_and_new(client, leader, dossier):
    found = rows(fetched(client, leader, dossier, kind=FIGURE))

    told = [(row["Thứ đã sửa"].value, row["Trước"].value, row["Nay"].value) for row in found]
    assert told == [
        ("Đơn vị có kế hoạch", "=1+1", "84"),
        ("Đơn vị có kế hoạch", "83", "=1+1"),
        (None, None, None),  # the first writing
    ]
    assert found[0]["Lúc"].is_date
    assert found[0]["Lúc"].number_format == "[$-42A]dd/mm/yyyy hh:mm"
    assert found[0]["Người làm"].value == "Phạm Thị Nhập"
    assert found[0]["Chỉ báo"].value == "2.2.1"
    assert {found[0]["Trước"].data_type, found[1]["Nay"].data_type} == {"s"}  # never a formula


def test_steps_bring_their_reasons(client, leader, dossier):
    step(dossier, "withdraw", leader)

    found = rows(fetched(client, leader, dossier, kind=STEP))

    assert [(row["Việc"].value, row["Lý do, ý kiến"].value) for row in found] == [
        ("rút hồ sơ về sửa", "Vì việc thử."),
        ("gửi hồ sơ", "Vì việc thử."),
    ]


def test_reader_gets_what_the_page_shows_and_is_told_of(client, leader, appraiser, dossier):
    works = [row["Việc"].value for row in rows(fetched(client, appraiser, dossier))]

    assert works == ["gửi hồ sơ"]
    access = DossierAccess.objects.get()
    assert (access.kind, access.what, access.by) == ("trail", "Excel, 1 việc", appraiser)
    told = [row["Việc"].value for row in rows(fetched(client, leader, dossier))]
    assert told[0] == "tải quá trình: Excel, 1 việc"
