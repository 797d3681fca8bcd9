"""What is done on one machine is there on the other; what lies on either alone nobody needs.

Each function gives pairs of what should hold, in words, and whether it does.
"""

import hashlib
import io
import random
import time
import urllib.request
from collections.abc import Iterator
from urllib.request import Request

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from evaluations.models import IndicatorResult, StoredFile
from reports.models import ReportRun
from tests.chaos.browser import SIGN_IN, TIMEOUT, Browser, forms_in
from tests.chaos.machine import HOST
from tests.chaos.office import ORDER, RUN
from tests.chaos.people import picture
from tests.machines.computers import Computer
from tests.machines.site import TOKEN, Site

Held = Iterator[tuple[str, bool]]
BUILT_WITHIN = 180
EDITOR, UNIT = "vinhbao", "316"
APPRAISER, SENT = "so.thamdinh2", "304"  # a dossier that was handed in, of which there is a package
LOCKED, TRIES = "haian", 5
GAUGES = ("reports_waiting", "reports_running", "mails_waiting")


class Visitor:
    """One person with one set of cookies, who comes to the one machine and to the other."""

    def __init__(self, site: Site, username: str):
        self.site = site
        self.main = Browser(f"http://{HOST}:{site.machine.web_port}", username)

    def at(self, computer: Computer) -> Browser:
        browser = Browser(f"http://{HOST}:{self.site.machine.port_of(computer)}", EDITOR)
        browser.username = self.main.username
        browser.cookies, browser.opener = self.main.cookies, self.main.opener
        return browser


def fetch(browser: Browser, path: str) -> bytes:
    """A file as it came."""
    with browser.opener.open(Request(browser.site + path), timeout=TIMEOUT) as answer:
        return answer.read()


def everything(site: Site, dossiers: dict[str, tuple[int, int]]) -> Held:
    a, b = site.computers
    visitor = Visitor(site, EDITOR)
    dossier, _ = dossiers[UNIT]
    yield from sessions(visitor, a, b)
    yield from files(visitor, a, b, dossier)
    yield from words(visitor, a, b, dossier)
    yield from reports(visitor, dossier)
    yield from printed(Visitor(site, APPRAISER), a, b, dossiers[SENT][0], "zip")
    yield from limits(site, a, b)
    yield from figures(a, b)
    count = a.wipe() + b.wipe()
    yield f"đã xóa {count} tệp trong thư mục riêng của hai máy giữa lúc chạy", count > 0
    yield from sessions(Visitor(site, "anduong"), b, a)
    yield from files(visitor, b, a, dossier)
    yield from words(visitor, b, a, dossier)
    yield from printed(visitor, b, a, dossier, "docx")
    yield from figures(a, b)


def sessions(visitor: Visitor, one: Computer, other: Computer) -> Held:
    first, second = visitor.at(one), visitor.at(other)
    signed_in = first.get("/").status == 200 and first.sign_ins == 1
    page = second.get("/")
    is_known = page.status == 200 and second.sign_ins == 0
    yield f"vào ở {one.name}, mở tiếp ở {other.name} không phải vào lại", signed_in and is_known


def files(visitor: Visitor, one: Computer, other: Computer, dossier: int) -> Held:
    """Large enough to lie on the disk of the machine while it comes in."""
    data = picture(random.Random(), 3500 * 1024)
    path = f"/ho-so/{dossier}/chi-bao/1.1.1/minh-chung/tai-len/"
    browser = visitor.at(one)
    form = browser.form(path, path)
    scan = SimpleUploadedFile("quet.png", data)
    words = {"fragment": "1", "files": scan, "number": "1/KH", "issued_on": "25/11/2022"}
    browser.upload(path, form.fields | words | {"issuer": "UBND (tập huấn)"})
    kept = StoredFile.objects.filter(sha256=hashlib.sha256(data).hexdigest()).first()
    yield f"tệp gửi ở {one.name} được lưu", kept is not None
    if kept:
        for way, address in (("tải về", ""), ("xem trước", "xem/")):
            came = fetch(visitor.at(other), f"/minh-chung/tep/{kept.pk}/{address}")
            yield f"tệp ấy {way} ở {other.name} đúng từng byte", came == data


def words(visitor: Visitor, one: Computer, other: Computer, dossier: int) -> Held:
    path = f"/ho-so/{dossier}/chi-bao/1.2.1/"
    text = f"Ghi từ {one.name} lúc {time.time()}"
    browser = visitor.at(one)
    form = browser.form(path, path)
    browser.post(path, form.fields | {"explanation": text}, {"HX-Request": "true"})
    row = IndicatorResult.objects.get(evaluation=dossier, indicator__code="1.2.1")
    seen = visitor.at(other).get(path).text
    yield f"chữ tự lưu ở {one.name} hiện ở {other.name}", row.explanation == text and text in seen


