"""Taking a person's name off an account (ẩn danh): what goes, what stays, and that it stays so.

What goes: all of the account that tells who it was, its ways in, its messages, old names and
addresses in its trail. What stays: the row itself with role and unit, to which every trail and
paper points, and the papers with the names in them. See docs/decisions/0023-personal-data.md.
"""

import re
from collections.abc import Iterable

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from organisations.actions import AT_SERVER, locked, unlock
from organisations.append_only import AppendOnlyQuerySet, erase, redact
from organisations.models import AccountEvent, RecoveryCode, Role, SignInEvent, User
from organisations.permissions import can_anonymise
from organisations.signing_in import end_sessions
from organisations.text import search_key

Kind = AccountEvent.Kind
IDENTITY = ["username", "full_name", "position", "email", "phone", "search", "password"]
STATE = ["wants_mail", "must_change_password", "is_operator", "last_login", "anonymised_at"]


class Obstacle(Exception):
    """Why it cannot be done now, in words for whoever wants it done."""


def obstacle(person: User) -> str:
    """In words; empty where nothing stands in the way."""
    if person.is_anonymised:
        return "Tài khoản này đã ẩn danh."
    if person.is_active:
        return (
            "Tài khoản này đang dùng. Chuyển việc còn dở cho người khác, bấm “Ngừng dùng ngay”, "
            "rồi mới ẩn danh."
        )
    administrators = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    if person.role == Role.ADMINISTRATOR and not administrators.exclude(pk=person.pk).exists():
        return "Đây là tài khoản quản trị cuối cùng. Tạo người quản trị khác trước."
    return ""


def names_somebody(text: str, person: User) -> bool:
    """A reason that says the name would keep what is to go."""
    known = (person.full_name, person.username, person.email, person.phone)
    keys = [re.escape(search_key(each)) for each in known if each]
    return bool(re.search(rf"(?<!\w)(?:{'|'.join(keys)})(?!\w)", search_key(text)))


def anonymise(*, person: User, by: User, reason: str) -> User:
    """By an administrator, of somebody else's account that is out of use. Cannot be undone.

    Raises PermissionDenied, or Obstacle with what is to be done first.
    """
    with transaction.atomic():
        person = locked(person)
        if not can_anonymise(by, person):
            raise PermissionDenied
        return _anonymise(person, by, reason)


def anonymise_at_server(*, person: User, reason: str) -> User:
    """By whoever may run commands on the server; as `anonymise` otherwise."""
    with transaction.atomic():
        person = locked(person)
        return _anonymise(person, person, f"{AT_SERVER}: {reason}")


def _anonymise(person: User, by: User, reason: str) -> User:
    if in_the_way := obstacle(person):
        raise Obstacle(in_the_way)
    if names_somebody(reason, person):
        raise Obstacle("Không ghi tên, tên đăng nhập hay địa chỉ của người ấy vào lý do.")
    redact(_telling_events(person))
    _lock_out(person)
    _erase_messages(person)
    erase(SignInEvent.objects.filter(person=person))
    _take_name(person)
    AccountEvent.objects.create(person=person, by=by, kind=Kind.ANONYMISED, detail=reason)
    return person


def _telling_events(person: User) -> AppendOnlyQuerySet:
    """Of the trail what says names or addresses, the present ones or those of before."""
    own = AccountEvent.objects.filter(person=person).exclude(detail="")
    telling = [
        event.pk
        for event in own
        if event.kind == Kind.CHANGED or names_somebody(event.detail, person)
    ]
    return AccountEvent.objects.filter(pk__in=telling)


def _lock_out(person: User) -> None:
    """Every way in, and what is remembered of tries to get in."""
    end_sessions(person)
    TOTPDevice.objects.filter(user=person).delete()
    RecoveryCode.objects.filter(person=person).delete()
    unlock(person)


def _erase_messages(person: User) -> None:
    """Rows that are nothing but the person's own: those of tables that say so by GOES_WITH."""
    for model in _in_order_of_deletion(_going_with_accounts()):
        model._default_manager.filter(**{model.GOES_WITH: person}).delete()


def _going_with_accounts() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if getattr(model, "GOES_WITH", "")]


def _in_order_of_deletion(going: Iterable[type[models.Model]]) -> list[type[models.Model]]:
    """What points to another of them goes before it."""
    going = list(going)

    def pointed_to(model: type[models.Model]) -> int:
        return sum(field.related_model in going for field in model._meta.concrete_fields)

    return sorted(going, key=pointed_to, reverse=True)


def _take_name(person: User) -> None:
    # No validator lets such a name be typed, so nobody else can have it.
    person.username = f"ẩn-danh-{person.pk}"
    person.full_name = f"Tài khoản đã ẩn danh {person.pk}"
    person.position = person.email = person.phone = ""
    person.wants_mail = person.must_change_password = person.is_operator = False
    person.last_login = None
    person.anonymised_at = timezone.now()
    person.set_unusable_password()
    person.search = person.computed_search()
    person.save(update_fields=[*IDENTITY, *STATE])
