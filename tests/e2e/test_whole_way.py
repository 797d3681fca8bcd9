"""The whole way of one dossier on the practice round, each step by its own person in the browser.

Huyện Vĩnh Bảo goes from an empty draft to "mức độ 1" by a recorded decision: sent, returned on one
indicator, answered, appraised with one figure adjusted, confirmed by another person, heard by the
council, decided; the city's 2.1.2 moves with the decision. What the pages of one indicator do is
tested beside them; here most indicators are typed by the same action as the practice round itself.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from evaluations.actions.guard import locked_lines
from evaluations.actions.unit_results import write_lines
from evaluations.demo import PATH, load_practice_round
from evaluations.demo.clock import Clock
from evaluations.demo.dossiers import Case, fill_dossier
from evaluations.demo.papers import practice_pdf
from evaluations.models import Evaluation, PilotRound, Snapshot, UnitResult
from evaluations.workflow import STEPS, Status
from organisations.models import User
from reports.models import ReportRun
from reports.tasks import build_report
from tests.browsing import enter
from upkeep.integrity import faults

# 23 of 30 communes from Khá hold 2.1.2 at level 1; the Sở takes one more off, 22/30 = 73,3 %.
GOOD = {UnitResult.Kind.LEARNING_UNIT: 51, UnitResult.Kind.LEARNING_COMMUNITY: 23}
DECIDED = {"decision_number": "12/QĐ-TH", "decision_on": "12/12/2022"}
BY_THE_EDITOR = {
    "2.2.1": {"achieved": "83", "total": "92"},
    "3.1.1": {"previous": "3,18", "current": "1,62"},
}
BEFOREHAND = {
    **{code: {"met": "yes"} for code in ("1.1.2", "1.2.1", "1.2.2", "1.2.3", "3.2.1")},
    "2.1.1": {},
    "2.1.2": {},
    "2.2.2": {"achieved": "80", "total": "92"},
    "2.2.3": {"achieved": "1", "total": "1"},
    "2.2.4": {"achieved": "28", "total": "30"},
    "3.1.2": {"part1_percent": "95,2", "part2_percent": "91"},
    "3.2.2": {"achieved": "6", "total": "31482"},
    "3.2.3": {"achieved": "47", "total": "82"},
}
# The lines of the history page by some of their words, oldest first, whatever stands between.
STORY = [
    ("Bắt đầu nhập, ở 1.1.2",),
    ("1.1.1: sửa số liệu", "Đạt"),
    ("Thêm minh chứng H1.1.1-01",),
    ("2.2.1: sửa số liệu", "để trống", "83"),
    ("Gửi hồ sơ",),
    ("Tiếp nhận hồ sơ",),
    ("Trả lại để bổ sung", "“Đề nghị kiểm tra lại một chỉ báo.”", "2.2.1: Danh sách có hai phòng"),
    ("2.2.1: sửa số liệu", "83", "82"),
    ("Gửi hồ sơ",),
    ("Tiếp nhận hồ sơ",),
    ("2.1.2: Sở điều chỉnh", "23/30, 76,7 %", "22/30, 73,3 %", "Một xã chưa có quyết định"),
    ("Kết thúc thẩm định", "Mức độ 1 vì 2.1.2 đạt 73,3 %"),
    ("Xác nhận kết quả thẩm định",),
    ("Được công nhận", "Quyết định số 02/QĐ-TH", "mức độ 1"),
]
TODAY = timezone.localdate


@dataclass
class Way:
    """The practice round in the running server: where the dossier is, and who is at it."""

    site: str
    dossier: Evaluation
    desk_of: Callable[[str], Page]

    @property
    def url(self) -> str:
        return f"{self.site}{self.dossier.get_absolute_url()}"

    @property
    def appraisal(self) -> str:
        return self.url.replace("/ho-so/", "/tham-dinh/")

    @property
    def city(self) -> str:
        """The address of the city's own dossier."""
        found = Evaluation.objects.of_cities().get(pilot_round=self.dossier.pilot_round_id)
        return f"{self.site}{found.get_absolute_url()}"

    @property
    def pilot_round(self) -> PilotRound:
        return self.dossier.pilot_round


