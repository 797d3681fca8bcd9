"""One's own data: what is kept, why and how long, as a page, as Excel and as JSON."""

import json
from http import HTTPStatus
from io import BytesIO

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains
from python_calamine import CalamineWorkbook

from organisations.account_data import OF_SOMEBODY_ELSE, export_own, rows_naming
from organisations.account_file import CELL_MOST, CUT, account_workbook
from organisations.actions import change_person, reset_password
from organisations.kept import IN_FILE, NOT_IN_FILE, WORDS, kept_of, term_of
from organisations.models import AccountAccess, AccountEvent, Role, SignInEvent
from organisations.processing_log import note_look
from tests.factories import make_user
from tests.test_personal_data import PERIODS

pytestmark = pytest.mark.django_db

OWN, FETCH = "/tai-khoan/du-lieu/", "/tai-khoan/du-lieu/tai-ve/"


def sheets(content: bytes) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_page_tells_what_is_kept_and_how_long(client, leader, administrator, settings):
    settings.SIGN_IN_LOG_DAYS = 77
    SignInEvent.objects.create(person=leader, kind="signed_in")
    SignInEvent.objects.create(person=administrator, kind="signed_in")
    client.force_login(leader)

    page = client.get(OWN)

    assertContains(page, "77 ngày, rồi xóa.")
    assertContains(page, IN_FILE)
    assertContains(page, NOT_IN_FILE)
    kept = {each.title: each.rows for each in page.context["kept"]}
    assert kept["Nhật ký đăng nhập"] == 1
    assert kept["Tài khoản"] == kept["Phiên đang mở"] == 1
    assert kept["Nhật ký xử lý dữ liệu"] == 0
    assertContains(client.get("/tai-khoan/"), OWN)


def test_every_table_that_names_the_account_is_counted_once(leader):
    told = [label for each in kept_of(leader) for label in each.tables]

    assert sorted(told) == sorted(rows.model._meta.label for rows in rows_naming(leader))


def test_the_page_and_the_document_say_the_same_period():
    for label, period in PERIODS.items():
        if period.isdecimal() and label not in {"organisations.User", "axes.AccessAttempt"}:
            assert term_of(label) == int(period) or not _names_accounts(label), label
    assert set(WORDS) | {7} == {int(period) for period in PERIODS.values() if period.isdecimal()}


def _names_accounts(label: str) -> bool:
    return label in {rows.model._meta.label for rows in rows_naming(make_user())}


def test_who_has_looked_is_told_of_others_and_not_of_lists(client, leader, administrator):
    note_look(by=administrator, kind=AccountAccess.Kind.ACCOUNT, person=leader)
    note_look(by=administrator, kind=AccountAccess.Kind.PEOPLE, detail="50 tài khoản")
    AccountEvent.objects.create(person=leader, by=leader, kind="password_changed")
    client.force_login(leader)

    looks = client.get(OWN).context["looks"]

    assert [(line.by_name, line.what) for line in looks] == [
        (administrator.full_name, "mở tài khoản")
    ]


def test_the_count_and_the_list_of_looks_agree(client, leader, administrator):
    for _ in range(4):
        note_look(by=administrator, kind=AccountAccess.Kind.ACCOUNT, person=leader)
    reset_password(person=leader, by=administrator)
    leader.refresh_from_db()
    leader.must_change_password = False  # else the page is not theirs to see yet
    leader.save(update_fields=["must_change_password"])
    client.force_login(leader)

    page = client.get(OWN)

    kept = {each.title: each.rows for each in page.context["kept"]}
    assert (kept["Nhật ký xử lý dữ liệu"], len(page.context["looks"])) == (4, 5)
    assertContains(page, "5 lần: 4 lượt xem ở nhật ký xử lý dữ liệu; 1 lần cấp, sửa, trích")
    assertNotContains(page, "do anh, chị xem")


def test_an_administrator_s_own_looks_are_told_apart(client, leader, administrator):
    note_look(by=administrator, kind=AccountAccess.Kind.ACCOUNT, person=leader)
    note_look(by=make_user(Role.ADMINISTRATOR), kind="account", person=administrator)
    client.force_login(administrator)

    page = client.get(OWN)

    assertContains(page, "2 dòng, trong đó 1 do anh, chị xem")
    assertContains(page, "1 lần: 1 lượt xem")


