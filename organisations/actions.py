"""Everything that changes an account goes through here and leaves an event behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from axes.utils import reset as reset_attempts
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from organisations.limits import SIGN_IN_OF_NAME, WRONG_CODES
from organisations.lockout import hashed_name
from organisations.models import AccountEvent, Organisation, Role, User
from organisations.passwords import temporary_password
from organisations.permissions import (
    can_administer_people,
    can_administer_units,
    can_change_person,
    can_change_standing,
)
from organisations.signing_in import end_sessions

Kind = AccountEvent.Kind
LETTERHEAD = [
    "short_name",
    "superior_name",
    "issuer_name",
    "document_code",
    "place",
    "signing_authority",
    "signer_position",
    "signer_name",
    "drafting_unit",
    "standing_recipients",
]
DETAILS = ["full_name", "username", "position", "email", "phone"]
STANDING = ["organisation", "role"]
AT_SERVER = "bằng lệnh trên máy chủ"


class UsernameTaken(Exception):
    """Another request took the name between the check and the saving."""


@dataclass(frozen=True)
class Slip:
    """What is handed to a person on paper (phiếu tài khoản); it exists in this answer only."""

    person: User
    password: str


def create_people(*, people: list[User], by: User) -> list[Slip]:
    """Store new accounts, each with a temporary password; all of them or none."""
    if not can_administer_people(by):
        raise PermissionDenied
    slips = []
    for person in people:  # hashing is slow on purpose: done before the transaction holds a lock
        password = temporary_password()
        person.set_password(password)
        person.must_change_password = True
        person.is_operator = False
        person.search = person.computed_search()
        slips.append(Slip(person, password))
    try:
        with transaction.atomic():
            User.objects.bulk_create(people)
            AccountEvent.objects.bulk_create(
                AccountEvent(person=person, by=by, kind=Kind.CREATED, detail=_standing(person))
                for person in people
            )
    except IntegrityError as error:
        raise UsernameTaken from error
    return slips


@transaction.atomic
def change_person(*, person: User, by: User) -> User:
    """Store what a form has put on this account, and record what differs."""
    before = locked(person)
    if not can_change_person(by, before):
        raise PermissionDenied
    standing_changed = (before.organisation_id, before.role) != (
        person.organisation_id,
        person.role,
    )
    if standing_changed and not can_change_standing(by, before):
        raise PermissionDenied

    person.search = person.computed_search()
    person.save(update_fields=[*DETAILS, *STANDING, "search"])

    if standing_changed:
        detail = f"{_standing(before)} → {_standing(person)}"
        _record(person, by, Kind.ROLE_CHANGED, detail)
    if before.role != person.role:
        end_sessions(person)  # the new role may ask for a code that they have not given
    changed = [name for name in DETAILS if getattr(before, name) != getattr(person, name)]
    if changed:
        _record(person, by, Kind.CHANGED, "; ".join(_old_and_new(before, person, changed)))
    return person


@transaction.atomic
def reset_password(*, person: User, by: User) -> Slip:
    """A new temporary password; the old one, every open session and every lock end at once."""
    person = locked(person)
    if not can_change_standing(by, person) or not person.is_active:
        raise PermissionDenied
    return _give_password(person, by)


@transaction.atomic
def reset_password_at_server(*, person: User, reason: str) -> Slip:
    """By whoever may run commands on the server: the last administrator has forgotten it."""
    person = locked(person)
    if person.is_anonymised:
        raise PermissionDenied
    return _give_password(person, person, f"{AT_SERVER}: {reason}")


@transaction.atomic
def create_administrator(*, person: User, reason: str) -> Slip:
    """By whoever may run commands on the server: nobody is there yet to create the first one."""
    password = temporary_password()
    person.role = Role.ADMINISTRATOR
    person.must_change_password = True
    person.set_password(password)
    person.search = person.computed_search()
    person.save()
    _record(person, person, Kind.CREATED, f"{AT_SERVER}: {reason}")
    return Slip(person, password)


@transaction.atomic
def set_active(*, person: User, active: bool, by: User) -> User:
    """Put an account out of use, or into use again; nobody is ever deleted."""
    person = locked(person)
    if not can_change_standing(by, person):
        raise PermissionDenied
    if person.is_active != active:
        person.is_active = active
        person.save(update_fields=["is_active"])
        end_sessions(person)
        _record(person, by, Kind.ACTIVATED if active else Kind.DEACTIVATED)
    return person


@transaction.atomic
def change_own_password(*, person: User, password: str, session_key: str | None = None) -> User:
    """The person's own choice, signed in (in the session of that key) or by a link from the e-mail.

    Every other session ends.
    """
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    end_sessions(person, but=session_key)
    _record(person, person, Kind.PASSWORD_CHANGED)
    return person


@transaction.atomic
def choose_mail(*, person: User, wants: bool) -> User:
    """Whether a person gets e-mail about work; links to set a new password come all the same."""
    person = locked(person)
    if person.wants_mail != wants:
        person.wants_mail = wants
        person.save(update_fields=["wants_mail"])
        _record(person, person, Kind.CHANGED, f"thư nhắc việc: {'nhận' if wants else 'không nhận'}")
    return person


@transaction.atomic
def change_letterhead(*, organisation: Organisation, by: User) -> Organisation:
    if not can_administer_units(by):
        raise PermissionDenied
    organisation.search = organisation.computed_search()
    organisation.save(update_fields=[*LETTERHEAD, "search"])
    return organisation


def add_agency(*, parent: Organisation, name: str, unit_type: str, since: date) -> Organisation:
    """An agency of a district or of the city, with the next free code of its parent ("316-007").

    The caller asks permission and holds the parent's register, so two never get one code.
    """
    return add_agencies(parent=parent, names=[name], unit_type=unit_type, since=since)[0]


def add_agencies(
    *, parent: Organisation, names: list[str], unit_type: str, since: date
) -> list[Organisation]:
    """Many of one type at once, in the order of their names' list; as `add_agency`."""
    first = _next_number(parent)
    agencies = [
        Organisation(
            code=f"{parent.code}-{number:03d}",
            name=name,
            kind=Organisation.Kind.AGENCY,
            type=unit_type,
            parent=parent,
            valid_from=since,
            issuer_name=name,
            place=parent.place,
        )
        for number, name in enumerate(names, start=first)
    ]
    for agency in agencies:
        agency.search = agency.computed_search()
    return Organisation.objects.bulk_create(agencies, batch_size=200)


