"""`make guide`: takes the pictures of the user's guide and of README anew.

`make guide ARGS="board rounds"` takes those of some chapters only (their names are in `CHAPTERS`
below); what they stand on is worked through as well, but its pictures stay as they are.

Starts the demo in a folder of its own that is thrown away afterwards, works through a dossier in
Chromium as its people would, and keeps what the guide shows. Only the pages are asked, never the
database, so a picture cannot show what the application does not do. Every figure is of the
practice round and the strip on top of its pages says so. Dates in the pictures are today's.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b32decode
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from django_otp.oath import totp
from openpyxl import load_workbook
from PIL import Image, ImageDraw, ImageFont, ImageOps
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from pypdf import PdfReader

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "huong-dan" / "anh"
README = ROOT / "docs" / "img"
PASSWORD = "tap-huan-hai-phong"  # of the demo's accounts; load_demo prints it
OWN_PASSWORD = "hoa-phuong-do-2026"
START_TIMEOUT = 120
SIZE = {"width": 1280, "height": 800}
MARGIN = 14
COLOURS = 256  # what a palette holds; a third of the size in full colour

# What the officer of huyện Vĩnh Bảo types, field by field. 2.1.1 and 2.1.2 are counted from the
# lists of units, where every so many-th is Trung bình and the others Khá: 51/60 and 23/30.
COUNTED = ("2.1.1", "2.1.2")
NOT_GOOD = {"Mở danh sách cơ quan": 7, "Mở danh sách xã": 4}
DECIDED = ("12/QĐ-TH", "12/12/2022")
# What is wrong in the workbook that is uploaded first: sheet, row, title of the column, text.
SPOILT = (
    ("Cơ quan", 5, "Điểm", "tám mươi"),
    ("Cơ quan", 7, "Điểm", "120"),
    ("Cơ quan", 9, "Xếp loại", "Giỏi"),
    ("Xã, phường", 4, "Mã", "99999"),
    ("Xã, phường", 8, "Ngày quyết định", "31/11/2022"),
    ("Xã, phường", 10, "Xếp loại", "=G9"),
)
# And what it says in the end: a new agency, two communes that have become Khá.
MENDED = (
    ("Cơ quan", 62, "Tên", "Trường Tiểu học Vĩnh Bảo (tập huấn)"),
    ("Cơ quan", 62, "Điểm", "86"),
    ("Xã, phường", 5, "Xếp loại", "Khá"),
    ("Xã, phường", 9, "Xếp loại", "Khá"),
    ("Danh hiệu", 2, "Dòng họ học tập, được công nhận", "24"),
    ("Danh hiệu", 2, "Dòng họ học tập, tổng số", "31"),
)
# Families of the first communes: registered, recognised, all of them.
FAMILIES = (
    ("1820", "1672", "2335"),
    ("1390", "1236", "1560"),
    ("1105", "958", "1344"),
    ("1570", "1431", "1702"),
)
FIGURES = {
    "2.2.1": {"achieved": "83", "total": "92"},
    "2.2.2": {"achieved": "80", "total": "92"},
    "2.2.3": {"achieved": "1", "total": "1"},
    "2.2.4": {"achieved": "28", "total": "30"},
    "3.1.1": {"previous": "3,18", "current": "1,62"},
    "3.1.2": {"part1_percent": "95,2", "part2_percent": "91"},
    "3.2.2": {"achieved": "6", "total": "31482"},
    "3.2.3": {"achieved": "47", "total": "82"},
}
DOCUMENTS = ("1.1.1", "1.1.2", "1.2.1", "1.2.2", "1.2.3", "3.2.1")

# The methods of `Guide` in the order of the story, each with those that must have happened.
CHAPTERS = {
    "accounts": (),
    "sheets": (),  # before the district rates everybody and so confirms them
    "own_work": (),
    "units": ("own_work",),
    "figures": ("own_work",),
    "saving": ("own_work",),
    "evidence": ("own_work",),
    "level": ("own_work",),
    "sending": ("own_work",),
    "returned": (),
    "appraisal": ("sending",),
    "reappraisal": (),
    "inspections": (),
    "notices": (),
    "city": (),
    "confirmation": (),
    "council": ("confirmation",),
    "decision": ("council",),
    "watching": (),
    "board": (),
    "trail": (),
    "reports": (),
    "checks": (),
    "package": (),
    "papers": (),
    "words": (),
    "rounds": (),
    "next_round": (),
    "second_factor": (),
}


def main() -> None:
    wanted = sys.argv[1:] or list(CHAPTERS)
    if unknown := [name for name in wanted if name not in CHAPTERS]:
        raise SystemExit(f"Không có: {', '.join(unknown)}. Các phần: {', '.join(CHAPTERS)}.")
    for folder in (GUIDE, README):
        folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hocxahoi-hinh-")))
        address = stack.enter_context(demo(folder))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            # Its own words ("Choose Files") are Vietnamese where chromium-l10n is installed.
            args=["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--lang=vi"],
            env={**os.environ, "LANGUAGE": "vi"},
        )
        stack.callback(browser.close)
        Guide(browser, address, folder).tell(wanted)


def _with_needs(wanted: Collection[str]) -> list[str]:
    needed = set(wanted)
    for name in reversed(CHAPTERS):  # a chapter stands only on earlier ones
        if name in needed:
            needed.update(CHAPTERS[name])
    return [name for name in CHAPTERS if name in needed]


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """The real demo with its worker, on a free port and with data of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "VAR_DIR": str(folder / "var"),
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }
    with (folder / "demo.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/readyz", process, folder / "demo.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urlopen(address, timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.3)
        else:
            return
    raise SystemExit(f"Bản chạy thử không lên:\n{log.read_text(encoding='utf-8')}")


# --- Pictures ---------------------------------------------------------------------------------


def take(page: Page, path: Path, *shown: Locator, from_top: bool = False) -> None:
    """What the locators cover and a margin; `from_top`: the whole width down to their end."""
    page.mouse.move(1, 1)
    # A window as tall as the page: what sticks to its lower edge stands where it belongs.
    page.set_viewport_size({**SIZE, "height": page.evaluate("document.body.scrollHeight")})
    boxes = [_box_on_page(page, locator) for locator in shown]
    left = min(box[0] for box in boxes) - MARGIN
    top = min(box[1] for box in boxes) - MARGIN
    right = max(box[2] for box in boxes) + MARGIN
    bottom = max(box[3] for box in boxes) + MARGIN
    if from_top:
        left, top, right = 0, 0, SIZE["width"]
    left, top = max(left, 0), max(top, 0)
    clip = {"x": left, "y": top, "width": min(right, SIZE["width"]) - left, "height": bottom - top}
    _keep(page.screenshot(full_page=True, clip=clip, animations="disabled", caret="hide"), path)
    page.set_viewport_size(SIZE)


def _box_on_page(page: Page, locator: Locator) -> tuple[float, float, float, float]:
    box = locator.first.bounding_box()
    if box is None:
        raise SystemExit(f"Không thấy trên trang {page.url}: {locator}")
    down = page.evaluate("window.scrollY")
    return box["x"], box["y"] + down, box["x"] + box["width"], box["y"] + down + box["height"]


def _keep(png: bytes, path: Path) -> None:
    """With the colours that matter exactly as they are: paper stays white, one flag ochre."""
    with Image.open(BytesIO(png)) as image:
        picture = image.convert("RGB")
    colours = sorted(picture.getcolors(picture.width * picture.height), key=_weight, reverse=True)
    kept = [colour for _, colour in colours[:COLOURS]]
    places = {colour: place for place, colour in enumerate(kept)}
    for _, colour in colours[COLOURS:]:  # the edges of letters
        places[colour] = places[min(kept, key=partial(_distance, colour))]
    raw = picture.tobytes()
    pixels = bytes(places[pixel] for pixel in zip(raw[::3], raw[1::3], raw[2::3], strict=True))
    drawn = Image.frombytes("P", picture.size, pixels)
    drawn.putpalette([part for colour in kept for part in colour])
    drawn.save(path, optimize=True)


def _weight(counted: tuple[int, tuple[int, ...]]) -> int:
    """How often it is there, and more so the less grey it is: signs are small."""
    count, colour = counted
    return count * (16 + max(colour) - min(colour))


def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def today() -> str:
    """As an officer types it."""
    return f"{datetime.now(tz=ZoneInfo('Asia/Ho_Chi_Minh')):%d/%m/%Y}"


def run_tool(name: str, *arguments: str) -> None:
    """Of LibreOffice and poppler-utils, which only the pictures of printed papers need."""
    if not shutil.which(name):
        raise SystemExit(f"Thiếu {name}: apt-get install libreoffice-writer-nogui poppler-utils")
    subprocess.run([name, *arguments], check=True, capture_output=True)


def draw_paper(path: Path, *lines: str) -> Path:
    """A scanned page to upload: an image inside a PDF, as offices have them."""
    face = str(ROOT / "static" / "fonts" / "tinos" / "Tinos-Regular.ttf")
    sheet = Image.new("RGB", (620, 877), "white")
    pen = ImageDraw.Draw(sheet)
    for number, line in enumerate(("VĂN BẢN TẬP HUẤN", *lines)):
        pen.text((70, 90 + 34 * number), line, font=ImageFont.truetype(face, 19), fill="black")
    sheet.save(path, resolution=75)
    return path


# --- The story --------------------------------------------------------------------------------


class Guide:
    """The people of the guide at work, one chapter after the other."""

    def __init__(self, browser: Browser, address: str, folder: Path):
        self.browser, self.address, self.folder = browser, address, folder
        self.keeps = True

    def tell(self, wanted: Collection[str]) -> None:
        """The chapters that are wanted, and before them what they stand on, without pictures."""
        for name in _with_needs(wanted):
            self.keeps = name in wanted
            getattr(self, name)()

    def take(self, page: Page, path: Path, *shown: Locator, from_top: bool = False) -> None:
        if self.keeps:
            take(page, path, *shown, from_top=from_top)

    def enter(self, username: str, password: str = PASSWORD, *, with_script: bool = True) -> Page:
        page = self.open_window(with_script=with_script)
        page.goto(f"{self.address}/dang-nhap/")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.locator("[name=password]").fill(password)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(lambda url: "/dang-nhap/" not in url)
        return page

    def open_window(self, *, with_script: bool = True) -> Page:
        context = self.browser.new_context(
            viewport=SIZE,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
            java_script_enabled=with_script,
        )
        return context.new_page()

    def accounts(self) -> None:
        page = self.open_window()
        page.goto(f"{self.address}/dang-nhap/")
        self.take(page, GUIDE / "dang-nhap.png", page.locator(".door .sheet"))

        page = self.enter("quantri")
        page.get_by_role("link", name="Người dùng", exact=True).click()
        self.take(page, GUIDE / "nguoi-dung.png", page.locator("tbody tr").nth(6), from_top=True)
        page.get_by_role("link", name="Tạo từ Excel").click()
        self.take(page, GUIDE / "tao-tu-excel.png", page.locator(".sheet"))
        page.goto(f"{self.address}/nguoi-dung/them/")
        page.get_by_label("Họ và tên").fill("Phạm Thị Hoa")
        page.get_by_label("Tên đăng nhập").fill("vinhbao.hoa")
        page.get_by_role("searchbox", name="Tìm đơn vị").fill("vinh bao")
        page.locator("[name=organisation]").select_option(label="Huyện Vĩnh Bảo")
        page.locator("[name=role]").select_option(label="Người nhập liệu")
        page.get_by_label("Chức vụ").fill("Chuyên viên Phòng GD&ĐT")
        self.take(page, GUIDE / "them-nguoi-dung.png", page.locator(".sheet"))
        page.get_by_role("button", name="Tạo tài khoản và xem phiếu").click()
        self.take(page, GUIDE / "phieu-tai-khoan.png", page.locator(".sheet"))
        temporary = page.locator("dd.typed").nth(1).inner_text()
        page.context.close()

        page = self.enter("vinhbao.hoa", temporary)
        self.take(page, GUIDE / "doi-mat-khau.png", page.locator(".sheet"))
        page.get_by_label("Mật khẩu hiện tại").fill(temporary)
        page.get_by_label("Mật khẩu mới", exact=False).first.fill(OWN_PASSWORD)
        page.get_by_label("Nhập lại mật khẩu mới").fill(OWN_PASSWORD)
        page.get_by_role("button", name="Đổi mật khẩu").click()
        page.wait_for_url(f"{self.address}/**")
        page.context.close()

    def own_work(self) -> None:
        """The district of the guide fills all sixteen; the first page shows it half-way."""
        page = self.enter("vinhbao")
        self.dossier = self.open_dossier(page, "Huyện Vĩnh Bảo")
        for code in DOCUMENTS:
            self.fill(page, code)
        paper = draw_paper(self.folder / "12-BC-UBND.pdf", "Báo cáo năm của huyện Vĩnh Bảo")
        self.upload(page, "1.1.1", paper, "12/BC-UBND", "Báo cáo kết quả năm của huyện")
        for code in DOCUMENTS[1:]:
            self.reuse(page, code)
        self.rate_units()
        for code in (*COUNTED, "2.2.1"):
            self.fill(page, code)
            self.reuse(page, code)
        page.goto(f"{self.address}/")
        self.take(page, GUIDE / "viec-cua-toi.png", page.locator(".home"), from_top=True)
        for code in list(FIGURES)[1:]:
            self.fill(page, code)
            self.reuse(page, code)
        page.goto(self.dossier)
        self.take(page, GUIDE / "ho-so.png", page.locator("table.dossier"), from_top=True)
        self.take(page, README / "ho-so.png", page.locator("table.dossier"), from_top=True)
        page.goto(f"{self.dossier}chi-bao/2.1.2/")
        self.take(page, GUIDE / "chi-bao.png", page.locator(".sheet"), from_top=True)
        self.take(page, README / "chi-bao.png", page.locator(".sheet"), from_top=True)
        page.context.close()

    def sheets(self) -> None:
        page = self.enter("thcsdungtien.lanhdao")
        page.get_by_role("link", name="Phiếu tự chấm").first.click()
        self.take(page, GUIDE / "phieu-tu-cham.png", page.locator("#muc-1\\.2"), from_top=True)
        page.context.close()

        page = self.enter("vinhbao")
        self.open_register(page, "Mở danh sách cơ quan")
        page.get_by_role("link", name="Chờ xác nhận").click()
        page.locator(".own-cell").get_by_role("link").first.click()
        page.get_by_text("Điều chỉnh rồi xác nhận").click()
        self.take(page, GUIDE / "xac-nhan-phieu.png", page.locator(".sheet"))
        page.context.close()

    def units(self) -> None:
        page = self.enter("vinhbao")
        self.open_register(page, "Mở danh sách xã")
        row = page.locator("tbody[id^=dong-]").nth(11)
        self.take(page, GUIDE / "ket-qua-don-vi.png", row, from_top=True)
        self.workbook(page)

        page.goto(f"{self.dossier}chi-bao/2.1.2/")
        page.get_by_role("link", name="Xem đủ").click()
        row = page.locator(".unit-names tr").nth(13)
        self.take(page, GUIDE / "danh-sach-chi-bao.png", row, from_top=True)

        self.open_register(page, "Mở danh sách xã")
        page.get_by_role("link", name="Danh hiệu khuyến học").click()
        rows = page.locator("tbody[id^=dong-]")
        for number, counts in enumerate(FAMILIES):
            for field, count in zip(
                rows.nth(number).locator("input.cell").all(), counts, strict=True
            ):
                field.fill(count)
            field.press("Enter")
        expect(page.locator("#tong")).to_contain_text(f"Đã nhập {len(FAMILIES)}/30")
        self.wait_until_saved(page)
        self.take(page, GUIDE / "danh-hieu.png", rows.nth(7), from_top=True)
        page.context.close()

    def workbook(self, page: Page) -> None:
        """Down and up again twice; in the end it is let go, so that the figures stay 23/30."""
        with page.expect_download() as caught:
            page.get_by_role("link", name="Tải mẫu Excel").click()
        filled = self.folder / caught.value.suggested_filename
        caught.value.save_as(filled)
        for picture, cells in (("nap-excel-loi.png", SPOILT), ("nap-excel-khac-biet.png", MENDED)):
            book = load_workbook(filled)
            for sheet, row, title, text in cells:
                titles = [cell.value for cell in book[sheet][1]]
                book[sheet].cell(row, titles.index(title) + 1).value = text
            upload = self.folder / picture.replace("png", "xlsx") / filled.name
            upload.parent.mkdir()
            book.save(upload)
            self.open_register(page, "Mở danh sách xã")
            with page.expect_file_chooser() as chooser:
                page.get_by_role("link", name="Nạp tệp đã điền").click()
            chooser.value.set_files(upload)
            page.wait_for_url(re.compile(r"/nap-excel/\d+/$"))
            self.take(page, GUIDE / picture, page.locator(".sheet"), from_top=True)
        page.get_by_role("button", name="Bỏ tệp này").click()

    def figures(self) -> None:
        page = self.enter("vinhbao")
        figures = page.locator("#nhap-chi-bao fieldset.block")
        page.goto(f"{self.dossier}chi-bao/3.1.1/")
        self.take(page, GUIDE / "dau-phay.png", figures)

        page.goto(f"{self.dossier}chi-bao/3.2.2/")
        self.type_in(page, "total", "31.482")
        self.take(page, GUIDE / "so-bi-tu-choi.png", figures)
        self.type_in(page, "total", "31482")

        page.goto(f"{self.dossier}chi-bao/2.2.1/")
        page.get_by_text("Chỉ có tỷ lệ, không có số đếm").click()
        self.type_in(page, "achieved", "")
        self.type_in(page, "total", "")
        self.type_in(page, "percent", "90,2")
        page.get_by_label("Nguồn của tỷ lệ").fill("Phòng Nội vụ, báo cáo năm")
        self.wait_until_saved(page)
        self.take(page, GUIDE / "chi-co-ty-le.png", figures)
        self.type_in(page, "percent", "")
        page.get_by_label("Nguồn của tỷ lệ").fill("")
        for name, text in FIGURES["2.2.1"].items():
            self.type_in(page, name, text)

        page.goto(f"{self.dossier}chi-bao/2.2.3/")
        page.get_by_text("Chỉ báo không áp dụng cho đơn vị").click()
        page.get_by_label("Đề nghị không áp dụng chỉ báo này").check()
        page.get_by_label("Lý do không áp dụng").fill("Huyện không có trung tâm nào.")
        self.wait_until_saved(page)
        self.take(page, GUIDE / "khong-ap-dung.png", figures)
        page.get_by_label("Lý do không áp dụng").fill("")
        page.get_by_label("Đề nghị không áp dụng chỉ báo này").uncheck()
        self.wait_until_saved(page)
        page.context.close()

    def saving(self) -> None:
        mine, other = self.enter("vinhbao"), self.enter("vinhbao.lanhdao")
        for page in (mine, other):
            page.goto(f"{self.dossier}chi-bao/2.2.4/")
        bar = mine.locator(".savebar")
        mine.get_by_label("Thuyết minh").fill("Theo sổ theo dõi của trung tâm học tập cộng đồng.")
        self.wait_until_saved(mine)
        self.take(mine, GUIDE / "da-luu.png", bar)
        other.get_by_label("Thuyết minh").fill("Theo báo cáo của các xã, thị trấn.")
        expect(other.get_by_text("Cả hai bản đều còn")).to_be_visible()
        self.take(
            other, GUIDE / "hai-nguoi-cung-sua.png", other.locator("#hai-nguoi-cung-sua section")
        )
        other.get_by_role("link", name="Giữ bản đã lưu").click()
        other.context.close()

        mine.context.set_offline(True)
        mine.get_by_label("Thuyết minh").fill("Theo sổ theo dõi của các trung tâm.")
        expect(mine.get_by_role("button", name="Thử lại")).to_be_visible()
        self.take(mine, GUIDE / "mat-mang.png", bar)
        mine.context.set_offline(False)
        mine.get_by_role("button", name="Thử lại").click()
        self.wait_until_saved(mine)

        mine.context.clear_cookies(name="sessionid")
        mine.get_by_label("Thuyết minh").fill("Theo sổ theo dõi của từng trung tâm.")
        expect(mine.get_by_role("link", name="Đăng nhập ở thẻ mới")).to_be_visible()
        self.take(mine, GUIDE / "het-phien.png", mine.locator(".session-note"))
        mine.context.close()

    def evidence(self) -> None:
        page = self.enter("vinhbao")
        paper = draw_paper(self.folder / "3187-QD-UBND.pdf", "Quyết định công nhận", "năm nay")
        self.upload(
            page, "2.1.2", paper, "3187/QĐ-UBND", "Quyết định công nhận cấp xã", "trang 1–3"
        )
        page.goto(f"{self.dossier}chi-bao/2.1.2/")
        self.take(page, GUIDE / "minh-chung.png", page.locator("#minh-chung"))
        page.goto(f"{self.dossier}chi-bao/2.1.2/minh-chung/tai-len/")
        page.get_by_label("Số, ký hiệu").fill("3187/QĐ-UBND")
        self.take(page, GUIDE / "tai-len.png", page.locator(".sheet"))
        page.locator("input[type=file]").first.set_input_files(paper)
        expect(page.get_by_text("không lưu lần nữa")).to_be_visible()
        self.take(page, GUIDE / "tep-da-co.png", page.locator("[data-upload-list]"))
        page.goto(f"{self.dossier}chi-bao/2.1.1/minh-chung/chon/")
        self.take(page, GUIDE / "chon-tu-kho.png", page.locator(".sheet"))
        page.goto(f"{self.address}/minh-chung/")
        self.take(page, GUIDE / "kho-minh-chung.png", page.locator(".sheet"), from_top=True)
        page.get_by_role("link", name="3187/QĐ-UBND").first.click()
        page.wait_for_url(re.compile(r"/minh-chung/\d+/$"))
        page.get_by_text("Thêm tệp hoặc lập bản mới").click()
        self.take(page, GUIDE / "ban-moi.png", page.locator("[aria-labelledby=tep]"))
        page.context.close()

    def level(self) -> None:
        page = self.enter("vinhbao")
        page.goto(self.dossier)
        self.take(page, GUIDE / "muc-do.png", page.locator("section.finding"))
        page.goto(f"{self.dossier}thu-so-khac/")
        page.get_by_label("2.1.2").first.fill("25")
        expect(page.get_by_text("Với số này")).to_be_visible()
        self.take(page, GUIDE / "thu-so-khac.png", page.locator("#thu-so-khac"))
        page.context.close()

    def sending(self) -> None:
        page = self.enter("anduong.lanhdao")
        page.goto(f"{self.open_dossier(page, 'Huyện An Dương')}kiem-tra/")
        self.take(page, GUIDE / "kiem-tra.png", page.locator(".sheet"))
        page.context.close()

        page = self.enter("vinhbao.lanhdao")
        page.goto(f"{self.dossier}kiem-tra/")
        self.take(page, GUIDE / "gui.png", page.locator(".sheet"))
        for reason in page.get_by_label("Lý do vẫn gửi").all():
            reason.fill("Sẽ bổ sung khi Sở yêu cầu.")
        page.get_by_role("button", name="Gửi hồ sơ cho Sở").click()
        expect(page.get_by_text("Đã gửi hồ sơ")).to_be_visible()
        self.take(page, GUIDE / "da-gui.png", page.locator("section.finding"), from_top=True)
        page.context.close()

    def returned(self) -> None:
        page = self.enter("thuynguyen")
        page.goto(f"{self.address}/")
        self.take(page, GUIDE / "bi-tra-lai.png", page.locator(".home"), from_top=True)
        page.goto(f"{self.open_dossier(page, 'Huyện Thủy Nguyên')}chi-bao/2.1.2/")
        self.take(page, GUIDE / "tra-loi.png", page.locator("fieldset.request"))
        page.context.close()

        page = self.enter("ngoquyen.lanhdao")
        page.goto(f"{self.address}/ho-so/")  # its only one
        self.take(page, GUIDE / "da-cong-nhan.png", page.locator("section.finding"), from_top=True)
        page.context.close()

    def appraisal(self) -> None:
        page = self.enter("so.thamdinh")
        page.goto(f"{self.address}/")
        self.take(page, GUIDE / "so-viec-cua-toi.png", page.locator(".home"), from_top=True)
        dossier = self.dossier.replace("/ho-so/", "/tham-dinh/")
        page.goto(dossier)
        self.take(page, GUIDE / "tiep-nhan.png", page.locator("section.finding"), from_top=True)
        page.get_by_role("button", name="Tiếp nhận hồ sơ").click()
        page.goto(f"{dossier}chi-bao/2.1.2/")
        page.get_by_label("Điều chỉnh").check()
        page.locator("#id_achieved").fill("20")
        page.get_by_label("Lý do").fill("Ba xã chưa có quyết định công nhận.")
        expect(page.locator(".echo")).to_contain_text("Cả hồ sơ theo thẩm định")
        self.take(page, GUIDE / "tham-dinh-chi-bao.png", page.locator(".sheet"), from_top=True)
        page.get_by_role("button", name="Lưu, sang 2.2.1").click()
        page.get_by_label("Yêu cầu bổ sung").check()
        page.get_by_label("Lý do").fill("Gửi kèm danh sách các cơ quan, đơn vị.")
        page.get_by_role("button", name="Lưu, sang 2.2.2").click()
        page.goto(dossier)
        self.take(page, GUIDE / "tra-lai.png", page.locator(".below section").first)
        page.context.close()

    def reappraisal(self) -> None:
        page = self.enter("so.thamdinh")
        page.goto(f"{self.address}/tham-dinh/")
        page.get_by_role("link", name="Quận Lê Chân").first.click()
        self.take(page, GUIDE / "da-sua.png", page.locator("section.revisions"))
        page.get_by_role("link", name="Thẩm định 2.2.1", exact=True).click()
        page.locator("[data-opens-paper]").first.click()
        expect(page.locator("#xem-ten")).to_be_focused()
        page.wait_for_timeout(8000)  # the viewer of PDFs says nothing when it is ready
        if self.keeps:  # as the window is: the frame is as tall as a share of it
            _keep(
                page.screenshot(animations="disabled", caret="hide"), GUIDE / "xem-minh-chung.png"
            )
        page.context.close()

    def inspections(self) -> None:
        page = self.enter("so.thamdinh")
        page.goto(f"{self.address}/kiem-tra/")
        page.get_by_role("link", name="Quận Hải An").first.click()
        page.get_by_role("link", name="Ghi kết quả").click()
        page.get_by_label("Kết quả kiểm tra", exact=False).first.select_option(label="Đúng")
        self.take(
            page, GUIDE / "ghi-kiem-tra.png", page.locator("section.block").nth(0), from_top=True
        )
        page.goto(f"{self.address}/kiem-tra/")
        page.locator("table").get_by_role("link", name="Quận Lê Chân").click()
        closed = page.url
        self.take(page, GUIDE / "dua-vao-tham-dinh.png", page.locator(".feed").nth(1))
        page.get_by_role("link", name="Cách rút thăm, để rút lại").click()
        self.take(page, GUIDE / "cach-rut-tham.png", page.locator(".redo"), from_top=True)
        page.goto(closed)
        page.get_by_role("link", name="Hồ sơ quận Lê Chân").click()
        page.get_by_role("link", name="Rút thăm kiểm tra").click()
        for label, count in (("cơ quan khai khá", "3"), ("xã, phường khai khá", "2")):
            page.get_by_label(f"Rút thăm trong {label}").fill(count)
        self.take(page, GUIDE / "rut-tham.png", page.locator("form").last)
        page.context.close()

    def notices(self) -> None:
        page = self.enter("so.thamdinh")
        page.goto(f"{self.address}/thong-bao/")
        self.take(page, GUIDE / "thong-bao.png", page.locator("body"), from_top=True)
        page.context.close()

        page = self.enter("thuynguyen")
        page.goto(f"{self.address}/tai-khoan/")
        letters = page.locator("section", has=page.get_by_role("heading", name="Thư nhắc việc"))
        self.take(page, GUIDE / "thu-nhac-viec.png", letters)
        page.context.close()

    def city(self) -> None:
        """The city's dossier: an agency's part, a hand-over, who owes what, a return."""
        page = self.enter("sotttt")
        self._open_city(page)
        self.take(page, GUIDE / "phan-viec.png", page.locator("table.register"), from_top=True)
        page.get_by_role("link", name="Sửa 2.2.2, rồi bàn giao lại").click()
        self.take(page, GUIDE / "chi-bao-bi-tra.png", page.locator(".desk .notice"), from_top=True)
        page.context.close()

        page = self.enter("sonoivu.lanhdao")
        self._open_city(page)
        page.get_by_role("link", name="Kiểm tra, bàn giao 3.2.4").click()
        self.take(page, GUIDE / "ban-giao.png", page.locator(".sheet"))
        page.get_by_role("button", name="Bàn giao 3.2.4").click()
        page.wait_for_load_state()
        page.context.close()

        page = self.enter("so.tonghop")
        self._open_city(page)
        self.take(page, GUIDE / "ho-so-thanh-pho.png", page.locator(".finding"), from_top=True)
        page.get_by_role("link", name="Xem theo cơ quan").click()
        rows = page.locator("table.register tbody tr")
        self.take(page, GUIDE / "theo-co-quan.png", rows.nth(11), from_top=True)
        page.get_by_role("link", name="Trả lại 3.2.4").click()
        page.get_by_label("Cần làm thêm gì").fill("Gửi kèm danh sách cấp ủy có nữ (tập huấn).")
        self.take(page, GUIDE / "tra-lai-chi-bao.png", page.locator(".sheet"))
        page.go_back()
        page.get_by_role("link", name="Sửa phân công 2.2.4").click()
        self.take(page, GUIDE / "phan-cong.png", page.locator(".sheet"))
        page.context.close()

    def _open_city(self, page: Page) -> None:
        page.get_by_role("link", name="Hồ sơ", exact=True).first.click()
        page.locator("tr", has_text="Tập huấn").get_by_role("link").click()

    def confirmation(self) -> None:
        """The Sở's leader confirms what the practice round has ready for it."""
        page = self.enter("so.lanhdao")
        self.take(page, GUIDE / "lanh-dao-so-viec.png", page.locator(".home"), from_top=True)
        page.get_by_role("link", name="Xác nhận kết quả thẩm định Hồng Bàng").click()
        decide = page.locator("details.step").last
        decide.locator("summary").click()
        self.take(page, GUIDE / "xac-nhan.png", *page.locator("details.step").all())
        decide.locator("summary").click()
        page.get_by_role("button", name="Xác nhận kết quả thẩm định").click()
        page.wait_for_load_state()
        page.context.close()

    def council(self) -> None:
        """A session that has been planned is read and heard; another is held today."""
        page = self.enter("hoidong")
        page.get_by_role("link", name="Cho ý kiến 2 hồ sơ").click()
        self.take(page, GUIDE / "phien-hop.png", page.locator("table.agenda"), from_top=True)
        page.get_by_role("link", name="Cho ý kiến 2 hồ sơ").click()
        page.get_by_label("Cần làm rõ").check()
        page.get_by_label("Nội dung").fill("Đề nghị nêu rõ nguồn số liệu của 2.2.1.")
        self.take(
            page, GUIDE / "cho-y-kien.png", page.locator(".below section").first, from_top=True
        )
        page.context.close()

        page = self.enter("so.thamdinh")
        page.goto(f"{self.address}/phien-hop/")
        page.get_by_role("link", name="Lập phiên họp").click()
        page.get_by_label("Ngày họp").fill(today())
        page.get_by_label("Giờ họp").fill("14:00")
        self.take(page, GUIDE / "lap-phien-hop.png", page.locator(".sheet"))
        page.get_by_role("button", name="Lập phiên họp").click()
        page.get_by_role("link", name="Ghi biên bản").first.click()
        page.get_by_label("Ý kiến tại phiên họp").fill("3.1.1 không đạt (số liệu tập huấn).")
        page.get_by_label("Phiếu đồng ý").fill("5")
        page.get_by_label("Phiếu không đồng ý").fill("0")
        page.locator("[name^=concluded_level]").select_option(label="Không công nhận")
        page.get_by_label("Lời kết luận").fill("Chưa đề nghị công nhận.")
        self.take(page, GUIDE / "bien-ban.png", page.locator(".sheet"))
        page.get_by_role("button", name="Lưu biên bản").click()
        expect(page.get_by_text("Đã lưu biên bản")).to_be_visible()
        end = page.get_by_role("button", name="Kết thúc phiên họp")
        self.take(page, GUIDE / "ket-thuc-phien-hop.png", page.locator("section", has=end))
        end.click()
        expect(page.get_by_text("Đã kết thúc phiên họp")).to_be_visible()
        page.context.close()

    def decision(self) -> None:
        page = self.enter("so.lanhdao")
        page.goto(f"{self.address}/quyet-dinh/")
        self.take(page, GUIDE / "quyet-dinh.png", page.locator(".sheet"), from_top=True)
        page.get_by_role("link", name="Ghi quyết định").click()
        for name, text in (
            ("number", "02/QĐ-TH"),
            ("signed_on", today()),
            ("signer_name", "Người ký (tập huấn)"),
            ("signer_position", "Phó Chủ tịch UBND thành phố"),
        ):
            page.locator(f"[name={name}]").fill(text)
        self.take(page, GUIDE / "ghi-quyet-dinh.png", page.locator(".sheet"))
        page.goto(f"{self.address}/quyet-dinh/")
        page.get_by_role("link", name="01/QĐ-TH").click()
        levels = page.locator(".below section").first
        self.take(page, GUIDE / "mot-quyet-dinh.png", levels, from_top=True)
        page.get_by_role("link", name="Ghi quyết định thay").click()
        page.get_by_label("Lý do thay").fill("Quyết định trước ghi nhầm mức độ của một quận.")
        self.take(page, GUIDE / "thay-quyet-dinh.png", page.locator(".sheet"))
        page.context.close()

    def watching(self) -> None:
        page = self.enter("theodoi")
        self.take(page, GUIDE / "theo-doi-viec.png", page.locator(".home"), from_top=True)
        page.goto(f"{self.address}/quyet-dinh/")
        page.get_by_role("link", name="Quận, huyện được công nhận").click()
        self.take(page, GUIDE / "duoc-cong-nhan.png", page.locator(".sheet"), from_top=True)
        page.context.close()

    def board(self) -> None:
        page = self.enter("so.thamdinh")
        page.goto(f"{self.address}/bang-theo-doi/")
        self.take(page, GUIDE / "bang-theo-doi.png", page.locator(".mapside"), from_top=True)
        self.take(page, README / "bang-theo-doi.png", page.locator(".mapside"), from_top=True)
        page.context.close()

    def trail(self) -> None:
        page = self.enter("thuynguyen.lanhdao")
        page.goto(f"{self.open_dossier(page, 'Huyện Thủy Nguyên')}qua-trinh/")
        ninth = page.locator(".trail-lines > li").nth(8)
        self.take(page, GUIDE / "qua-trinh.png", ninth, from_top=True)
        page.context.close()
        page = self.enter("so.thamdinh")
        page.goto(f"{self.open_dossier(page, 'Quận Lê Chân')}qua-trinh/")
        page.get_by_role("link", name="Sửa những gì").first.click()
        self.take(page, GUIDE / "lan-gui.png", page.locator(".sheet"), from_top=True)
        page.context.close()

    def reports(self) -> None:
        page = self.enter("so.thamdinh")
        page.goto(f"{self.address}/bang-theo-doi/")
        page.get_by_role("link", name="Lập báo cáo").click()
        centre = page.url
        self.order(page, "Bảng tổng hợp", "Excel")
        page.goto(centre)
        self.order(page, "Ma trận", "PDF")
        page.goto(centre)
        self.order(page, "Bảng tổng hợp", "PDF")
        self.take(page, GUIDE / "luot-in.png", page.locator(".sheet"), from_top=True)
        page.goto(f"{self.address}/bao-cao/")
        self.take(page, GUIDE / "bao-cao.png", page.locator(".sheet"), from_top=True)
        page.goto(f"{self.address}/bao-cao/da-dat/")
        self.take(page, GUIDE / "tep-da-dat.png", page.locator(".sheet"), from_top=True)
        self.open_reports(page, "Quận Hải An")
        paper = self.fetch(page, "Báo cáo tự đánh giá", "Word")
        self.open_reports(page, "Quận Hải An")
        book = self.fetch(page, "Danh mục minh chứng", "Excel")
        self.take_paper(self.as_printed(paper), GUIDE / "tep-word.png", width=760, share=0.75)
        self.take_paper(self.as_printed(book), GUIDE / "tep-excel.png", width=1100, share=0.5)
        page.context.close()

    def checks(self) -> None:
        """A print that somebody without an account holds in their hand."""
        page = self.enter("so.thamdinh")
        self.open_reports(page, "Quận Hải An")
        paper = self.fetch(page, "Báo cáo tự đánh giá", "PDF")
        page.context.close()
        self.take_paper(paper, GUIDE / "chan-trang.png", width=1000, share=0.085, from_end=True)

        said = PdfReader(paper).pages[0].extract_text()
        number, mark = re.search(r"Lượt in số (\d+),.*nội dung ([0-9a-f]{12})", said, re.S).groups()
        page = self.open_window()
        page.goto(f"{self.address}/kiem-tra-ban-in/{number}/?dau={mark}")
        page.get_by_role("button", name="Kiểm tra", exact=True).click()
        expect(page.get_by_text("Khớp:")).to_be_visible()
        self.take(page, GUIDE / "kiem-tra-ban-in.png", page.locator(".sheet"))
        page.context.close()

    def package(self) -> None:
        page = self.enter("so.thamdinh")
        self.open_reports(page, "Quận Hải An")
        packed = self.fetch(page, "Hồ sơ đóng gói", "ZIP")
        page.context.close()
        folder = self.folder / "dong-goi"
        with ZipFile(packed) as opened:
            opened.extractall(folder)
        page = self.open_window()
        page.goto((folder / "index.html").as_uri())
        rows = page.locator("table").last.locator("tr")
        self.take(page, GUIDE / "ho-so-dong-goi.png", rows.nth(5), from_top=True)
        page.context.close()

    def papers(self) -> None:
        """Of a session of the council that is closed and has recognised somebody."""
        page = self.enter("so.thamdinh")
        page.goto(f"{self.address}/bao-cao/")
        closed = page.locator(".subjects li", has_text="đã kết thúc").last
        closed.get_by_role("link").click()
        self.order(page, "Dự thảo Quyết định", "Word")
        page.go_back()
        page.reload()
        self.take(page, GUIDE / "van-ban-phien-hop.png", page.locator(".sheet"), from_top=True)
        paper = self.fetch(page, "Tờ trình", "PDF")
        self.take_paper(paper, GUIDE / "to-trinh.png", width=700)
        page.context.close()

    def words(self) -> None:
        page = self.enter("so.thamdinh")
        page.goto(f"{self.address}/bao-cao/")
        row = page.get_by_role("row", name=re.compile("Báo cáo kết quả thí điểm"))
        row.get_by_role("link", name="Sửa lời văn").click()
        progress = page.locator("#tien-do")
        progress.get_by_label("Lời văn in trong báo cáo").fill(
            "Các đơn vị gửi hồ sơ đúng tiến độ; một huyện được gia hạn theo đề nghị."
        )
        page.get_by_role("button", name="Lưu lời văn").last.click()
        self.take(page, GUIDE / "loi-van.png", page.locator("#tien-do"))
        page.goto(f"{self.address}/bao-cao/")
        paper = self.fetch(page, "Báo cáo kết quả thí điểm", "PDF")
        self.take_paper(paper, GUIDE / "bao-cao-gui-bo.png", width=700)
        page.context.close()

    def open_reports(self, page: Page, unit: str) -> None:
        page.goto(f"{self.address}/bao-cao/")
        page.get_by_role("link", name=unit, exact=True).click()

    def order(self, page: Page, name: str, kind: str) -> None:
        """By the button in the row of the report; ends on the page of the run, which is done."""
        row = page.get_by_role("row", name=re.compile(name)).first
        row.get_by_role("button", name=re.compile(rf"^{kind}\s*:")).click()
        page.wait_for_url(re.compile(r"/bao-cao/\d+/$"))
        expect(page.get_by_role("link", name="Tải về")).to_be_visible(timeout=60_000)
        page.reload()

    def fetch(self, page: Page, name: str, kind: str) -> Path:
        self.order(page, name, kind)
        with page.expect_download() as caught:
            page.get_by_role("link", name="Tải về").click()
        path = self.folder / caught.value.suggested_filename
        caught.value.save_as(path)
        return path

    def as_printed(self, path: Path) -> Path:
        """What LibreOffice makes of a file of Word or Excel, as a PDF."""
        run_tool(
            "soffice",
            "--headless",
            f"-env:UserInstallation={(self.folder / 'soffice').as_uri()}",
            *("--convert-to", "pdf", "--outdir", str(self.folder / "in"), str(path)),
        )
        return self.folder / "in" / f"{path.stem}.pdf"

    def take_paper(
        self, paper: Path, path: Path, *, width: int, share: float = 1, from_end: bool = False
    ) -> None:
        """The first page of a PDF, or that share of it from its upper edge, or its lower."""
        if not self.keeps:
            return
        drawn = self.folder / path.stem
        run_tool(
            "pdftoppm",
            *("-f", "1", "-l", "1", "-singlefile", "-png", "-scale-to-x", str(width)),
            *("-scale-to-y", "-1", str(paper), str(drawn)),
        )
        with Image.open(drawn.with_suffix(".png")) as page:
            edge = round(page.height * share)
            box = (0, page.height - edge, width, page.height) if from_end else (0, 0, width, edge)
            cut = BytesIO()
            ImageOps.expand(page.crop(box), border=1, fill="#d9d4c9").save(cut, "png")
        _keep(cut.getvalue(), path)

    def rounds(self) -> None:
        page = self.enter("quantri")
        page.goto(f"{self.address}/dot/")
        page.get_by_role("link", name="Tập huấn").first.click()
        self.take(page, GUIDE / "dot.png", page.locator(".home"), from_top=True)
        page.locator("#cach-hieu").get_by_role("link").first.click()
        self.take(page, GUIDE / "cach-hieu.png", page.locator(".sheet"))
        page.context.close()

    def next_round(self) -> None:
        """A round like the one of practice, as far as the summary before it is opened."""
        page = self.enter("quantri")
        page.goto(f"{self.address}/dot/")
        page.get_by_role("link", name="Tập huấn").first.click()
        practice = page.url
        page.get_by_role("link", name="Chép thành đợt mới").click()
        self.take(page, GUIDE / "dot-chep.png", page.locator(".sheet"))
        page.get_by_role("button", name="Lập đợt mới").click()
        expect(page.get_by_text("Đã lập đợt mới")).to_be_visible()
        plan = page.url
        steps = page.locator(".steps-to-open")
        self.take(page, GUIDE / "dot-chuan-bi.png", steps, from_top=True)
        page.get_by_role("link", name="Sửa danh sách").click()
        self.take(page, GUIDE / "dot-don-vi.png", page.locator(".sheet"))
        page.goto(f"{plan}lich/")
        self.take(page, GUIDE / "dot-lich.png", page.locator(".sheet"))
        page.goto(f"{plan}mo/")
        self.take(page, GUIDE / "dot-mo.png", page.locator(".sheet"))
        page.goto(f"{practice}dong/")
        self.take(page, GUIDE / "dot-dong.png", page.locator(".sheet"))
        page.context.close()

    def second_factor(self) -> None:
        """One of the council sets it up, comes in by code, and has an administrator reset it."""
        name = "hoidong2"
        page = self.enter(name)
        page.goto(f"{self.address}/tai-khoan/hai-buoc/cai-dat/")
        self.take(page, GUIDE / "cai-hai-buoc.png", page.locator(".sheet"))
        key = b32decode(page.locator(".secret").inner_text().replace(" ", ""))
        page.get_by_label("Mã 6 số").fill(f"{totp(key):06d}")
        page.get_by_label("Mật khẩu hiện tại").fill(PASSWORD)
        page.get_by_role("button", name="Bật xác thực hai bước").click()
        self.take(page, GUIDE / "ma-khoi-phuc.png", page.locator(".sheet"))
        page.goto(f"{self.address}/tai-khoan/hai-buoc/")
        self.take(page, GUIDE / "hai-buoc.png", page.locator(".sheet"))

        other = self.open_window()
        other.goto(f"{self.address}/dang-nhap/")
        for password in ("sai-mat-khau", PASSWORD):
            other.get_by_label("Tên đăng nhập").fill(name)
            other.locator("[name=password]").fill(password)
            other.get_by_role("button", name="Đăng nhập").click()
        self.take(other, GUIDE / "nhap-ma.png", other.locator(".door .sheet"))
        other.get_by_label("Mã 6 số").fill(f"{totp(key, drift=1):06d}")
        other.get_by_role("button", name="Đăng nhập").click()
        other.wait_for_url(f"{self.address}/")
        page.goto(f"{self.address}/tai-khoan/dang-nhap/")
        self.take(page, GUIDE / "phien-dang-nhap.png", page.locator(".sheet"))
        other.context.close()
        page.context.close()

        page = self.enter("quantri")
        page.goto(f"{self.address}/nguoi-dung/nhat-ky-dang-nhap/")
        self.take(page, GUIDE / "nhat-ky-dang-nhap.png", page.locator(".sheet"))
        page.goto(f"{self.address}/nguoi-dung/")
        page.get_by_role("row", name=name).get_by_role("link").click()
        reset = page.locator("section", has=page.get_by_text("Đặt lại xác thực hai bước"))
        reset.locator("summary").click()
        self.take(page, GUIDE / "dat-lai-hai-buoc.png", reset)
        page.context.close()

    # --- One dossier's daily work -------------------------------------------------------------

    def open_dossier(self, page: Page, unit: str) -> str:
        """The dossier of the practice round, which the list shows first."""
        page.goto(f"{self.address}/ho-so/")
        page.get_by_role("row", name="Tập huấn").get_by_role("link", name=unit).click()
        page.wait_for_url(re.compile(r"/ho-so/\d+/$"))
        return page.url

    def open_register(self, page: Page, link: str) -> None:
        page.goto(f"{self.address}/ket-qua-don-vi/")
        page.get_by_role("link", name=link).click()

    def rate_units(self) -> None:
        """Both lists whole, posted by their one button: many rows at once need no script."""
        page = self.enter("vinhbao", with_script=False)
        for link, every in NOT_GOOD.items():
            self.open_register(page, link)
            for number, row in enumerate(page.locator("tbody[id^=dong-]").all(), start=1):
                # What a unit stated itself is confirmed as it is: "Tốt, 88".
                stated = row.locator(".own-cell").inner_text().strip().split(",")[0]
                if stated not in ("Tốt", "Khá", "Trung bình"):
                    stated = "Khá" if number % every else "Trung bình"
                row.locator("select").select_option(label=stated)
                for column, text in zip(("number", "day"), DECIDED, strict=True):
                    row.locator(f"[data-column={column}]").fill(text)
            page.get_by_role("button", name="Lưu các dòng của trang này").click()
            expect(page.get_by_text(re.compile(r"Đã lưu \d+ dòng"))).to_be_visible(timeout=30_000)
        page.context.close()

    def fill(self, page: Page, code: str) -> None:
        page.goto(f"{self.dossier}chi-bao/{code}/")
        if code in DOCUMENTS:
            page.get_by_label("Đạt", exact=True).check()
        for name, text in FIGURES.get(code, {}).items():
            if name.endswith("percent"):
                page.locator(f"#id_{name}").fill(text)
                page.get_by_label("Nguồn của tỷ lệ").fill("Báo cáo năm của Phòng TN&MT")
            else:
                page.locator(f"#id_{name}").fill(text)
        page.get_by_label("Phù hợp", exact=True).check()
        page.get_by_label("Thuyết minh").fill("Số liệu tập huấn, tự đặt để thực hành.")
        self.wait_until_saved(page)

    def type_in(self, page: Page, name: str, text: str) -> None:
        page.locator(f"#id_{name}").fill(text)
        self.wait_until_saved(page)

    def wait_until_saved(self, page: Page) -> None:
        expect(page.locator("#trang-thai-luu")).to_contain_text("Đã lưu lúc", timeout=15_000)

    def upload(
        self, page: Page, code: str, paper: Path, number: str, summary: str, cited: str = ""
    ) -> None:
        page.goto(f"{self.dossier}chi-bao/{code}/minh-chung/tai-len/")
        page.get_by_label("Số, ký hiệu").fill(number)
        page.get_by_label("Ngày ban hành").fill("05/12/2022")
        page.get_by_label("Cơ quan ban hành").fill("UBND huyện Vĩnh Bảo")
        page.get_by_label("Trích yếu").fill(summary)
        page.get_by_label("Trang, mục trích dẫn").fill(cited)
        page.locator("input[type=file]").first.set_input_files(paper)
        expect(page.get_by_text("đã lưu, mã")).to_be_visible(timeout=15_000)
        page.get_by_role("button", name="lưu", exact=False).last.click()
        page.wait_for_load_state()

    def reuse(self, page: Page, code: str) -> None:
        page.goto(f"{self.dossier}chi-bao/{code}/minh-chung/chon/")
        page.get_by_role("checkbox", name="12/BC-UBND").check()
        page.get_by_role("button", name=f"Dùng cho {code}").click()
        expect(page.get_by_text(f"H{code}-01").first).to_be_visible()


if __name__ == "__main__":
    main()
