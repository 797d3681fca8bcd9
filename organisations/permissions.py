"""What a person may do with units and accounts, one question each."""

from organisations.models import Role, User


def can_administer_people(user: User) -> bool:
    return user.is_active and user.role == Role.ADMINISTRATOR


def can_administer_units(user: User) -> bool:
    return user.is_active and user.role == Role.ADMINISTRATOR


def can_see_person(user: User, person: User) -> bool:
    """An operator's account opens Django's admin, so only an operator may touch it."""
    return can_administer_people(user) and (user.is_operator or not person.is_operator)


def can_change_person(user: User, person: User) -> bool:
    """What has lost its name stays as it is: nobody is behind it any more."""
    return can_see_person(user, person) and not person.is_anonymised


def can_change_standing(user: User, person: User) -> bool:
    """Role, organisation, in use or not: nobody changes their own."""
    return can_change_person(user, person) and user.pk != person.pk


def can_anonymise(user: User, person: User) -> bool:
    """Whether it may be done now, the account's own state says: `anonymising.obstacle`."""
    return can_change_standing(user, person)
