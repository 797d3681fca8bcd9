import re
from datetime import date, timedelta
from http import HTTPStatus
from io import BytesIO

import pytest
import xlsxwriter
from axes.models import AccessAttempt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from python_calamine import CalamineWorkbook

from organisations import people_file
from organisations.limits import SIGN_IN_OF_NAME, WRONG_CODE
from organisations.lockout import locks_of
from organisations.models import AccountEvent, Role, Tally, User
from organisations.passwords import ALPHABET, QuietArgon2PasswordHasher, temporary_password
from tests.factories import (
    PASSWORD,
    make_agency,
    make_city,
    make_commune,
    make_department,
    make_user,
)

PEOPLE = "/nguoi-dung/"
UPLOAD = "/nguoi-dung/nap-excel/"
CONFIRM = "/nguoi-dung/nap-excel/xem-lai/"
TEMPORARY = re.compile(rf"[{ALPHABET}]{{4}}(?:-[{ALPHABET}]{{4}}){{2}}")


def form_data(organisation=None, **changes):
    return {
        "full_name": "Nguyễn Thị Thu",
        "username": "vinhbao.gddt",
        "organisation": organisation.pk if organisation else "",
        "role": Role.EDITOR,
        "position": "Chuyên viên",
        "email": "",
        "phone": "",
        **changes,
    }


def workbook(*rows, titles=None):
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet(people_file.SHEET)
    for number, row in enumerate([titles or list(people_file.COLUMNS.values()), *rows]):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    book.close()
    return SimpleUploadedFile("tai-khoan.xlsx", buffer.getvalue())


def row(name="Lê Văn An", username="vb.an", code="316", since="", role="Người nhập liệu", *rest):
    return [name, username, code, since, role, *rest]


# --- who may -----------------------------------------------------------------------------------


@pytest.fixture
def pages(district):
    """Every page about people and units, and the way it is asked for."""
    person = make_user(organisation=district)
    one = [person.pk]
    return [
        ("get", reverse("organisations:people")),
        ("get", reverse("organisations:create-person")),
        ("post", reverse("organisations:create-person")),
        ("get", reverse("organisations:edit-person", args=one)),
        ("post", reverse("organisations:edit-person", args=one)),
        ("post", reverse("organisations:reset-person-password", args=one)),
        ("post", reverse("organisations:deactivate-person", args=one)),
        ("post", reverse("organisations:activate-person", args=one)),
        ("get", reverse("organisations:upload-people")),
        ("post", reverse("organisations:upload-people")),
        ("get", reverse("organisations:people-template")),
        ("get", reverse("organisations:confirm-people")),
        ("post", reverse("organisations:confirm-people")),
        ("get", reverse("organisations:units")),
        ("get", reverse("organisations:edit-unit", args=[district.pk])),
        ("post", reverse("organisations:edit-unit", args=[district.pk])),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_people_and_units_are_the_administrators_alone(client, pages, role):
    client.force_login(make_user(role, make_department()))

    for method, path in pages:
        assert getattr(client, method)(path).status_code == HTTPStatus.FORBIDDEN, path


def test_anonymous_is_asked_to_sign_in(client, pages):
    for method, path in pages:
        response = getattr(client, method)(path)
        assert response.status_code == HTTPStatus.FOUND, path
        assert response.url.startswith("/dang-nhap/"), path


def test_reset_and_deactivation_answer_a_post_only(client, administrator, editor):
    client.force_login(administrator)

    for name in ("reset-person-password", "deactivate-person", "activate-person"):
        response = client.get(reverse(f"organisations:{name}", args=[editor.pk]))
        assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED


# --- the list ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=tran", {"Trần Văn Trưởng"}),
        ("q=TRƯƠNG", {"Trần Văn Trưởng"}),
        ("role=editor", {"Phạm Thị Nhập"}),
        ("state=ngung", {"Bùi Văn Nghỉ"}),
        ("q=khong co ai", set()),
    ],
)
def test_people_are_found_without_marks_and_by_role(
    client, administrator, editor, leader, query, found
):
    make_user(full_name="Bùi Văn Nghỉ", is_active=False)
    client.force_login(administrator)

    response = client.get(f"{PEOPLE}?{query}")

    assert {person.full_name for person in response.context["page"]} == found


def test_people_are_filtered_by_a_part_of_the_name_of_their_unit(
    client, administrator, editor, outsider
):
    client.force_login(administrator)

    response = client.get(PEOPLE, {"unit": "vinh bao"})

    assert [person.pk for person in response.context["page"]] == [editor.pk]


