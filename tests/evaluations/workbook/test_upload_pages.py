"""The pages of the round trip, as the keeper and others meet them."""

from http import HTTPStatus
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from evaluations.actions import uploads
from evaluations.actions.unit_results import save_line
from evaluations.models import ResultUpload, UnitResult
from evaluations.scanning import Infected, ScannerSilent
from evaluations.unit_reading import shown_line
from evaluations.unit_sheets import SheetStatus
from evaluations.views import workbooks as views
from evaluations.workbook import layout
from organisations.models import Organisation, Role
from organisations.spreadsheets import package
from tests.evaluations import samples
from tests.evaluations.workbook.desk import AGENCIES, COMMUNES, add, put
from tests.factories import make_agency, make_commune, make_district, make_line, make_user
from tests.workbooks import bomb, lying_bomb, macro_book, million_formatted_rows, with_part

pytestmark = pytest.mark.django_db
Status = ResultUpload.Status


@pytest.fixture
def client(client, desk):
    client.force_login(desk.keeper)
    return client


def address(desk, name):
    return reverse(f"evaluations:{name}", args=[desk.pilot_round.pk, desk.district.pk])


def send(client, desk, *changes, content=None, name="ket-qua.xlsx", follow=True, year=""):
    content = desk.filled(*changes) if content is None else content
    url = address(desk, "upload-results") + (f"?nam={year}" if year else "")
    return client.post(url, {"file": SimpleUploadedFile(name, content)}, follow=follow)


def press(client, response, name):
    """The button of a page, with what its form holds."""
    upload = response.context["upload"]
    form = response.context.get("form")
    data = {"seen": form.initial["seen"]} if form else {}
    return client.post(reverse(f"evaluations:{name}", args=[upload.pk]), data, follow=True)


# --- the template ------------------------------------------------------------------------------


def test_template_is_downloaded_with_a_name_that_says_what_it_is(client, desk):
    response = client.get(address(desk, "register-template"))

    assert response.headers["Content-Disposition"] == (
        'attachment; filename="ket-qua-316-2022.xlsx"'
    )
    assert "no-store" in response.headers["Cache-Control"]
    assert load_workbook(BytesIO(response.content)).sheetnames[1] == AGENCIES


def test_template_of_the_year_before(client, desk):
    response = client.get(address(desk, "register-template") + "?nam=2021")

    assert "ket-qua-316-2021.xlsx" in response.headers["Content-Disposition"]


@pytest.mark.parametrize("year", ["2020", "2023", "abc", "２０２２", "-1"])
@pytest.mark.parametrize("name", ["register-template", "upload-results"])
def test_there_is_nothing_of_any_other_year(client, desk, name, year):
    response = client.get(f"{address(desk, name)}?nam={year}")

    assert response.status_code == HTTPStatus.NOT_FOUND


def test_round_without_point_sets_has_no_workbook(client, desk):
    type(desk.pilot_round).objects.update(agency_points=None, commune_points=None)
    UnitResult.objects.filter(kind="learning_community").delete()
    Organisation.objects.filter(kind="commune").delete()

    assert client.get(address(desk, "register-template")).status_code == HTTPStatus.NOT_FOUND


# --- files that are none -----------------------------------------------------------------------


def not_excel():
    small = samples.office(samples.SHEET)
    return [
        ("ket-qua.xls", samples.ole("Workbook"), package.OLD),
        ("ket-qua.xlsx", samples.ole("EncryptedPackage"), package.PASSWORD),
        ("ket-qua.csv", "Mã,Tên\n".encode(), package.TEXT),
        ("ket-qua.xlsm", macro_book(small), package.MACROS),
        ("ket-qua.xlsx", samples.HTML, package.WEB_PAGE),
        ("ket-qua.xlsx", samples.pdf(), package.OTHER),
        ("ket-qua.xlsx", small, package.BROKEN),
    ]


@pytest.mark.parametrize(("name", "content", "said"), not_excel())
def test_file_that_is_no_workbook_is_refused_and_not_kept(client, desk, name, content, said):
    response = send(client, desk, content=content, name=name)

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.context["form"].errors["file"] == [said]
    assert not ResultUpload.objects.exists()


@pytest.mark.parametrize("make", [bomb, lying_bomb])
def test_zip_bomb_is_refused(client, desk, make):
    response = send(client, desk, content=make(desk.empty))

    assert response.context["form"].errors["file"][0] in (package.SWOLLEN, package.BROKEN)


def test_empty_file_is_refused(client, desk):
    response = send(client, desk, content=b"")

    assert "Tệp này rỗng (0 byte)." in response.context["form"].errors["file"][0]


