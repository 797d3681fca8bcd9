"""What should have moved by itself long ago: reports and mails that nobody works on."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from evaluations.models import Mail
from reports.models import ReportRun

# The clock looks for what is lost every minute or five: what is left after so long, it cannot mend.
STUCK_AFTER = timedelta(hours=1)


def stuck_runs(seen: Counter[str]) -> Iterator[str]:
    """Each says what it is, and since when."""
    before = timezone.now() - STUCK_AFTER
    runs = ReportRun.objects.defer("content").order_by("pk")
    waiting = runs.filter(status=ReportRun.Status.QUEUED, requested_at__lt=before)
    for run in waiting.iterator():
        yield f"lượt in {run.pk} ({run.title}) chờ từ {_when(run.requested_at)}, chưa được dựng"
    for run in runs.lost(before).iterator():
        yield f"lượt in {run.pk} ({run.title}) dựng dở, không có tín hiệu từ {_when(run.beat_at)}"
    mails = Mail.objects.filter(status=Mail.Status.SENDING, claimed_at__lt=before).order_by("pk")
    for mail in mails.iterator():
        yield f"thư {mail.pk} gửi dở từ {_when(mail.claimed_at)}"


def _when(moment) -> str:
    return f"{timezone.localtime(moment):%H:%M %d/%m/%Y}"
