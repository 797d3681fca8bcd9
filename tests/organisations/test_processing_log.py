"""The log of processing: whoever looks at others' data stands in it, and so does every change."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from organisations.actions import reset_password
from organisations.models import AccountAccess, AccountEvent, Role, SignInEvent
from organisations.processing_log import found, lines, note_look
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LOG = "/nguoi-dung/nhat-ky-xu-ly/"
Kind = AccountAccess.Kind


def looks() -> list[tuple]:
    return list(AccountAccess.objects.values_list("kind", "person", "detail"))


def test_every_page_with_others_data_leaves_a_line(client, administrator, leader):
    client.force_login(administrator)

    for address in (
        "/nguoi-dung/",
        f"/nguoi-dung/{leader.pk}/",
        f"/nguoi-dung/{leader.pk}/an-danh/",
        "/nguoi-dung/nhat-ky-dang-nhap/",
        LOG,
    ):
        client.get(address)

    # two accounts; then lines: none of sign-ins, and of the log the four before it
    assert looks() == [
        (Kind.PEOPLE, None, "2 tài khoản"),
        (Kind.ACCOUNT, leader.pk, ""),
        (Kind.ACCOUNT, leader.pk, ""),
        (Kind.SIGN_INS, None, "0 dòng"),
        (Kind.PROCESSING, None, "4 dòng"),
    ]
    assert set(AccountAccess.objects.values_list("by", flat=True)) == {administrator.pk}


def test_what_is_refused_leaves_no_line(client, leader, administrator):
    client.force_login(leader)

    for address in ("/nguoi-dung/", f"/nguoi-dung/{administrator.pk}/", LOG):
        client.get(address)

    assert looks() == []


def test_an_operator_in_the_admin_leaves_a_line_too(client, leader):
    operator = make_user(Role.ADMINISTRATOR, is_operator=True)
    client.force_login(operator)

    client.get(reverse("admin:organisations_user_changelist"))
    client.get(reverse("admin:organisations_user_change", args=[leader.pk]))

    assert looks() == [
        (Kind.OPERATIONS, None, "người dùng: danh sách"),
        (Kind.OPERATIONS, None, f"người dùng: dòng {leader.pk}"),
    ]


def test_both_trails_are_read_as_one(client, leader, administrator):
    client.force_login(administrator)
    client.get(f"/nguoi-dung/{leader.pk}/")
    reset_password(person=leader, by=administrator)
    client.get("/nguoi-dung/")

    page = client.get(LOG)

    told = [(line.what, line.by_name, line.person_name) for line in page.context["lines"]]
    assert told == [
        ("xem danh sách người dùng", administrator.full_name, ""),
        ("cấp mật khẩu tạm", administrator.full_name, leader.full_name),
        ("mở tài khoản", administrator.full_name, leader.full_name),
    ]
    assertContains(page, "nhiều người")
    assertContains(client.get("/nguoi-dung/"), LOG)
    assertContains(client.get("/tai-khoan/"), LOG)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 4),
        ("?q=tran van", 2),
        ("?q=do thi quan", 4),
        ("?kind=xem", 2),
        ("?kind=sua", 2),
        ("?kind=account", 1),
        ("?kind=password_reset", 1),
        ("?kind=anonymised", 0),
        ("?since={today}&until={today}", 4),
        ("?since={tomorrow}", 0),
        ("?until={yesterday}", 0),
        ("?since=31/02/2022", 4),
        ("?since={tomorrow}&until={yesterday}", 4),
        ("?kind=khong-co", 4),
    ],
)
def test_the_log_is_filtered(client, administrator, leader, editor, query, count):
    note_look(by=administrator, kind=Kind.PEOPLE)
    note_look(by=administrator, kind=Kind.ACCOUNT, person=leader)
    for person, kind in ((leader, "password_reset"), (editor, "changed")):
        AccountEvent.objects.create(person=person, by=administrator, kind=kind)
    client.force_login(administrator)
    today = timezone.localdate()
    days = {"today": today, "tomorrow": today + timedelta(1), "yesterday": today - timedelta(1)}
    address = LOG + query.format(**{name: f"{day:%d/%m/%Y}" for name, day in days.items()})

    assert client.get(address).context["page"].paginator.count == count


@pytest.mark.parametrize("log", [LOG, "/nguoi-dung/nhat-ky-dang-nhap/"])
def test_the_period_of_a_log_tells_its_form_and_what_is_wrong_with_it(client, administrator, log):
    client.force_login(administrator)
    SignInEvent.objects.create(person=administrator, kind="signed_in")

    assertContains(client.get(log), 'placeholder="ngày/tháng/năm"', count=2)
    assertNotContains(client.get(f"{log}?since=01/12/2022&until=01/12/2022"), "trước ngày đầu")
    turned = client.get(f"{log}?since=31/12/2022&until=01/12/2022")
    assertContains(turned, "Ngày cuối 01/12/2022 trước ngày đầu 31/12/2022.")
    assertNotContains(turned, "Không có dòng nào hợp")
    for far in ("since=01/01/0001", "until=31/12/9999"):
        assertContains(client.get(f"{log}?{far}"), "Nhật ký không có ngày này.")
    names = list(turned.context["form"].fields)
    assert (names[0], names[-2:]) == ("q", ["since", "until"])


def test_no_word_of_one_trail_is_a_word_of_the_other():
    assert not set(AccountEvent.Kind.values) & set(AccountAccess.Kind.values)


def test_pages_are_turned_in_order_and_cost_the_same(client, administrator, leader, count_queries):
    client.force_login(administrator)
    few = count_queries(LOG), count_queries("/nguoi-dung/")
    for number in range(60):
        note_look(by=administrator, kind=Kind.ACCOUNT, person=leader, detail=str(number))
        AccountEvent.objects.create(
            person=leader, by=administrator, kind="changed", detail=str(number)
        )

    assert (count_queries(LOG), count_queries("/nguoi-dung/")) == few
    times = [line.at for line in lines(found())]
    assert times == sorted(times, reverse=True)
    assert len(client.get(f"{LOG}?page=2").context["lines"]) == 50
