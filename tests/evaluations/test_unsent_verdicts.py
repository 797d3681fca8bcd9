"""Nobody outside the Sở reads a verdict before it is sent, or a private note at any time.

Told by walking every page that a person can reach by links, and every report they may order.
"""

import io
import json
import re
import zipfile
from collections import deque
from html import unescape

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client
from django.urls import reverse

from evaluations.actions.appraisal import accept_rest, appraise
from evaluations.actions.steps import take_step
from evaluations.models import Evaluation
from evaluations.snapshots import dossier_content
from organisations.models import Role
from reports.definitions import REPORTS
from tests.factories import make_complete_dossier, make_department, make_user, result_of

pytestmark = pytest.mark.django_db
NOTE = "GHI-CHU-RIENG"
# The Sở's words, and a figure of its own as pages write it.
UNSENT = ("LY-DO-YEU-CAU", "LY-DO-DIEU-CHINH", "LY-DO-DOI", "17/30", "56,7")
LEAST_PAGES = 12
MOST_PAGES = 150
NOT_WALKED = ("/dang-xuat/", "/static/", "/tai-khoan/", "/bo-tieu-chi/")


@pytest.fixture
def people(leader, council_member, observer):
    return [leader, council_member, observer]


@pytest.fixture
def sent_back(leader, appraiser, approver):
    """Finished once, then sent back to the appraiser: the unit has read that all is accepted."""
    evaluation = make_complete_dossier(leader.organisation)
    for step_name, by in (("submit", leader), ("take-in", appraiser)):
        take_step(evaluation=evaluation, step_name=step_name, by=by)
    accept_rest(evaluation=evaluation, by=appraiser)
    take_step(evaluation=evaluation, step_name="finish", by=appraiser)
    take_step(evaluation=evaluation, step_name="send-back", by=approver, note="Xem lại")
    return evaluation


@pytest.fixture
def appraising(sent_back, appraiser):
    """With one request, one figure of the Sở's own and a note, none of them sent."""
    appraise(
        result=result_of(sent_back, "2.2.1"),
        verdict="ask",
        reason="LY-DO-YEU-CAU",
        private_note=NOTE,
        override_reason="LY-DO-DOI",
        by=appraiser,
    )
    adjust(sent_back, appraiser)
    return sent_back


def adjust(evaluation, by):
    appraise(
        result=result_of(evaluation, "2.1.2"),
        verdict="adjust",
        typed={"achieved": "17", "total": "30"},
        reason="LY-DO-DIEU-CHINH",
        private_note=NOTE,
        override_reason="LY-DO-DOI",
        by=by,
    )


def walk(person):
    """Everything that person reads by following links from the first page, by address.

    Of the filters of one page a single one: they narrow what it shows.
    """
    client, waiting, read = Client(), deque([reverse("evaluations:home")]), {}
    paths = set()
    client.force_login(person)
    while waiting and len(read) < MOST_PAGES:
        address = waiting.popleft()
        path = address.partition("?")[0]
        if path in paths:
            continue
        paths.add(path)
        read[address] = text = text_of(client.get(address))
        found = (unescape(link).partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', text))
        waiting.extend(each for each in found if not each.startswith(NOT_WALKED))
    return read


def text_of(response):
    content = response.getvalue()
    if content[:2] == b"PK":  # a workbook
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            content = b"\n".join(package.read(name) for name in package.namelist())
    return content.decode("utf-8", "replace")


def reports_for(person):
    """What every report says that the person may order, as it would be ordered now."""
    said = {}
    for slug, report in REPORTS.items():
        for subject in report.subjects(person):
            if report.can_order(person, subject):
                content = report.content(subject)
                said[slug, subject.pk] = json.dumps(
                    content, cls=DjangoJSONEncoder, ensure_ascii=False, default=str
                )
    return said


def leaks(read, words):
    """A figure that only an address holds, round 17 of unit 30, tells nobody anything."""
    said = {
        address: re.sub(r'(href|action|src|hx-\w+)="[^"]*"', "", text)
        for address, text in read.items()
    }
    return [(address, word) for address, text in said.items() for word in words if word in text]


def test_nothing_unsent_is_on_any_page_or_in_any_report(appraising, people):
    for person in people:
        pages = walk(person)
        assert len(pages) >= LEAST_PAGES, (person.role, sorted(pages))
        assert reverse("evaluations:indicator", args=[appraising.pk, "2.1.2"]) in pages
        assert leaks(pages, [*UNSENT, NOTE]) == [], person.role
        assert leaks(reports_for(person), [*UNSENT, NOTE]) == [], person.role


def test_sent_they_are_read_and_the_note_still_is_not(appraising, appraiser, people):
    """The same walk finds the words once they are sent: it would have found them before."""
    appraise(
        result=result_of(appraising, "2.2.1"), verdict="accept", private_note=NOTE, by=appraiser
    )
    take_step(evaluation=appraising, step_name="finish", by=appraiser)

    for person in people[:2]:
        pages = walk(person)
        found = {word for _, word in leaks(pages, UNSENT)}
        assert found == {"LY-DO-DIEU-CHINH", "LY-DO-DOI", "17/30", "56,7"}, person.role
        assert leaks(pages, [NOTE]) == [], person.role
        assert leaks(reports_for(person), [NOTE]) == [], person.role


def test_a_note_goes_into_no_snapshot(appraising, appraiser):
    fresh = Evaluation.objects.with_results().get(pk=appraising.pk)

    assert NOTE not in json.dumps(dossier_content(fresh), cls=DjangoJSONEncoder)


def test_the_head_of_the_so_reads_the_column_and_the_administrator_does_not(appraising, approver):
    """The head of the Sở reads the column; an administrator has no part in any dossier."""
    administrator = make_user(Role.ADMINISTRATOR, make_department())

    assert leaks(walk(approver), ["LY-DO-DIEU-CHINH"]) != []
    assert leaks(walk(administrator), [*UNSENT, NOTE]) == []
