"""From an archive into an empty installation."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evaluations.actions.mails import drop_waiting
from upkeep.backup.checking import Manifest, check_archive
from upkeep.backup.encryption import Key, read_key
from upkeep.backup.errors import BackupError
from upkeep.backup.mending import put_back_lost
from upkeep.backup.restoring import restore_archive
from upkeep.integrity import OF_THE_DATA, faults
from upkeep.models import UpkeepRun
from upkeep.recording import recorded

RESTORED = "Khôi phục từ bản sao lưu: có thể đã gửi sau lúc sao lưu."


class Command(BaseCommand):
    help = "Khôi phục một bản sao lưu vào hệ thống trống, rồi kiểm tra toàn vẹn."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="TỆP")
        parser.add_argument(
            "--key-file",
            type=Path,
            default=settings.BACKUP_KEY_FILE,
            help="tệp khóa đã dùng khi sao lưu, mặc định BACKUP_KEY_FILE",
        )
        parser.add_argument(
            "--plain",
            action="store_true",
            help="nhận bản sao lưu không mã hóa dù đã có tệp khóa",
        )
        parser.add_argument(
            "--check-only", action="store_true", help="chỉ kiểm tra bản sao lưu, không ghi gì"
        )
        parser.add_argument(
            "--lost-files",
            action="store_true",
            help="chỉ lấy lại tệp mà nơi lưu trữ đã mất, không đụng đến dữ liệu",
        )
        parser.add_argument(
            "--drop-mails",
            action="store_true",
            help="không gửi các thư còn chờ lúc sao lưu: có thể đã gửi sau đó",
        )

    def handle(self, *args, file, key_file, plain, check_only, lost_files, drop_mails, **options):
        started = timezone.now()
        try:
            key = read_key(key_file) if key_file and not plain else None
            if check_only:
                self.stdout.write(f"Bản sao lưu nguyên vẹn: {_told(check_archive(file, key))}.")
                return
            if lost_files:
                self._put_back(file, key, started)
                return
            restored = restore_archive(file, key)
        except BackupError as error:
            raise CommandError(f"Chưa khôi phục gì. {error}") from error
        self.stdout.write(f"Đã khôi phục {_told(restored.manifest)}. Đang kiểm tra toàn vẹn…")
        if drop_mails:
            self.stdout.write(f"Không gửi {drop_waiting(RESTORED)} thư còn chờ lúc sao lưu.")
        with recorded(UpkeepRun.Kind.RESTORE, started) as record:
            record.archive, record.summary = file.name, f"{_told(restored.manifest)}."
            record.size = file.stat().st_size
            for fault in faults(OF_THE_DATA):
                record.add(fault)
                self.stderr.write(fault)
        if record.fault_count:
            raise CommandError(
                f"Đã khôi phục, nhưng thấy {record.fault_count} lỗi đã có sẵn lúc sao lưu."
            )
        self.stdout.write("Không thấy lỗi nào.")

    def _put_back(self, file: Path, key: Key | None, started: datetime):
        with recorded(UpkeepRun.Kind.RESTORE, started) as record:
            mended = put_back_lost(file, key)
            record.archive, record.size = file.name, file.stat().st_size
            record.summary = f"Lấy lại {len(mended.put_back)} tệp đã mất."
            for named in mended.put_back:
                self.stdout.write(f"Đã lấy lại {named}.")
            for named in mended.still_lost:
                fault = f"{named}: bản sao lưu này không có"
                record.add(fault)
                self.stderr.write(fault)
        if record.fault_count:
            raise CommandError(f"{record.summary} Còn {record.fault_count} tệp chưa có.")
        self.stdout.write(record.summary)


def _told(manifest: Manifest) -> str:
    at = timezone.localtime(manifest.moment)
    return (
        f"{manifest.row_count} dòng dữ liệu và {manifest.file_count} tệp "
        f"của {at:%H:%M:%S} ngày {at:%d/%m/%Y}"
    )
