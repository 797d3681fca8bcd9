"""Orders past the limit: a page that says until when and loses nothing typed."""

from http import HTTPStatus

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from organisations import limits
from organisations.models import Tally

pytestmark = pytest.mark.django_db

TYPED = {"summary": "Dòng một\n<b>Dòng hai</b>", "old_password": "bí mật"}


def use_up(limit, subject):
    """As if it had been done as often as it may be."""
    for _ in range(limit.most):
        limit.count(subject)


def assert_gives_back(response):
    page = response.content.decode()
    assert response.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert int(response.headers["Retry-After"]) > 0
    assert ">\nDòng một\n&lt;b&gt;Dòng hai&lt;/b&gt;</textarea>" in page
    assert "bí mật" not in page


# Before anything is looked up.
@pytest.mark.parametrize("address", ["/bao-cao/dat/", "/bao-cao/1/dung-lai/"])
def test_orders_of_reports_past_the_limit_get_their_words_back(client, leader, address):
    client.force_login(leader)
    use_up(limits.REPORT_ORDERS, leader.pk)

    assert_gives_back(client.post(address, TYPED))
    script = client.post(address, headers={"X-Requested-With": "XMLHttpRequest"})
    assertContains(script, "Thử lại từ", status_code=429)
    assert "<" not in script.content.decode()
    assert client.get(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED

    Tally.objects.all().delete()
    assert client.post(address).status_code == HTTPStatus.NOT_FOUND


def test_what_another_site_has_sent_does_not_become_a_form_of_ours(leader):
    client = Client(enforce_csrf_checks=True)
    client.force_login(leader)
    use_up(limits.REPORT_ORDERS, leader.pk)

    response = client.post("/bao-cao/dat/", TYPED)

    assertContains(response, "Trang vừa gửi đã cũ", status_code=403)
