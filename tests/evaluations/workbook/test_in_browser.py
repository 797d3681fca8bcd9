"""The round trip as an officer walks it: download, fill in, upload, mend, look, apply."""

import pytest
from playwright.sync_api import expect

from evaluations.models import UnitResult
from organisations.models import Role
from tests.browsing import enter
from tests.evaluations.workbook.desk import AGENCIES, COMMUNES, add, make_desk, put
from tests.factories import make_district, make_user
from tests.workbooks import opened, saved

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(transactional_db):
    district = make_district("Huyện Vĩnh Bảo", "316")
    return make_desk(district, make_user(Role.EDITOR, district))


@pytest.fixture
def register(desk, live_server) -> str:
    return f"{live_server.url}/ket-qua-don-vi/{desk.pilot_round.pk}/{desk.district.pk}/xa/"


def sign_in(page, desk, live_server) -> list[str]:
    """Signed in; gives everything that the console will say."""
    enter(page.context, live_server.url, desk.keeper)
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def changed(content: bytes, *changes) -> dict:
    book = opened(content)
    for change in changes:
        change(book)
    return {"name": "ket-qua.xlsx", "mimeType": "application/x", "buffer": saved(book)}


def downloaded(page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    return download.value.path().read_bytes()


def rated() -> set[str]:
    lines = UnitResult.objects.filter(rating__isnull=False, year=2022)
    return set(lines.values_list("unit__name", flat=True))


def test_round_trip_from_the_grid_and_back(page, desk, register, live_server):
    said = sign_in(page, desk, live_server)
    page.goto(register)

    template = downloaded(page, "Tải mẫu Excel")
    faulty = changed(
        template,
        put(COMMUNES, "11860", "Xếp loại", "Kha"),
        add(AGENCIES, Tên="Hội Người mù", Điểm=88),
    )
    with page.expect_file_chooser() as chooser:
        page.get_by_role("link", name="Nạp tệp đã điền").click()
    chooser.value.set_files(faulty)

    expect(page.get_by_role("heading", level=1)).to_have_text("Tệp có 1 lỗi, chưa ghi dòng nào")
    expect(page.get_by_text("“Kha” không phải xếp loại.")).to_be_visible()
    before = rated()
    page.goto(register)
    expect(page.get_by_text("có 1 lỗi, chưa ghi dòng nào")).to_be_visible()

    handed_back = downloaded(page, "Tải tệp có cột “Lỗi”")
    mended = changed(handed_back, put(COMMUNES, "11860", "Xếp loại", "Khá"))
    page.get_by_role("link", name="Xem đủ 1 lỗi").click()
    page.get_by_role("link", name="Nạp tệp đã sửa").click()
    page.get_by_label("Tệp Excel đã điền").set_input_files(mended)
    page.get_by_role("button", name="Nạp tệp và kiểm tra").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Xem 2 dòng khác biệt trước khi ghi")
    assert rated() == before
    page.get_by_role("button", name="Ghi 2 dòng vào danh sách").dblclick()

    expect(page.get_by_text("thêm 1 đơn vị, cập nhật 1 dòng")).to_be_visible()
    assert rated() - before == {"Xã Tân Liên", "Hội Người mù"}
    assert said == []


def test_round_trip_without_a_script(new_context, desk, register, live_server):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, desk, live_server)
    page.goto(register)

    template = downloaded(page, "Tải mẫu Excel")
    page.get_by_role("link", name="Nạp tệp đã điền").click()
    filled = changed(template, put(COMMUNES, "11860", "Xếp loại", "Khá"))
    page.get_by_label("Tệp Excel đã điền").set_input_files(filled)
    page.get_by_role("button", name="Nạp tệp và kiểm tra").click()
    page.get_by_role("button", name="Ghi 1 dòng vào danh sách").click()

    expect(page.get_by_text("Đã ghi từ tệp Excel: cập nhật 1 dòng.")).to_be_visible()
    assert "Xã Tân Liên" in rated()
