from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from organisations.models import Role
from reports import actions
from tests.factories import make_user, result_of


def test_operator_sees_why_a_run_failed_and_not_what_it_says(client, dossier, editor, order):
    result = result_of(dossier, "1.1.1")
    result.explanation = "Lời của đơn vị"
    result.save()
    run = order(dossier, editor)
    actions.fail(actions.claim(run.pk), reason="Thiếu thư viện")
    client.force_login(make_user(Role.ADMINISTRATOR, is_operator=True))

    assertContains(client.get(reverse("admin:reports_reportrun_changelist")), "Thiếu thư viện")
    page = client.get(reverse("admin:reports_reportrun_change", args=[run.pk]))
    assertContains(page, "Thiếu thư viện")
    assertNotContains(page, "Lời của đơn vị")
    assert client.post(reverse("admin:reports_reportrun_delete", args=[run.pk])).status_code == 403
