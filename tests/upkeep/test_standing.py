"""The administrator's page of how things stand: what is wrong is said with what to do."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations.models import Mail
from reports.definitions import REPORTS
from reports.models import ReportRun
from tests.factories import make_round
from upkeep import standing
from upkeep.models import UpkeepRun
from upkeep.standing import Room
from upkeep.standing.signs import signs_of

ADDRESS = "/tinh-trang/"


@pytest.fixture
def signs(db):
    return lambda: {sign.title: sign for sign in signs_of(standing.standing())}


def fail_a_run(by, *, days: int = 0) -> ReportRun:
    ended = timezone.now() - timedelta(days=days)
    return ReportRun.objects.create(
        report=next(iter(REPORTS)),
        title="Báo cáo tự đánh giá",
        file_type="pdf",
        pilot_round=make_round(name=f"Đợt {days}"),
        content={},
        content_sha256="0" * 64,
        file_name="bao-cao",
        requested_by=by,
        status="failed",
        error="Máy chủ hết chỗ lưu",
        finished_at=ended,
    )


def ran(kind: str, status: str, *, hours: int, faults=()) -> UpkeepRun:
    ended = timezone.now() - timedelta(hours=hours)
    return UpkeepRun.objects.create(
        kind=kind,
        status=status,
        started_at=ended,
        finished_at=ended,
        faults=list(faults),
        fault_count=len(faults),
    )


def test_quiet_installation_has_only_its_nights_to_look_at(signs):
    ran("backup", "clean", hours=10)
    ran("integrity", "clean", hours=9)
    ran("purge", "clean", hours=9)

    assert [title for title, sign in signs().items() if not sign.is_fine] == []


@pytest.mark.parametrize(
    ("runs", "is_fine"),
    [
        ([], False),
        ([("clean", 10)], True),
        ([("clean", 40)], False),
        ([("clean", 30), ("failed", 6)], False),
        ([("faulty", 30), ("clean", 6)], True),
    ],
)
def test_nights_that_failed_or_did_not_come_are_told(signs, runs, is_fine):
    for status, hours in runs:
        ran("backup", status, hours=hours, faults=["hỏng"] if status == "faulty" else [])

    assert signs()["Sao lưu"].is_fine is is_fine


def test_little_room_is_told(signs, monkeypatch):
    monkeypatch.setattr(standing, "room", lambda: Room(free=10**9, total=10**12))
    assert "Sắp đầy" in signs()["Chỗ lưu tệp"].todo


def test_scanner_that_is_silent_is_told(signs, settings):
    assert signs()["Quét virus"].is_fine
    settings.CLAMD_ADDRESS = "127.0.0.1:9"
    assert "không nhận tệp" in signs()["Quét virus"].todo


def test_scanner_that_there_is_not_is_no_scanner_that_works(client, administrator, signs, settings):
    client.force_login(administrator)
    without = client.get(ADDRESS).content.decode()
    row = without[without.index("Quét virus") :].partition("</tr>")[0]

    assert "Không dùng" in row
    assert "Bình thường" not in row
    assert "Tệp gửi lên không được quét." in row
    settings.CLAMD_ADDRESS = "127.0.0.1:9"
    assert signs()["Quét virus"].is_used


@pytest.mark.parametrize(
    ("folder", "command"),
    [("/srv/sao-luu", "hocxahoi backup"), (None, "hocxahoi backup --dir THƯ-MỤC")],
)
def test_what_takes_a_shell_is_for_the_operator(client, administrator, settings, folder, command):
    settings.BACKUP_DIR = folder
    client.force_login(administrator)
    ran("integrity", "faulty", hours=1, faults=["hỏng"])
    Mail.objects.create(
        recipient=administrator,
        kind=Mail.Kind.REMINDER,
        day=timezone.localdate(),
        status=Mail.Status.FAILED,
    )

    page = client.get(ADDRESS)

    found = {sign.title: sign for sign in page.context["signs"]}
    assert found["Sao lưu"].said == "Chưa chạy lần nào."
    assert found["Kiểm tra toàn vẹn"].said.startswith("Chưa lần nào chạy tốt. Lần ")
    assert found["Sao lưu"].todo.startswith("Báo người vận hành máy chủ ")
    assert found["Sao lưu"].todo.endswith(f"; lệnh: “{command}”.")
    assert found["Kiểm tra toàn vẹn"].todo.endswith("; lệnh: “hocxahoi verify_integrity”.")
    for variable in ("manage.py", "EMAIL_URL", "CLAMD_ADDRESS"):
        assert variable not in page.content.decode()


def test_failed_work_of_the_week_is_listed_with_its_reason(client, administrator, approver):
    run, old = fail_a_run(approver), fail_a_run(approver, days=8)
    ran("integrity", "faulty", hours=1, faults=["Thiếu tệp minh-chung/a"])
    Mail.objects.create(
        recipient=approver,
        kind=Mail.Kind.REMINDER,
        day=timezone.localdate(),
        status=Mail.Status.FAILED,
        error="địa chỉ không có",
    )
    client.force_login(administrator)

    page = client.get(ADDRESS).content.decode()

    assert f"Số {run.pk}" in page
    assert f"Số {old.pk}" not in page
    for said in ("Máy chủ hết chỗ lưu", "Thiếu tệp minh-chung/a", "địa chỉ không có"):
        assert said in page


def test_page_asks_the_same_few_questions_however_much_has_failed(client, administrator, approver):
    client.force_login(administrator)
    fail_a_run(approver)
    asked = []
    for more in (0, 4):
        for days in range(1, more + 1):
            fail_a_run(approver, days=days)
        with CaptureQueriesContext(connection) as queries:
            client.get(ADDRESS)
        asked.append(len(queries))

    assert asked[0] == asked[1] <= 16
