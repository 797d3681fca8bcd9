"""The second factor (xác thực hai bước): codes of a telephone (RFC 6238), and codes on paper.

The device is django-otp's: it allows for a clock that is half a minute off, follows its drift, and
takes no code twice. Recovery codes are our own, since that library keeps its static ones in plain
text. See docs/decisions/0027-second-factor.md.
"""

import re
import time
from base64 import b32encode
from binascii import unhexlify
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.safestring import mark_safe
from django_otp import verify_token
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from organisations.limits import WRONG_CODE, WRONG_CODES
from organisations.models import AccountEvent, RecoveryCode, User
from organisations.passwords import ALPHABET, GROUP_LENGTH, recovery_code
from organisations.permissions import can_change_standing
from organisations.signing_in import device_of, end_sessions
from organisations.tasks import VAIN_CODES, order_account_mail

Kind = AccountEvent.Kind
ISSUER = "Quận, huyện học tập"  # as the masthead calls the application
CODES = 10
TOLERANCE = 1  # steps of half a minute, before and after
# How far off a clock is looked for when a telephone is set up, only to say so.
WIDE_TOLERANCE = 20


class WrongCode(Exception):
    """A code that does not fit now, or has been used; `left` tries where they are counted."""

    def __init__(self, left: int | None = None):
        super().__init__(left)
        self.left = left


class ClockIsOff(Exception):
    """The code is right for another time: `minutes` ahead of ours, or behind when negative."""

    def __init__(self, minutes: int):
        super().__init__(minutes)
        self.minutes = minutes


@dataclass(frozen=True)
class Offer:
    """A secret that a telephone is to take over: as a picture, as text, as an address."""

    username: str
    secret: str  # base32

    @property
    def address(self) -> str:
        """Short, for a picture that an old camera reads: what it leaves out are the defaults."""
        query = urlencode({"secret": self.secret, "issuer": ISSUER}, quote_via=quote)
        return f"otpauth://totp/{quote(self.username)}?{query}"

    @property
    def text(self) -> str:
        """In groups of four, as it is typed by hand: "JBSW Y3DP …"."""
        return " ".join(re.findall(r".{1,4}", self.secret))

    @property
    def qr(self) -> str:
        code = segno.make_qr(self.address, error="l")  # nothing soils a screen
        svg = code.svg_inline(border=4, omitsize=True, light="#fff", svgclass=None, lineclass=None)
        return mark_safe(svg)  # made of the library's own digits


def is_required(person: User) -> bool:
    """SECOND_FACTOR_ROLES names the roles that get no further without one."""
    return person.role in settings.SECOND_FACTOR_ROLES


def codes_left(person: User) -> int:
    return person.recovery_codes.filter(used_at=None).count()


def new_key() -> str:
    return default_key()


def offer(person: User, key: str) -> Offer:
    return Offer(person.username, b32encode(unhexlify(key)).decode())


def enrol(*, person: User, key: str, code: str, session_key: str) -> list[str]:
    """Take a telephone that shows the right code, in the place of another if there is one.

    Returns the new recovery codes, which are known in this answer only. Every other session of
    the person ends: it has not seen this telephone. Raises WrongCode or ClockIsOff.
    """
    totp = _fitting(key, code)
    codes, rows = _fresh_codes(person)
    with transaction.atomic():
        _lock(person)
        replaced = _remove(person)
        TOTPDevice.objects.create(
            user=person,
            name="Điện thoại",
            key=key,
            tolerance=TOLERANCE,
            drift=totp.drift,
            last_t=totp.t(),
        )
        RecoveryCode.objects.bulk_create(rows)
        end_sessions(person, but=session_key)
        _record(person, person, Kind.FACTOR_ON, "thay điện thoại" if replaced else "")
    return codes


def renew_codes(*, person: User) -> list[str]:
    """Ten new recovery codes; those before are good for nothing from now on."""
    codes, rows = _fresh_codes(person)
    with transaction.atomic():
        _lock(person)
        person.recovery_codes.all().delete()
        RecoveryCode.objects.bulk_create(rows)
        _record(person, person, Kind.CODES_RENEWED)
    return codes