def test_people_stand_in_vietnamese_order(client, administrator):
    for name in ("Đào An", "Dương An", "Ấn Văn"):
        make_user(full_name=name)
    client.force_login(administrator)

    response = client.get(f"{PEOPLE}?role=editor")

    names = [person.full_name for person in response.context["page"]]
    assert names == ["Ấn Văn", "Dương An", "Đào An"]


def test_list_of_people_costs_the_same_however_long(client, administrator, count_queries):
    client.force_login(administrator)
    make_user()
    few = count_queries(PEOPLE)

    for _ in range(12):
        make_user()

    assert count_queries(PEOPLE) == few


# --- locked out --------------------------------------------------------------------------------


def lock_by_password(person):
    for _ in range(5):
        Client().post("/dang-nhap/", {"username": person.username, "password": "sai"})


def lock_everywhere(person):
    for _ in range(SIGN_IN_OF_NAME.most):
        SIGN_IN_OF_NAME.count(person.username)


def lock_by_code(person):
    for _ in range(WRONG_CODE.most):
        WRONG_CODE.count(person.pk)


@pytest.mark.parametrize(
    ("lock", "minutes"), [(lock_by_password, 15), (lock_everywhere, 60), (lock_by_code, 15)]
)
def test_a_lock_is_told_until_it_ends_or_is_opened(client, administrator, editor, lock, minutes):
    client.force_login(administrator)
    page = f"{PEOPLE}{editor.pk}/"
    lock(make_user())
    assertNotContains(client.get(page), "Tạm khóa")
    before = timezone.now()

    lock(editor)

    told = client.get(page)
    until = told.context["locked_until"]
    assert before <= until - timedelta(minutes=minutes) <= timezone.now()
    at = f"{timezone.localtime(until):%H:%M}"
    assertContains(told, f"Tạm khóa đến <b>{at}</b>")
    assertContains(told, "vì nhập sai nhiều lần; cấp mật khẩu tạm mới thì mở ngay")
    assertContains(client.get(PEOPLE, {"q": editor.full_name}), f"Tạm khóa đến {at}")

    client.post(f"{page}mat-khau/")
    assertNotContains(client.get(page), "Tạm khóa")


def test_looking_for_locks_is_one_question(administrator, editor, django_assert_num_queries):
    lock_by_password(editor)
    lock_by_code(editor)

    with django_assert_num_queries(1):
        found = locks_of([administrator, editor])

    assert set(found) == {editor.pk}
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    Tally.objects.update(until=timezone.now())
    assert locks_of([administrator, editor]) == {}


# --- one person --------------------------------------------------------------------------------


def test_new_person_gets_a_slip_with_a_password_that_must_be_changed(
    client, administrator, district
):
    client.force_login(administrator)

    response = client.post(f"{PEOPLE}them/", form_data(district, username=" VinhBao.GDDT"))

    person = User.objects.get(username="vinhbao.gddt")
    password = TEMPORARY.search(response.content.decode()).group()
    assert person.check_password(password)
    assert person.must_change_password
    assert (person.organisation, person.role) == (district, Role.EDITOR)
    assert not person.is_operator
    assertContains(response, "http://testserver/dang-nhap/")
    assert response.headers["Cache-Control"].find("no-store") >= 0
    event = AccountEvent.objects.get()
    assert (event.kind, event.person, event.by) == (
        AccountEvent.Kind.CREATED,
        person,
        administrator,
    )
    assert User.objects.matching("nguyen thi thu").get() == person


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"full_name": ""}, "Ghi họ và tên."),
        ({"username": "Vĩnh Bảo"}, "Tên đăng nhập gồm từ 3 đến 60 chữ cái"),
        ({"username": "da.co"}, "Tên đăng nhập này đã có người dùng."),
        ({"organisation": ""}, "Chọn đơn vị của người này."),
        ({"role": "appraiser"}, "chỉ dành cho cơ quan cấp thành phố"),
        ({"email": "a@"}, "Địa chỉ thư điện tử chưa đúng"),
        ({"phone": "abc"}, "Số điện thoại gồm từ 8 chữ số"),
        ({"is_operator": "on", "role": "không"}, "không có trong danh sách"),
    ],
)
def test_faulty_person_is_not_stored_and_is_told_why(
    client, administrator, district, changes, complaint
):
    make_user(username="da.co")
    before = User.objects.count()
    client.force_login(administrator)

    response = client.post(f"{PEOPLE}them/", form_data(district) | changes)

    assertContains(response, complaint)
    assert User.objects.count() == before


