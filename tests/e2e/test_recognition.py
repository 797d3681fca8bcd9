"""One dossier from its first figure to the printed reports, through the pages, as four people."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from evaluations.actions.guard import locked_lines
from evaluations.actions.registers import add_unit
from evaluations.actions.unit_results import write_lines
from evaluations.demo.papers import practice_pdf
from evaluations.models import Evidence, Snapshot, UnitResult
from organisations.models import Role, User
from reports.models import ReportRun
from reports.tasks import build_report

# What an officer types. 2.1.1 and 2.1.2 are counted: 17 of 20 agencies, 23 of 30 communes from
# Khá, so that 2.1.2 holds the dossier at level 1 until the Sở takes three communes off.
FIGURES = {
    "2.2.1": {"achieved": "83", "total": "92"},
    "2.2.2": {"achieved": "80", "total": "92"},
    "2.2.3": {"achieved": "1", "total": "1"},
    "2.2.4": {"achieved": "28", "total": "30"},
    "3.1.1": {"previous": "3,18", "current": "1,62"},
    "3.1.2": {
        "part1_achieved": "952",
        "part1_total": "1000",
        "part2_achieved": "910",
        "part2_total": "1000",
    },
    "3.2.2": {"achieved": "6", "total": "31482"},
    "3.2.3": {"achieved": "47", "total": "82"},
}
DECIDED = {"decision_number": "3187/QĐ-UBND", "decision_on": "12/12/2022"}
COUNTED = ["2.1.1", "2.1.2"]
DOCUMENTS = ["1.1.1", "1.1.2", "1.2.1", "1.2.2", "1.2.3", "3.2.1"]


@pytest.fixture
def paper(tmp_path) -> Path:
    path = tmp_path / "3187-QD-UBND.pdf"
    path.write_bytes(practice_pdf(["Quyết định công nhận", "Cộng đồng học tập cấp xã năm 2022"]))
    return path


def test_a_district_is_assessed_appraised_and_reported(
    page: Page, live_server, pilot, people, sign_in, console, paper
):
    dossier = f"{live_server.url}{pilot.dossier.get_absolute_url()}"

    sign_in(people[Role.EDITOR])
    page.goto(dossier)
    expect(page.get_by_text("Chưa xác định: chưa nhập chỉ báo nào")).to_be_visible()
    rate_units(pilot, by=people[Role.EDITOR])
    for code in [*DOCUMENTS, *COUNTED, *FIGURES]:
        fill_indicator(page, dossier, code)
    upload(page, dossier, "1.1.1", paper)
    for code in [*DOCUMENTS[1:], *COUNTED, *FIGURES]:
        reuse(page, dossier, code)
    page.goto(dossier)
    expect(page.get_by_text("Mức độ 1 vì 2.1.2 đạt 76,7")).to_be_visible()
    expect(page.get_by_text("25/30")).to_be_visible()
    assert Evidence.objects.count() == 16

    sign_in(people["outsider"])
    assert page.goto(dossier).status == 404
    console.clear()  # the 404 above is the point

    sign_in(people[Role.LEADER])
    page.goto(f"{dossier}kiem-tra/")
    expect(page.get_by_text("Không còn lỗi nào")).to_be_visible()
    page.get_by_role("button", name="Gửi hồ sơ cho Sở").click()
    expect(page.get_by_text("Đã gửi hồ sơ")).to_be_visible()
    assert Snapshot.objects.get().content["self_assessed"]["level"] == 1

    sign_in(people[Role.APPRAISER])
    appraisal = dossier.replace("/ho-so/", "/tham-dinh/")
    page.goto(appraisal)
    page.get_by_role("button", name="Tiếp nhận hồ sơ").click()
    adjust(page, appraisal)
    page.goto(appraisal)
    page.get_by_role("button", name=re.compile("Chấp nhận 15 chỉ báo")).click()
    expect(page.get_by_text("Đã chấp nhận 15 chỉ báo")).to_be_visible()
    page.get_by_role("button", name="Kết thúc thẩm định").click()
    expect(page.get_by_text("Thẩm định: Chưa đạt mức độ nào vì 2.1.2")).to_be_visible()

    check_report(order(page, live_server, "Báo cáo tự đánh giá", "PDF"))
    check_summary(order(page, live_server, "Bảng tổng hợp", "Excel"))
    assert console == []


def rate_units(pilot, *, by: User) -> None:
    """The registers of the round's year, by the actions behind their pages."""
    pilot_round, district = pilot.dossier.pilot_round, pilot.unit
    for number in range(1, 21):
        add_unit(
            pilot_round=pilot_round,
            owner=district,
            name=f"Phòng số {number} huyện Vĩnh Bảo",
            unit_type="phòng",
            since=date(2020, 2, 1),
            by=by,
        )
    of_year = pilot_round.unit_results.filter(owner=district, year=pilot_round.year)
    lines = locked_lines(list(of_year.values_list("pk", flat=True)), by)
    left = {UnitResult.Kind.LEARNING_UNIT: 17, UnitResult.Kind.LEARNING_COMMUNITY: 23}
    typed = []
    for line in lines:
        left[line.kind] -= 1
        typed.append((line, {"rating": "Khá" if left[line.kind] >= 0 else "Trung bình"} | DECIDED))
    write_lines(typed, by=by)


