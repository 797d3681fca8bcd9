"""A filled workbook from the command line: read, checked and applied as by the page."""

from pathlib import Path

from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError

from evaluations.actions import uploads as actions
from evaluations.actions.guard import Closed
from evaluations.management.registers import add_register_arguments, register_of
from evaluations.models import ResultUpload
from evaluations.scanning import Infected, ScannerSilent
from evaluations.storage import StorageRefuses
from evaluations.workbook.differences import differences
from evaluations.workbook.layout import MAX_BYTES, TOO_LARGE
from organisations.models import User
from organisations.spreadsheets import UnreadableFile


class Command(BaseCommand):
    help = "Nạp kết quả đơn vị từ tệp Excel; có lỗi thì kể hết và không ghi gì."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        add_register_arguments(parser)
        parser.add_argument("--by", metavar="USERNAME", help="người giữ danh sách này")
        parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra và kể khác biệt")

    def handle(self, *args, file, by, dry_run, **options):
        register = register_of(options)
        keeper = None if dry_run else _keeper(by)
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(str(error)) from error
        try:
            if dry_run:
                done = self._tried(content, register)
            else:
                done = self._applied(ContentFile(content, name=file.name), register, keeper)
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        for sheet in done:
            self.stdout.write(
                f"Trang {sheet.layout.title}: mới {len(sheet.new)}, thay đổi {len(sheet.changed)}, "
                f"giữ nguyên {sheet.unchanged}, không có trong tệp {len(sheet.missing)}."
            )
        self.stdout.write("Chỉ kiểm tra, chưa ghi gì." if dry_run else "Đã ghi vào danh sách.")

    def _tried(self, content: bytes, register):
        if len(content) > MAX_BYTES:
            raise UnreadableFile(TOO_LARGE)
        _, checked = actions.read_and_check(content, register)
        self._stop_at(checked.errors)
        return differences(checked.entries, register)

    def _applied(self, uploaded: ContentFile, register, keeper: User):
        try:
            upload = actions.take_in_upload(
                pilot_round=register.pilot_round,
                owner=register.owner,
                year=register.year,
                uploaded=uploaded,
                by=keeper,
            )
            if upload.status == ResultUpload.Status.FAULTY:
                errors = actions.errors_of(upload)
                actions.drop_upload(upload=upload, by=keeper)
                self._stop_at(errors)
            seen = actions.compare(upload).register.fingerprint
            return actions.apply_upload(upload=upload, seen=seen, by=keeper)
        except Closed as error:
            raise CommandError(f"{keeper.username} không giữ danh sách này.") from error
        except actions.RegisterChanged as error:
            raise CommandError("Danh sách vừa có thay đổi nên chưa ghi gì; chạy lại.") from error
        except StorageRefuses as error:
            raise CommandError(f"{uploaded.name} {error.words}") from error
        except (Infected, ScannerSilent) as error:
            raise CommandError(f"{uploaded.name} {error.words}") from error

    def _stop_at(self, errors) -> None:
        for error in errors:
            self.stderr.write(str(error))
        if errors:
            raise CommandError(f"Tệp có {len(errors)} lỗi, chưa ghi dòng nào.")


def _keeper(username: str | None) -> User:
    if not username:
        raise CommandError("Cần --by USERNAME: ai ghi thì quá trình của từng đơn vị nêu tên.")
    user = User.objects.filter(
        username=User.objects.normalize_username(username), is_active=True
    ).first()
    if user is None:
        raise CommandError(f"Không có người dùng “{username}”, hoặc tài khoản đã ngừng.")
    return user
