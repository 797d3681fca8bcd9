"""A file made for something else: told as such, and not looked into any further."""

import pytest

from organisations.spreadsheets import UnreadableFile
from tests.evaluations.workbook.desk import COMMUNES, GUIDE, identity, put
from tests.factories import make_district

pytestmark = pytest.mark.django_db


def test_old_version_of_the_template(desk):
    assert desk.errors(identity("Phiên bản mẫu", "0")) == [
        "Tệp làm theo mẫu cũ, phiên bản 0; đang dùng phiên bản 1. Tải mẫu mới, chép số liệu "
        "sang rồi nạp lại. · trang Hướng dẫn, ô B3"
    ]


def test_template_of_another_district(desk):
    make_district("Huyện An Lão", "313")

    found = desk.errors(identity("Mã đơn vị", "313"), identity("Tên đơn vị", "Huyện An Lão"))

    assert found == [
        "Đây là mẫu của Huyện An Lão (mã 313), không phải của huyện Vĩnh Bảo (mã 316). Mỗi đơn vị "
        "nạp tệp của mình. · trang Hướng dẫn, ô B5"
    ]


def test_code_that_was_another_units_in_another_period(desk):
    found = desk.errors(identity("Tên đơn vị", "Phường Mới"))

    assert found == [
        "Mã 316 là huyện Vĩnh Bảo, không phải Phường Mới. Tải lại mẫu. · trang Hướng dẫn, ô B6"
    ]


def test_template_of_another_round(desk):
    (error,) = desk.errors(identity("Đợt", "Thí điểm 2023"))

    assert error.startswith(
        "Đây là mẫu của đợt “Thí điểm 2023”, không phải của đợt “Thí điểm 2022”."
    )


def test_template_of_another_year(desk):
    (error,) = desk.errors(identity("Năm", 2021))

    assert error.startswith(
        "Đây là mẫu của năm 2021, trang này nhận kết quả năm 2022. Chọn đúng năm"
    )


def test_everything_that_is_foreign_is_told_at_once_and_nothing_of_the_rows(desk):
    found = desk.errors(
        identity("Năm", "2021"), identity("Đợt", "Khác"), put(COMMUNES, "11827", "Xếp loại", "Kha")
    )

    assert [each.partition(" ·")[2] for each in found] == [
        " trang Hướng dẫn, ô B4",
        " trang Hướng dẫn, ô B7",
    ]


def test_guide_that_lost_its_marks_names_them(desk):
    found = desk.errors(identity("Năm", None), identity("Đợt", "  "))

    assert found == [
        "Trang “Hướng dẫn” thiếu “Đợt”, “Năm”. Tải mẫu mới, chép số liệu sang rồi nạp lại. "
        "· trang Hướng dẫn"
    ]


def test_numbers_typed_over_the_marks_are_the_same_marks(desk):
    assert desk.errors(identity("Năm", 2022), identity("Mã đơn vị", 316.0)) == []


def test_file_without_the_guide_is_nobodys(desk):
    with pytest.raises(UnreadableFile, match="không có trang “Hướng dẫn”"):
        desk.checked(lambda book: book.remove(book[GUIDE]))
