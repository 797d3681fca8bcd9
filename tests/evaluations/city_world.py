"""A round with a dossier of the city, three offices that fill it, and everybody around them."""

from dataclasses import dataclass, field

from evaluations.actions.appraisal import accept_rest
from evaluations.actions.assignments import hand_over
from evaluations.actions.results import save_result, values_of
from evaluations.actions.rounds import open_round
from evaluations.actions.steps import take_step
from evaluations.checking import check, registers_of
from evaluations.determination import find
from evaluations.models import Assignment, Evaluation, IndicatorResult, PilotRound
from organisations.models import Organisation, Role, User
from tests.factories import (
    LEVEL_1,
    make_agency,
    make_city,
    make_department,
    make_district,
    make_document,
    make_evidence,
    make_round,
    make_user,
)

# Who leads which indicator of the small set.
LEADS = {"1.1.1": "SNV", "2.1.2": "SNV", "2.2.1": "VPUB", "3.1.1": "SGDDT", "3.1.2": "SGDDT"}
OTHER_TEXTS = {"3.1.2": {"source": "Báo cáo năm"}}


@dataclass(frozen=True)
class CityWorld:
    pilot_round: PilotRound
    offices: dict[str, Organisation]
    people: dict[str, User] = field(default_factory=dict)

    @property
    def dossier(self) -> Evaluation:
        return self.pilot_round.evaluations.of_cities().for_display().get()

    def result(self, code: str) -> IndicatorResult:
        """Fresh, with its dossier and its assignment."""
        found = IndicatorResult.objects.with_assignment().select_related(
            "indicator", "evaluation__unit", "evaluation__pilot_round"
        )
        return found.get(evaluation=self.dossier, indicator__code=code)

    def lead_of(self, code: str, role: str = "editor") -> User:
        return self.people[f"{LEADS[code]} {role}"]

    def url(self, code: str = "", rest: str = "") -> str:
        base = self.dossier.get_absolute_url()
        return f"{base}chi-bao/{code}/{rest}" if code else f"{base}{rest}"

    def fill(self, *codes: str) -> None:
        """Complete, with a paper of the agency's own register."""
        for code in codes or LEADS:
            result, lead = self.result(code), self.lead_of(code)
            values = {**LEVEL_1[code], **OTHER_TEXTS.get(code, {}), "suitability": "fits"}
            save_result(result=result, values=values, base=values_of(result), by=lead)
            paper = make_document(lead.organisation, by=lead, summary=f"Văn bản riêng của {code}")
            make_evidence(result, document=paper, by=lead)

    def hand_over(self, *codes: str) -> None:
        for code in codes or LEADS:
            hand_over(result=self.result(code), by=self.lead_of(code))

    def submit(self) -> None:
        finding = find(Evaluation.objects.with_results().get(pk=self.dossier.pk))
        doubts = check(finding, registers_of(finding)).doubts
        take_step(
            evaluation=self.dossier,
            step_name="submit",
            by=self.people["SGDDT leader"],
            reasons={doubt.kind: "Đã xem." for doubt in doubts},
        )

    def step(self, name: str, who: str, **words) -> None:
        take_step(evaluation=self.dossier, step_name=name, by=self.people[who], **words)

    def appraise_all(self) -> None:
        self.step("take-in", "council")
        accept_rest(evaluation=self.dossier, by=self.people["council"])


def make_city_world(people: dict[str, User] | None = None, **fields) -> CityWorld:
    """A round of its own; the people of an earlier world where they are given."""
    city = make_city()
    offices = {
        "SGDDT": make_department(parent=city, short_name="Sở GD&ĐT"),
        "SNV": _agency("Sở Nội vụ", "SNV"),
        "VPUB": _agency("Văn phòng Ủy ban nhân dân thành phố", "VPUB"),
    }
    pilot_round = make_round(opened_at=None, standing_agency=offices["SGDDT"], **fields)
    district = make_district()
    open_round(pilot_round=pilot_round, participants=[district])
    for code, office in LEADS.items():
        Assignment.objects.of_round(pilot_round).filter(result__indicator__code=code).update(
            agency=offices[office]
        )
    if people is not None:
        return CityWorld(PilotRound.objects.get(pk=pilot_round.pk), offices, people)
    people = {
        f"{code} {role}": make_user(role, office)
        for code, office in offices.items()
        for role in (Role.EDITOR, Role.LEADER)
    }
    people |= {
        "council": make_user(Role.COUNCIL, city),
        "other council": make_user(Role.COUNCIL, city),
        "appraiser": make_user(Role.APPRAISER, offices["SGDDT"]),
        "approver": make_user(Role.APPROVER, offices["SGDDT"]),
        "observer": make_user(Role.OBSERVER, offices["VPUB"]),
        "administrator": make_user(Role.ADMINISTRATOR),
        "district": make_user(Role.LEADER, district),
    }
    return CityWorld(PilotRound.objects.get(pk=pilot_round.pk), offices, people)


def _agency(name: str, code: str) -> Organisation:
    """The same row when asked again."""
    found = Organisation.objects.filter(code=code).first()
    return found or make_agency(name, code, parent=make_city())
