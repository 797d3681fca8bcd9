"""Until when a name is locked after too many failures, as axes counts them and limits.py.

axes is told a keyed hash of the name: what is typed as one may be a password.
"""

from collections.abc import Sequence
from datetime import datetime

from axes.helpers import get_client_ip_address, get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from organisations.limits import SIGN_IN_OF_NAME, WRONG_CODES
from organisations.models import Tally, User


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


def locks_of(people: Sequence[User]) -> dict[int, datetime]:
    """Who of them is locked out, be it from one address only, and until when; one query.

    All that a new temporary password opens (`actions.unlock`).
    """
    names = {hashed_name(person.username): person.pk for person in people}
    tallied: dict[str, int] = {}
    full = Q(pk=None)
    for limit, field in ((SIGN_IN_OF_NAME, "username"), *((each, "pk") for each in WRONG_CODES)):
        keys = {limit.key(getattr(person, field)): person.pk for person in people}
        tallied |= keys
        full |= limit.full & Q(key__in=keys)
    waiting = get_cool_off()
    failures = (
        AccessAttempt.objects.filter(username__in=names, attempt_time__gt=timezone.now() - waiting)
        .order_by()
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    )
    tallies = Tally.objects.filter(full).values_list("key", "until")
    found: dict[int, datetime] = {}
    for key, moment in failures.values_list("username", "last").union(tallies, all=True):
        pk, until = (names[key], moment + waiting) if key in names else (tallied[key], moment)
        found[pk] = max(until, found.get(pk, until))
    return found
