"""`unit_results_template` and `import_unit_results`: what the pages do, from the command line."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from evaluations.models import ResultUpload, UnitEvent, UnitResult
from organisations.models import Role
from tests.evaluations.workbook.desk import AGENCIES, COMMUNES, add, identity, put
from tests.factories import make_commune, make_district, make_line, make_user
from tests.workbooks import opened

pytestmark = pytest.mark.django_db


def run(desk, name, *args, **options):
    out, err = StringIO(), StringIO()
    options = {"round_pk": desk.pilot_round.pk, "unit": "316"} | options
    try:
        call_command(name, *args, stdout=out, stderr=err, **options)
    except CommandError as error:
        return f"{err.getvalue()}{error}", 1
    return out.getvalue(), 0


@pytest.fixture
def file(tmp_path):
    return tmp_path / "ket-qua.xlsx"


def bring(desk, file, *changes, **options):
    file.write_bytes(desk.filled(*changes))
    options = {"by": desk.keeper.username} | options
    return run(desk, "import_unit_results", file, **options)


def test_template_is_the_same_file_as_the_page_gives(desk, file):
    said, code = run(desk, "unit_results_template", output=file)

    assert (said, code) == ("Huyện Vĩnh Bảo, năm 2022: 7 đơn vị.\n", 0)
    rows = [
        [each.value for each in row]
        for row in opened(file.read_bytes())[AGENCIES].iter_rows(max_col=9)
    ]
    assert rows == [
        [each.value for each in row] for row in opened(desk.empty)[AGENCIES].iter_rows(max_col=9)
    ]


def test_file_is_checked_without_writing(desk, file):
    said, code = bring(desk, file, put(COMMUNES, "11860", "Xếp loại", "Khá"), dry_run=True, by=None)

    assert code == 0
    assert said.splitlines() == [
        "Trang Cơ quan: mới 0, thay đổi 0, giữ nguyên 3, không có trong tệp 0.",
        "Trang Xã, phường: mới 0, thay đổi 1, giữ nguyên 3, không có trong tệp 0.",
        "Trang Danh hiệu: mới 0, thay đổi 0, giữ nguyên 4, không có trong tệp 0.",
        "Chỉ kiểm tra, chưa ghi gì.",
    ]
    assert not ResultUpload.objects.exists()
    assert not UnitEvent.objects.exists()


def test_file_is_applied_in_somebodys_name(desk, file):
    said, code = bring(
        desk, file, put(COMMUNES, "11860", "Xếp loại", "Khá"), add(AGENCIES, Tên="Hội Người mù")
    )

    assert code == 0
    assert said.endswith("Đã ghi vào danh sách.\n")
    line = UnitResult.objects.get(unit__code="11860")
    assert (line.rating.code, line.updated_by) == ("kha", desk.keeper)
    assert UnitResult.objects.filter(unit__name="Hội Người mù", year=2022).exists()
    assert ResultUpload.objects.get().status == ResultUpload.Status.APPLIED


@pytest.mark.parametrize("dry_run", [True, False])
def test_any_wrong_row_ends_in_1_with_every_error_and_nothing_kept(desk, file, dry_run):
    said, code = bring(
        desk,
        file,
        put(COMMUNES, "11860", "Xếp loại", "Kha"),
        put(COMMUNES, "11884", "Xếp loại", "Khá"),
        put(AGENCIES, "316-003", "Điểm", 120),
        dry_run=dry_run,
    )

    assert code == 1
    assert said.splitlines() == [
        "120 lớn hơn điểm tối đa 100. · trang Cơ quan, ô H4 · Trường THCS Tân Liên",
        "“Kha” không phải xếp loại. Chọn Tốt, Khá, Trung bình hoặc Chưa đạt. · trang Xã, phường, "
        "ô G3 · Xã Tân Liên",
        "Tệp có 2 lỗi, chưa ghi dòng nào.",
    ]
    assert UnitResult.objects.get(unit__code="11884").rating is None
    assert not ResultUpload.objects.exclude(status=ResultUpload.Status.DROPPED).exists()


def test_foreign_file_and_no_workbook_end_in_1(desk, file):
    said, code = bring(desk, file, identity("Năm", "2021"))
    assert code == 1
    assert said.startswith("Đây là mẫu của năm 2021")

    file.write_text("a;b;c")
    for dry_run in (True, False):
        said, code = run(
            desk, "import_unit_results", file, by=desk.keeper.username, dry_run=dry_run
        )
        assert code == 1
        assert said.startswith("Đây là tệp chữ (.csv, .txt)")


def test_file_that_is_not_there(desk, file):
    said, code = run(desk, "import_unit_results", file, dry_run=True)

    assert code == 1
    assert "No such file" in said


def test_who_applies_must_be_named_and_keep_the_register(desk, file):
    outsider = make_user(Role.LEADER)

    for by, said in (
        (None, "Cần --by USERNAME"),
        ("khong.co", "Không có người dùng “khong.co”"),
        (outsider.username, "không giữ danh sách này"),
    ):
        told, code = bring(desk, file, put(COMMUNES, "11860", "Xếp loại", "Khá"), by=by)
        assert code == 1
        assert said in told
    assert UnitResult.objects.get(unit__code="11860").rating is None


def test_code_means_a_unit_of_the_rounds_year(desk, file):
    """Codes came back in 2025: one that is of that year alone names nothing in a round of 2022."""
    later = make_district("Huyện Khác", "317", valid_from=date(2025, 7, 1))
    make_line(desk.pilot_round, make_commune(parent=later))

    said, code = run(desk, "unit_results_template", unit="317", output=file)

    assert (said, code) == ("Đợt này không có danh sách của mã “317”; có: 31, 316.", 1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"round_pk": 0}, "Không có đợt số 0 đang mở. Đang có:"),
        ({"unit": "999"}, "Đợt này không có danh sách của mã “999”; có: "),
        ({"year": 2019}, "Đợt này có năm 2022 và 2021."),
    ],
)
def test_register_that_there_is_not(desk, file, options, said):
    told, code = run(desk, "unit_results_template", output=file, **options)

    assert code == 1
    assert told.startswith(said)
    assert not file.exists()


def test_year_before_has_a_workbook_of_its_own(desk, file):
    assert run(desk, "unit_results_template", output=file, year=2021)[1] == 0

    said, code = run(
        desk, "import_unit_results", file, year=2021, by=desk.keeper.username, dry_run=False
    )

    assert code == 0
    assert "Trang Xã, phường: mới 0, thay đổi 0, giữ nguyên 1" in said


def test_place_that_cannot_be_written_to(desk, tmp_path):
    said, code = run(desk, "unit_results_template", output=tmp_path / "khong-co" / "a.xlsx")

    assert code == 1
    assert "No such file" in said