def close_unit(*, unit: Organisation, on: date) -> Organisation:
    """From the day after that the unit is no more; what it did stays."""
    unit.valid_to = on
    unit.save(update_fields=["valid_to"])
    return unit


def _next_number(parent: Organisation) -> int:
    prefix = f"{parent.code}-"
    used = Organisation.objects.filter(code__startswith=prefix).values_list("code", flat=True)
    numbers = [int(code.removeprefix(prefix)) for code in used if code[len(prefix) :].isdecimal()]
    return max(numbers, default=0) + 1


def _give_password(person: User, by: User, detail: str = "") -> Slip:
    password = temporary_password()
    person.set_password(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    end_sessions(person)
    unlock(person)
    _record(person, by, Kind.PASSWORD_RESET, detail)
    return Slip(person, password)


def unlock(person: User) -> None:
    """Whoever tried the old password or knows it is out; the person must not wait for them."""
    reset_attempts(username=hashed_name(person.username))
    SIGN_IN_OF_NAME.clear(person.username)
    for limit in WRONG_CODES:
        limit.clear(person.pk)


def locked(person: User) -> User:
    people = User.objects.select_for_update(of=("self",)).select_related("organisation")
    return people.get(pk=person.pk)


def _standing(person: User) -> str:
    return f"{person.get_role_display()}, {person.organisation or 'không thuộc đơn vị nào'}"


def _old_and_new(before: User, person: User, names: list[str]) -> Iterator[str]:
    """ "chức vụ: Chuyên viên → Trưởng phòng"."""
    for name in names:
        label = User._meta.get_field(name).verbose_name
        old, new = (getattr(each, name) or "để trống" for each in (before, person))
        yield f"{label}: {old} → {new}"


def _record(person: User, by: User, kind: str, detail: str = "") -> None:
    AccountEvent.objects.create(person=person, by=by, kind=kind, detail=detail)