@pytest.fixture
def way(transactional_db, live_server, new_context) -> Way:
    call_command("load_reference", verbosity=0)
    pilot_round = load_practice_round(TODAY())
    dossier = Evaluation.objects.select_related("unit", "pilot_round").get(
        pilot_round=pilot_round, unit__code="316"
    )
    write_beforehand(dossier)
    pages: dict[str, Page] = {}

    def desk_of(username: str) -> Page:
        """Everybody works in a browser of their own, signed in once."""
        if username not in pages:
            context = new_context()
            enter(context, live_server.url, User.objects.get(username=username))
            pages[username] = context.new_page()
            pages[username].goto(f"{live_server.url}/")
        return pages[username]

    return Way(live_server.url, dossier, desk_of)


def write_beforehand(dossier: Evaluation) -> None:
    """Yesterday: both registers, and all indicators but those that the test types."""
    data = json.loads((settings.BASE_DIR / PATH).read_text(encoding="utf-8"))
    people = {user.username: user for user in User.objects.select_related("organisation")}
    clock = Clock(TODAY())
    with clock.at(1, 8):
        rate_units(dossier, by=people["vinhbao"])
    item = {"days": {"written": 1}, "typed": BEFOREHAND, "notes": {}}
    fill_dossier(Case(dossier, item, data, people, clock))


def rate_units(dossier: Evaluation, *, by: User) -> None:
    """Both registers; what a unit stated in its own sheet is confirmed as it is."""
    of_year = dossier.pilot_round.unit_results.filter(
        owner=dossier.unit, year=dossier.pilot_round.year
    )
    lines = locked_lines(list(of_year.values_list("pk", flat=True)), by)
    stated = {line.pk: line.self_rating.label for line in lines if line.self_rating}
    left = dict(GOOD)
    for line in lines:
        left[line.kind] -= stated.get(line.pk) in ("Tốt", "Khá")
    typed = []
    for line in lines:
        rating = stated.get(line.pk)
        if rating is None:
            left[line.kind] -= 1
            rating = "Khá" if left[line.kind] >= 0 else "Trung bình"
        typed.append((line, {"rating": rating} | DECIDED))
    write_lines(typed, by=by)


def test_vinh_bao_from_draft_to_recognition(way: Way, tmp_path):
    city_counts(way, "1/15 = 6,7 %")
    lead_agency_hands_over(way, tmp_path)
    write(way, tmp_path)
    neighbours_know_nothing(way)
    submit(way, doubts="Đợt tập huấn.")
    return_one(way)
    answer(way)
    appraise(way)
    confirm(way)
    hold_council(way)
    decide(way, tmp_path)
    city_counts(way, "2/15 = 13,3 %")
    unit_reads_its_level(way)
    trail_tells_the_story(way)
    reports_say_the_same(way)
    assert list(faults()) == []


def write(way: Way, folder: Path) -> None:
    page = way.desk_of("vinhbao")
    page.goto(f"{way.url}chi-bao/1.1.1/")
    page.get_by_label("Đạt", exact=True).check()
    say(page, "Nghị quyết có mục tiêu về xã hội học tập.")
    upload(page, way.url, "1.1.1", folder, "UBND huyện Vĩnh Bảo")
    for code, figures in BY_THE_EDITOR.items():
        page.goto(f"{way.url}chi-bao/{code}/")
        for name, text in figures.items():
            page.locator(f"#id_{name}").fill(text)
        say(page, f"Số liệu chỉ báo {code} theo báo cáo năm.")
        page.goto(f"{way.url}chi-bao/{code}/minh-chung/chon/")
        page.get_by_role("checkbox", name="3187/QĐ-UBND").check()
        page.get_by_role("button", name=f"Dùng cho {code}").click()
        expect(page.get_by_role("cell", name=f"H{code}-01", exact=True)).to_be_visible()
    page.goto(way.url)
    expect(page.get_by_text("Mức độ 1 vì 2.1.2 đạt 76,7")).to_be_visible()


def say(page: Page, text: str) -> None:
    page.get_by_label("Phù hợp", exact=True).check()
    page.get_by_label("Thuyết minh").fill(text)
    expect(page.locator("#trang-thai-luu")).to_contain_text("Đã lưu lúc", timeout=15_000)


