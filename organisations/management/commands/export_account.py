"""What is kept about one account, for the person who has asked to see it."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from organisations.account_data import as_json, export_account
from organisations.models import User


class Command(BaseCommand):
    help = (
        "Ghi ra một tệp JSON mọi dữ liệu hệ thống giữ về một tài khoản, theo yêu cầu của người ấy. "
        "Ghi vào nhật ký tài khoản."
    )

    def add_arguments(self, parser):
        parser.add_argument("username", help="tên đăng nhập")
        parser.add_argument("--output", type=Path, required=True, help="tệp ghi ra, chưa có sẵn")
        parser.add_argument("--reason", required=True, help="ai yêu cầu, đã xác minh thế nào")

    def handle(self, *args, username, output, reason, **options):
        try:
            person = User.objects.get_by_natural_key(username)
        except User.DoesNotExist as error:
            raise CommandError(f"Không có tài khoản {username}.") from error
        try:
            output.touch(mode=0o600, exist_ok=False)
        except OSError as error:
            raise CommandError(f"Không tạo được {output}: {error.strerror}.") from error
        tables = export_account(person=person, reason=reason)
        output.write_text(as_json(tables))
        count = sum(map(len, tables.values()))
        self.stdout.write(
            f"Đã ghi {count} dòng của {len(tables)} bảng về {person.full_name} vào {output}. "
            "Giao cho người ấy rồi xóa tệp."
        )
