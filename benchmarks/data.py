"""Rows to measure on: the real catalogue, as many districts as asked for."""

from datetime import date
from io import StringIO

from django.core.management import call_command
from django.utils import timezone

from criteria.measures import Kind
from criteria.models import CriteriaSet, Indicator, PointSet, Rating
from evaluations.models import (
    Document,
    Evaluation,
    Evidence,
    IndicatorResult,
    PilotRound,
    UnitResult,
)
from evaluations.registers import KIND_OF_UNIT
from organisations.models import Organisation, Role, User

REGISTER = {Organisation.Kind.COMMUNE: 15, Organisation.Kind.AGENCY: 60}  # of each district


def load_reference() -> None:
    call_command("load_reference", stdout=StringIO())


def officer_of(district: Organisation) -> User:
    user, _ = User.objects.get_or_create(
        username=f"do.{district.pk}",
        defaults={"organisation": district, "role": Role.LEADER, "must_change_password": False},
    )
    return user


def vinh_bao() -> Evaluation:
    """The dossier of huyện Vĩnh Bảo in the round of 2022, every figure typed."""
    evaluation = Evaluation.objects.get(unit__code="316", pilot_round__year=2022)
    if not Evidence.objects.filter(result__evaluation=evaluation).exists():
        fill([evaluation])
        _fill_registers([evaluation])
    return evaluation


def nationwide(count: int) -> PilotRound:
    """A round with a full dossier of each of `count` districts."""
    criteria_set = CriteriaSet.objects.get(code="quan-huyen-2022")
    template = PilotRound.objects.get(year=2022, is_practice=False)
    pilot_round = PilotRound.objects.create(
        name=f"Đợt {count} huyện",
        year=2023,
        self_assessment_due_on=date(2023, 12, 15),
        opened_at=timezone.now(),
        district_set=criteria_set,
        city_set=template.city_set,
    )
    districts = Organisation.objects.bulk_create(
        Organisation(
            kind=Organisation.Kind.DISTRICT,
            code=f"h{pilot_round.pk}-{number}",
            name=f"Huyện {number}",
            type="huyện",
            valid_from=date(2020, 2, 1),
            parent=Organisation.objects.get(kind=Organisation.Kind.CITY, valid_from__year=2020),
        )
        for number in range(count)
    )
    evaluations = Evaluation.objects.bulk_create(
        Evaluation(
            unit=district,
            pilot_round=pilot_round,
            criteria_set=criteria_set,
            status_since=timezone.now(),
        )
        for district in districts
    )
    IndicatorResult.objects.bulk_create(
        IndicatorResult(evaluation=evaluation, indicator=indicator)
        for evaluation in evaluations
        for indicator in criteria_set.indicators.all()
    )
    fill(evaluations)
    _fill_registers(evaluations)
    return pilot_round


def _fill_registers(evaluations: list[Evaluation]) -> None:
    """Units and lines of this year and the last, where there are none; all of them rated."""
    good, below = _ratings()
    pilot_round = evaluations[0].pilot_round
    own = UnitResult.objects.filter(pilot_round=pilot_round)
    known = set(own.values_list("owner", "kind").distinct())
    for owner, kind in known:
        lines = own.filter(owner=owner, kind=kind)
        for year in (pilot_round.year, pilot_round.year - 1):
            keys = list(lines.filter(year=year).values_list("pk", flat=True))
            lines.filter(pk__in=keys).update(rating=below)
            reached = [key for place, key in enumerate(keys) if _is_good(place, len(keys), owner)]
            lines.filter(pk__in=reached).update(rating=good)

    places = [
        (evaluation.unit, kind, place)
        for evaluation in evaluations
        for kind, count in REGISTER.items()
        if (evaluation.unit_id, KIND_OF_UNIT[kind]) not in known
        for place in range(count)
    ]
    units = Organisation.objects.bulk_create(
        (
            Organisation(
                kind=kind,
                code=f"{owner.pk}-{kind[0]}{place}",
                name=f"Đơn vị {place}",
                valid_from=date(2020, 2, 1),
                parent=owner,
            )
            for owner, kind, place in places
        ),
        batch_size=2000,
    )
    UnitResult.objects.bulk_create(
        (
            UnitResult(
                pilot_round=pilot_round,
                year=year,
                owner=owner,
                unit=unit,
                kind=KIND_OF_UNIT[kind],
                rating=good if _is_good(place, REGISTER[kind], owner.pk) else below,
            )
            for unit, (owner, kind, place) in zip(units, places, strict=True)
            for year in (pilot_round.year, pilot_round.year - 1)
        ),
        batch_size=2000,
    )


def _is_good(place: int, count: int, seed: int) -> bool:
    """As many of them as reach level 1, 2 or 3, by the seed."""
    return place * 100 < count * (71 + seed % 29)


def _ratings() -> tuple[Rating, Rating]:
    point_set, _ = PointSet.objects.get_or_create(
        code="do-toc-do", defaults={"subject": PointSet.Subject.AGENCY, "title": "Đo tốc độ"}
    )
    labels = {"kha": "Khá", "chua-dat": "Chưa đạt"}
    good, below = (
        Rating.objects.get_or_create(
            point_set=point_set,
            code=code,
            defaults={"label": label, "is_good_or_better": code == "kha", "rank": rank},
        )[0]
        for rank, (code, label) in enumerate(labels.items(), start=1)
    )
    return good, below


def fill(evaluations: list[Evaluation]) -> None:
    """Figures that reach level 1 to 3, and a document behind every indicator that wants one."""
    results = list(
        IndicatorResult.objects.filter(evaluation__in=evaluations)
        .select_related("indicator", "evaluation__unit")
        .order_by("evaluation", "indicator")
    )
    for result in results:
        result.typed = figures(result.indicator, seed=result.evaluation.unit_id)
    IndicatorResult.objects.bulk_update(results, ["typed"], batch_size=500)

    wanting = [each for each in results if each.indicator.measure.kind == Kind.DOCUMENT]
    people = {each.evaluation.unit_id: None for each in wanting}
    for result in wanting:
        unit = result.evaluation.unit
        people[unit.pk] = people[unit.pk] or officer_of(unit)
    documents = Document.objects.bulk_create(
        Document(
            unit=result.evaluation.unit,
            number=f"{result.indicator.code}/KH-UBND",
            issued_on=date(2022, 3, 1),
            issuer="UBND huyện",
            summary="Kế hoạch xây dựng xã hội học tập",
            created_by=people[result.evaluation.unit_id],
        )
        for result in wanting
    )
    Evidence.objects.bulk_create(
        Evidence(
            result=result,
            document=document,
            code=f"H{result.indicator.code}-01",
            added_by=people[result.evaluation.unit_id],
        )
        for result, document in zip(wanting, documents, strict=True)
    )


def figures(indicator: Indicator, *, seed: int) -> dict[str, str]:
    measure = indicator.measure
    if indicator.is_graded:
        return {"achieved": str(71 + seed % 29), "total": "100"}  # levels 1 to 3
    if measure.kind == Kind.DOCUMENT:
        return {"met": "yes"}
    if measure.kind == Kind.CHANGE:
        return {"previous": "3,18", "current": "1,62"}
    if measure.kind == Kind.SHARES:
        return {f"part{place}_percent": "95,2" for place in range(1, len(measure.parts) + 1)}
    return {"percent": "0,01" if measure.bound.wants_less else "100"}
