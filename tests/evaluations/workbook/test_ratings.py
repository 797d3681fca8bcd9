"""Ratings and scope: unknown ones, ones that contradict the points, reasons that are due."""

import pytest

from evaluations.models import UnitResult
from evaluations.unit_sheets import SheetStatus
from tests.evaluations.workbook.desk import AGENCIES, COMMUNES, put
from tests.factories import make_points

pytestmark = pytest.mark.django_db


def test_unknown_rating_names_the_ones_there_are(desk):
    assert desk.errors(put(COMMUNES, "11860", "Xếp loại", "Kha")) == [
        "“Kha” không phải xếp loại. Chọn Tốt, Khá, Trung bình hoặc Chưa đạt. "
        "· trang Xã, phường, ô G3 · Xã Tân Liên"
    ]


@pytest.mark.parametrize("text", ["Khá", "khá", " KHÁ ", "Kha\u0301"])
def test_rating_in_any_case_and_normal_form(desk, text):
    checked = desk.checked(put(COMMUNES, "11860", "Xếp loại", text))

    assert checked.errors == ()
    assert {each.unit.code: each.values.get("rating") for each in checked.entries[3:7]}[
        "11860"
    ] == "kha"


def test_rating_that_contradicts_the_points(desk):
    found = desk.errors(
        put(AGENCIES, "316-002", "Điểm", 69.75), put(AGENCIES, "316-002", "Xếp loại", "Khá")
    )

    assert found == [
        "Điểm 69,75 là Trung bình, không phải Khá. Sửa điểm hoặc xếp loại. "
        "· trang Cơ quan, ô I3 · Trường Tiểu học Nhân Hòa"
    ]


@pytest.mark.parametrize(
    ("points", "rating"), [(70, "Khá"), (84.99, "Khá"), (85, "Tốt"), (49.99, "Chưa đạt")]
)
def test_rating_agrees_with_the_points_at_every_bound(desk, points, rating):
    assert (
        desk.errors(
            put(AGENCIES, "316-002", "Điểm", points), put(AGENCIES, "316-002", "Xếp loại", rating)
        )
        == []
    )


def test_scope_is_yes_or_no(desk):
    (error,) = desk.errors(put(COMMUNES, "11860", "Trong phạm vi", "x"))

    assert error == ("“x” không rõ. Chọn Có hoặc Không. · trang Xã, phường, ô D3 · Xã Tân Liên")


def test_exclusion_has_a_reason(desk):
    (error,) = desk.errors(put(COMMUNES, "11860", "Trong phạm vi", "Không"))

    assert error == (
        "Ghi lý do để ngoài phạm vi; chưa có lý do thì vẫn tính. "
        "· trang Xã, phường, ô E3 · Xã Tân Liên"
    )


def sent_sheet(desk):
    """A school that has sent its own sheet: 82, Khá."""
    kha = desk.pilot_round.agency_points.ratings.get(code="kha")
    UnitResult.objects.filter(unit__code="316-002").update(
        self_score=82, self_rating=kha, sheet_status=SheetStatus.SUBMITTED
    )


def test_result_that_differs_from_the_units_own_sheet_has_a_reason(desk):
    sent_sheet(desk)

    found = desk.errors(put(AGENCIES, "316-002", "Điểm", 65))

    assert found == [
        "Khác với đơn vị tự chấm (82 điểm, Khá): ghi lý do điều chỉnh. "
        "· trang Cơ quan, ô L3 · Trường Tiểu học Nhân Hòa"
    ]
    assert (
        desk.errors(
            put(AGENCIES, "316-002", "Điểm", 65),
            put(AGENCIES, "316-002", "Lý do khác tự chấm", "Thiếu minh chứng mục 2.1"),
        )
        == []
    )


def test_what_the_unit_sent_of_itself_is_not_changed_by_a_file(desk):
    sent_sheet(desk)

    found = desk.errors(
        put(AGENCIES, "316-002", "Điểm tự chấm", 90), put(AGENCIES, "316-002", "Tự xếp loại", None)
    )

    (error,) = found
    assert error == (
        "Đơn vị đã gửi phiếu tự chấm (82 điểm, Khá); không sửa ở đây. "
        "· trang Cơ quan, ô F3 · Trường Tiểu học Nhân Hòa"
    )


def test_error_of_a_field_without_a_column_stands_beside_the_nearest(desk):
    """The points of communes are not known, so their sheet has no column of points."""
    desk.pilot_round.commune_points = make_points("commune", is_open=True)
    kha = desk.pilot_round.commune_points.ratings.get(code="kha")
    UnitResult.objects.filter(unit__code="11860").update(
        self_rating=kha, sheet_status=SheetStatus.SUBMITTED
    )

    (error,) = desk.errors(put(COMMUNES, "11860", "Tự xếp loại", "Tốt"))

    assert error == (
        "Đơn vị đã gửi phiếu tự chấm (Khá); không sửa ở đây. · trang Xã, phường, ô F3 · Xã Tân Liên"
    )


def test_text_that_no_field_holds(desk):
    (error,) = desk.errors(put(COMMUNES, "11860", "Số quyết định", "3" * 101))

    assert error.startswith("Dài 101 chữ; ô này chứa được 100.")


def test_all_errors_of_a_file_are_told_at_once_in_its_order(desk):
    found = desk.errors(
        put(COMMUNES, "11905", "Xếp loại", "Giỏi"),
        put(COMMUNES, "11860", "Xếp loại", "Kha"),
        put(COMMUNES, "11860", "Ngày quyết định", "31/11/2022"),
        put(AGENCIES, "316-003", "Điểm", 120),
    )

    assert [each.partition(" · ")[2] for each in found] == [
        "trang Cơ quan, ô H4 · Trường THCS Tân Liên",
        "trang Xã, phường, ô G3 · Xã Tân Liên",
        "trang Xã, phường, ô I3 · Xã Tân Liên",
        "trang Xã, phường, ô G5 · Xã Cổ Am",
    ]
