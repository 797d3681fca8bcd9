"""Provinces with all their units and accounts; names by number, nobody's."""

from dataclasses import dataclass, field
from datetime import date

from benchmarks.country.copying import Tables
from organisations.models import AccountEvent, Organisation, Role, SignInEvent, User
from organisations.text import search_key

PROVINCES, DISTRICTS, COMMUNES, AGENCIES = 63, 705, 10_599, 100_000
CITY_AGENCIES = 20  # of each province; the others are its districts'
SINCE = date(2020, 2, 1)
NO_PASSWORD = "!nobody-signs-in-here"
SIGN_INS = 12  # of each account
# Of a province's office and its council: who they are, and how many.
STAFF = (
    (Role.APPRAISER, 2),
    (Role.APPROVER, 1),
    (Role.COUNCIL, 3),
    (Role.OBSERVER, 1),
    (Role.EDITOR, 1),
    (Role.LEADER, 1),
    (Role.ADMINISTRATOR, 1),
)

Kind = Organisation.Kind


@dataclass
class District:
    pk: int
    name: str
    editor: int
    leader: int
    communes: list[int] = field(default_factory=list)
    agencies: list[int] = field(default_factory=list)


@dataclass
class Province:
    """One province by its keys: what the years are written upon."""

    number: int
    pk: int
    name: str
    office: int  # the standing agency
    staff: dict[str, list[int]]  # by role
    agencies: list[int]
    districts: list[District]


@dataclass(frozen=True)
class Sizes:
    """How much a province has to have, so that the country comes out exactly."""

    districts: int
    communes: list[int]  # of each district
    agencies: list[int]


def share_out(whole: int, among: int) -> list[int]:
    """As evenly as whole numbers go, the larger parts first."""
    least, more = divmod(whole, among)
    return [least + (place < more) for place in range(among)]


def sizes_of_others(found: Province) -> list[Sizes]:
    """What is left for the provinces beside the one that is there already."""
    others = PROVINCES - 1
    districts = share_out(DISTRICTS - len(found.districts), others)
    own = sum(len(each.agencies) for each in found.districts) + len(found.agencies)
    communes = iter(
        share_out(COMMUNES - sum(len(each.communes) for each in found.districts), sum(districts))
    )
    agencies = iter(share_out(AGENCIES - own - CITY_AGENCIES * others, sum(districts)))
    return [
        Sizes(
            count,
            [next(communes) for _ in range(count)],
            [next(agencies) for _ in range(count)],
        )
        for count in districts
    ]


def make_province(tables: Tables, number: int, sizes: Sizes) -> Province:
    code, name = f"t{number:02d}", f"Tỉnh {number:02d}"
    pk = _unit(tables, code, name, Kind.CITY, "tỉnh", None)
    agencies = [
        _unit(tables, f"{code}-s{place:02d}", f"Sở {number:02d}-{place:02d}", Kind.AGENCY, "sở", pk)
        for place in range(CITY_AGENCIES)
    ]
    staff = {
        role: [_person(tables, f"{code}.{role}{place}", agencies[0], role) for place in range(many)]
        for role, many in STAFF
    }
    districts = [
        _district(tables, f"{number:02d}-{place + 1:02d}", pk, *counts)
        for place, counts in enumerate(zip(sizes.communes, sizes.agencies, strict=True))
    ]
    return Province(number, pk, name, agencies[0], staff, agencies, districts)


def _district(tables: Tables, number: str, parent: int, communes: int, agencies: int) -> District:
    code, name = f"h{number}", f"Huyện {number}"
    pk = _unit(tables, code, name, Kind.DISTRICT, "huyện", parent)
    district = District(
        pk,
        name,
        _person(tables, code, pk, Role.EDITOR),
        _person(tables, f"{code}.lanhdao", pk, Role.LEADER),
    )
    for place in range(1, communes + 1):
        own = _unit(
            tables, f"x{number}-{place:02d}", f"Xã {number}-{place:02d}", Kind.COMMUNE, "xã", pk
        )
        _person(tables, f"x{number}-{place:02d}", own, Role.LEADER)
        district.communes.append(own)
    for place in range(1, agencies + 1):
        name = f"Cơ quan {number}-{place:03d}"
        own = _unit(tables, f"c{number}-{place:03d}", name, Kind.AGENCY, "cơ quan", pk)
        district.agencies.append(own)
    return district


def existing_province(parent: Organisation) -> Province:
    """The city that the demonstration has written, seen as the generator sees a province."""
    people = dict.fromkeys(Role.values)
    for user in User.objects.exclude(organisation__kind=Kind.COMMUNE).order_by("-pk"):
        people[user.role] = [user.pk]
    year_end = date(2022, 12, 31)
    units = Organisation.objects.in_force(year_end)
    districts = [
        District(
            each.pk,
            each.name,
            people[Role.EDITOR][0],
            people[Role.LEADER][0],
            list(units.filter(parent=each, kind=Kind.COMMUNE).values_list("pk", flat=True)),
            list(units.filter(parent=each, kind=Kind.AGENCY).values_list("pk", flat=True)),
        )
        for each in units.filter(parent=parent, kind=Kind.DISTRICT).order_by("code")
    ]
    agencies = list(units.filter(parent=parent, kind=Kind.AGENCY).values_list("pk", flat=True))
    office = User.objects.get(username="so.thamdinh").organisation_id
    return Province(1, parent.pk, parent.name, office, people, agencies, districts)


def _unit(tables: Tables, code: str, name: str, kind: str, type_: str, parent: int | None) -> int:
    return tables.add(
        Organisation,
        code=code,
        name=name,
        kind=kind,
        type=type_,
        parent_id=parent,
        valid_from=SINCE,
        search=search_key(name),
    )


def _person(tables: Tables, username: str, unit: int, role: Role) -> int:
    """Named by what they do, as the demonstration's are."""
    name = f"{role.label} {username}"
    person = tables.add(
        User,
        username=username,
        full_name=name,
        password=NO_PASSWORD,
        organisation_id=unit,
        role=role,
        search=search_key(f"{name} {username}"),
    )
    tables.add(AccountEvent, person_id=person, by_id=person, kind=AccountEvent.Kind.CREATED)
    sign_in(tables, person)
    return person


def sign_in(tables: Tables, person: int) -> None:
    for place in range(SIGN_INS):
        kind = SignInEvent.Kind.WRONG_PASSWORD if place == 5 else SignInEvent.Kind.SIGNED_IN
        tables.add(SignInEvent, person_id=person, kind=kind, ip="192.0.2.1", browser="Firefox")
