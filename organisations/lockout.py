"""Until when a name is locked after too many failures, as axes counts them."""

from datetime import datetime

from axes.helpers import get_client_ip_address, get_cool_off
from axes.models import AccessAttempt
from django.db.models import Max
from django.http import HttpRequest
from django.utils import timezone


def locked_until(request: HttpRequest, credentials: dict) -> datetime:
    """The last failure plus the waiting time; tries made while locked do not prolong it."""
    attempts = AccessAttempt.objects.filter(
        username=credentials.get("username"), ip_address=get_client_ip_address(request)
    )
    last = attempts.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    return last + get_cool_off(request)
