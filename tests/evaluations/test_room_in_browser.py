"""Words have the room they need: what stood cut or one word to a line on a desk or a phone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluations.actions.steps import take_step
from evaluations.models import IndicatorAppraisal
from evaluations.workflow import Status
from tests.browsing import enter
from tests.factories import (
    make_communes,
    make_complete_dossier,
    make_counted_set,
    make_dossier,
    make_round,
    result_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 800}
CUT = "field => field.scrollWidth > field.clientWidth"


@pytest.fixture
def opened(page, live_server):
    def opened(user, address, size):
        enter(page.context, live_server.url, user)
        page.set_viewport_size(size)
        page.goto(f"{live_server.url}{address}")
        return page

    return opened


def test_the_office_in_the_masthead_is_read_to_its_end(opened, council_member):
    make_round(name="Tập huấn 2026")
    office = council_member.organisation
    office.name = "Văn phòng Ủy ban nhân dân thành phố"
    office.save(update_fields=["name"])

    page = opened(council_member, "/", DESK)

    name = page.locator(".who a")
    assert "thành phố" in name.inner_text()
    assert not name.evaluate(CUT)
    assert page.locator(".masthead").evaluate("it => it.scrollWidth") <= DESK["width"]


def test_a_decisions_number_fits_its_field_on_a_phone(opened, editor):
    pilot_round = make_round(district_set=make_counted_set())
    dossier = make_dossier(editor.organisation, pilot_round=pilot_round)
    make_communes(pilot_round, dossier.unit, [None])
    address = reverse("evaluations:register", args=[pilot_round.pk, dossier.unit_id, "xa"])

    page = opened(editor, address, PHONE)
    number = page.locator(".number-cell input").first
    number.fill("215/QĐ-UBND")

    assert not number.evaluate(CUT)


def test_submissions_are_read_line_by_line_on_a_phone(opened, leader):
    dossier = make_complete_dossier(leader.organisation)
    take_step(evaluation=dossier, step_name="submit", by=leader)

    page = opened(leader, reverse("evaluations:history", args=[dossier.pk]), PHONE)

    by = page.get_by_role("cell", name=leader.full_name).first
    assert by.bounding_box()["width"] > 250


def test_what_is_to_do_has_room_beside_the_verdicts(opened, appraiser):
    dossier = make_dossier(status=Status.APPRAISING)
    IndicatorAppraisal.objects.create(
        result=result_of(dossier, "1.1.1"),
        verdict="ask",
        reason="Quy chế phối hợp chưa có các doanh nghiệp trên địa bàn",
        decided_by=appraiser,
        decided_at=timezone.now(),
    )

    page = opened(appraiser, reverse("evaluations:appraise-dossier", args=[dossier.pk]), DESK)

    assert page.locator("td.note").first.bounding_box()["width"] > 150
