"""Rows that tests need, with sensible defaults; what matters in a test is said in the test."""

from datetime import date
from itertools import count

from django.utils import timezone
from model_bakery import baker

from criteria.models import CriteriaSet, Criterion, Indicator, LevelThreshold, Standard
from evaluations.models import Document, Evaluation, Evidence, IndicatorResult, PilotRound
from evaluations.workflow import Status
from organisations.models import Organisation, Role, User

PASSWORD = "mat-khau-thu-2022"
_numbers = count(1)


def make_city(name="Thành phố Hải Phòng", code="31", **fields) -> Organisation:
    """The city of the year 2022; the same row when asked again."""
    found = Organisation.objects.filter(
        kind=Organisation.Kind.CITY, code=code, valid_from=date(2020, 2, 1)
    ).first()
    return found or _make_unit(
        name, code, kind=Organisation.Kind.CITY, type="thành phố", parent=None, **fields
    )


def make_district(name=None, code=None, **fields) -> Organisation:
    number = next(_numbers)
    name = name or f"Huyện Số {number}"
    if "parent" not in fields:
        fields["parent"] = make_city()
    fields.setdefault("type", name.split()[0].lower())
    return _make_unit(name, code or f"d{number}", kind=Organisation.Kind.DISTRICT, **fields)


def make_commune(name=None, code=None, **fields) -> Organisation:
    number = next(_numbers)
    name = name or f"Xã Số {number}"
    if "parent" not in fields:
        fields["parent"] = make_district()
    fields.setdefault("type", name.split()[0].lower())
    return _make_unit(name, code or f"c{number}", kind=Organisation.Kind.COMMUNE, **fields)


def make_agency(name=None, code=None, **fields) -> Organisation:
    number = next(_numbers)
    fields.setdefault("type", "sở")
    fields.setdefault("short_name", "")
    return _make_unit(
        name or f"Sở Số {number}", code or f"S{number}", kind=Organisation.Kind.AGENCY, **fields
    )


def make_department(**fields) -> Organisation:
    """Sở Giáo dục và Đào tạo, the standing agency; the same row when asked again."""
    return Organisation.objects.filter(code="SGDDT").first() or make_agency(
        "Sở Giáo dục và Đào tạo", "SGDDT", **fields
    )


def make_user(role=Role.EDITOR, organisation=None, **fields) -> User:
    """A person who may sign in; everyone but an administrator gets an organisation."""
    number = next(_numbers)
    if organisation is None and role in {Role.EDITOR, Role.LEADER}:
        organisation = make_district()
    elif organisation is None and role != Role.ADMINISTRATOR:
        organisation = make_department()
    fields.setdefault("username", f"nguoi.{number}")
    fields.setdefault("full_name", f"Nguyễn Văn {number}")
    password = fields.pop("password", PASSWORD)
    return User.objects.create_user(
        password=password, role=role, organisation=organisation, **fields
    )


def _make_unit(name, code, **fields) -> Organisation:
    fields.setdefault("short_name", name.split(maxsplit=1)[-1])
    fields.setdefault("valid_from", date(2020, 2, 1))
    fields.setdefault("valid_to", None)
    unit = baker.prepare(Organisation, name=name, code=code, **fields)
    unit.search = unit.computed_search()
    unit.save()
    return unit


SHARE = {"kind": "share", "bound": {"comparison": ">=", "percent": "70"}, "derived": False}
DOCUMENT = {"kind": "document"}
# One indicator of every measure: enough for a page, a level and a report.
SMALL_SET = {
    "1.1.1": ("prerequisite", DOCUMENT, "Nhiệm vụ trong kế hoạch"),
    "2.1.2": (
        "graded",
        SHARE
        | {
            "achieved_label": "Xã từ Khá trở lên",
            "total_label": "Tổng số xã",
            "noun": "xã xếp loại Khá trở lên",
        },
        "Xã đạt Cộng đồng học tập",
    ),
    "2.2.1": (
        "graded",
        SHARE
        | {
            "achieved_label": "Đơn vị có kế hoạch",
            "total_label": "Tổng số đơn vị",
            "noun": "đơn vị có kế hoạch",
        },
        "Kế hoạch tập huấn kỹ năng số",
    ),
    "3.1.1": (
        "prerequisite",
        {
            "kind": "change",
            "label": "Tỷ lệ hộ nghèo",
            "unit": "percent",
            "direction": "fall",
            "step": "1.5",
            "parts": [],
        },
        "Giảm tỷ lệ hộ nghèo",
    ),
    "3.1.2": (
        "prerequisite",
        {
            "kind": "shares",
            "bound": {"comparison": ">=", "percent": "90"},
            "parts": [
                {"name": "Chất thải rắn", "achieved_label": "Thu gom", "total_label": "Phát sinh"},
                {"name": "Nước thải", "achieved_label": "Thu gom", "total_label": "Phát sinh"},
            ],
        },
        "Thu gom, xử lý chất thải",
    ),
}
# Figures under which the small set reaches level 1, held by 2.1.2.
LEVEL_1 = {
    "1.1.1": {"met": "yes"},
    "2.1.2": {"achieved": "23", "total": "30"},
    "2.2.1": {"achieved": "83", "total": "92"},
    "3.1.1": {"previous": "3,18", "current": "1,62"},
    "3.1.2": {"part1_percent": "95,2", "part2_percent": "91"},
}


