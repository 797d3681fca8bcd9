"""A package against the sums it carries: whole, unchanged, nothing added."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reports.package.checking import faults_of, sha256_in_pieces


class Command(BaseCommand):
    help = "Kiểm tra một hồ sơ đóng gói: đủ tệp, đúng mã SHA-256, không có tệp thừa."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args, file, **options):
        try:
            faults = list(faults_of(file))
            with file.open("rb") as opened:
                sha256 = sha256_in_pieces(opened)
        except OSError as error:
            raise CommandError(f"{file}: không mở được ({error.strerror}).") from error
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"Gói hồ sơ không nguyên vẹn: {len(faults)} lỗi.")
        self.stdout.write(f"Gói hồ sơ nguyên vẹn. SHA-256 của gói: {sha256}")