def test_form_costs_the_same_however_many_units(client, administrator, count_queries):
    client.force_login(administrator)
    make_commune()
    few = count_queries(f"{PEOPLE}them/")

    for _ in range(12):
        make_commune()

    assert count_queries(f"{PEOPLE}them/") == few


def test_change_of_role_is_recorded_with_before_and_after(client, administrator, editor):
    client.force_login(administrator)
    data = form_data(
        editor.organisation, username=editor.username, full_name="Phạm Thị Mới", role=Role.LEADER
    )

    response = client.post(f"{PEOPLE}{editor.pk}/", data, follow=True)

    editor.refresh_from_db()
    assert (editor.full_name, editor.role) == ("Phạm Thị Mới", Role.LEADER)
    assert editor.search.startswith("pham thi moi")
    event = AccountEvent.objects.get(kind=AccountEvent.Kind.ROLE_CHANGED)
    assert event.detail == "Người nhập liệu, Huyện Vĩnh Bảo → Lãnh đạo đơn vị, Huyện Vĩnh Bảo"
    changed = AccountEvent.objects.get(kind=AccountEvent.Kind.CHANGED)
    assert changed.detail == (
        "họ và tên: Phạm Thị Nhập → Phạm Thị Mới; chức vụ: để trống → Chuyên viên"
    )
    assertContains(response, "Người nhập liệu, Huyện Vĩnh Bảo → Lãnh đạo đơn vị")


def test_nobody_changes_their_own_role_organisation_or_standing(client, administrator, district):
    client.force_login(administrator)
    own = f"{PEOPLE}{administrator.pk}/"

    client.post(own, form_data(district, username=administrator.username, role=Role.APPROVER))
    answers = [client.post(own + step) for step in ("mat-khau/", "ngung-dung/", "dung-lai/")]

    assert {answer.status_code for answer in answers} == {HTTPStatus.FORBIDDEN}
    administrator.refresh_from_db()
    assert administrator.role == Role.ADMINISTRATOR
    assert administrator.organisation == make_department()
    assert administrator.full_name == "Nguyễn Thị Thu"  # the rest is theirs to change
    assert administrator.is_active
    assert administrator.check_password(PASSWORD)


def test_operators_account_is_out_of_an_administrators_reach(client, administrator):
    operator = make_user(Role.ADMINISTRATOR, is_operator=True)
    client.force_login(administrator)

    for step in ("", "mat-khau/", "ngung-dung/"):
        response = client.post(f"{PEOPLE}{operator.pk}/{step}")
        assert response.status_code == HTTPStatus.FORBIDDEN

    operator.refresh_from_db()
    assert operator.check_password(PASSWORD)


def test_new_temporary_password_ends_the_old_one_and_its_sessions(client, administrator, editor):
    theirs = Client()
    theirs.force_login(editor)
    client.force_login(administrator)

    response = client.post(f"{PEOPLE}{editor.pk}/mat-khau/")

    editor.refresh_from_db()
    assert editor.check_password(TEMPORARY.search(response.content.decode()).group())
    assert editor.must_change_password
    assert theirs.get("/tai-khoan/").url.startswith("/dang-nhap/")
    assert AccountEvent.objects.get().kind == AccountEvent.Kind.PASSWORD_RESET


@pytest.mark.parametrize(
    ("summary", "step", "button"),
    [
        ("Cấp mật khẩu tạm mới", "mat-khau", "Cấp và xem phiếu"),
        ("Ngừng dùng tài khoản", "ngung-dung", "Ngừng dùng ngay"),
    ],
)
def test_what_cannot_be_undone_by_a_second_click_is_behind_a_summary(
    client, administrator, editor, summary, step, button
):
    client.force_login(administrator)

    page = client.get(f"{PEOPLE}{editor.pk}/").content.decode()

    folded = re.findall(r"<details class=\"mt-3\">.*?</details>", page, re.DOTALL)
    block = next(each for each in folded if f"<summary>{summary}</summary>" in each)
    assert f'action="{PEOPLE}{editor.pk}/{step}/"' in block
    assert f">{button}</button>" in block
    assert editor.full_name in block  # it says of whom, and what will happen
    assert page.count(f"{PEOPLE}{editor.pk}/{step}/") == 1


