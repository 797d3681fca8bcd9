"""The whole way with JavaScript turned off: plain forms, links and pages."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from evaluations.demo.papers import practice_pdf
from evaluations.models import Evidence, IndicatorResult
from evaluations.workflow import Status
from organisations.models import Role
from reports.models import ReportRun
from reports.tasks import build_report
from tests.e2e.vinh_bao import DOCUMENTS, FIGURES, rate_units
from tests.factories import make_document, make_evidence

# One indicator of every measure is typed on its page; the rest of the dossier is there already.
BY_HAND = ["1.1.1", "2.1.2", "3.1.1", "3.1.2"]


@pytest.fixture
def page(new_context) -> Page:
    """In place of the usual one, so that `sign_in` and `console` use it too."""
    return new_context(java_script_enabled=False).new_page()


@pytest.fixture
def paper(tmp_path) -> Path:
    path = tmp_path / "3187-QD-UBND.pdf"
    path.write_bytes(practice_pdf(["Quyết định công nhận"]))
    return path


@pytest.fixture
def dossier(pilot, people, live_server) -> str:
    """The address of the dossier in which only `BY_HAND` is still to be typed."""
    rate_units(pilot, by=people[Role.EDITOR])
    document = make_document(pilot.unit, by=people[Role.EDITOR], summary="Báo cáo năm")
    for result in pilot.dossier.results.select_related("indicator", "evaluation__unit"):
        code = result.indicator.code
        if code not in BY_HAND:
            result.typed = FIGURES.get(code, {"met": "yes"})
            result.suitability = IndicatorResult.Suitability.FITS
            result.save(update_fields=["typed", "suitability"])
        if code not in ("1.1.1", "2.1.2"):
            make_evidence(result, document=document, by=people[Role.EDITOR])
    return f"{live_server.url}{pilot.dossier.get_absolute_url()}"


def test_dossier_goes_all_the_way_by_plain_forms(
    page, live_server, pilot, people, sign_in, console, dossier, paper
):
    sign_in(people[Role.EDITOR])
    for code in BY_HAND:
        fill_in(page, dossier, code)
    upload(page, dossier, paper)
    reuse(page, dossier)
    try_other_figures(page, dossier)
    page.goto(f"{dossier}kiem-tra/")
    expect(page.get_by_text("Không còn lỗi nào")).to_be_visible()
    expect(page.get_by_text("Lãnh đạo đơn vị gửi hồ sơ")).to_be_visible()

    sign_in(people[Role.LEADER])
    page.goto(f"{dossier}kiem-tra/")
    page.get_by_role("button", name="Gửi hồ sơ cho Sở").click()
    expect(page.get_by_text("Đã gửi hồ sơ")).to_be_visible()

    sign_in(people[Role.APPRAISER])
    appraise(page, dossier.replace("/ho-so/", "/tham-dinh/"))
    assert [line for line in console if "422" not in line] == []  # one refusal was asked for
    console.clear()
    pilot.dossier.refresh_from_db()
    assert pilot.dossier.status == Status.APPRAISED

    cells = [cell for row in report_of(page, live_server).active.values for cell in row]
    assert any("Vĩnh Bảo" in str(cell) for cell in cells)
    assert console == []


def test_refused_figures_are_said_and_kept(page, pilot, people, sign_in, dossier):
    sign_in(people[Role.EDITOR])
    page.goto(f"{dossier}chi-bao/2.2.1/")

    page.locator("#id_achieved").fill("1.500")
    page.locator("button[name=go-on]").click()
    page.goto(f"{dossier}chi-bao/2.2.1/")

    expect(page.locator("#id_achieved")).to_have_value("1.500")
    expect(page.locator("#hieu-la .bad").first).to_be_visible()


def fill_in(page: Page, dossier: str, code: str) -> None:
    page.goto(f"{dossier}chi-bao/{code}/")
    if code in DOCUMENTS:
        page.get_by_label("Đạt", exact=True).check()
    for name, text in FIGURES.get(code, {}).items():
        page.locator(f"#id_{name}").fill(text)
    page.get_by_label("Phù hợp", exact=True).check()
    page.get_by_label("Thuyết minh").fill(f"Số liệu chỉ báo {code}.")
    page.locator("button[name=go-on]").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(f"{code} ")
    page.goto(f"{dossier}chi-bao/{code}/")
    expect(page.get_by_label("Thuyết minh")).to_have_value(f"Số liệu chỉ báo {code}.")
    expect(page.locator("#trang-thai-luu")).to_contain_text("Đã lưu lúc")


def upload(page: Page, dossier: str, paper: Path) -> None:
    page.goto(f"{dossier}chi-bao/1.1.1/")
    page.get_by_role("link", name="Tải tệp lên").click()
    page.locator("[name=files]").set_input_files(paper)
    page.get_by_label("Số, ký hiệu").fill("3187/QĐ-UBND")
    page.get_by_label("Ngày ban hành").fill("25/11/2022")
    page.get_by_label("Cơ quan ban hành").fill("UBND huyện Vĩnh Bảo")
    page.get_by_role("button", name="Tải lên và lưu").click()
    expect(page.get_by_text("đã lưu, mã H1.1.1-01")).to_be_visible()
    assert Evidence.objects.get(code="H1.1.1-01").document.number == "3187/QĐ-UBND"


def reuse(page: Page, dossier: str) -> None:
    page.goto(f"{dossier}chi-bao/2.1.2/")
    page.get_by_role("link", name="Chọn từ kho minh chứng").click()
    page.get_by_label(re.compile("3187/QĐ-UBND")).first.check()
    page.get_by_role("button", name="Dùng cho 2.1.2").click()
    expect(page.get_by_text("là minh chứng H2.1.2-01")).to_be_visible()


def try_other_figures(page: Page, dossier: str) -> None:
    page.goto(dossier)
    expect(page.get_by_text("Mức độ 1 vì 2.1.2 đạt 76,7").first).to_be_visible()
    page.locator('[name="achieved-2.1.2"]').fill("25")
    page.get_by_role("button", name="Xem mức độ với số này").click()
    expect(page.locator("#thu-so-khac-ket-qua")).to_contain_text("25/30 = 83,3")
    page.goto(dossier)
    expect(page.locator('[name="achieved-2.1.2"]')).to_have_value("23")


def appraise(page: Page, appraisal: str) -> None:
    page.goto(appraisal)
    page.get_by_role("button", name="Tiếp nhận hồ sơ").click()
    page.goto(f"{appraisal}chi-bao/2.1.2/")
    page.get_by_label("Điều chỉnh").check()
    page.locator("#id_achieved").fill("20")
    page.get_by_role("button", name="Lưu, sang 2.2.1").click()
    expect(page.get_by_text("Ghi lý do").first).to_be_visible()
    page.get_by_label("Lý do", exact=False).first.fill("Ba xã chưa có quyết định công nhận.")
    page.get_by_role("button", name="Lưu, sang 2.2.1").click()
    expect(page.get_by_text("Đã lưu thẩm định 2.1.2")).to_be_visible()
    page.goto(appraisal)
    page.get_by_role("button", name=re.compile("Chấp nhận 15 chỉ báo")).click()
    page.get_by_role("button", name="Kết thúc thẩm định").click()
    expect(page.get_by_text("Đã kết thúc thẩm định")).to_be_visible()


def report_of(page: Page, live_server):
    """Ordered, waited for by a link, fetched."""
    page.goto(f"{live_server.url}/bao-cao/")
    row = page.get_by_role("row", name=re.compile("Báo cáo tự đánh giá")).first
    row.get_by_role("button", name="Excel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Báo cáo tự đánh giá, Excel")
    build_report(ReportRun.objects.get().pk)
    page.get_by_role("link", name="Xem lại trạng thái").click()
    with page.expect_download() as caught:
        page.get_by_role("link", name=re.compile("Tải về")).click()
    return load_workbook(BytesIO(Path(caught.value.path()).read_bytes()))
