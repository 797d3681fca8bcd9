"""Several people typing at once, through the pages, on whichever database runs the tests."""

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from threading import Event, Timer

import pytest
from django.db import close_old_connections, connection, transaction
from django.test import Client

from evaluations.actions.results import values_of
from evaluations.actions.steps import NotReady, take_step
from evaluations.actions.unit_results import save_line
from evaluations.models import Evaluation, Snapshot
from evaluations.snapshots import dossier_content, indicators_in
from evaluations.unit_reading import shown_line
from evaluations.workflow import Status
from organisations.models import Role
from tests.factories import (
    make_agency,
    make_city,
    make_complete_dossier,
    make_dossier,
    make_line,
    make_round,
    make_user,
    result_of,
)

pytestmark = pytest.mark.django_db(transaction=True)
BACKEND = "django.contrib.auth.backends.ModelBackend"
SAVES = 5


def at_once(*calls):
    """Every call in a thread and a connection of its own; their answers, or the first error."""

    def alone(call):
        try:
            return call()
        finally:
            connection.close()

    close_old_connections()
    with ThreadPoolExecutor(len(calls)) as threads:
        return [done.result() for done in [threads.submit(alone, call) for call in calls]]


def signed_in(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def autosave(client, result, *, base, **changed):
    form = {**base, **changed, "base": json.dumps(base)}
    return client.post(result.get_absolute_url(), form, headers={"HX-Request": "true"})


def type_in(client, result, field):
    """Types into one field, save by save, as one person with the page open does."""
    base = values_of(result)
    statuses = []
    for number in range(SAVES):
        text = f"{field} {number}"
        statuses.append(autosave(client, result, base=base, **{field: text}).status_code)
        base = {**base, field: text}
    return statuses


def test_people_in_different_fields_of_one_indicator_lose_nothing(district):
    result = result_of(make_dossier(district), "2.1.2")
    fields = ["explanation", "obstacle", "proposal", "source"]
    people = [signed_in(make_user(Role.EDITOR, district)) for _ in fields]

    answers = at_once(
        *(
            partial(type_in, client, result, field)
            for client, field in zip(people, fields, strict=True)
        )
    )

    assert answers == [[HTTPStatus.OK] * SAVES] * len(fields)
    stored = values_of(result_of(result.evaluation, "2.1.2"))
    assert {field: stored[field] for field in fields} == {
        field: f"{field} {SAVES - 1}" for field in fields
    }


def test_figures_kept_in_one_row_lose_nothing(district):
    result = result_of(make_dossier(district), "2.1.2")
    people = [signed_in(make_user(Role.EDITOR, district)) for _ in range(2)]
    base = values_of(result)

    at_once(
        partial(autosave, people[0], result, base=base, achieved="23"),
        partial(autosave, people[1], result, base=base, total="30"),
    )

    typed = result_of(result.evaluation, "2.1.2").typed
    assert (typed["achieved"], typed["total"]) == ("23", "30")


def test_of_two_in_the_same_field_one_is_asked_and_no_text_is_lost(district):
    result = result_of(make_dossier(district), "2.1.2")
    people = [signed_in(make_user(Role.EDITOR, district)) for _ in range(2)]
    base = values_of(result)

    answers = at_once(
        partial(autosave, people[0], result, base=base, explanation="của người thứ nhất"),
        partial(autosave, people[1], result, base=base, explanation="của người thứ hai"),
    )

    unsaved = [answer for answer in answers if "X-Unsaved" in answer]
    stored = result_of(result.evaluation, "2.1.2").explanation
    assert len(unsaved) == 1
    assert stored in {"của người thứ nhất", "của người thứ hai"}
    for text in ("của người thứ nhất", "của người thứ hai"):
        assert text in unsaved[0].content.decode()


def test_what_is_submitted_is_what_stays(district):
    """A save that arrives with the submission is in the snapshot, or refused: never between."""
    evaluation = make_complete_dossier(district)
    result = result_of(evaluation, "2.1.2")
    leader = make_user(Role.LEADER, district)
    client = signed_in(make_user(Role.EDITOR, district))

    def submit():
        try:
            take_step(evaluation=evaluation, step_name="submit", by=leader)
        except NotReady as error:
            return error.text
        return None

    statuses, refusal = at_once(partial(type_in, client, result, "explanation"), submit)

    assert refusal is None
    assert set(statuses) <= {HTTPStatus.OK, HTTPStatus.FORBIDDEN}
    now = Evaluation.objects.with_results().get(pk=evaluation.pk)
    assert now.status == Status.SUBMITTED
    frozen = Snapshot.objects.get(evaluation=evaluation).content
    assert [item["explanation"] for item in indicators_in(frozen)] == [
        item["explanation"] for item in indicators_in(dossier_content(now))
    ]


@pytest.mark.parametrize("before", [None, "trung-binh"])
def test_a_rating_saved_while_another_save_waits_is_kept(before):
    """The city's register has no dossier to hold, so the second save waits at the line itself."""
    line = make_line(make_round(), make_agency(parent=make_city()), rating=before)
    opened = shown_line(line)
    people = [make_user(Role.APPRAISER) for _ in range(2)]
    is_saved, may_end = Event(), Event()

    def rate():
        with transaction.atomic():
            save_line(result=line, values={"rating": "Khá"}, base=opened, by=people[0])
            is_saved.set()
            may_end.wait(timeout=10)

    def number():
        is_saved.wait(timeout=10)
        Timer(0.5, may_end.set).start()
        values = {"decision_number": "12/QĐ-UBND"}
        return save_line(result=line, values=values, base=opened, by=people[1])

    _, saved = at_once(rate, number)

    line.refresh_from_db()
    assert (line.rating.code, line.decision_number) == ("kha", "12/QĐ-UBND")
    assert saved.conflicts == ()