def test_deactivated_person_is_out_at_once_and_can_be_let_in_again(client, administrator, editor):
    theirs = Client()
    theirs.force_login(editor)
    client.force_login(administrator)

    client.post(f"{PEOPLE}{editor.pk}/ngung-dung/")

    assert theirs.get("/tai-khoan/").url.startswith("/dang-nhap/")
    assertContains(client.get(f"{PEOPLE}{editor.pk}/"), "ngừng dùng")
    client.post(f"{PEOPLE}{editor.pk}/dung-lai/")
    editor.refresh_from_db()
    assert editor.is_active
    kinds = [event.kind for event in AccountEvent.objects.all()]
    assert kinds == [AccountEvent.Kind.DEACTIVATED, AccountEvent.Kind.ACTIVATED]


def test_temporary_passwords_differ_and_read_well_on_paper():
    passwords = {temporary_password() for _ in range(200)}

    assert len(passwords) == 200
    assert all(TEMPORARY.fullmatch(password) for password in passwords)
    assert not set("il1o0") & set(ALPHABET)


# --- from Excel --------------------------------------------------------------------------------


def test_template_has_the_guide_and_the_units_on_their_own_sheets(client, administrator, district):
    client.force_login(administrator)

    response = client.get(f"{UPLOAD}mau/")

    book = CalamineWorkbook.from_filelike(BytesIO(response.content))
    assert book.sheet_names == [people_file.SHEET, "Hướng dẫn", "Đơn vị"]
    assert book.get_sheet_by_name(people_file.SHEET).to_python()[0][0] == "Họ và tên *"
    units = book.get_sheet_by_name("Đơn vị").to_python()
    assert ["316", "Huyện Vĩnh Bảo", "Thành phố Hải Phòng", "01/02/2020"] in units


def test_filled_template_is_previewed_then_made_into_accounts_with_slips(
    client, administrator, district
):
    client.force_login(administrator)
    file = workbook(
        row("Lê Văn An", "vb.an", 316.0),
        ["", "", "", "", ""],
        row("Vũ Thị Bình", "vb.binh", "316", "", "lãnh đạo đơn vị", "Trưởng phòng"),
    )

    preview = client.post(UPLOAD, {"file": file}, follow=True)
    assertContains(preview, "Xem lại 2 tài khoản sắp tạo")
    assert not User.objects.filter(username__startswith="vb.").exists()
    slips = client.post(CONFIRM)

    made = {user.username: user for user in User.objects.filter(username__startswith="vb.")}
    assert made["vb.binh"].role == Role.LEADER
    assert made["vb.binh"].position == "Trưởng phòng"
    passwords = TEMPORARY.findall(slips.content.decode())
    for name, password in zip(sorted(made), passwords, strict=True):
        assert made[name].check_password(password)
    assert AccountEvent.objects.filter(kind=AccountEvent.Kind.CREATED).count() == 2
    assert not TEMPORARY.search(str(dict(client.session.items())))


def test_second_confirmation_makes_nothing_twice(client, administrator, district):
    client.force_login(administrator)
    client.post(UPLOAD, {"file": workbook(row())})
    client.post(CONFIRM)

    again = client.post(CONFIRM)

    assertRedirects(again, UPLOAD)
    assert User.objects.filter(username="vb.an").count() == 1


def test_account_made_meanwhile_stops_the_whole_file(client, administrator, district):
    client.force_login(administrator)
    client.post(UPLOAD, {"file": workbook(row(), row("Vũ Thị Bình", "vb.binh"))})
    make_user(username="vb.binh")

    response = client.post(CONFIRM)

    assertContains(response, "Tên đăng nhập này đã có người dùng.")
    assert not User.objects.filter(username="vb.an").exists()


def test_all_errors_are_told_at_once_by_cell(client, administrator, district):
    make_user(username="da.co")
    make_city()
    client.force_login(administrator)
    file = workbook(
        row("", "vb.an"),
        row("Vũ Thị Bình", "da.co", "999", "", "Giám đốc"),
        row("Trần Văn Cư", "vb.an", "316", "", "Chuyên viên thẩm định", "", "a@", "12"),
    )

    response = client.post(UPLOAD, {"file": file})

    found = {error.cell: error.message for error in response.context["errors"]}
    assert set(found) == {"A2", "B3", "C3", "E3", "B4", "C4", "G4", "H4"}
    assert found["B4"] == "Trùng tên đăng nhập với dòng 2."
    assert found["C3"].startswith("Không có đơn vị mã “999”")
    assert found["E3"].startswith("“Giám đốc” không phải vai trò. Chọn: Người nhập liệu")
    assertContains(response, "Ô C3")
    assertContains(response, "chưa tạo tài khoản nào")
    assert User.objects.filter(username="vb.an").count() == 0


