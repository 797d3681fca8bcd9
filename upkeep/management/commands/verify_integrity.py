"""Is everything there, and as it was? Exit 1 and a line for each fault."""

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from upkeep.integrity.files import orphans
from upkeep.integrity.running import check_integrity


class Command(BaseCommand):
    help = "Kiểm tra toàn vẹn: tệp, bản chụp, mức độ đã chốt, quá trình, việc bị kẹt."

    def add_arguments(self, parser):
        parser.add_argument(
            "--remove-orphans",
            action="store_true",
            help="xóa tệp mà không dòng dữ liệu nào dùng và đã cũ hơn một ngày",
        )

    def handle(self, *args, remove_orphans, **options):
        if remove_orphans:
            self._remove_orphans()
        record = check_integrity(tell=self.stderr.write)
        if record.fault_count:
            raise CommandError(f"{record.summary} Thấy {record.fault_count} lỗi.")
        self.stdout.write(f"{record.summary} Không thấy lỗi nào.")

    def _remove_orphans(self):
        try:
            for name in orphans():
                default_storage.delete(name)
                self.stdout.write(f"Đã xóa tệp không ai dùng: {name}")
        except OSError as error:
            raise CommandError(f"Nơi lưu trữ không đọc được: {error}") from error
