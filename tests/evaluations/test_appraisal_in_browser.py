"""Reading evidence beside the verdict in Chromium: nothing typed is lost, the paper is in sight."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from evaluations.actions.evidence import add_evidence_file
from evaluations.models import Evaluation, EvidenceAccess, IndicatorAppraisal, Snapshot
from evaluations.snapshots import content_hash, dossier_content
from evaluations.workflow import Status
from tests.browsing import enter
from tests.evaluations import samples
from tests.factories import make_dossier, result_of

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def evaluation(district, editor):
    """Taken in, with one paper cited."""
    evaluation = make_dossier(district, typed={"2.2.1": {"achieved": "83", "total": "92"}})
    add_evidence_file(
        result=result_of(evaluation, "2.2.1"),
        uploaded=samples.upload(samples.pdf("b"), "bao-cao.pdf"),
        by=editor,
        details={"number": "198/BC-VHTT", "summary": "Phổ cập kỹ năng số"},
        cited="trang 1",
    )
    content = dossier_content(Evaluation.objects.with_results().get(pk=evaluation.pk))
    Snapshot.objects.create(
        evaluation=evaluation,
        number=1,
        content=content,
        sha256=content_hash(content),
        taken_by=editor,
    )
    Evaluation.objects.filter(pk=evaluation.pk).update(
        status=Status.APPRAISING, first_submitted_at=evaluation.status_since
    )
    return evaluation


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_a_paper_opens_beside_what_is_being_typed(
    page, live_server, evaluation, appraiser, viewport
):
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    enter(page.context, live_server.url, appraiser)
    if viewport:
        page.set_viewport_size(viewport)
    page.goto(f"{live_server.url}/tham-dinh/{evaluation.pk}/chi-bao/2.2.1/")
    page.get_by_label("Điều chỉnh").check()
    page.locator("[name=reason]").fill("Dòng 41 và 42 là một đơn vị")

    page.get_by_role("link", name="198/BC-VHTT").click()

    title = page.locator("#xem-ten")
    expect(title).to_be_focused()
    expect(title).to_be_in_viewport()
    expect(page.locator("#xem")).to_contain_text("Đơn vị khai 83/92")
    expect(page.locator("[name=reason]")).to_have_value("Dòng 41 và 42 là một đơn vị")
    if not viewport:  # the verdict is read and written beside the paper, not above it
        expect(page.locator("[name=reason]")).to_be_in_viewport()
    page.wait_for_function("() => document.querySelector('#xem iframe').contentWindow !== null")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not Axe().run(page, options={"iframes": False}).response["violations"]
    page.get_by_role("link", name="Đóng").click()
    expect(page.get_by_role("link", name="198/BC-VHTT")).to_be_focused()
    page.locator("[name=achieved]").fill("82")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã lưu thẩm định 2.2.1")).to_be_visible()
    assert IndicatorAppraisal.objects.get().reason == "Dòng 41 và 42 là một đơn vị"
    assert EvidenceAccess.objects.filter(kind="preview", by=appraiser).exists()
    assert said == []