def test_every_cell_of_one_row_is_told_even_where_nothing_in_it_is_right(
    client, administrator, district
):
    client.force_login(administrator)
    file = workbook(
        row("", "Vĩnh Bảo", "", "đầu năm", "", "", "a@", "12"),
        row("Vũ Thị Bình", "vb.binh", "999", "đầu năm"),
        row("Trần Văn Cư", "vb.cu", "316", "đầu năm", "Chuyên viên thẩm định"),
    )

    response = client.post(UPLOAD, {"file": file})

    found = {error.cell: error.message for error in response.context["errors"]}
    assert [*found] == ["A2", "B2", "C2", "D2", "E2", "G2", "H2", "C3", "D3", "C4", "D4"]
    assert found["C2"] == "Ghi mã đơn vị của người này."
    assert found["D2"] == "“đầu năm” không phải ngày. Ghi theo dạng 01/02/2020."
    assert found["E2"] == "Chọn vai trò."
    assert "chỉ dành cho cơ quan cấp thành phố" in found["C4"]


def test_columns_may_stand_in_another_order_and_errors_follow_them(client, administrator, district):
    client.force_login(administrator)
    titles = ["Vai trò *", "Mã đơn vị", "HỌ VÀ TÊN", "Tên đăng nhập"]
    file = workbook(["Người nhập liệu", "316", "Lê Văn An", "Vĩnh Bảo"], titles=titles)

    response = client.post(UPLOAD, {"file": file})

    assert [error.cell for error in response.context["errors"]] == ["D2"]


def test_code_used_in_two_periods_asks_for_the_day(client, administrator, district):
    make_agency("Phường Mới", "316", valid_from=date(2025, 7, 1))
    client.force_login(administrator)

    asked = client.post(UPLOAD, {"file": workbook(row())})
    answered = client.post(UPLOAD, {"file": workbook(row(since="01/02/2020"))})

    assert "Mã 316 có nhiều đơn vị" in asked.context["errors"][0].message
    assertRedirects(answered, CONFIRM)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "Tệp này rỗng"),
        (b"%PDF-1.7 no workbook", "không phải tệp Excel .xlsx"),
        (b"PK\x05\x06" + b"\0" * 18, "Không đọc được tệp này"),
        (b"x" * (people_file.MAX_BYTES + 1), "Tệp lớn hơn 2 MB"),
    ],
)
def test_file_that_is_no_workbook_is_refused_in_words(client, administrator, content, complaint):
    client.force_login(administrator)

    response = client.post(UPLOAD, {"file": SimpleUploadedFile("a.xlsx", content)})

    assertContains(response, complaint)


@pytest.mark.parametrize(
    ("file", "complaint"),
    [
        (workbook(), "chưa có dòng nào"),
        (workbook(["x"], titles=["Họ và tên"]), "thiếu cột “Tên đăng nhập”"),
        (workbook(*[row()] * (people_file.MAX_ROWS + 1)), "nhiều nhất 200 dòng"),
    ],
)
def test_workbook_without_usable_rows_says_what_is_missing(client, administrator, file, complaint):
    client.force_login(administrator)
    file.seek(0)

    response = client.post(UPLOAD, {"file": file})

    assertContains(response, complaint)


def test_formula_in_a_name_stays_text_on_the_page(client, administrator, district):
    client.force_login(administrator)

    response = client.post(
        UPLOAD, {"file": workbook(row("<script>alert(1)</script>"))}, follow=True
    )

    assertNotContains(response, "<script>alert")


def test_passwords_are_hashed_with_argon2_at_a_cost_a_server_can_bear():
    hasher = QuietArgon2PasswordHasher()

    encoded = hasher.encode("kf7m-x2qp-9wvt", hasher.salt())

    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert hasher.verify("kf7m-x2qp-9wvt", encoded)


def test_a_full_file_is_checked_within_bounds(client, administrator, district, count_queries):
    rows = [row(f"Người {number}", f"vb.{number}") for number in range(people_file.MAX_ROWS)]
    client.force_login(administrator)
    client.post(UPLOAD, {"file": workbook(*rows)})

    assert count_queries(CONFIRM) <= 6 * people_file.MAX_ROWS + 20  # as if typed one by one
