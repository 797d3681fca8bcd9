"""Rows that tests need, with sensible defaults; what matters in a test is said in the test."""

from datetime import date
from itertools import count

from django.db import connection
from django.utils import timezone
from model_bakery import baker

from criteria.models import (
    CriteriaSet,
    Criterion,
    Indicator,
    LevelThreshold,
    PointItem,
    PointSet,
    Rating,
    Standard,
)
from evaluations.models import (
    CouncilSession,
    Decision,
    DecisionLine,
    Document,
    Evaluation,
    Evidence,
    IndicatorAppraisal,
    IndicatorResult,
    PilotRound,
    SessionItem,
    SessionMember,
    Snapshot,
    UnitResult,
)
from evaluations.registers import KIND_OF_UNIT, points_of
from evaluations.snapshots import dossier_content
from evaluations.workflow import Status
from organisations.models import Organisation, Role, User

PASSWORD = "mat-khau-thu-2022"
_numbers = count(1)


def holding() -> int:
    """The query that holds a round against being closed: where rows are locked at all."""
    return 1 if connection.features.has_select_for_update else 0


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
COUNTED = {
    "derived": True,
    "achieved_label": "Đơn vị từ Khá trở lên",
    "total_label": "Tổng số đơn vị",
    "noun": "đơn vị xếp loại Khá trở lên",
}
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


# Two shares that are counted from registers, beside one that is typed.
COUNTED_SET = {
    "2.1.1": ("graded", SHARE | COUNTED | {"counted_from": "agencies"}, "Cơ quan từ Khá"),
    "2.1.2": ("graded", SHARE | COUNTED | {"counted_from": "communes"}, "Xã từ Khá"),
    "2.2.1": SMALL_SET["2.2.1"],
}


def make_counted_set(subject=CriteriaSet.Subject.DISTRICT) -> CriteriaSet:
    """A set whose 2.1.1 and 2.1.2 are counted from registers, as the real ones are."""
    return make_set(f"bo-dem-{subject}", subject, COUNTED_SET)


def make_set(
    code="bo-nho", subject=CriteriaSet.Subject.DISTRICT, indicators=SMALL_SET
) -> CriteriaSet:
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
    LevelThreshold.objects.bulk_create(
        LevelThreshold(criteria_set=criteria_set, level=level, percent=percent, inclusive=inclusive)
        for level, percent, inclusive in ((1, 70, True), (2, 80, False), (3, 90, False))
    )
    _make_indicators(criteria_set, indicators)
    return criteria_set


# The ratings of Thông tư 22/2020: where each begins, and which are "từ loại Khá trở lên".
RATINGS = (
    ("tot", "Tốt", 85, True),
    ("kha", "Khá", 70, True),
    ("trung-binh", "Trung bình", 50, False),
    ("chua-dat", "Chưa đạt", 0, False),
)
# A small point set of the same shape: two criteria, the second in two parts.
SMALL_POINTS = (("1", "", 40), ("2", "", 60), ("2.1", "2", 25), ("2.2", "2", 35))


def make_points(subject=PointSet.Subject.AGENCY, *, is_open=False, **fields) -> PointSet:
    """A point set of 100; `is_open`: nobody knows its points and bands, as of Thông tư 44/2014."""
    fields.setdefault("code", f"bieu-diem-{subject}{'-mo' if is_open else ''}")
    found = PointSet.objects.filter(code=fields["code"], version=fields.get("version", 1)).first()
    if found:
        return found
    point_set = baker.make(
        PointSet,
        subject=subject,
        title="Biểu điểm thử",
        legal_basis="Thông tư thử",
        maximum=100,
        valid_to=None,
        **fields,
    )
    items = {}
    for position, (code, parent, maximum) in enumerate(SMALL_POINTS):
        items[code] = PointItem.objects.create(
            point_set=point_set,
            parent=items.get(parent),
            code=code,
            text=f"Nội dung mục {code}",
            maximum=None if is_open else maximum,
            position=position,
        )
    Rating.objects.bulk_create(
        Rating(
            point_set=point_set,
            code=code,
            label=label,
            minimum=None if is_open else minimum,
            is_good_or_better=is_good,
            rank=rank,
        )
        for rank, (code, label, minimum, is_good) in enumerate(RATINGS, start=1)
    )
    return point_set