def upload(page: Page, dossier: str, code: str, folder: Path, issuer: str) -> None:
    paper = folder / f"{code}.pdf"
    paper.write_bytes(practice_pdf([issuer, code, "MẪU TẬP HUẤN"]))
    page.goto(f"{dossier}chi-bao/{code}/minh-chung/tai-len/")
    page.get_by_label("Số, ký hiệu").fill("3187/QĐ-UBND")
    page.get_by_label("Ngày ban hành").fill("25/11/2022")
    page.get_by_label("Cơ quan ban hành").fill(issuer)
    page.locator("input[type=file]:not([capture])").first.set_input_files(paper)
    expect(page.locator("[data-stored]")).to_be_attached(timeout=15_000)
    page.get_by_role("button", name=re.compile("lưu", re.IGNORECASE)).click()
    expect(page.get_by_role("cell", name=f"H{code}-01", exact=True)).to_be_visible()


def city_counts(way: Way, share: str) -> None:
    """2.1.2 of the city follows the decisions; its compiler reads it."""
    page = way.desk_of("so.tonghop")
    page.goto(f"{way.city}chi-bao/2.1.2/")
    expect(page.get_by_text(share)).to_be_visible()


def lead_agency_hands_over(way: Way, folder: Path) -> None:
    """Sở TT&TT fills its 2.2.4 and sees no other agency's indicator."""
    page = way.desk_of("sotttt")
    page.get_by_role("link", name="Nhập 2.2.4").click()
    page.locator("#id_achieved").fill("12")
    page.locator("#id_total").fill("15")
    say(page, "Theo báo cáo của các quận, huyện.")
    upload(page, way.city, "2.2.4", folder, "Sở Thông tin và Truyền thông")
    page.goto(f"{way.city}phan-viec/")
    page.get_by_role("link", name="Kiểm tra, bàn giao 2.2.4").click()
    page.get_by_role("button", name="Bàn giao 2.2.4").click()
    expect(page.get_by_text("Đã bàn giao 2.2.4")).to_be_visible()
    page.goto(f"{way.city}chi-bao/2.2.4/")
    expect(page.locator("#id_achieved")).to_have_count(0)
    assert page.goto(f"{way.city}chi-bao/2.1.2/").status == 404
    compiler = way.desk_of("so.tonghop")
    compiler.goto(f"{way.city}phan-cong/")
    expect(
        compiler.get_by_role("row", name=re.compile(r"2\.2\.4 .*[Đđ]ã bàn giao"))
    ).to_be_visible()


def neighbours_know_nothing(way: Way) -> None:
    page = way.desk_of("thuynguyen")
    assert page.goto(way.url).status == 404


def submit(way: Way, *, doubts: str) -> None:
    page = way.desk_of("vinhbao.lanhdao")
    page.goto(f"{way.url}kiem-tra/")
    for reason in page.get_by_label("Lý do vẫn gửi").all():
        reason.fill(doubts)
    page.get_by_role("button", name="Gửi hồ sơ cho Sở").click()
    expect(page.get_by_text("Đã gửi hồ sơ")).to_be_visible()


def return_one(way: Way) -> None:
    page = way.desk_of("so.thamdinh")
    page.get_by_role("link", name="Tiếp nhận hồ sơ Vĩnh Bảo").click()
    page.get_by_role("button", name="Tiếp nhận hồ sơ").click()
    page.goto(f"{way.appraisal}chi-bao/2.2.1/")
    page.get_by_label("Yêu cầu bổ sung").check()
    page.get_by_label("Lý do").fill("Danh sách có hai phòng trùng tên.")
    page.get_by_role("button", name=re.compile("^Lưu, ")).click()
    page.goto(way.appraisal)
    page.get_by_label("Ý kiến chung gửi đơn vị").fill("Đề nghị kiểm tra lại một chỉ báo.")
    page.get_by_label("Hạn bổ sung").fill(f"{Clock(TODAY()).day(-5):%d/%m/%Y}")
    page.get_by_role("button", name="Trả lại để bổ sung").click()
    page.wait_for_load_state()
    way.dossier.refresh_from_db()
    assert way.dossier.status == Status.RETURNED