def test_no_file_at_all_is_asked_for(client, desk):
    response = client.post(address(desk, "upload-results"))

    assert response.context["form"].errors["file"] == ["Chọn tệp Excel đã điền."]


def test_file_over_the_limit_is_let_go_while_it_comes_in(client, desk, settings):
    settings.EVIDENCE_MAX_BYTES = 10_000

    response = send(client, desk, content=b"PK" + b"x" * 20_000)

    assert response.context["form"].errors["file"] == [layout.TOO_LARGE]
    assert "Tệp lớn hơn 10 MB" in layout.TOO_LARGE


def test_formatted_rows_without_number_do_not_matter(client, desk):
    """Coloured far down, as Excel keeps it: rows and rows with nothing in them."""
    rows = with_part(desk.empty, "xl/worksheets/sheet3.xml", _coloured)

    response = send(client, desk, content=rows)

    assertContains(response, "Tệp không khác gì danh sách")


def _coloured(xml):
    """A tenth of a sheet: the whole of one is read in the tests of `organisations.spreadsheets`."""
    empty = million_formatted_rows(up_to=100_000)
    phantoms = package.Package(empty).sheet_xml("Sheet1")
    start = phantoms.index(b'<row r="1000"')
    tail = phantoms[start : phantoms.index(b"</sheetData>")]
    plain = tail.replace(b' customFormat="1"', b"")
    return xml.replace(b"</sheetData>", plain + b"</sheetData>")


def test_virus_is_told_and_the_file_not_kept(client, desk, monkeypatch):
    for error, said in ((Infected("Eicar"), "Eicar"), (ScannerSilent(), "chưa quét được virus")):

        def scan(file, error=error):
            raise error

        monkeypatch.setattr(uploads, "scan", scan)
        response = send(client, desk)
        assert said in response.context["form"].errors["file"][0]
    assert not ResultUpload.objects.exists()


# --- errors ------------------------------------------------------------------------------------


def test_every_error_is_on_one_page_message_first(client, desk):
    response = send(
        client,
        desk,
        put(COMMUNES, "11860", "Xếp loại", "Kha"),
        put(COMMUNES, "11884", "Ngày quyết định", "31/11/2022"),
        put(AGENCIES, "316-003", "Điểm", 120),
    )

    assertContains(response, "Tệp có 3 lỗi, chưa ghi dòng nào")
    page = response.content.decode()
    message = page.index("“Kha” không phải xếp loại. Chọn Tốt, Khá, Trung bình hoặc Chưa đạt.")
    assert message < page.index("Ô G3") < page.index("Xã Tân Liên", message)
    assert not UnitResult.objects.filter(unit__code="11860", rating__isnull=False).exists()


def test_same_error_in_many_cells_is_told_once_with_all_its_cells(client, desk):
    for number in range(300):
        make_line(desk.pilot_round, make_commune(f"Xã {number}", parent=desk.district))
    codes = UnitResult.objects.filter(kind="learning_community", year=2022)

    def misspell(book):
        for code in codes.values_list("unit__code", flat=True):
            put(COMMUNES, code, "Xếp loại", "Kha")(book)

    response = send(client, desk, misspell)

    assertContains(response, "Tệp có 304 lỗi")
    assertContains(response, "“Kha” không phải xếp loại.", count=1)
    assertContains(response, "304 ô:")
    assertContains(response, "Ô G305 · ")


def test_what_does_not_fit_the_page_is_in_the_file(client, desk, monkeypatch):
    monkeypatch.setattr(views, "GROUPS_SHOWN", 1)

    response = send(
        client,
        desk,
        put(COMMUNES, "11860", "Xếp loại", "Kha"),
        put(COMMUNES, "11884", "Xếp loại", "Tot"),
    )

    assertContains(response, "Còn 1 lỗi nữa: xem trong tệp có cột “Lỗi”.")


def test_text_of_a_file_is_no_markup(client, desk):
    response = send(client, desk, put(COMMUNES, "11860", "Xếp loại", "<script>x</script>"))

    assertContains(response, "“&lt;script&gt;x&lt;/script&gt;” không phải xếp loại.")


def test_file_with_errors_comes_back_under_its_name(client, desk):
    response = send(
        client, desk, put(COMMUNES, "11860", "Xếp loại", "Kha"), name="kết quả Vĩnh Bảo.xlsx"
    )
    upload = response.context["upload"]

    back = client.get(reverse("evaluations:error-file", args=[upload.pk]))

    assert "filename*=utf-8''k%E1%BA%BFt%20qu%E1%BA%A3" in back.headers["Content-Disposition"]
    assert back.headers["Content-Disposition"].endswith("-loi.xlsx")
    sheet = load_workbook(BytesIO(back.content))[COMMUNES]
    assert sheet["K3"].value.startswith("G3: “Kha” không phải xếp loại.")


