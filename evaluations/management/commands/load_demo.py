"""This year's practice round with its accounts. Only ever on a local SQLite file."""

from itertools import groupby

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from evaluations.demo import (
    DemoAccount,
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
        self._list_accounts(demo_accounts())

    def _list_accounts(self, accounts: list[DemoAccount]):
        """By role: the name to type, whose it is, and what there is to do."""
        self.stdout.write(f"\nTài khoản dùng thử, mật khẩu chung: {accounts[0].password}")
        names = max(len(account.username) for account in accounts)
        units = max(len(account.unit) for account in accounts)
        for role, of_role in groupby(accounts, key=lambda account: account.role):
            self.stdout.write(f"\n{role}")
            for account in of_role:
                line = f"  {account.username:<{names}}  {account.unit:<{units}}  {account.task}"
                self.stdout.write(line.rstrip())


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"
