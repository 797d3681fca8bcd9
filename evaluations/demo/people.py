"""Practice accounts: one for each role, two for each district; names are roles, not persons."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from organisations.models import Organisation, Role, User
from organisations.text import search_key

# Known to everyone who reads this: only the local demo makes these accounts.
PASSWORD = "tap-huan-hai-phong"


@dataclass(frozen=True)
class DemoAccount:
    """One line of the list that `manage.py demo` prints."""

    role: str
    unit: str
    username: str
    password: str


@dataclass(frozen=True)
class Wanted:
    username: str
    role: Role
    unit: Organisation

    @property
    def full_name(self) -> str:
        """ "Lãnh đạo Sở GD&ĐT": the role's last word is not said twice."""
        office = self.unit.bare_name
        if self.role.label.split()[-1] == office.split()[0]:
            office = office.split(maxsplit=1)[-1]
        return f"{self.role.label} {office}"


# Shown in the list: one for each role, and a second district to see that it sees nothing.
AGENCY_PEOPLE = (
    ("so.thamdinh", Role.APPRAISER, "SGDDT"),
    ("so.lanhdao", Role.APPROVER, "SGDDT"),
    ("hoidong", Role.COUNCIL, "VPUB"),
    ("theodoi", Role.OBSERVER, "HKH"),
    ("quantri", Role.ADMINISTRATOR, "SGDDT"),
)
SHOWN_DISTRICTS = ("316", "306")


def make_people(districts: list[Organisation], without_leader: str) -> dict[str, User]:
    """Accounts by username; those that exist are left as they are."""
    agencies = {unit.code: unit for unit in Organisation.objects.filter(kind="agency")}
    wanted = [Wanted(name, role, agencies[code]) for name, role, code in AGENCY_PEOPLE]
    for unit in districts:
        wanted.append(Wanted(editor_of(unit), Role.EDITOR, unit))
        if unit.code != without_leader:
            wanted.append(Wanted(leader_of(unit), Role.LEADER, unit))
    known = {user.username: user for user in User.objects.select_related("organisation")}
    new = [each for each in wanted if each.username not in known]
    # One slow hash for all of them: it is one password, and it is no secret.
    hashed = make_password(PASSWORD) if new else ""
    for each in new:
        user = User(
            username=each.username,
            password=hashed,
            role=each.role,
            organisation=each.unit,
            full_name=each.full_name,
        )
        user.search = user.computed_search()
        user.save(force_insert=True)
        known[user.username] = user
    return {each.username: known[each.username] for each in wanted}


def editor_of(unit: Organisation) -> str:
    """ "vinhbao"."""
    return search_key(unit.bare_name).replace(" ", "")


def leader_of(unit: Organisation) -> str:
    return f"{editor_of(unit)}.lanhdao"


def demo_accounts() -> list[DemoAccount]:
    """The accounts to show, those of the districts first."""
    shown = [name for name, _, _ in AGENCY_PEOPLE]
    users = User.objects.select_related("organisation")
    of_districts = [
        user
        for code in SHOWN_DISTRICTS
        for user in users.filter(
            organisation__code=code, role__in=(Role.EDITOR, Role.LEADER)
        ).order_by("pk")
    ]
    by_name = {user.username: user for user in users.filter(username__in=shown)}
    return [
        DemoAccount(user.get_role_display(), user.organisation.name, user.username, PASSWORD)
        for user in [*of_districts, *(by_name[name] for name in shown if name in by_name)]
    ]
