"""What the clock and the steps ask of a worker; each may be asked twice, or at once."""

from celery import shared_task
from django.utils import timezone

from evaluations.actions.mails import deliver
from evaluations.actions.reminders import remind


@shared_task(soft_time_limit=20 * 60)
def deliver_mails() -> None:
    """After a step, and every few minutes for what could not be sent."""
    deliver()


@shared_task(soft_time_limit=20 * 60)
def send_reminders() -> None:
    """Every hour of the working day: the first run tells, the others make up for a missed one."""
    remind(timezone.localdate())