def make_line(pilot_round, unit, *, rating=None, **fields) -> UnitResult:
    """A line of the register of the unit's parent; `rating` by its code ("kha")."""
    kind = KIND_OF_UNIT[unit.kind]
    fields.setdefault("owner", unit.parent)
    fields.setdefault("year", pilot_round.year)
    if rating is not None:
        fields["rating"] = points_of(pilot_round, kind).ratings.get(code=rating)
    if not fields.get("in_scope", True):
        fields.setdefault("exclusion_reason", "Chuyển về thành phố")
    return UnitResult.objects.create(pilot_round=pilot_round, unit=unit, kind=kind, **fields)


def make_communes(pilot_round, district, ratings) -> list[UnitResult]:
    """A commune's line for each rating code; None for one without a result."""
    return [
        make_line(pilot_round, make_commune(parent=district), rating=rating) for rating in ratings
    ]


def make_agencies(pilot_round, owner, ratings) -> list[UnitResult]:
    """The same for agencies of a district, or of the city."""
    return [make_line(pilot_round, make_agency(parent=owner), rating=rating) for rating in ratings]


def make_round(**fields) -> PilotRound:
    number = next(_numbers)
    fields.setdefault("name", f"Đợt {number}")
    fields.setdefault("year", 2022)
    fields.setdefault("is_practice", False)
    fields.setdefault("self_assessment_due_on", date(2022, 12, 15))
    fields.setdefault("opened_at", timezone.now())
    fields.setdefault("district_set", make_set())
    fields.setdefault("city_set", make_set("bo-nho-thanh-pho", CriteriaSet.Subject.CITY))
    fields.setdefault("agency_points", make_points(PointSet.Subject.AGENCY))
    fields.setdefault("commune_points", make_points(PointSet.Subject.COMMUNE, is_open=True))
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


def make_confirmed_dossier(unit=None, *, by=None, **fields) -> Evaluation:
    """At level 1, every indicator accepted by the Sở, and confirmed: ready for the council."""
    fields.setdefault("status", Status.CONFIRMED)
    evaluation = make_complete_dossier(unit, **fields)
    accept_all(evaluation, by=by)
    return evaluation


def accept_all(evaluation, *, by=None) -> None:
    """The Sở accepts every indicator and has said so."""
    by = by or make_user(Role.APPRAISER)
    IndicatorAppraisal.objects.bulk_create(
        IndicatorAppraisal(
            result=result,
            verdict=IndicatorAppraisal.Verdict.ACCEPT,
            is_sent=True,
            decided_by=by,
            decided_at=timezone.now(),
        )
        for result in evaluation.results.all()
    )


def make_session(*evaluations, members=(), by=None, concluded=None, **fields) -> CouncilSession:
    """A session over confirmed dossiers; `concluded`: closed, with that level for each."""
    by = by or make_user(Role.APPROVER)
    fields.setdefault("held_on", date(2022, 12, 20))
    fields.setdefault("place", "Phòng họp số 1")
    fields.setdefault("chair", "Nguyễn Thị Chủ")
    fields.setdefault("secretary", "Trần Văn Ký")
    pilot_round = evaluations[0].pilot_round if evaluations else make_round()
    fields.setdefault("pilot_round", pilot_round)
    if concluded is not None:
        fields |= {"closed_at": timezone.now(), "closed_by": by}
    session = CouncilSession.objects.create(created_by=by, **fields)
    for person in members:
        SessionMember.objects.create(session=session, person=person, name=person.full_name)
    for evaluation in evaluations:
        SessionItem.objects.create(
            session=session,
            evaluation=evaluation,
            proposed_level=1,
            confirmed_at=evaluation.status_since,
            concluded_level=concluded,
            votes_for=None if concluded is None else len(members),
            votes_against=None if concluded is None else 0,
        )
    return session