def test_clean_file_has_no_errors_to_fetch(client, desk):
    upload = send(client, desk).context["upload"]

    back = client.get(reverse("evaluations:error-file", args=[upload.pk]))

    assert back.status_code == HTTPStatus.NOT_FOUND


def test_foreign_file_is_told_and_can_be_dropped(client, desk):
    response = send(client, desk, year="2021")
    assertContains(response, "Đây là mẫu của năm 2022, trang này nhận kết quả năm 2021.")

    dropped = press(client, response, "drop-upload")

    assertContains(dropped, "Đã bỏ tệp ket-qua.xlsx; danh sách không thay đổi.")
    assert ResultUpload.objects.get().status == Status.DROPPED


# --- differences -------------------------------------------------------------------------------


def test_differences_are_shown_old_to_new_and_nothing_is_written_yet(client, desk):
    response = send(
        client, desk, put(COMMUNES, "11860", "Xếp loại", "Khá"), add(AGENCIES, Tên="Hội Người mù")
    )

    assertContains(response, "Xem 2 dòng khác biệt trước khi ghi")
    assertContains(response, "Ghi 2 dòng vào danh sách")
    assertContains(response, "1/4 → <b>2/4</b>")
    assertContains(response, "mã mới")
    assert not UnitResult.objects.filter(unit__code="11860", rating__isnull=False).exists()


def test_differences_are_applied_by_the_button_and_lead_to_the_register(client, desk):
    shown = send(client, desk, put(COMMUNES, "11860", "Xếp loại", "Khá"))

    response = press(client, shown, "apply-upload")

    assert UnitResult.objects.get(unit__code="11860").rating.code == "kha"
    assertContains(response, "Đã ghi từ tệp Excel: cập nhật 1 dòng.")
    assert response.redirect_chain[0][0].endswith("/xa/")


def test_second_press_says_that_it_is_done(client, desk):
    shown = send(client, desk, add(AGENCIES, Tên="Hội Người mù"))
    press(client, shown, "apply-upload")

    response = press(client, shown, "apply-upload")

    assertContains(response, "không ghi lần thứ hai")
    assert Organisation.objects.filter(name="Hội Người mù").count() == 1
    again = client.get(shown.context["upload"].get_absolute_url(), follow=True)
    assertContains(again, "không ghi lần thứ hai")


def test_register_that_changed_meanwhile_is_shown_anew(client, desk):
    shown = send(client, desk, put(COMMUNES, "11860", "Xếp loại", "Khá"))
    changed = UnitResult.objects.get(unit__code="11884")
    save_line(result=changed, values={"rating": "Tốt"}, base=shown_line(changed), by=desk.keeper)

    response = press(client, shown, "apply-upload")

    assert response.status_code == HTTPStatus.CONFLICT
    assertContains(response, "Chưa ghi: danh sách vừa có thay đổi", status_code=409)
    # What the other person entered would be emptied by the older file: it is shown as that.
    assertContains(response, "<s>Tốt</s>", status_code=409)
    assert UnitResult.objects.get(unit__code="11860").rating is None
    applied = press(client, response, "apply-upload")
    assertContains(applied, "cập nhật 2 dòng")


def test_file_that_the_register_has_made_wrong_says_so(client, desk):
    shown = send(client, desk, add(AGENCIES, Tên="Hội mới"))
    make_line(desk.pilot_round, make_agency("Hội mới", "316-050", parent=desk.district))

    response = press(client, shown, "apply-upload")

    assertContains(response, "nay tệp có chỗ không hợp nữa", status_code=409)
    assertContains(response, "đã có, mã 316-050", status_code=409)
    back = client.get(reverse("evaluations:error-file", args=[shown.context["upload"].pk]))
    assert load_workbook(BytesIO(back.content))[AGENCIES]["M5"].value.startswith("B5: “Hội mới”")


@pytest.mark.parametrize("seen", ["", "x", "0" * 64])
def test_press_without_having_seen_the_differences_writes_nothing(client, desk, seen):
    upload = send(client, desk, put(COMMUNES, "11860", "Xếp loại", "Khá")).context["upload"]

    response = client.post(reverse("evaluations:apply-upload", args=[upload.pk]), {"seen": seen})

    assert response.status_code == HTTPStatus.CONFLICT
    assert UnitResult.objects.get(unit__code="11860").rating is None


def test_file_without_a_difference_has_nothing_to_press(client, desk):
    response = send(client, desk)

    assertContains(response, "Tệp không khác gì danh sách")
    assertNotContains(response, "vào danh sách</button>")


