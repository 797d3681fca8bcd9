"""Points and counts: text in a number, two readings, too many, numbers kept as text."""

import pytest

from tests.evaluations.workbook.desk import AGENCIES, TITLES, put

pytestmark = pytest.mark.django_db
FAMILIES = "Gia đình học tập, đăng ký"


def score(value):
    return put(AGENCIES, "316-002", "Điểm", value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("tám mươi", "“tám mươi” không phải là số. Gõ bằng chữ số"),
        ("85 điểm", "“85 điểm” không phải là số."),
        ("8/5/2022", "“8/5/2022” không phải là số."),
        ("1.500", "“1.500” có hai cách hiểu: 1 nghìn 500, hay 1 phẩy 5."),
        ("84,125", "“84,125” có hai cách hiểu"),
        (84.125, "Ghi điểm với nhiều nhất 2 chữ số thập phân."),
        (100.5, "100,5 lớn hơn điểm tối đa 100."),
        (845, "845 lớn hơn điểm tối đa 100."),
        (-3, "“-3” là số âm. Gõ số từ 0 trở lên."),
        (True, "“TRUE” không phải là số."),
    ],
)
def test_points_that_are_none(desk, value, said):
    (error,) = desk.errors(score(value))

    assert error.startswith(said)
    assert error.endswith(" · trang Cơ quan, ô H3 · Trường Tiểu học Nhân Hòa")


@pytest.mark.parametrize("value", [84.5, "84,5", "84.5", " 84,50 ", "84,5\u00a0", "84,5%"])
def test_points_as_people_and_programs_write_them(desk, value):
    checked = desk.checked(score(value))

    assert checked.errors == ()
    (entry,) = (each for each in checked.entries if each.unit.code == "316-002")
    assert str(entry.values["score"]) == "84.5"
    assert entry.values["rating"] == "kha"  # what the points get


def test_nought_is_a_score_and_empty_is_none(desk):
    entries = desk.checked(score(0)).entries

    assert [each.values["score"] for each in entries[:3]][1:] == [0, None]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("nhiều", "“nhiều” không phải là số."),
        (12.5, "“12,5” không phải số nguyên. Ô này là số đếm"),
        ("1.500", "“1.500” có hai cách hiểu: 1 nghìn 500, hay 1 phẩy 5."),
        ("45%", "“45%” là tỷ lệ. Ô này là số đếm"),
        (10_000_000, "“10000000” quá lớn cho một xã."),
    ],
)
def test_counts_of_titles_that_are_none(desk, value, said):
    (error,) = desk.errors(put(TITLES, "11827", FAMILIES, value))

    assert error.startswith(said)
    assert error.endswith(" · trang Danh hiệu, ô C2 · Xã Dũng Tiến")


def test_part_of_titles_larger_than_the_whole(desk):
    (error,) = desk.errors(
        put(TITLES, "11827", FAMILIES, 300), put(TITLES, "11827", "Gia đình học tập, tổng số", 200)
    )

    assert error.startswith("300 lớn hơn tổng số 200.")