@transaction.atomic
def turn_off(*, person: User, session_key: str) -> None:
    """The person's own wish; not where the role requires one. Every other session ends: it would
    go on saying that a code was given."""
    if is_required(person):
        raise PermissionDenied
    _lock(person)
    if _remove(person):
        end_sessions(person, but=session_key)
        _record(person, person, Kind.FACTOR_OFF)
        order_account_mail(person=person, kind=Kind.FACTOR_OFF)


@transaction.atomic
def reset(*, person: User, by: User, reason: str) -> None:
    """By an administrator, for somebody who has lost telephone and paper; told to that person."""
    _lock(person)
    if not can_change_standing(by, person):
        raise PermissionDenied
    _reset(person, by, reason)


@transaction.atomic
def reset_at_server(*, person: User, reason: str) -> None:
    """By whoever may run commands on the server: the last administrator has lost the telephone."""
    _lock(person)
    _reset(person, person, f"bằng lệnh trên máy chủ: {reason}")


def accept_code(*, person: User, code: str) -> None:
    """A code of the telephone, each once. Raises WrongCode, or TooOften where it is closed."""
    device = device_of(person)

    def is_right() -> bool:
        return device is not None and verify_token(person, device.persistent_id, code) is not None

    _try(person, is_right)


def accept_recovery_code(*, person: User, code: str) -> None:
    """A code on paper, each once. Raises WrongCode, or TooOften where it is closed."""
    _check_limits(person)
    typed = _as_printed(code)
    unused = person.recovery_codes.filter(used_at=None)
    # Hashing is slow on purpose: done before anything is locked.
    match = next((row for row in unused if check_password(typed, row.code_hash)), None)

    def is_right() -> bool:
        if match is None:
            return False
        return bool(unused.filter(pk=match.pk).update(used_at=timezone.now()))

    _try(person, is_right)


def _try(person: User, is_right: Callable[[], bool]) -> None:
    """One try at a time for one person, or many at once would be more than are allowed."""
    with transaction.atomic():
        _lock(person)
        _check_limits(person)
        if is_right():
            WRONG_CODE.clear(person.pk)
            return
        left = min(limit.count(person.pk) for limit in WRONG_CODES)
    if not left:
        order_account_mail(person=person, kind=VAIN_CODES)
    raise WrongCode(left)  # outside, or what was counted would be taken back


def _check_limits(person: User) -> None:
    for limit in WRONG_CODES:
        limit.check(person.pk)


def _fitting(key: str, code: str) -> TOTP:
    """The secret at the step for which the code is right."""
    totp = TOTP(unhexlify(key))
    totp.time = time.time()
    if totp.verify(int(code), TOLERANCE):
        return totp
    if totp.verify(int(code), WIDE_TOLERANCE):
        raise ClockIsOff(round(totp.drift * totp.step / 60))
    raise WrongCode


def _fresh_codes(person: User) -> tuple[list[str], list[RecoveryCode]]:
    codes = [recovery_code() for _ in range(CODES)]
    return codes, [RecoveryCode(person=person, code_hash=make_password(code)) for code in codes]


def _as_printed(code: str) -> str:
    """However it was typed: capitals, spaces and the hyphen make no difference."""
    letters = "".join(letter for letter in code.lower() if letter in ALPHABET)
    return f"{letters[:GROUP_LENGTH]}-{letters[GROUP_LENGTH:]}"


def _reset(person: User, by: User, reason: str) -> None:
    if not _remove(person):
        return
    end_sessions(person)
    for limit in WRONG_CODES:
        limit.clear(person.pk)
    _record(person, by, Kind.FACTOR_RESET, reason)
    order_account_mail(person=person, kind=Kind.FACTOR_RESET)


def _remove(person: User) -> bool:
    removed, _ = TOTPDevice.objects.filter(user=person).delete()
    person.recovery_codes.all().delete()
    return bool(removed)


def _lock(person: User) -> None:
    User.objects.select_for_update(of=("self",)).get(pk=person.pk)


def _record(person: User, by: User, kind: str, detail: str = "") -> None:
    AccountEvent.objects.create(person=person, by=by, kind=kind, detail=detail)
