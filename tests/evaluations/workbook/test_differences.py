"""What a clean workbook would change, shown before anything is written."""

import pytest

from evaluations.models import UnitResult
from evaluations.unit_sheets import SheetStatus
from evaluations.workbook.differences import Tally, differences
from tests.evaluations.workbook.desk import AGENCIES, COMMUNES, TITLES, add, put
from tests.factories import make_agency

pytestmark = pytest.mark.django_db


def found(desk, *changes):
    checked = desk.checked(*changes)
    assert checked.errors == ()
    return {each.layout.title: each for each in differences(checked.entries, desk.register)}


def told(difference):
    return [(change.label, change.old, change.new) for change in difference.changes]


def test_change_is_told_field_by_field(desk):
    sheet = found(
        desk,
        put(AGENCIES, "316-001", "Điểm", 72),
        put(AGENCIES, "316-001", "Xếp loại", None),
        put(AGENCIES, "316-001", "Số quyết định", None),
    )[AGENCIES]

    (difference,) = sheet.changed
    assert (difference.code, difference.name) == ("316-001", "Phòng Nội vụ")
    assert told(difference) == [
        ("Điểm", "91,5", "72"),
        ("Xếp loại", "Tốt", "Khá"),  # what the points get
        ("Số quyết định", "3187/QĐ-UBND", ""),
    ]
    assert (sheet.unchanged, sheet.new, sheet.missing) == (2, (), ())


def test_same_value_in_another_writing_is_no_change(desk):
    sheets = found(
        desk,
        put(AGENCIES, "316-001", "Điểm", "91,50"),
        put(AGENCIES, "316-001", "Xếp loại", "tốt"),
        put(AGENCIES, "316-001", "Ngày quyết định", "2022-11-25"),
        put(AGENCIES, "316-002", "Trong phạm vi", None),
    )

    assert sheets[AGENCIES].changed == ()


def test_new_units_are_told_with_what_they_bring(desk):
    make_agency("Trạm Thú y", "316-008", parent=desk.district)

    sheet = found(
        desk, add(AGENCIES, Mã="316-008", Xếp_loại="Khá"), add(AGENCIES, Tên="Hội Người mù")
    )[AGENCIES]

    known, new = sheet.new
    assert (known.code, known.name, told(known)) == (
        *("316-008", "Trạm Thú y"),
        [("Xếp loại", "", "Khá")],
    )
    assert (new.code, new.name, told(new)) == ("", "Hội Người mù", [])


def test_units_that_the_file_leaves_out_are_named_and_stay(desk):
    sheets = found(desk, lambda book: book[COMMUNES].delete_rows(2))

    assert [unit.name for unit in sheets[COMMUNES].missing] == ["Xã Dũng Tiến"]
    assert sheets[COMMUNES].before == sheets[COMMUNES].after == Tally(good=1, in_scope=4)


def test_share_before_and_after(desk):
    sheet = found(
        desk,
        put(COMMUNES, "11827", "Xếp loại", "Trung bình"),
        put(COMMUNES, "11860", "Xếp loại", "Khá"),
        put(COMMUNES, "11884", "Xếp loại", "Tốt"),
        put(COMMUNES, "11905", "Trong phạm vi", "Không"),
        put(COMMUNES, "11905", "Lý do ngoài phạm vi", "Đã sáp nhập"),
    )[COMMUNES]

    assert (sheet.before, sheet.after) == (Tally(1, 4), Tally(2, 3))
    assert sheet.moves_the_share


def test_rating_that_is_not_understood_counts_for_nothing_before(desk):
    UnitResult.objects.filter(unit__code="316-002").update(unread={"rating": "Khá", "score": "x"})

    sheet = found(
        desk, put(AGENCIES, "316-002", "Điểm", 90), put(AGENCIES, "316-002", "Xếp loại", None)
    )[AGENCIES]

    assert (sheet.before.good, sheet.after.good) == (1, 2)
    assert told(sheet.changed[0]) == [("Điểm", "x", "90"), ("Xếp loại", "Khá", "Tốt")]


def test_titles_are_compared_as_counts(desk):
    sheet = found(
        desk,
        put(TITLES, "11827", "Gia đình học tập, đăng ký", 412),
        put(TITLES, "11827", "Gia đình học tập, tổng số", "500"),
    )[TITLES]

    (difference,) = sheet.changed
    assert told(difference) == [
        ("Gia đình học tập, đăng ký", "", "412"),
        ("Gia đình học tập, tổng số", "", "500"),
    ]
    assert sheet.before is None


def test_points_that_have_no_column_stay_as_they_are(desk):
    UnitResult.objects.filter(unit__code="11860").update(self_score="80")

    sheet = found(desk, put(COMMUNES, "11860", "Xếp loại", "Khá"))[COMMUNES]

    assert told(sheet.changed[0]) == [("Xếp loại", "", "Khá")]
    assert str(sheet.changed[0].entry.values["self_score"]) == "80"


def test_a_line_that_confirms_a_waiting_sheet_is_told(desk):
    """Only with a result, and only while the sheet waits: what the writing itself does."""
    of_school = UnitResult.objects.filter(unit__code="316-002")
    rating = desk.pilot_round.agency_points.ratings.get(code="kha")
    of_school.update(self_score=82, self_rating=rating, sheet_status=SheetStatus.SUBMITTED)

    rated = found(desk, put(AGENCIES, "316-002", "Điểm", 82), put(AGENCIES, "316-003", "Điểm", 82))[
        AGENCIES
    ]
    assert {each.code: each.confirms for each in rated.changed} == {
        "316-002": True,
        "316-003": False,  # has sent no sheet
    }
    assert rated.confirmed == 1

    numbered = found(desk, put(AGENCIES, "316-002", "Số quyết định", "9/QĐ-UBND"))[AGENCIES]
    assert numbered.confirmed == 0

    of_school.update(sheet_status=SheetStatus.CONFIRMED)
    assert found(desk, put(AGENCIES, "316-002", "Điểm", 82))[AGENCIES].confirmed == 0
