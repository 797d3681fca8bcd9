"""This year's practice round with its accounts. Only ever on a local SQLite file."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from evaluations.demo import (
    NoReference,
    demo_accounts,
    load_practice_round,
    practice_agencies,
)


class Command(BaseCommand):
    help = (
        "Tạo đợt tập huấn của năm nay với số liệu tự đặt và tài khoản dùng thử (chỉ trên SQLite)."
    )

    def handle(self, *args, **options):
        if not is_sqlite():
            raise CommandError(
                "Dữ liệu tập huấn có mật khẩu ai cũng biết nên chỉ nạp vào SQLite trên máy này."
            )
        try:
            made = load_practice_round(timezone.localdate())
        except NoReference as error:
            raise CommandError("Chạy manage.py load_reference trước.") from error
        self.stdout.write(
            f"Đợt {made.name}: đã tạo." if made else "Đợt tập huấn đã có, giữ nguyên."
        )
        self.stdout.write(
            f"{practice_agencies().count()} cơ quan, đơn vị cấp huyện (mã có TH) và mọi kết quả "
            "(số quyết định có TH) là dữ liệu tập huấn; xã, phường, thị trấn là thật."
        )
        accounts = demo_accounts()
        self.stdout.write(f"\nTài khoản dùng thử, mật khẩu chung: {accounts[0].password}\n")
        width = max(len(account.username) for account in accounts)
        for account in accounts:
            self.stdout.write(f"  {account.username:<{width}}  {account.role}, {account.unit}")


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"
