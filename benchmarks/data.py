"""Rows to measure on: the real catalogue, as many districts as asked for."""

from datetime import date
from io import StringIO

from django.core.management import call_command
from django.utils import timezone

from criteria.measures import Kind
from criteria.models import CriteriaSet, Indicator
from evaluations.models import Document, Evaluation, Evidence, IndicatorResult, PilotRound
from organisations.models import Organisation, Role, User


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
        _fill([evaluation])
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
            code=f"h{number}",
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
    _fill(evaluations)
    return pilot_round


def _fill(evaluations: list[Evaluation]) -> None:
    """Figures that reach level 1 to 3, and a document behind every indicator that wants one."""
    results = list(
        IndicatorResult.objects.filter(evaluation__in=evaluations)
        .select_related("indicator", "evaluation__unit")
        .order_by("evaluation", "indicator")
    )
    for result in results:
        result.typed = _figures(result.indicator, seed=result.evaluation_id)
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


def _figures(indicator: Indicator, *, seed: int) -> dict[str, str]:
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
