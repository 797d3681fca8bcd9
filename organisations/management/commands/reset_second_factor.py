"""For the day on which the only administrator has lost telephone and codes."""

from django.core.management.base import BaseCommand, CommandError

from organisations import second_factor
from organisations.models import User


class Command(BaseCommand):
    help = (
        "Đặt lại xác thực hai bước của một người khi không còn người quản trị nào vào được. "
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
        if second_factor.device_of(person) is None:
            raise CommandError(f"{person.full_name} chưa bật xác thực hai bước.")
        second_factor.reset_at_server(person=person, reason=reason)
        self.stdout.write(f"Đã đặt lại xác thực hai bước của {person.full_name}.")
