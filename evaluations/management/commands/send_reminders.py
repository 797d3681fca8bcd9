"""Remind those who owe; the same as the clock of the worker does, by hand or by cron."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evaluations.actions.reminders import remind
from evaluations.letters import days_text
from evaluations.reminders import due_today, gets_mail, owed


class Command(BaseCommand):
    help = (
        "Nhắc những người còn nợ việc đến hạn hoặc quá hạn, rồi gửi các thư đang chờ. "
        "Chạy nhiều lần trong ngày cũng không ai nhận hai lần."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="chỉ kể ai sẽ được nhắc, không ghi, không gửi"
        )
        parser.add_argument("--today", help="coi hôm nay là ngày này, dạng YYYY-MM-DD")

    def handle(self, *args, dry_run, today, **options):
        day = self._day(today)
        if dry_run:
            self._tell(day)
            return
        reminded = remind(day)
        mails = reminded.mails
        self.stdout.write(
            f"Đã nhắc {reminded.people} người; thư: {mails.sent} đã gửi, "
            f"{mails.dropped} không còn cần gửi, {mails.failed} chưa gửi được."
        )
        if mails.failed:
            raise CommandError("Có thư chưa gửi được; lỗi ghi ở từng thư, lần chạy sau gửi lại.")

    def _day(self, today: str | None) -> date:
        if not today:
            return timezone.localdate()
        try:
            return date.fromisoformat(today)
        except ValueError as error:
            raise CommandError("--today là ngày dạng YYYY-MM-DD, ví dụ 2022-12-08.") from error

    def _tell(self, day: date) -> None:
        found = due_today(owed(), day)
        for person, dues in found.items():
            for due in dues:
                by = "thư và hộp thư" if gets_mail(person, due.owed.evaluation) else "hộp thư"
                self.stdout.write(
                    f"{person.full_name} ({person.username}), {by}: {due.owed.what}, "
                    f"{due.owed.evaluation.unit.name}, {days_text(due.owed.due_on, day)}"
                )
        self.stdout.write(f"{len(found)} người sẽ được nhắc. Chưa ghi, chưa gửi gì.")