def test_excel_is_read_without_knowing_the_tables(client, leader, administrator):
    SignInEvent.objects.create(person=leader, kind="wrong_password", ip="10.1.2.3")
    leader.position = "=1+1"
    change_person(person=leader, by=administrator)
    client.force_login(leader)

    answer = client.post(FETCH, {"kind": "xlsx"})

    assert answer.status_code == HTTPStatus.OK
    assert ".xlsx" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    told = sheets(answer.content)
    first = told["Mục lục"]
    assert leader.full_name in first[0][0]
    assert [first[1][0], first[2][0]] == [IN_FILE, NOT_IN_FILE]
    assert {row[2] for row in first[6:]} == set(told) - {"Mục lục"}
    heads, account = told["Người dùng"]
    assert dict(zip(heads, account, strict=True))["Chức vụ"] == "=1+1"
    heads, sign_in = told["Nhật ký đăng nhập"]
    said = dict(zip(heads, sign_in, strict=True))
    assert (said["Việc"], said["Địa chỉ mạng"]) == ("sai mật khẩu", "10.1.2.3")
    assert said["Tài khoản"] == "chính tài khoản này"
    assert leader.events.last().detail.endswith("“Dữ liệu của tôi”: Excel")


def test_excel_names_who_handled_the_account_and_nobody_else(client, leader, administrator):
    other = make_user(full_name="Người Khác Hẳn")
    note_look(by=administrator, kind=AccountAccess.Kind.ACCOUNT, person=leader)
    note_look(by=leader, kind=AccountAccess.Kind.ACCOUNT, person=other)
    client.force_login(leader)

    told = sheets(client.post(FETCH, {"kind": "xlsx"}).content)

    heads, *looks = told["Lượt xem dữ liệu tài khoản"]
    said = [(dict(zip(heads, row, strict=True))) for row in looks]
    assert [(row["Người xem"], row["Tài khoản được xem"]) for row in said] == [
        (administrator.full_name, "chính tài khoản này"),
        ("chính tài khoản này", f"tài khoản số {other.pk}"),
    ]
    heads, account = told["Người dùng"]
    assert dict(zip(heads, account, strict=True))["Đơn vị"] == leader.organisation.name
    assert "Khóa tìm kiếm" not in heads


def test_json_has_all_and_nobody_else_s_details(client, leader, administrator):
    leader.phone = "0225 3842 123"
    change_person(person=leader, by=administrator)
    client.force_login(administrator)

    answer = client.post(FETCH, {"kind": "json"})

    told = json.loads(answer.content)
    assert [row["full_name"] for row in told["organisations.User"]] == [administrator.full_name]
    about_leader = [row for row in told["organisations.AccountEvent"] if row["person"] == leader.pk]
    assert [row["detail"] for row in about_leader] == [OF_SOMEBODY_ELSE]
    assert "0225 3842 123" not in answer.content.decode()


def test_a_word_too_long_for_excel_is_cut_and_said_so(leader, administrator):
    AccountEvent.objects.create(person=leader, by=administrator, kind="changed", detail="x" * 40000)

    tables = export_own(person=leader, how="Excel")
    told = sheets(account_workbook(tables, person=leader, at=timezone.now()))

    cells = [cell for row in told["Nhật ký tài khoản"] for cell in row if str(cell).endswith(CUT)]
    assert [len(cell) for cell in cells] == [CELL_MOST + len(CUT)]


def test_another_kind_of_file_and_too_many_are_refused_in_words(client, leader):
    client.force_login(leader)

    assertContains(client.post(FETCH, {"kind": "exe"}, follow=True), "Chọn lại loại tệp")
    answers = [client.post(FETCH, {"kind": "json"}) for _ in range(10)]

    assert [answer.status_code for answer in answers] == [200] * 9 + [429]
    refused = answers[-1]
    assert int(refused.headers["Retry-After"]) > 0
    assertContains(refused, "Một giờ tải được 10 lần", status_code=429)
    assertContains(refused, "<h1>Dữ liệu của tôi</h1>", status_code=429)
    assertNotContains(refused, "Những gì đã gõ", status_code=429)


def test_page_costs_the_same_whatever_is_kept(client, leader, administrator, count_queries):
    client.force_login(leader)
    note_look(by=administrator, kind=AccountAccess.Kind.ACCOUNT, person=leader)
    few = count_queries(OWN)
    for _ in range(15):
        note_look(by=administrator, kind=AccountAccess.Kind.ACCOUNT, person=leader)
        SignInEvent.objects.create(person=leader, kind="signed_in")

    assert count_queries(OWN) == few
