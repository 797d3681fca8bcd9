"""From lists of units to the level of a dossier: by Excel with errors on the way, by keys alone."""

import re
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from evaluations.models import Evaluation, ResultUpload, UnitResult
from organisations.models import Role
from tests.e2e.vinh_bao import DECIDED, DOCUMENTS, FIGURES
from tests.factories import make_document, make_evidence, make_user

AGENCIES, COMMUNES = "Cơ quan", "Xã, phường"
# Wrong in the first workbook: sheet, cell, what is typed there, how the page says it.
SPOILT = (
    (AGENCIES, "H3", "tám mươi", "“tám mươi” không phải là số"),
    (AGENCIES, "H5", 120, "120 lớn hơn điểm tối đa 100"),
    (AGENCIES, "I7", "Trung bình", "Điểm 88 là Tốt, không phải Trung bình"),
    (AGENCIES, "B9", "phòng số 7 huyện thuỷ nguyên", "đã có ở dòng 8"),
    (COMMUNES, "A4", "99999", "Không có đơn vị nào mã “99999”"),
    (COMMUNES, "A6", "11824", "Thị trấn Vĩnh Bảo thuộc huyện Vĩnh Bảo"),
    (COMMUNES, "G8", "Giỏi", "“Giỏi” không phải xếp loại"),
    (COMMUNES, "G10", "=G9", "Ô này là công thức"),
    (COMMUNES, "I12", "31/11/2022", "tháng 11 có 30 ngày"),
)
NOT_GOOD = 9  # of 37 communes: 28/37 = 75,7 %, level 1


def fill_the_rest(dossier: Evaluation, by) -> None:
    """All but what is counted: 2.1.1 and 2.1.2 alone decide then."""
    document = make_document(dossier.unit, by=by)
    for result in dossier.results.select_related("indicator", "evaluation"):
        code = result.indicator.code
        result.typed = {"met": "yes"} if code in DOCUMENTS else FIGURES.get(code, {})
        result.save(update_fields=["typed"])
        make_evidence(result, document=document, by=by)


@pytest.fixture
def ready(pilot):
    """The dossier of a district of the real round with everything but its lists, and its editor."""

    def of_district(code: str):
        dossier = Evaluation.objects.select_related("unit", "pilot_round").get(unit__code=code)
        editor = make_user(Role.EDITOR, dossier.unit)
        fill_the_rest(dossier, editor)
        return dossier, editor

    return of_district


@pytest.fixture
def status_for_outsider(page, live_server, people, sign_in, new_context):
    """What another district's officer is answered, signed in beside the one at work."""
    sign_in(people["outsider"])
    beside = new_context()
    beside.add_cookies(page.context.cookies())
    assert beside.request.get(f"{live_server.url}/ket-qua-don-vi/").status == 200
    return lambda address: beside.request.get(address).status


def fill(book: Workbook) -> None:
    """Sixty agencies that the system has never heard of, and every commune."""
    agencies, communes = book[AGENCIES], book[COMMUNES]
    for number in range(60):
        row = number + 2
        agencies[f"B{row}"] = f"Phòng số {number + 1} huyện Thủy Nguyên"
        agencies[f"D{row}"] = "Có"
        agencies[f"H{row}"] = 88 if number % 12 else 63
        agencies[f"J{row}"], agencies[f"K{row}"] = DECIDED.values()
    for row in range(2, communes.max_row + 1):
        communes[f"G{row}"] = "Trung bình" if row <= 1 + NOT_GOOD else "Khá"
        communes[f"H{row}"], communes[f"I{row}"] = DECIDED.values()


def download(page: Page, link: str, folder: Path) -> Path:
    with page.expect_download() as caught:
        page.get_by_role("link", name=link).click()
    path = folder / caught.value.suggested_filename
    caught.value.save_as(path)
    return path


