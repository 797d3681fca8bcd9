"""Nơi nhận of every paper: what the report names, what the office adds, the file copy."""

import json

import pytest

from organisations.actions import change_letterhead
from organisations.models import Organisation
from reports.definitions import REPORTS
from reports.letterhead import recipients_of
from reports.paper.parts import Addressees, Signature
from reports.self_assessment.content import self_assessment as content_of
from tests.factories import make_department, make_dossier, make_round
from tests.reports.conftest import submit

OWN = "Thường trực Huyện ủy (để báo cáo)\nHội Khuyến học huyện"
OFFICE = {"drafting_unit": "GDĐT", "standing_recipients": OWN}


@pytest.mark.parametrize(
    ("office", "also", "more", "listed"),
    [
        ({}, ["Như trên"], {}, ["Như trên", "Lưu: VT"]),  # frozen before there were any
        (
            OFFICE,
            ["Như trên", "", "Sở Giáo dục và Đào tạo"],
            {},
            ["Như trên", "Sở Giáo dục và Đào tạo", *OWN.splitlines(), "Lưu: VT, GDĐT"],
        ),
        (OFFICE, ["hội khuyến học huyện"], {},
            ["hội khuyến học huyện", "Thường trực Huyện ủy (để báo cáo)", "Lưu: VT, GDĐT"]),
        (
            {"standing_recipients": "UBND thành phố Hải Phòng (để báo cáo)\nSở Nội vụ"},
            ["Như trên"],
            {"addressed": ["Uỷ ban nhân dân thành phố Hải\xa0Phòng"]},
            ["Như trên", "Sở Nội vụ", "Lưu: VT"],
        ),
        ({"drafting_unit": "GDĐT"}, [], {"kept_by": "Hồ sơ"}, ["Lưu: VT, Hồ sơ"]),
    ],
)  # fmt: skip
def test_each_is_named_once_and_the_file_copy_last(office, also, more, listed):
    assert list(recipients_of(office, *also, **more)) == listed


def test_every_paper_of_an_office_names_its_own(every_report):
    """In the practice round the Sở and one district have recipients; the council is no office."""
    of_department = {"Ban Tuyên giáo Thành ủy (để báo cáo)", "Lưu: VT, GDTX"}
    of_district = {"Thường trực Quận ủy (để báo cáo)", "Lưu: VT, GDĐT"}
    theirs = {
        "Sở Giáo dục và Đào tạo": of_department,
        "Ủy ban nhân dân quận Ngô Quyền": of_district,
    }
    seen = set()
    for printed in every_report.values():
        if "pdf" not in printed.report.formats:
            continue
        lists = [
            set(part.recipients)
            for part in printed.paper.parts
            if isinstance(part, Signature) and part.recipients
        ]
        for listed in lists:
            own = theirs.get(printed.paper.issuer, set())
            assert own <= listed, printed.name
            assert not ((of_department | of_district) - own) & listed, printed.name
            sent = any(isinstance(part, Addressees) for part in printed.paper.parts)
            assert ("Như trên" in listed) is sent, printed.name
            seen.add((printed.report.slug, printed.paper.issuer))
    assert {slug for slug, issuer in seen if issuer in theirs} == {
        "bao-cao-tham-dinh",
        "bao-cao-tu-danh-gia",
        "cong-van-don-doc",
        "danh-muc-minh-chung",
        "to-trinh-cong-nhan",
    }


def name_recipients(office, by, **said):
    office = Organisation.objects.get(pk=office.pk)
    for field, value in said.items():
        setattr(office, field, value)
    change_letterhead(organisation=office, by=by)


def listed_in(report, content):
    """As the worker prints it, from what was kept."""
    (signature,) = (part for part in report.paper(content).parts if isinstance(part, Signature))
    return list(signature.recipients)


def test_what_was_ordered_before_keeps_its_recipients(order, approver, administrator):
    """A later edit of the office is for later orders; what was ordered is built as it was."""
    urging, agency = REPORTS["cong-van-don-doc"], make_department()
    agency.document_code = "SGDĐT"
    agency.save()
    pilot_round = make_round(standing_agency=agency)
    make_dossier(pilot_round=pilot_round)
    first = ["Như trên", "UBND thành phố (để báo cáo)", "Lưu: VT"]
    before = order(pilot_round, approver, urging, "pdf")
    name_recipients(agency, administrator, drafting_unit="GDTX", standing_recipients="Sở Nội vụ")

    after = order(pilot_round, approver, urging, "docx")

    before.refresh_from_db()
    assert listed_in(urging, before.content) == first
    assert listed_in(urging, after.content) == [*first[:-1], "Sở Nội vụ", "Lưu: VT, GDTX"]
    symbols = [urging.paper(run.content).head.symbol for run in (before, after)]
    assert symbols == ["/SGDĐT", "/SGDĐT-GDTX"]
    assert before.content_sha256 != after.content_sha256


def test_what_was_submitted_keeps_its_recipients(dossier, administrator):
    report, unit = REPORTS["bao-cao-tu-danh-gia"], dossier.unit
    name_recipients(unit, administrator, **OFFICE)
    submitted = submit(dossier)
    name_recipients(unit, administrator, drafting_unit="VX", standing_recipients="")

    content = json.loads(json.dumps(content_of(submitted)))

    assert listed_in(report, content)[2:] == [*OWN.splitlines(), "Lưu: VT, GDĐT"]
    for key in OFFICE:  # a submission from before there were such fields
        del content["dossier"]["unit"][key]
    assert listed_in(report, content)[2:] == ["Lưu: VT"]