def make_set(code="bo-nho", subject=CriteriaSet.Subject.DISTRICT) -> CriteriaSet:
    """A criteria set with one indicator of every measure and the real thresholds."""
    found = CriteriaSet.objects.filter(code=code).first()
    if found:
        return found
    criteria_set = baker.make(
        CriteriaSet,
        code=code,
        title="Bộ tiêu chí nhỏ",
        subject=subject,
        appendix="Phụ lục III",
        legal_basis="Kế hoạch 02/KH-UBND",
        valid_to=None,
    )
    for level, percent, inclusive in ((1, 70, True), (2, 80, False), (3, 90, False)):
        LevelThreshold.objects.create(
            criteria_set=criteria_set, level=level, percent=percent, inclusive=inclusive
        )
    for position, (indicator_code, (role, measure, name)) in enumerate(SMALL_SET.items()):
        _make_indicator(criteria_set, indicator_code, position, role, measure, name)
    return criteria_set


def make_round(**fields) -> PilotRound:
    number = next(_numbers)
    fields.setdefault("name", f"Đợt {number}")
    fields.setdefault("year", 2022)
    fields.setdefault("is_practice", False)
    fields.setdefault("self_assessment_due_on", date(2022, 12, 15))
    fields.setdefault("opened_at", timezone.now())
    fields.setdefault("district_set", make_set())
    fields.setdefault("city_set", make_set("bo-nho-thanh-pho", CriteriaSet.Subject.CITY))
    return PilotRound.objects.create(**fields)


def make_dossier(unit=None, *, status=Status.DRAFT, typed=None, **fields) -> Evaluation:
    """A dossier with a result for each indicator; `typed` maps codes to what was typed."""
    fields.setdefault("pilot_round", None)
    pilot_round = fields.pop("pilot_round") or make_round()
    fields.setdefault("status_since", timezone.now())
    if status != Status.DRAFT:
        fields.setdefault("first_submitted_at", timezone.now())
    evaluation = Evaluation.objects.create(
        unit=unit or make_district(),
        pilot_round=pilot_round,
        criteria_set=pilot_round.district_set,
        status=status,
        **fields,
    )
    IndicatorResult.objects.bulk_create(
        IndicatorResult(
            evaluation=evaluation, indicator=indicator, typed=(typed or {}).get(indicator.code, {})
        )
        for indicator in pilot_round.district_set.indicators.all()
    )
    return evaluation


def make_complete_dossier(unit=None, *, by=None, **fields) -> Evaluation:
    """A dossier at level 1 that the check page lets through without a doubt."""
    evaluation = make_dossier(unit, typed=LEVEL_1, **fields)
    evaluation.results.update(suitability=IndicatorResult.Suitability.FITS)
    evaluation.results.filter(indicator__code="3.1.2").update(source="Báo cáo năm")
    by = by or make_user(Role.EDITOR, evaluation.unit)
    document = make_document(evaluation.unit, by=by)
    for result in evaluation.results.select_related("indicator"):
        make_evidence(result, document=document, by=by)
    return evaluation


def make_document(unit, *, by=None, **fields) -> Document:
    fields.setdefault("number", "12/QĐ-UBND")
    fields.setdefault("issued_on", date(2022, 11, 25))
    fields.setdefault("issuer", "UBND huyện")
    fields.setdefault("summary", "Công nhận Cộng đồng học tập cấp xã")
    document = Document(unit=unit, created_by=by or make_user(Role.EDITOR, unit), **fields)
    document.search = document.computed_search()
    document.save()
    return document


def make_evidence(result, *, document=None, by=None, **fields) -> Evidence:
    by = by or make_user(Role.EDITOR, result.evaluation.unit)
    document = document or make_document(result.evaluation.unit, by=by)
    fields.setdefault("code", f"H{result.indicator.code}-{next(_numbers):02d}")
    return Evidence.objects.create(result=result, document=document, added_by=by, **fields)


def result_of(evaluation, code) -> IndicatorResult:
    return evaluation.results.select_related("indicator", "evaluation").get(indicator__code=code)


def _make_indicator(criteria_set, code, position, role, measure, name) -> Indicator:
    standard, _ = Standard.objects.get_or_create(
        criteria_set=criteria_set,
        code=code[0],
        defaults={"text": f"Tiêu chuẩn số {code[0]}", "position": int(code[0])},
    )
    criterion, _ = Criterion.objects.get_or_create(
        standard=standard,
        code=code[:3],
        defaults={"text": f"Tiêu chí số {code[:3]}", "position": position},
    )
    return Indicator.objects.create(
        criteria_set=criteria_set,
        criterion=criterion,
        code=code,
        position=position,
        text=f"Nội dung đầy đủ của chỉ báo {code}",
        short_name=name,
        guidance="Báo cáo, thống kê của đơn vị tham mưu",
        role=role,
        measure_data=measure,
    )