def test_list_from_excel_gives_the_level(
    page: Page, live_server, ready, status_for_outsider, sign_in, console, tmp_path
):
    dossier, editor = ready("311")
    unknown = status_for_outsider
    dossier_url = f"{live_server.url}{dossier.get_absolute_url()}"
    sign_in(editor)
    page.goto(dossier_url)
    expect(page.locator("p.level").first).to_have_text("Chưa xác định")

    page.goto(f"{live_server.url}/ket-qua-don-vi/")
    page.get_by_role("link", name="Mở danh sách xã").click()
    expect(page.locator("#tong")).to_contain_text("0/37")
    page.wait_for_load_state()
    register_url = page.url
    template = download(page, "Tải mẫu Excel", tmp_path)
    book = load_workbook(template)
    assert [book[AGENCIES].max_row, book[COMMUNES].max_row] == [1, 38]
    fill(book)
    right = {(sheet, cell): book[sheet][cell].value for sheet, cell, *_ in SPOILT}
    for sheet, cell, wrong, _ in SPOILT:
        book[sheet][cell] = wrong
    book.save(template)

    with page.expect_file_chooser() as chooser:
        page.get_by_role("link", name="Nạp tệp đã điền").click()
    chooser.value.set_files(template)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tệp có 9 lỗi, chưa ghi dòng nào")
    for sheet, cell, _, said in SPOILT:
        faults = page.locator("section.fault", has=page.get_by_text(f"Trang {sheet}:"))
        row = faults.get_by_role("row").filter(has_text=said)
        expect(row.get_by_role("cell", name=f"Ô {cell}", exact=True)).to_be_visible()
    upload = ResultUpload.objects.get()
    faulty_url = page.url
    assert not UnitResult.objects.filter(owner=dossier.unit, rating__isnull=False).exists()
    assert unknown(faulty_url) == unknown(f"{faulty_url}tep-loi/") == 404

    marked = download(page, "Tải tệp có cột", tmp_path)
    book = load_workbook(marked)
    for sheet, cell, _, said in SPOILT:
        beside = book[sheet][book[sheet][cell].row][-1]
        assert said in beside.value
        assert cell in beside.value
        book[sheet][cell] = right[sheet, cell]
    book.save(marked)

    page.get_by_role("link", name="Nạp tệp đã sửa").click()
    page.get_by_label("Tệp Excel đã điền").set_input_files(marked)
    page.get_by_role("button", name="Nạp tệp và kiểm tra").click()
    outcome = page.locator("table.outcome")
    expect(outcome.get_by_role("row", name=AGENCIES)).to_contain_text("55/60")
    expect(outcome.get_by_role("row", name=COMMUNES)).to_contain_text("0/37 → 28/37")
    assert unknown(page.url) == 404
    page.get_by_role("button", name="Ghi 97 dòng vào danh sách").click()
    expect(
        page.get_by_text("Đã ghi từ tệp Excel: thêm 60 đơn vị, cập nhật 37 dòng.")
    ).to_be_visible()
    upload.refresh_from_db()
    assert upload.status == ResultUpload.Status.DROPPED

    page.goto(dossier_url)
    expect(page.get_by_text("Mức độ 1 vì 2.1.2 đạt 75,7")).to_be_visible()
    expect(in_dossier(page, "2.1.1")).to_contain_text("55/60")
    expect(in_dossier(page, "2.1.2")).to_contain_text("28/37")

    in_dossier(page, "2.1.2").get_by_role("link").first.click()
    page.get_by_role("link", name="Xem đủ 37 đơn vị").click()
    counted_url = page.url
    names = page.locator("table.unit-names tbody tr")
    expect(names.first).to_contain_text(f"Dưới Khá: {NOT_GOOD}")
    expect(names.nth(1 + NOT_GOOD)).to_contain_text("Từ Khá trở lên: 28")
    expect(names.nth(NOT_GOOD)).to_contain_text("Trung bình")
    names.nth(1).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thị trấn Núi Đèo, năm 2022")

    seen = [register_url, page.url, counted_url, dossier_url]
    seen += [
        register_url.replace("/xa/", end) for end in ("/mau-excel/", "/nap-excel/", "/co-quan/")
    ]
    assert {address: unknown(address) for address in seen} == dict.fromkeys(seen, 404)
    assert console == []