def answer(way: Way) -> None:
    page = way.desk_of("vinhbao")
    page.goto(f"{way.site}/")
    expect(page.get_by_text("2.2.1").first).to_be_visible()
    page.goto(f"{way.url}chi-bao/2.2.2/")
    expect(page.locator("#id_achieved")).to_have_count(0)  # only what was asked opens again
    page.goto(f"{way.url}chi-bao/2.2.1/")
    expect(page.get_by_text("Danh sách có hai phòng trùng tên.").first).to_be_visible()
    page.locator("#id_achieved").fill("82")
    page.locator("#id_total").fill("91")
    page.get_by_label(re.compile("Trả lời|Giải trình")).fill("Đã bỏ dòng trùng: còn 91.")
    expect(page.locator("#trang-thai-luu")).to_contain_text("Đã lưu lúc", timeout=15_000)
    submit(way, doubts="Đợt tập huấn.")


def appraise(way: Way) -> None:
    page = way.desk_of("so.thamdinh")
    page.goto(way.appraisal)
    page.get_by_role("button", name="Tiếp nhận hồ sơ").click()
    page.goto(f"{way.appraisal}chi-bao/2.2.1/")
    expect(page.get_by_text("Đã bỏ dòng trùng: còn 91.").first).to_be_visible()
    expect(page.get_by_role("row", name="Kết quả 90,2 %, Mức 3 90,1 %, Mức 3")).to_be_visible()
    page.get_by_label("Chấp nhận").check()
    page.get_by_role("button", name=re.compile("^Lưu, ")).click()
    page.goto(f"{way.appraisal}chi-bao/2.1.2/")
    page.get_by_label("Điều chỉnh").check()
    page.locator("#id_achieved").fill("22")
    page.get_by_label("Lý do").fill("Một xã chưa có quyết định công nhận.")
    page.get_by_role("button", name=re.compile("^Lưu, ")).click()
    expect(page.get_by_text("Đã lưu thẩm định 2.1.2")).to_be_visible()
    page.goto(way.appraisal)
    page.get_by_role("button", name=re.compile("Chấp nhận 14 chỉ báo")).click()
    page.get_by_role("button", name="Kết thúc thẩm định").click()
    expect(page.get_by_text("Thẩm định: Mức độ 1 vì 2.1.2 đạt 73,3")).to_be_visible()
    assert page.get_by_role("button", name="Xác nhận kết quả thẩm định").count() == 0


def confirm(way: Way) -> None:
    page = way.desk_of("so.lanhdao")
    page.get_by_role("link", name="Xác nhận kết quả thẩm định Vĩnh Bảo").click()
    expect(page.get_by_text("Một xã chưa có quyết định công nhận.").first).to_be_visible()
    page.get_by_role("button", name="Xác nhận kết quả thẩm định").click()
    expect(page.get_by_text("Hội đồng").first).to_be_visible()
    way.dossier.refresh_from_db()
    assert way.dossier.status == Status.CONFIRMED


def hold_council(way: Way) -> None:
    page = way.desk_of("so.thamdinh")
    page.goto(f"{way.site}/phien-hop/lap/")
    expect(page.get_by_role("checkbox", name="Huyện Vĩnh Bảo")).to_be_checked()
    page.get_by_label("Ngày họp").fill(f"{TODAY():%d/%m/%Y}")
    page.get_by_role("button", name="Lập phiên họp").click()
    expect(page.get_by_text("Đã lập phiên họp")).to_be_visible()
    session = page.url

    member = way.desk_of("hoidong")
    member.goto(session)
    member.get_by_role("link", name="Cho ý kiến 1 hồ sơ").click()
    expect(member.get_by_text("23/30 76,7 % → 22/30")).to_be_visible()
    member.get_by_label("Đồng ý", exact=True).check()
    member.get_by_role("button", name="Lưu ý kiến").click()
    expect(member.get_by_text("Đã ghi ý kiến của anh, chị về huyện Vĩnh Bảo")).to_be_visible()

    page.get_by_role("link", name="Ghi biên bản").first.click()
    page.get_by_label("Phiếu đồng ý").fill("5")
    page.get_by_label("Phiếu không đồng ý").fill("0")
    page.get_by_label("Kết luận", exact=True).select_option(label="Mức độ 1")
    page.get_by_role("button", name="Lưu biên bản").click()
    expect(page.get_by_text("Đã lưu biên bản")).to_be_visible()
    page.get_by_role("button", name="Kết thúc phiên họp").click()
    expect(page.get_by_text("Đã kết thúc phiên họp")).to_be_visible()


