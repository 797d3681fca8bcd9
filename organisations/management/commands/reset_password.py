"""For the day on which no administrator knows a password any more."""

from django.core.management.base import BaseCommand, CommandError

from organisations.actions import reset_password_at_server
from organisations.models import User


class Command(BaseCommand):
    help = (
        "Cấp mật khẩu tạm mới cho một người khi không còn người quản trị nào vào được. "
        "Ghi vào nhật ký tài khoản; mọi phiên của người ấy bị đăng xuất."
    )

    def add_arguments(self, parser):
        parser.add_argument("username", help="tên đăng nhập")
        parser.add_argument("--reason", required=True, help="lý do, và đã xác minh thế nào")

    def handle(self, *args, username, reason, **options):
        try:
            person = User.objects.get_by_natural_key(username)
        except User.DoesNotExist as error:
            raise CommandError(f"Không có tài khoản {username}.") from error
        if not person.is_active:
            raise CommandError(f"Tài khoản của {person.full_name} đã ngừng dùng.")
        slip = reset_password_at_server(person=person, reason=reason)
        self.stdout.write(
            f"Mật khẩu tạm của {person.full_name}: {slip.password}\n"
            "Mật khẩu chỉ hiện lần này; đăng nhập rồi phải đổi."
        )
