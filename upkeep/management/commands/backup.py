"""Rows and files of one moment into one archive."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from upkeep.backup.encryption import new_key
from upkeep.backup.errors import BackupError
from upkeep.backup.running import back_up

KEY_MADE = (
    "Đã tạo tệp khóa {}. Cất một bản ở nơi khác, không cùng chỗ với bản sao lưu: "
    "mất khóa là mất mọi bản sao lưu đã mã hóa."
)


class Command(BaseCommand):
    help = "Sao lưu cơ sở dữ liệu và tệp của cùng một thời điểm vào một tệp."

    def add_arguments(self, parser):
        parser.add_argument(
            "--dir",
            dest="folder",
            type=Path,
            default=settings.BACKUP_DIR,
            help="thư mục, mặc định BACKUP_DIR",
        )
        parser.add_argument(
            "--key-file",
            type=Path,
            default=settings.BACKUP_KEY_FILE,
            help="mã hóa bằng tệp khóa này, mặc định BACKUP_KEY_FILE",
        )
        parser.add_argument(
            "--keep",
            default=settings.BACKUP_KEEP,
            help="giữ bao nhiêu bản: 14, hoặc 7d4w (7 ngày, 4 tuần); mặc định BACKUP_KEEP",
        )
        parser.add_argument(
            "--new-key", dest="key_to_make", type=Path, help="chỉ tạo một tệp khóa mới"
        )

    def handle(self, *args, folder, key_file, keep, key_to_make, **options):
        try:
            if key_to_make:
                new_key(key_to_make)
                self.stdout.write(KEY_MADE.format(key_to_make))
                return
            done = back_up(folder=folder, key_file=key_file, keep=keep)
        except BackupError as error:
            raise CommandError(str(error)) from error
        manifest = done.manifest
        self.stdout.write(
            f"Đã sao lưu {manifest.row_count} dòng dữ liệu và {manifest.file_count} tệp vào "
            f"{done.path} ({filesizeformat(done.size)}), đã đọc lại và thấy nguyên vẹn."
        )
        for fault in done.faults:
            self.stderr.write(fault)
        if done.faults:
            raise CommandError(f"Bản sao lưu dùng được, nhưng có {len(done.faults)} lỗi cần xem.")