def reports(visitor: Visitor, dossier: int) -> Held:
    """Built once by the worker of either, whoever took the order."""
    site = visitor.site
    for resting, working in (site.computers, reversed(site.computers)):
        site.stop(f"worker {resting.name}")
        built_by = f"celery@{working.name}"
        # Ordered where no worker runs, fetched where the file was not asked for.
        yield from printed(visitor, resting, working, dossier, "pdf", built_by)
        site.all[f"worker {resting.name}"].start()


def printed(
    visitor: Visitor,
    one: Computer,
    other: Computer,
    dossier: int,
    file_type: str,
    built_by: str = "",
) -> Held:
    """Ordered at one, fetched at both."""
    browser = visitor.at(one)
    page = browser.get(f"/bao-cao/?ho-so={dossier}").text
    offers = [f.fields for f in forms_in(page) if f.action == ORDER]
    fit = [fields for fields in offers if fields.get("file_type") == file_type]
    yield f"{file_type} có thể đặt ở {one.name}", bool(fit)
    if not fit:
        return
    offer = fit[0]
    number = int(RUN.match(browser.post(ORDER, offer).leads_to)[1])
    run = _ended(number)
    by = run.worker or "chưa ai"
    yield f"{file_type} đặt ở {one.name} dựng xong ({by})", run.status == "ready"
    if built_by:
        yield f"chỉ có {built_by} chạy và nó đã dựng", run.worker == built_by
    if run.status != "ready":
        return
    came = [fetch(visitor.at(each), f"/bao-cao/{number}/tai-ve/") for each in (other, one)]
    is_whole = {hashlib.sha256(each).hexdigest() for each in came} == {run.sha256}
    yield f"{file_type} ấy tải ở {other.name} và {one.name} đúng từng byte", is_whole
    if file_type == "zip":
        yield "hồ sơ đóng gói qua được verify_package", _is_package(site=visitor.site, data=came[0])


def _ended(number: int) -> ReportRun:
    deadline = time.monotonic() + BUILT_WITHIN
    while time.monotonic() < deadline:
        run = ReportRun.objects.get(pk=number)
        if not run.is_active:
            break
        time.sleep(0.5)
    return run


def _is_package(*, site: Site, data: bytes) -> bool:
    path = site.machine.folder / "ho-so.zip"
    path.write_bytes(data)
    try:
        call_command("verify_package", str(path), stdout=io.StringIO(), stderr=io.StringIO())
    except CommandError:
        return False
    return True


def limits(site: Site, a: Computer, b: Computer) -> Held:
    """Wrong passwords count together, and what they close is closed on both."""
    visitor = Visitor(site, LOCKED)
    yield "mật khẩu đúng vào được khi chưa sai lần nào", _try_password(Visitor(site, LOCKED).at(a))
    tries = [a, b] * TRIES
    said = [_try_password(visitor.at(each), "sai-mat-khau") for each in tries[:TRIES]]
    yield f"{TRIES} lần sai mật khẩu, lần lượt ở hai máy, không lần nào vào được", not any(said)
    right = [_try_password(visitor.at(each)) for each in (a, b)]
    yield "sau đó mật khẩu đúng cũng bị khóa, ở cả hai máy", not any(right)


def _try_password(browser: Browser, password: str | None = None) -> bool:
    from evaluations.demo.people import PASSWORD

    form = browser.form(SIGN_IN, SIGN_IN)
    words = {"username": browser.username, "password": password or PASSWORD}
    return browser.post(SIGN_IN, form.fields | words).status == 302


def figures(a: Computer, b: Computer) -> Held:
    """Each tells of its own answers, both of the same queue."""
    told = [_metrics(each) for each in (a, b)]
    own = [{line for line in each if line.startswith("hocxahoi_answer_seconds")} for each in told]
    yield "/metrics của mỗi máy kể lượt trả lời của riêng nó", all(own) and own[0] != own[1]
    shared = [
        {line for line in each if line.startswith(tuple(f"hocxahoi_{name} " for name in GAUGES))}
        for each in told
    ]
    yield (
        "/metrics của hai máy kể cùng một hàng đợi",
        len(shared[0]) == len(GAUGES) and shared[0] == shared[1],
    )
    ready = [_ask(each, "/readyz") for each in (a, b)]
    yield (
        "/readyz của cả hai máy: cơ sở dữ liệu và kho tệp trả lời",
        all(b'"database": "ok"' in each and b'"storage": "ok"' in each for each in ready),
    )


def _metrics(computer: Computer) -> list[str]:
    return _ask(computer, "/metrics").decode().splitlines()


def _ask(computer: Computer, path: str) -> bytes:
    """Past nginx, which hands these to nobody."""
    address = f"http://{computer.address}:{computer.port}{path}"
    request = Request(address, headers={"Authorization": f"Bearer {TOKEN}"})
    return urllib.request.urlopen(request, timeout=TIMEOUT).read()
