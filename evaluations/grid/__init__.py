"""The pages of registers: which register, who owns one, what its lines show, where it leads.

A register is named by its round, its owner, its kind and its year; `Register` carries the four
together. Nothing here writes.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.urls import reverse

from criteria.models import PointSet
from evaluations.models import Evaluation, PilotRound, UnitResult
from evaluations.registers import SLUG_OF, points_of
from organisations.models import READING_ROLES, UNIT_ROLES, Organisation, User

Kind = UnitResult.Kind
KIND_OF_SLUG = {slug: kind for kind, slug in SLUG_OF.items()}
TITLES = {
    Kind.LEARNING_UNIT: "“Đơn vị học tập” của cơ quan, đơn vị",
    Kind.LEARNING_COMMUNITY: "“Cộng đồng học tập” cấp xã",
}
NOUNS = {Kind.LEARNING_UNIT: "cơ quan", Kind.LEARNING_COMMUNITY: "xã, phường"}


@dataclass(frozen=True)
class Register:
    """One register (danh sách): whose, of what, in which year."""

    pilot_round: PilotRound
    owner: Organisation
    kind: str
    year: int

    @property
    def slug(self) -> str:
        return SLUG_OF[self.kind]

    @property
    def is_of_the_round(self) -> bool:
        """Of the round's own year, so that an indicator is counted from it."""
        return self.year == self.pilot_round.year

    @property
    def past_year(self) -> int:
        return self.year - 1

    @property
    def is_of_agencies(self) -> bool:
        return self.kind == Kind.LEARNING_UNIT

    @property
    def title(self) -> str:
        return f"Kết quả {TITLES[self.kind]} năm {self.year}"

    @property
    def noun(self) -> str:
        """What a line of it is: "cơ quan"; "xã" or "phường" as the owner's communes mostly are."""
        if self.is_of_agencies:
            return NOUNS[self.kind]
        return "phường" if self.owner.type == "quận" else "xã"

    @property
    def lines(self):
        return UnitResult.objects.register(
            pilot_round=self.pilot_round, owner=self.owner, kind=self.kind, year=self.year
        )

    @cached_property
    def points(self) -> PointSet | None:
        """By which its units are rated; None in a round that adopted none."""
        return points_of(self.pilot_round, self.kind)

    @property
    def basis(self) -> str:
        """ "Thông tư 22/2020/TT-BGDĐT", without its day and article."""
        return self.points.legal_basis.partition(" ngày ")[0] if self.points else ""

    @property
    def tab(self) -> str:
        """Its name among the registers of one owner."""
        return "Cơ quan, đơn vị" if self.is_of_agencies else "Xã, phường, thị trấn"

    @property
    def address(self) -> list:
        """What the addresses of its pages are made of."""
        return [self.pilot_round.pk, self.owner.pk, self.slug]

    def get_absolute_url(self) -> str:
        url = reverse("evaluations:register", args=self.address)
        return url if self.is_of_the_round else f"{url}?nam={self.year}"

    def of_year(self, year: int) -> "Register":
        return Register(self.pilot_round, self.owner, self.kind, year)


def owners_of(pilot_round: PilotRound):
    """Whose registers a round has: districts with units or a dossier in it, and their city."""
    lines = UnitResult.objects.filter(pilot_round=pilot_round).order_by()
    dossiers = Evaluation.objects.filter(pilot_round=pilot_round).order_by()
    # Found from what the round has, not by asking of each unit there is.
    own = lines.values("owner").union(
        dossiers.values("unit"), lines.values("owner__parent"), dossiers.values("unit__parent")
    )
    kinds = (Organisation.Kind.DISTRICT, Organisation.Kind.CITY)
    return Organisation.objects.filter(kind__in=kinds, pk__in=own)


def owners_visible_to(user: User, pilot_round: PilotRound):
    """Of those, whose registers this person may know of, as with their lines."""
    owners = owners_of(pilot_round)
    if user.role in UNIT_ROLES:
        own = Q(pk=user.organisation_id)
        if pilot_round.standing_agency_id == user.organisation_id:
            own |= Q(kind=Organisation.Kind.CITY)  # what the city's dossier is counted from
        return owners.filter(own)
    if user.role in READING_ROLES:
        return owners.filter(user.organisation.in_scope("pk"))
    return owners.none()


def kinds_of(owner: Organisation) -> tuple[str, ...]:
    """The registers that an owner keeps: the communes are all of districts."""
    if owner.kind == Organisation.Kind.CITY:
        return (Kind.LEARNING_UNIT,)
    return (Kind.LEARNING_UNIT, Kind.LEARNING_COMMUNITY)
