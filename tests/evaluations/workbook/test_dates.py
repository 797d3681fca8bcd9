"""Days of decisions: as text, as Excel's own days, and what is none."""

from datetime import date, datetime

import pytest

from tests.evaluations.workbook.desk import COMMUNES, put

pytestmark = pytest.mark.django_db


def day(value):
    return put(COMMUNES, "11860", "Ngày quyết định", value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("31/11/2022", "Ngày “31/11/2022” không có; tháng 11 có 30 ngày."),
        ("29/02/2022", "Ngày “29/02/2022” không có; tháng 2 có 28 ngày."),
        ("11/25/2022", "Ngày “11/25/2022” không có; không có tháng 25."),
        ("25/11", "“25/11” không phải ngày. Ghi theo dạng 25/11/2022."),
        ("cuối năm", "“cuối năm” không phải ngày."),
        (44890, "“44890” không phải ngày."),
        ("25/11/2021", "Ngày “25/11/2021” trước năm đánh giá 2022."),
        ("25/11/2090", "Ngày “25/11/2090” chưa tới. Ghi ngày ký quyết định."),
        (date(2021, 11, 25), "Ngày “25/11/2021” trước năm đánh giá 2022."),
    ],
)
def test_what_is_no_day_of_a_decision(desk, value, said):
    (error,) = desk.errors(day(value))

    assert error.startswith(said)
    assert error.endswith(" · trang Xã, phường, ô I3 · Xã Tân Liên")


@pytest.mark.parametrize(
    "value",
    [
        "25/11/2022",
        "25-11-2022",
        "2022-11-25",
        " 25 / 11 / 2022 ",
        date(2022, 11, 25),
        datetime(2022, 11, 25, 8, 30),  # noqa: DTZ001
    ],
)
def test_day_as_it_is_typed_or_as_excel_keeps_it(desk, value):
    checked = desk.checked(day(value))

    assert checked.errors == ()
    read = {each.unit.code: each.values.get("decision_on") for each in checked.entries[3:7]}
    assert read["11860"] == date(2022, 11, 25)
