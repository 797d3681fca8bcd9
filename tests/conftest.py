"""People and places that the tests share."""

import os
import shutil
import socket
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db.backends.signals import connection_created
from playwright.sync_api import expect

from organisations.append_only import EMPTYING, SETTING
from organisations.models import Role
from tests.factories import make_agency, make_city, make_department, make_district, make_user

WHOLE_CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
# The one without windows, where it is: the same engine, a quarter quicker. It shows no PDF.
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or WHOLE_CHROMIUM
NO_CHROMIUM = "không có Chromium trên máy này: apt-get install chromium"
PATIENCE = 15_000  # ms; a busy machine is not a broken page
CLAMD = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")
NO_CLAMD = "không có clamd trên máy này: apt-get install clamav-daemon"
# What asks little of the database, or asks it what other tests ask: looked at on SQLite alone.
ONCE = (
    "tests/access/",
    "tests/criteria/",
    "tests/evaluations/test_city_parts.py",
    "tests/evaluations/test_clamd.py",
    "tests/evaluations/test_council_pages.py",
    "tests/evaluations/test_counted_pages.py",
    "tests/evaluations/test_counted_states.py",
    "tests/evaluations/test_decision_pages.py",
    "tests/evaluations/test_dossier_pages.py",
    "tests/evaluations/test_every_write.py",
    "tests/evaluations/test_evidence_pages.py",
    "tests/evaluations/test_hostile_files.py",
    "tests/evaluations/test_inspection_pages.py",
    "tests/evaluations/test_load_demo",
    "tests/evaluations/test_sheet_pages.py",
    "tests/evaluations/test_title_pages.py",
    "tests/evaluations/test_unit_reading.py",
    "tests/evaluations/test_unsent_verdicts.py",
    "tests/evaluations/workbook/",
    "tests/operations/",
    "tests/organisations/test_limited_views.py",
    "tests/organisations/test_people.py",
    "tests/organisations/test_spreadsheets.py",
    "tests/reports/",
    "tests/test_access.py",
    "tests/test_bodies.py",
    "tests/test_compose.py",
    "tests/test_consistency.py",
    "tests/test_demo.py",
    "tests/test_frame.py",
    "tests/test_guide.py",
    "tests/test_logs.py",
    "tests/test_personal_data.py",
    "tests/test_settings.py",
    "tests/test_sight.py",
    "tests/test_uploads.py",
    "tests/upkeep/test_archive.py",
    "tests/upkeep/test_backup_commands.py",
    "tests/upkeep/test_backup_faults.py",
    "tests/upkeep/test_encryption.py",
    "tests/upkeep/test_retention.py",
    "tests/upkeep/test_stored_files.py",
)
# Of those, what the two databases could answer differently; every page is opened there, too.
ON_BOTH = (
    "tests/access/test_opened.py",
    "tests/access/test_questions.py",
    "tests/evaluations/workbook/test_uploads.py",
    "tests/reports/ministry/test_report.py",
    "tests/reports/test_actions.py",
    "tests/reports/test_orders_at_once.py",
    "tests/reports/test_tasks.py",
    "tests/reports/test_views.py",
    "tests/reports/test_worker.py",
)
# Minutes each: begun first, so that no process ends alone with one of them.
LONG = (
    "tests/e2e/test_pages.py",
    "tests/e2e/test_whole_way.py",
    "tests/e2e/test_without_javascript.py",
)
BROWSER_FIXTURES = {"browser", "context", "new_context", "page", "whole_browser"}


def pytest_configure(config):
    """Asked to run on servers that do not answer, say so once instead of in every test."""
    expect.set_options(timeout=PATIENCE)
    for name in ("DATABASE_URL", "REDIS_URL"):
        url = urlsplit(os.environ.get(name, ""))
        if url.hostname and not _answers(url.hostname, url.port):
            raise pytest.UsageError(f"{name}: {url.hostname}:{url.port} không trả lời")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items):
    """Whatever asks for a page is a browser test, marked so by hand or not.

    Marked before anybody chooses by marks; put in order after all others have.
    """
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
        if item.nodeid.startswith(ONCE) and not item.nodeid.startswith(ON_BOTH):
            item.add_marker("once")
        if item.get_closest_marker("browser") and CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))
        if item.get_closest_marker("services") and not os.environ.get("REDIS_URL"):
            item.add_marker(pytest.mark.skip(reason="cần PostgreSQL và Redis: make test-services"))
    answer = yield
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
    return answer


def pytest_terminal_summary(terminalreporter):
    if CHROMIUM is None:
        terminalreporter.write_line(f"Bỏ qua mọi kiểm thử trình duyệt: {NO_CHROMIUM}")
    if CLAMD is None:
        terminalreporter.write_line(f"Bỏ qua kiểm thử với clamd thật: {NO_CLAMD}")


def _answers(host: str, port: int | None) -> bool:
    try:
        socket.create_connection((host, port or 0), timeout=3).close()
    except OSError:
        return False
    return True


@connection_created.connect
def _let_tests_empty_the_trails(connection, **kwargs):
    """A test that commits ends by emptying every table, which PostgreSQL else refuses of these."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, EMPTYING])


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's own Chromium, quiet: it asks nobody for anything."""
    return _launched(browser_type_launch_args, CHROMIUM)


@pytest.fixture
def whole_browser(browser_type, browser_type_launch_args):
    """One that shows PDFs, as an officer's does."""
    if WHOLE_CHROMIUM is None:
        pytest.skip(NO_CHROMIUM)
    browser = browser_type.launch(**_launched(browser_type_launch_args, WHOLE_CHROMIUM))
    yield browser
    browser.close()


def _launched(arguments: dict, path: str | None) -> dict:
    quiet = ("quic", "background-networking", "component-update", "sync", "gpu")
    return {
        **arguments,
        "executable_path": path,
        "args": ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in quiet)],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
        "viewport": {"width": 1280, "height": 720},
    }


@pytest.fixture(autouse=True)
def _quick_and_contained(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def district(db):
    return make_district("Huyện Vĩnh Bảo", code="316")


@pytest.fixture
def editor(district):
    return make_user(Role.EDITOR, district, full_name="Phạm Thị Nhập")


@pytest.fixture
def leader(district):
    return make_user(Role.LEADER, district, full_name="Trần Văn Trưởng")


@pytest.fixture
def appraiser(db):
    return make_user(Role.APPRAISER, make_department(), full_name="Lê Thị Thẩm")


@pytest.fixture
def approver(db):
    return make_user(Role.APPROVER, make_department(), full_name="Vũ Văn Duyệt")


@pytest.fixture
def council_member(db):
    return make_user(Role.COUNCIL, make_city(), full_name="Hoàng Văn Hội")


@pytest.fixture
def observer(db):
    return make_user(Role.OBSERVER, make_agency("Hội Khuyến học Hải Phòng", "HKH"))


@pytest.fixture
def administrator(db):
    return make_user(Role.ADMINISTRATOR, make_department(), full_name="Đỗ Thị Quản")


@pytest.fixture
def outsider(db):
    """The leader of another district."""
    return make_user(Role.LEADER, make_district("Quận Lê Chân", code="305"))


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_kept():
    """As in service: a browser asks for a static file once, not again on each page of a test."""

    def serve(handler, request):
        answer = original(handler, request)
        answer.headers.setdefault("Cache-Control", "max-age=600")
        return answer

    original = StaticFilesHandler.serve
    StaticFilesHandler.serve = serve
    yield
    StaticFilesHandler.serve = original
