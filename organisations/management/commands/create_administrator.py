"""The first administrator: there is nobody yet who could create an account in the application."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from organisations.actions import create_administrator
from organisations.models import Role, User
from organisations.text import nfc

ANOTHER = (
    "Đã có quản trị đang dùng: {}. Người ấy tạo được tài khoản ở trang “Người dùng”; quên mật khẩu "
    "thì chạy reset_password. Vẫn cần tạo bằng lệnh này thì ghi lý do: --reason."
)


class Command(BaseCommand):
    help = (
        "Tạo người quản trị đầu tiên, in ra mật khẩu tạm một lần. "
        "Đã có quản trị đang dùng thì phải ghi lý do."
    )

    def add_arguments(self, parser):
        parser.add_argument("username", help="tên đăng nhập")
        parser.add_argument("full_name", help="họ và tên, trong dấu nháy")
        parser.add_argument("--email", default="", help="thư điện tử")
        parser.add_argument("--reason", default="", help="lý do, khi đã có quản trị khác")

    def handle(self, *args, username, full_name, email, reason, **options):
        there = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).first()
        if there and not reason:
            raise CommandError(ANOTHER.format(there.username))
        person = User(
            username=User.objects.normalize_username(username),
            full_name=nfc(full_name).strip(),
            email=email,
            role=Role.ADMINISTRATOR,
        )
        try:
            person.full_clean(exclude=["password", "search"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        slip = create_administrator(person=person, reason=reason or "người quản trị đầu tiên")
        self.stdout.write(
            f"Đã tạo người quản trị {person.full_name}.\n"
            f"Tên đăng nhập: {person.username}\n"
            f"Mật khẩu tạm:  {slip.password}\n"
            "Mật khẩu chỉ hiện lần này; đăng nhập lần đầu phải đổi."
        )
