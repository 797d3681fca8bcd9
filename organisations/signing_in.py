"""Coming in and being turned away: what a session knows of it, and its line in the log."""

import time
from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.formats import date_format
from django_otp.plugins.otp_totp.models import TOTPDevice

from organisations.limits import SIGN_IN_FROM_ADDRESS, SIGN_IN_OF_NAME
from organisations.models import AccountEvent, Session, SignInEvent, User
from organisations.origin import origin_of
from organisations.sessions import BROWSER, IP, STARTED_AT

Kind = SignInEvent.Kind
BACKEND = "django.contrib.auth.backends.ModelBackend"
HALF_IN = "half_in"
HALF_IN_SECONDS = 600
SECOND_FACTOR = "second_factor"
ENTERED = (Kind.SIGNED_IN, Kind.SIGNED_IN_BY_CODE)
WORTH_TELLING = 5  # vain tries since one was last here; fewer are one's own slips


class CodeIsDue(Exception):
    """The person has a second factor, and has given the password alone."""


@transaction.atomic
def enter(
    request: HttpRequest, person: User, *, kind: Kind = Kind.SIGNED_IN, by_second_factor: bool
) -> None:
    """Open the person's session; raises CodeIsDue where not all that is asked has been given.

    Locked and stored at once: whoever sets a telephone up meanwhile is either seen here, or finds
    this session and ends it.
    """
    User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if not by_second_factor and device_of(person):
        raise CodeIsDue
    login(request, person, backend=BACKEND)
    origin = origin_of(request)
    request.session.pop(HALF_IN, None)
    request.session[STARTED_AT] = timezone.now().isoformat()
    request.session[IP] = origin.ip
    request.session[BROWSER] = origin.browser
    request.session[SECOND_FACTOR] = by_second_factor
    request.session.save()
    note(request, kind, person)


def device_of(person: User) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=person, confirmed=True).first()


def enter_half(request: HttpRequest, person: User, *, target: str) -> None:
    """The password was right, a code is still due: the session opens nothing yet."""
    request.session.cycle_key()
    request.session[HALF_IN] = {
        "person": person.pk,
        "hash": person.get_session_auth_hash(),
        "at": time.time(),
        "target": target,
    }


def half_in(request: HttpRequest) -> tuple[User, str] | None:
    """Who has given the password in this browser a moment ago, and where they want to go."""
    held = request.session.get(HALF_IN)
    if held is None or time.time() - held["at"] > HALF_IN_SECONDS:
        return None
    person = User.objects.filter(pk=held["person"], is_active=True).first()
    if person is None or not constant_time_compare(held["hash"], person.get_session_auth_hash()):
        return None
    return person, held["target"]


def has_given_code(request: HttpRequest) -> bool:
    return bool(request.session.get(SECOND_FACTOR))


def turned_away(request: HttpRequest, name: str) -> None:
    """A name and a password that do not open; the same work whether there is such a name or not.

    What is tried while axes has the name locked counts no more and is not written down.
    """
    if getattr(request, "axes_failures_since_start", None) is None:
        return
    person = User.objects.filter(username=name).first()
    note(request, Kind.WRONG_PASSWORD, person)
    left = min(
        SIGN_IN_OF_NAME.count(name),
        SIGN_IN_FROM_ADDRESS.count(origin_of(request).ip),
    )
    if request.axes_locked_out or not left:
        note(request, Kind.LOCKED, person)


def note(request: HttpRequest, kind: Kind, person: User | None) -> None:
    origin = origin_of(request)
    SignInEvent.objects.create(person=person, kind=kind, ip=origin.ip, browser=origin.browser)


def end_sessions(person: User, *, but: str | None = None) -> int:
    """Sign the person out everywhere, but in the session of that key; how many have ended."""
    ended, _ = Session.objects.filter(person=person).exclude(session_key=but or "").delete()
    return ended


def end_session(person: User, handle: str) -> Session | None:
    """End the one session that a page names so; None where it has ended before."""
    named = (each for each in Session.objects.open_of(person) if each.handle == handle)
    found = next(named, None)
    if found is not None:
        Session.objects.filter(pk=found.pk).delete()
    return found


def news_for(person: User) -> list[str]:
    """What somebody should hear on coming in: what was done to the account since the last time.

    Ask before `enter`, which is the next last time.
    """
    last = person.sign_ins.filter(kind__in=ENTERED).order_by("-pk").first()
    # Of somebody long away the log has no line any more.
    since = last.at if last else person.last_login or person.created_at
    return [*_resets(person, since), *_vain_tries(person, since)]


def _resets(person: User, since: datetime) -> Iterator[str]:
    events = AccountEvent.objects.filter(
        person=person, kind=AccountEvent.Kind.FACTOR_RESET, at__gt=since
    )
    for event in events.exclude(by=person).select_related("by"):
        at = date_format(timezone.localtime(event.at), "H:i d/m/Y")
        yield (
            f"Lúc {at}, {event.by.full_name} đã đặt lại xác thực hai bước của anh, chị "
            f"({event.detail}). Nếu anh, chị không đề nghị việc này, đổi mật khẩu ngay và báo "
            "người quản trị."
        )


def _vain_tries(person: User, since: datetime) -> Iterator[str]:
    count = person.sign_ins.filter(kind__in=SignInEvent.REFUSED, at__gt=since).count()
    if count >= WORTH_TELLING:
        yield (
            f"Từ lần vào trước có {count} lần vào không được bằng tên của anh, chị. Nếu không "
            "phải anh, chị thì đổi mật khẩu; xem từng lần ở mục Tài khoản, "
            "“Phiên và nhật ký đăng nhập”."
        )