def fill_indicator(page: Page, dossier: str, code: str) -> None:
    page.goto(f"{dossier}chi-bao/{code}/")
    if code in DOCUMENTS:
        page.get_by_label("Đạt", exact=True).check()
    for name, text in FIGURES.get(code, {}).items():
        page.locator(f"#id_{name}").fill(text)
    page.get_by_label("Phù hợp", exact=True).check()
    page.get_by_label("Thuyết minh").fill(f"Số liệu chỉ báo {code} theo báo cáo năm.")
    expect(page.locator("#trang-thai-luu")).to_contain_text("Đã lưu lúc", timeout=15_000)


def upload(page: Page, dossier: str, code: str, paper: Path) -> None:
    page.goto(f"{dossier}chi-bao/{code}/minh-chung/tai-len/")
    page.get_by_label("Số, ký hiệu").fill("3187/QĐ-UBND")
    page.get_by_label("Ngày ban hành").fill("25/11/2022")
    page.get_by_label("Cơ quan ban hành").fill("UBND huyện Vĩnh Bảo")
    page.locator("input[type=file]:not([capture])").first.set_input_files(paper)
    expect(page.locator("[data-stored]")).to_be_attached(timeout=15_000)
    page.get_by_role("button", name=re.compile("lưu", re.IGNORECASE)).click()
    expect(page.get_by_role("cell", name=f"H{code}-01", exact=True)).to_be_visible()


def reuse(page: Page, dossier: str, code: str) -> None:
    page.goto(f"{dossier}chi-bao/{code}/minh-chung/chon/")
    page.locator("input[name=document]").check()
    page.get_by_role("button", name=f"Dùng cho {code}").click()
    expect(page.get_by_role("cell", name=f"H{code}-01", exact=True)).to_be_visible()


def adjust(page: Page, appraisal: str) -> None:
    page.goto(f"{appraisal}chi-bao/2.1.2/")
    page.get_by_label("Điều chỉnh").check()
    page.locator("#id_achieved").fill("20")
    page.get_by_label("Lý do").fill("Ba xã chưa có quyết định công nhận.")
    page.get_by_role("button", name="Lưu, sang 2.2.1").click()
    expect(page.get_by_text("Đã lưu thẩm định 2.1.2")).to_be_visible()


def order(page: Page, live_server, title: str, kind: str) -> BytesIO:
    page.goto(f"{live_server.url}/bao-cao/")
    page.get_by_role("row", name=re.compile(title)).first.get_by_role("button", name=kind).click()
    run = ReportRun.objects.order_by("-pk").first()
    build_report(run.pk)
    page.goto(f"{live_server.url}/bao-cao/")
    with page.expect_download() as caught:
        page.get_by_role("link", name=re.compile("Tải")).first.click()
    return BytesIO(Path(caught.value.path()).read_bytes())


def check_report(file: BytesIO) -> None:
    text = " ".join(page.extract_text() for page in PdfReader(file).pages)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "23/30" in text


def check_summary(file: BytesIO) -> None:
    cells = [str(cell) for row in load_workbook(file).active.values for cell in row if cell]
    assert any("Vĩnh Bảo" in cell for cell in cells)
