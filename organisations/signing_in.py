"""Coming in and being turned away: what a session knows of it, and its line in the log."""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from django.contrib.auth import login
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.formats import date_format
from django_otp.plugins.otp_totp.models import TOTPDevice

from organisations.limits import SIGN_IN_FROM_ADDRESS, SIGN_IN_OF_NAME, TRIED_ON, TooOften
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

    What is tried while axes has the name locked counts no more, and is one line for the lock.
    """
    person = User.objects.filter(username=name).first()
    ip = origin_of(request).ip
    if getattr(request, "axes_failures_since_start", None) is None:
        tried_on(request, person, lock=(name, ip))
        return
    note(request, Kind.WRONG_PASSWORD, person)
    left = min(SIGN_IN_OF_NAME.count(name), SIGN_IN_FROM_ADDRESS.count(ip))
    if request.axes_locked_out or not left:
        locked(request, person, lock=(name, ip))


def turned_away_unread(request: HttpRequest, name: str) -> None:
    """Too much has failed for that name, or from that address, for this to be looked at.

    One line for the address, whatever it tries: names can be made up without end.
    """
    person = User.objects.filter(username=name).first()
    tried_on(request, person, lock=origin_of(request).ip)


def locked(request: HttpRequest, person: User | None, *, lock: object) -> None:
    note(request, Kind.LOCKED, person)
    TRIED_ON.clear(lock)


def tried_on(request: HttpRequest, person: User | None, *, lock: object) -> None:
    """Once for a lock, or whoever goes on would fill the log; looked up before it is counted,
    so that a flood writes nothing."""
    with suppress(TooOften):
        TRIED_ON.check(lock)
        TRIED_ON.spend(lock)
        note(request, Kind.TRIED_ON, person)


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
    lines = person.sign_ins.filter(at__gt=since).aggregate(
        tries=Count("pk", filter=Q(kind__in=SignInEvent.TRIES)),
        locks=Count("pk", filter=Q(kind=Kind.TRIED_ON)),
    )
    if lines["tries"] >= WORTH_TELLING:
        more = ", chưa kể những lần thử tiếp trong lúc tạm khóa" if lines["locks"] else ""
        yield (
            f"Từ lần vào trước có {lines['tries']} lần vào không được bằng tên của anh, chị{more}. "
            "Nếu không phải anh, chị thì đổi mật khẩu; xem từng lần ở mục Tài khoản, "
            "“Phiên và nhật ký đăng nhập”."
        )
