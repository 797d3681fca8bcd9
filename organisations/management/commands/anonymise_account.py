"""For a written request that an account's name be taken off; the page does the same."""

from django.core.management.base import BaseCommand, CommandError

from organisations.anonymising import Obstacle, anonymise_at_server
from organisations.models import User


class Command(BaseCommand):
    help = (
        "Ẩn danh một tài khoản đã ngừng dùng: bỏ tên, địa chỉ, khóa, thư; việc đã làm và văn bản "
        "vẫn giữ. Không hoàn tác được. Ghi vào nhật ký tài khoản."
    )

    def add_arguments(self, parser):
        parser.add_argument("username", help="tên đăng nhập")
        parser.add_argument(
            "--reason", required=True, help="theo đơn nào, ai duyệt; không ghi tên người ấy"
        )

    def handle(self, *args, username, reason, **options):
        try:
            person = User.objects.get_by_natural_key(username)
        except User.DoesNotExist as error:
            raise CommandError(f"Không có tài khoản {username}.") from error
        try:
            person = anonymise_at_server(person=person, reason=reason)
        except Obstacle as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Đã ẩn danh: từ nay là “{person.full_name}”.")
