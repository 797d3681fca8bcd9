"""Delete what is past its term; the clock does it every night."""

from django.core.management.base import BaseCommand

from upkeep.purging import in_words, overdue, purge


class Command(BaseCommand):
    help = "Xóa dữ liệu cá nhân đã quá thời hạn giữ; mỗi đêm tự chạy một lần."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="chỉ đếm, không xóa gì")

    def handle(self, *args, dry_run, **options):
        if dry_run:
            self.stdout.write(f"Quá hạn: {in_words(overdue())}. Chưa xóa gì.")
        else:
            self.stdout.write(f"Đã xóa: {purge().summary}.")