def make_decision(levels, *, by=None, content=None, reasons=None, **fields) -> Decision:
    """A recorded decision, each dossier frozen with it; `levels` maps the dossiers to levels, and
    `reasons` those of them that differ from the conclusion to why."""
    number = next(_numbers)
    fields.setdefault("number", f"{number}/QĐ-UBND")
    fields.setdefault("signed_on", date(2022, 12, 28))
    fields.setdefault("issuer", "Ủy ban nhân dân thành phố Hải Phòng")
    fields.setdefault("signer_name", "Lê Văn Ký")
    fields.setdefault("signer_position", "Phó Chủ tịch")
    fields.setdefault("pilot_round", next(iter(levels)).pilot_round)
    if fields.get("corrects"):
        fields.setdefault("correction_reason", "Nhầm mức độ")
    by = by or make_user(Role.APPROVER)
    decision = Decision.objects.create(
        recorded_by=by,
        file="minh-chung/2022/12/khong-co",
        file_name="quyet-dinh.pdf",
        content_type="application/pdf",
        sha256="0" * 64,
        **fields,
    )
    for evaluation, level in levels.items():
        whole = Evaluation.objects.with_results().get(pk=evaluation.pk)
        snapshot = Snapshot.objects.create(
            evaluation=evaluation,
            number=evaluation.snapshots.count() + 1,
            content=dossier_content(whole) if content is None else content,
            sha256="0" * 64,
            taken_by=by,
        )
        DecisionLine.objects.create(
            decision=decision,
            evaluation=evaluation,
            level=level,
            snapshot=snapshot,
            reason=(reasons or {}).get(evaluation, ""),
        )
        status = Status.RECOGNISED if level else Status.DECLINED
        Evaluation.objects.filter(pk=evaluation.pk).update(status=status)
    return decision


SIX_BELOW = ("kha",) * 20 + ("trung-binh",) * 5 + (None,)


def make_counted_dossier(unit=None, *, communes=SIX_BELOW, agencies=None, **fields) -> Evaluation:
    """A dossier with 20 of 26 communes and 7 of 9 agencies rated Khá or better, ready to send.

    The check page doubts only what is true of the lists: a commune without a result, and no
    decision on any.
    """
    fields.setdefault("pilot_round", make_round(district_set=make_counted_set()))
    evaluation = make_dossier(unit, typed={"2.2.1": {"achieved": "83", "total": "92"}}, **fields)
    if agencies is None:
        agencies = ["tot"] * 7 + ["chua-dat"] * 2
    make_communes(evaluation.pilot_round, evaluation.unit, communes)
    make_agencies(evaluation.pilot_round, evaluation.unit, agencies)
    document = make_document(evaluation.unit)
    for result in evaluation.results.select_related("indicator", "evaluation"):
        make_evidence(result, document=document, by=document.created_by)
    evaluation.results.update(suitability=IndicatorResult.Suitability.FITS)
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


def _make_indicators(criteria_set, indicators) -> None:
    """In a handful of queries: nearly every test has a set."""
    standards = {
        code: Standard(
            criteria_set=criteria_set,
            code=code,
            text=f"Tiêu chuẩn số {code}",
            position=int(code),
        )
        for code in dict.fromkeys(code[0] for code in indicators)
    }
    Standard.objects.bulk_create(standards.values())
    positions = {}
    for position, code in enumerate(indicators):
        positions.setdefault(code[:3], position)
    criteria = {
        code: Criterion(
            standard=standards[code[0]], code=code, text=f"Tiêu chí số {code}", position=position
        )
        for code, position in positions.items()
    }
    Criterion.objects.bulk_create(criteria.values())
    Indicator.objects.bulk_create(
        Indicator(
            criteria_set=criteria_set,
            criterion=criteria[code[:3]],
            code=code,
            position=position,
            text=f"Nội dung đầy đủ của chỉ báo {code}",
            short_name=name,
            guidance="Báo cáo, thống kê của đơn vị tham mưu",
            role=role,
            measure_data=measure,
        )
        for position, (code, (role, measure, name)) in enumerate(indicators.items())
    )
