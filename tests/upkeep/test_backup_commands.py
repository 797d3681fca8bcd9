"""The commands as an operator and the clock use them, and what they say."""

import os
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import (
    CommandError,
    call_command,
)
from django.db import transaction
from django.utils import timezone

from evaluations.models import Mail, StoredFile
from tests.upkeep.committed import archives, backup, contents_now, empty_everything, is_empty
from tests.upkeep.tampering import change
from upkeep import tasks
from upkeep.backup import running
from upkeep.backup.encryption import new_key
from upkeep.backup.making import make_archive
from upkeep.backup.rows import backed_up
from upkeep.integrity import faults
from upkeep.management.commands import restore
from upkeep.models import UpkeepRun
from upkeep.recording import INTERRUPTED
from upkeep.stored_files import named_files

ROOT = Path(__file__).resolve().parent.parent.parent


def test_backup_says_where_it_went_and_keeps_as_many_as_told(archive, tmp_path):
    folder = tmp_path / "ra"
    first = backup(folder)
    (name,) = archives(folder)
    backup(folder)
    backup(folder, "--keep", "2")

    assert str(folder / name) in first
    assert "đã đọc lại và thấy nguyên vẹn" in first
    assert len(archives(folder)) == 2
    assert name not in archives(folder)
    run = UpkeepRun.objects.newest_good("backup")
    assert (run.archive, run.size) == (archives(folder)[-1], (folder / run.archive).stat().st_size)
    assert "dòng dữ liệu" in run.summary
    assert folder.stat().st_mode & 0o777 == 0o700


def test_check_only_reads_all_and_writes_nothing(archive, tmp_path):
    before = contents_now()
    said = StringIO()
    call_command("restore", str(archive), "--check-only", stdout=said)

    assert "Bản sao lưu nguyên vẹn" in said.getvalue()
    assert contents_now() == before
    with pytest.raises(CommandError, match="Chưa khôi phục gì. Chỉ khôi phục vào hệ thống trống"):
        call_command("restore", str(archive))


def test_a_plain_archive_and_mails_that_waited_in_it_are_taken_as_told(archive, tmp_path):
    """Another's archive may lie in the place of ours; a mail may have been sent since."""
    new_key(tmp_path / "khoa")
    key = ["--key-file", str(tmp_path / "khoa")]
    mail = Mail.objects.earliest("pk")
    Mail.objects.exclude(pk=mail.pk).delete()
    change(mail, status="waiting")
    backup(tmp_path / "ra")
    (name,) = archives(tmp_path / "ra")
    empty_everything()
    said = StringIO()

    for more in ([], ["--check-only"], ["--lost-files"]):
        with pytest.raises(CommandError, match="không mã hóa, mà đã có tệp khóa"):
            call_command("restore", str(tmp_path / "ra" / name), *key, *more)
    assert is_empty()
    call_command(
        "restore", str(tmp_path / "ra" / name), *key, "--plain", "--drop-mails", stdout=said
    )

    assert "Không gửi 1 thư còn chờ lúc sao lưu" in said.getvalue()
    mail.refresh_from_db()
    assert (mail.status, mail.error) == ("dropped", restore.RESTORED)


def test_lost_files_come_back_from_an_archive_and_nothing_else_is_touched(archive):
    lost, forged, kept = list(named_files())[:3]
    default_storage.delete(lost.path)
    default_storage.delete(forged.path)
    Path(default_storage.path(kept.path)).write_bytes(b"khac")
    change(forged.model.objects.get(pk=forged.pk), sha256="0" * 64)
    rows = {model: model._base_manager.count() for model in backed_up()}
    said = StringIO()

    with pytest.raises(CommandError, match="Lấy lại 1 tệp đã mất. Còn 1 tệp chưa có"):
        call_command("restore", str(archive), "--lost-files", stdout=said, stderr=said)

    assert f"Đã lấy lại {lost}." in said.getvalue()
    assert f"({forged.path}): bản sao lưu này không có" in said.getvalue()
    assert not default_storage.exists(forged.path)
    assert Path(default_storage.path(kept.path)).read_bytes() == b"khac"
    assert not any(str(lost.path) in fault for fault in faults(["files"]))
    assert {model: model._base_manager.count() for model in backed_up()} == rows
    run = UpkeepRun.objects.newest("restore")
    assert (run.status, run.fault_count) == ("faulty", 1)


def test_what_a_backup_cannot_do_it_says_in_a_sentence(archive, tmp_path, settings):
    settings.BACKUP_DIR = None
    for arguments, sentence in (
        ([], "Chưa biết lưu vào đâu: đặt BACKUP_DIR"),
        (["--dir", str(settings.MEDIA_ROOT)], "nằm trong thư mục minh chứng"),
        (["--dir", str(Path(settings.MEDIA_ROOT) / "a" / "b")], "nằm trong thư mục minh chứng"),
        (["--dir", "/proc/khong-ghi-duoc"], "Không dùng được thư mục"),
        (["--dir", str(tmp_path), "--keep", "nhiều"], "không phải cách giữ"),
        (["--dir", str(tmp_path), "--key-file", str(tmp_path / "x")], "Không đọc được tệp khóa"),
    ):
        with pytest.raises(CommandError, match=sentence):
            call_command("backup", *arguments)
        assert UpkeepRun.objects.newest("backup").status == "failed"
    assert archives(tmp_path) == []
    with pytest.raises(RuntimeError, match="its own moment"), transaction.atomic():
        make_archive(tmp_path / "moi.tar", None)


def test_full_disk_is_told_and_old_archives_stay(archive, tmp_path, monkeypatch):
    backup(tmp_path)
    opening = os.open

    def onto_a_full_disk(path, flags, *mode, **more):
        if str(path).endswith(".partial"):
            os.close(opening(path, flags, *mode))
            return opening("/dev/full", os.O_WRONLY)
        return opening(path, flags, *mode, **more)

    monkeypatch.setattr(os, "open", onto_a_full_disk)

    with pytest.raises(CommandError, match="hết chỗ: chưa có bản sao lưu mới nào"):
        backup(tmp_path, "--keep", "1")
    assert len(archives(tmp_path)) == 1


def test_two_backups_at_once_are_one(archive, tmp_path):
    first = UpkeepRun.objects.create(kind="backup")
    with running._held(tmp_path), pytest.raises(CommandError, match="một lượt sao lưu khác"):
        backup(tmp_path)
    first.refresh_from_db()
    assert first.status == "running"
    assert "nguyên vẹn" in backup(tmp_path)
    first.refresh_from_db()
    assert (first.status, first.summary) == ("failed", INTERRUPTED), "whose lock is gone, is gone"


def test_the_clock_saves_and_checks(archive, tmp_path, settings, caplog):
    settings.BACKUP_DIR, settings.BACKUP_KEEP = tmp_path / "ra", "7d4w"
    settings.BACKUP_KEY_FILE = tmp_path / "khoa"
    new_key(settings.BACKUP_KEY_FILE)

    tasks.back_up_everything()
    UpkeepRun.objects.update(night=timezone.localdate() - timedelta(days=1))
    default_storage.delete(StoredFile.objects.first().file.name)
    tasks.verify_integrity()
    tasks.back_up_everything()

    assert [Path(name).suffixes for name in archives(tmp_path / "ra")] == [[".tar", ".enc"]] * 2
    said = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert [line.split(":")[0] for line in said] == ["integrity", "backup"]
    assert UpkeepRun.objects.newest("integrity").status == "faulty"