def test_many_differences_come_in_pages(client, desk, monkeypatch):
    monkeypatch.setattr(views, "PAGE_SIZE", 2)

    codes = ("11827", "11860", "11884")
    response = send(client, desk, *(put(COMMUNES, code, "Xếp loại", "Tốt") for code in codes))

    assertContains(response, "Ghi 3 dòng vào danh sách")
    assertContains(response, "Trang 1/2")
    second = client.get(f"{response.context['upload'].get_absolute_url()}?trang=2")
    assertContains(second, "Xã Lý Học")
    assertNotContains(second, "Xã Tân Liên")


@pytest.mark.parametrize("count", [3, 300])
def test_differences_cost_the_same_however_many(client, desk, count, django_assert_max_num_queries):
    for number in range(count):
        make_line(desk.pilot_round, make_agency(f"Cơ quan {number}", parent=desk.district))
    unrated = UnitResult.objects.filter(kind="learning_unit", rating=None)
    codes = list(unrated.values_list("unit__code", flat=True))
    upload = send(client, desk, *(put(AGENCIES, code, "Điểm", 75) for code in codes)).context[
        "upload"
    ]

    with django_assert_max_num_queries(18):
        response = client.get(upload.get_absolute_url())

    assert response.context["count"] == count + 2


# --- whose it is -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["result-upload", "error-file", "apply-upload", "drop-upload"])
def test_workbook_is_nobodys_but_its_uploaders_while_they_keep_the_register(client, desk, name):
    upload = send(client, desk, put(COMMUNES, "11860", "Xếp loại", "Kha")).context["upload"]
    url = reverse(f"evaluations:{name}", args=[upload.pk])
    ask = client.post if name in ("apply-upload", "drop-upload") else client.get

    for other in (
        make_user(Role.LEADER, desk.district),
        make_user(Role.LEADER),
        make_user(Role.APPRAISER),
        make_user(Role.ADMINISTRATOR),
    ):
        client.force_login(other)
        assert ask(url).status_code == HTTPStatus.NOT_FOUND, other.role
    desk.keeper.organisation = make_district()
    desk.keeper.save()
    client.force_login(desk.keeper)
    assert ask(url).status_code == HTTPStatus.NOT_FOUND


def test_waiting_workbook_is_told_on_the_page_of_the_register(client, desk):
    upload = send(client, desk, put(COMMUNES, "11860", "Xếp loại", "Kha")).context["upload"]

    for url in (
        address(desk, "upload-results"),
        reverse("evaluations:register", args=[desk.pilot_round.pk, desk.district.pk, "xa"]),
    ):
        response = client.get(url)
        assertContains(response, "có 1 lỗi, chưa ghi dòng nào")
        assertContains(response, upload.get_absolute_url())

    send(client, desk)
    response = client.get(address(desk, "upload-results"))
    assertContains(response, "chưa ghi vào danh sách")


def test_dropped_workbook_leads_back_to_the_register(
    client, desk, django_capture_on_commit_callbacks
):
    shown = send(client, desk)
    with django_capture_on_commit_callbacks(execute=True):
        press(client, shown, "drop-upload")

    response = client.get(shown.context["upload"].get_absolute_url())

    assertRedirects(
        response,
        reverse("evaluations:register", args=[desk.pilot_round.pk, desk.district.pk, "co-quan"]),
    )
    assert not default_storage.exists(shown.context["upload"].file.name)


def test_upload_needs_its_token(desk):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(desk.keeper)

    response = strict.post(
        address(desk, "upload-results"), {"file": SimpleUploadedFile("a.xlsx", desk.empty)}
    )

    assert response.status_code == HTTPStatus.FORBIDDEN
    assert not ResultUpload.objects.exists()


def test_page_says_which_waiting_sheets_the_file_confirms(client, desk):
    of_school = UnitResult.objects.filter(unit__code="316-002")
    rating = desk.pilot_round.agency_points.ratings.get(code="kha")
    of_school.update(self_score=82, self_rating=rating, sheet_status=SheetStatus.SUBMITTED)

    page = send(
        client, desk, put(AGENCIES, "316-002", "Điểm", 82), put(AGENCIES, "316-003", "Điểm", 82)
    )

    assertContains(page, "xác nhận luôn 1 phiếu tự chấm đang chờ")
    assertContains(page, "<b>xác nhận phiếu tự chấm đang chờ</b>", count=1)
    assertContains(page, reverse("evaluations:sheet", args=[of_school.get().pk]))
    done = press(client, page, "apply-upload")
    assertContains(done, "cập nhật 2 dòng, xác nhận 1 phiếu tự chấm.")
    assert of_school.get().sheet_status == SheetStatus.CONFIRMED
