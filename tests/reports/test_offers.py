"""What may be ordered is declared once, and offered in the centre and where people stand."""

import re
from http import HTTPStatus

import pytest
from django.urls import reverse

from evaluations.models import Evaluation
from evaluations.workflow import Status
from organisations.models import Role
from reports.definitions import REPORTS, Takes
from reports.models import ReportRun
from tests.factories import (
    make_city,
    make_complete_dossier,
    make_confirmed_dossier,
    make_department,
    make_round,
    make_session,
    make_user,
)
from tests.reports.conftest import submit

CENTRE = reverse("reports:index")
OFFERED = re.compile(
    r'name="report" value="([\w-]+)"\s*>\s*<input type="hidden" name="subject" value="(\d+)"'
)
WORDS = re.compile(r'href="([^"]+)">Sửa lời văn')
# What every office was promised; a report may have more.
FORMATS = {
    "bao-cao-tu-danh-gia": {"pdf", "docx", "xlsx"},
    "phieu-tiep-nhan": {"pdf", "xlsx"},
    "danh-muc-minh-chung": {"pdf", "xlsx"},
    "bo-tieu-chi": {"pdf", "xlsx"},
    "bao-cao-tham-dinh": {"pdf", "docx"},
    "tong-hop-quan-huyen": {"pdf", "xlsx"},
    "ma-tran-phu-hop": {"pdf", "xlsx"},
    "bien-ban-hoi-dong": {"pdf", "docx"},
    "to-trinh-cong-nhan": {"pdf", "docx"},
    "du-thao-quyet-dinh": {"pdf", "docx"},
    "bao-cao-bo": {"pdf", "docx", "xlsx"},
    "cong-van-don-doc": {"pdf", "docx"},
    "ho-so-dong-goi": {"zip"},
}


def test_every_report_has_its_formats():
    assert REPORTS.keys() == FORMATS.keys()
    for slug, report in REPORTS.items():
        assert FORMATS[slug] <= set(report.formats) <= set(ReportRun.FileType), slug
        assert len(report.formats) == len(set(report.formats)), slug


@pytest.fixture
def subjects(leader, council_member, approver):
    """Dossiers in every state that counts, an open and a closed session, a round, a set."""
    agency = make_department()
    pilot_round = make_round(standing_agency=agency)
    own = submit(make_complete_dossier(leader.organisation, pilot_round=pilot_round), leader)
    confirmed = [make_confirmed_dossier(pilot_round=pilot_round) for _ in range(2)]
    Evaluation.objects.filter(pk=confirmed[1].pk).update(status=Status.RECOGNISED)
    members = [council_member]
    return {
        Takes.DOSSIER: [own, make_complete_dossier(pilot_round=pilot_round), *confirmed],
        Takes.ROUND: [pilot_round],
        Takes.SESSION: [
            make_session(confirmed[0], members=members, by=approver),
            make_session(confirmed[1], members=members, by=approver, concluded=1),
        ],
        Takes.SET: [pilot_round.district_set],
    }


@pytest.fixture
def people(editor, leader, appraiser, approver, council_member, observer, administrator, outsider):
    return [
        *(editor, leader, outsider, appraiser, approver, council_member, observer, administrator),
        make_user(Role.COUNCIL, make_city()),  # who sat in no session
        make_user(Role.OBSERVER, outsider.organisation),  # reads one district
    ]


def places(takes, subject):
    """The pages on which people stand when they want a paper about it."""
    names = {
        Takes.DOSSIER: ("evaluations:dossier", "evaluations:appraise-dossier"),
        Takes.SESSION: ("evaluations:session",),
    }
    if takes == Takes.SET:
        return [subject.get_absolute_url()]
    if takes == Takes.ROUND:
        return [f"{reverse('evaluations:board')}?dot={subject.pk}"]
    return [reverse(name, args=[subject.pk]) for name in names[takes]]


def test_the_words_of_a_report_are_offered_to_who_may_open_them(client, subjects, people):
    """Others who may order it would come to a refusal."""
    led = set()
    for person in people:
        client.force_login(person)
        for takes, about in subjects.items():
            address = f"{CENTRE}?{takes.query}={about[-1].pk}"
            for link in WORDS.findall(client.get(address).content.decode()):
                led.add(person.role)
                assert client.get(link).status_code == HTTPStatus.OK, (person.role, link)
    assert led == {Role.APPRAISER, Role.APPROVER}


def test_each_person_is_offered_what_they_may_order_and_nothing_else(client, subjects, people):
    seen = set()
    for person in people:
        client.force_login(person)
        for takes, about in subjects.items():
            for subject in about:
                allowed = [
                    (slug, str(subject.pk))
                    for slug, report in REPORTS.items()
                    if report.takes == takes
                    and (known := report.subjects(person).filter(pk=subject.pk).first())
                    and report.can_order(person, known)
                ]
                address = f"{CENTRE}?{takes.query}={subject.pk}"
                page = client.get(address).content.decode()
                assert list(dict.fromkeys(OFFERED.findall(page))) == allowed, (person, subject)
                for place in places(takes, subject):
                    answer = client.get(place)
                    if allowed and answer.status_code == HTTPStatus.OK:
                        leads = f'href="{address}"' in answer.content.decode()
                        assert leads, (person.role, subject, place)
                        seen.update(slug for slug, _ in allowed)
    assert seen == set(REPORTS)