def decide(way: Way, folder: Path) -> None:
    scan = folder / "quyet-dinh.pdf"
    scan.write_bytes(practice_pdf(["MẪU TẬP HUẤN", "Quyết định công nhận"]))
    page = way.desk_of("so.lanhdao")
    page.goto(f"{way.site}/quyet-dinh/ghi/")
    page.get_by_label("Số, ký hiệu").fill("02/QĐ-TH")
    page.get_by_label("Ngày ký").fill(f"{TODAY():%d/%m/%Y}")
    page.locator("[name=signer_name]").fill("Người ký (tập huấn)")
    page.get_by_label("Chức vụ người ký").fill("Phó Chủ tịch UBND thành phố")
    page.get_by_label("Bản quét quyết định").set_input_files(scan)
    expect(page.get_by_label("Mức độ của Huyện Vĩnh Bảo")).to_have_value("1")
    page.get_by_role("button", name="Ghi quyết định").click()
    expect(page.get_by_text("Đã ghi quyết định 02/QĐ-TH")).to_be_visible()
    frozen = Snapshot.objects.filter(evaluation=way.dossier).latest("number").content
    assert (frozen["self_assessed"]["level"], frozen["appraised"]["level"]) == (1, 1)
    assert frozen["decision"]["level"] == 1


def unit_reads_its_level(way: Way) -> None:
    page = way.desk_of("vinhbao")
    page.goto(way.url)
    expect(page.get_by_text("02/QĐ-TH").first).to_be_visible()
    observer = way.desk_of("theodoi")
    observer.goto(f"{way.site}/dot/{way.pilot_round.pk}/cong-nhan/")
    expect(observer.get_by_role("row", name=re.compile("Vĩnh Bảo.*Mức độ 1"))).to_be_visible()


def trail_tells_the_story(way: Way) -> None:
    page = way.desk_of("vinhbao.lanhdao")
    page.goto(f"{way.url}qua-trinh/")
    told = [
        " ".join(line.text_content().split())
        for line in reversed(page.locator(".trail-lines > li").all())
    ]
    left = iter(told)
    for words in STORY:
        assert any(all(word in line for word in words) for line in left), (words, told)
    kinds = way.dossier.events.filter(kind__in=STEPS).order_by("at").values_list("kind", flat=True)
    assert list(kinds) == [
        *("submit", "take-in", "return", "submit", "take-in", "finish", "confirm", "recognise")
    ]


def reports_say_the_same(way: Way) -> None:
    page = way.desk_of("so.thamdinh")
    report = order(way, page, f"?ho-so={way.dossier.pk}", "Báo cáo tự đánh giá", "PDF")
    text = " ".join(sheet.extract_text() for sheet in PdfReader(report).pages)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "23/30" in text
    summary = order(way, page, "", "Bảng tổng hợp", "Excel")
    cells = [str(cell) for row in load_workbook(summary).active.values for cell in row if cell]
    assert any("Vĩnh Bảo" in cell for cell in cells)


def order(way: Way, page: Page, query: str, title: str, kind: str) -> BytesIO:
    page.goto(f"{way.site}/bao-cao/{query}")
    row = page.get_by_role("row", name=re.compile(title)).first
    row.get_by_role("button", name=re.compile(rf"^{kind}\s*:")).click()
    run = ReportRun.objects.order_by("-pk").first()
    build_report(run.pk)
    page.goto(f"{way.site}/bao-cao/da-dat/")
    with page.expect_download() as caught:
        page.get_by_role("link", name=re.compile("Tải")).first.click()
    return BytesIO(Path(caught.value.path()).read_bytes())