def test_the_same_by_the_grid_and_its_keys(page: Page, live_server, ready, sign_in, console):
    dossier, editor = ready("309")
    sign_in(editor)
    page.goto(f"{live_server.url}/ket-qua-don-vi/")
    page.get_by_role("link", name="Mở danh sách cơ quan").click()
    page.get_by_role("link", name="Thêm cơ quan").click()
    for name in ("Phòng Nội vụ", "Phòng Tư pháp", "Phòng Y tế", "Thanh tra quận"):
        page.get_by_label("Tên cơ quan, đơn vị").fill(name)
        page.get_by_label("Loại").fill("phòng chuyên môn")
        page.get_by_label("Có từ ngày").fill("01/01/2020")
        page.get_by_role("button", name="Thêm rồi ghi cơ quan nữa").click()
        expect(page.get_by_label("Tên cơ quan, đơn vị")).to_have_value("")
    page.get_by_role("link", name="Thôi").click()

    down(page, "score", ["88", "70", "49,5", "71"])
    down(page, "number", [DECIDED["decision_number"]] * 4)
    down(page, "day", [DECIDED["decision_on"]] * 4)
    expect(page.get_by_label("Phòng Y tế, xếp loại")).to_have_value("Chưa đạt")
    expect(page.locator("#tong")).to_contain_text("Chưa đạt 1, chưa có 0")

    page.get_by_role("link", name="Xã, phường, thị trấn").click()
    down(page, "rating", ["K", "K", "Tr", "K", "Tố", "K"])
    expect(page.locator("#tong")).to_contain_text("Trung bình 1, Chưa đạt 0, chưa có 0")
    expect(page.locator("#tong")).to_contain_text(re.compile(r"83,3\s%"))

    page.goto(f"{live_server.url}{dossier.get_absolute_url()}")
    expect(page.get_by_text("Mức độ 1 vì 2.1.1 đạt 75,0")).to_be_visible()
    expect(in_dossier(page, "2.1.2")).to_contain_text("5/6")
    in_dossier(page, "2.1.1").get_by_role("link").first.click()
    expect(page.locator("ul.sides li").first).to_contain_text("Dưới Khá: 1. Phòng Y tế")
    assert console == []


def test_rows_filled_before_the_script_came_are_saved_too(page: Page, live_server, ready, sign_in):
    _, editor = ready("309")
    sign_in(editor)
    page.goto(f"{live_server.url}/ket-qua-don-vi/")
    page.get_by_role("link", name="Mở danh sách cơ quan").click()
    held = []
    page.route("**/saving.js", lambda route: held.append(route))
    page.get_by_role("link", name="Xã, phường, thị trấn").click()
    ratings = page.locator("[data-column=rating]")
    ratings.nth(0).select_option("Khá")
    ratings.nth(2).select_option("Tốt")
    expect(page.locator("#tong")).to_contain_text("0/6")

    held[0].continue_()

    expect(page.locator("#tong")).to_contain_text("2/6")


def in_dossier(page: Page, code: str):
    return page.locator("table.dossier tr", has=page.get_by_role("link", name=code))


def down(page: Page, column: str, texts: list[str]) -> None:
    """A whole column without the mouse: type, Enter, type."""
    fields = page.locator(f"[data-column={column}]")
    expect(fields).to_have_count(len(texts))
    page.wait_for_load_state()
    fields.first.focus()
    for place, text in enumerate(texts):
        expect(fields.nth(place)).to_be_focused()
        page.keyboard.type(text)
        page.keyboard.press("Enter")
