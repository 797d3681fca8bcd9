"""Until when a name is locked after too many failures, as axes counts them.

axes is told a keyed hash of the name: what is typed as one may be a password.
"""

from datetime import datetime

from axes.helpers import get_client_ip_address, get_cool_off
from axes.models import AccessAttempt
from django.db.models import Max
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac


def hashed_name(name: str) -> str:
    return salted_hmac("lockout", name, algorithm="sha256").hexdigest()


def name_for_axes(request: HttpRequest, credentials: dict | None = None) -> str:
    """AXES_USERNAME_CALLABLE: for every row that axes writes, and every look it takes."""
    return hashed_name((credentials or request.POST).get("username") or "")


def locked_until(request: HttpRequest, credentials: dict) -> datetime:
    """The last failure plus the waiting time; tries made while locked do not prolong it."""
    attempts = AccessAttempt.objects.filter(
        username=name_for_axes(request, credentials), ip_address=get_client_ip_address(request)
    )
    last = attempts.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    return last + get_cool_off(request)
