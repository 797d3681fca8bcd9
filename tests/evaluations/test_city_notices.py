"""The city's dossier in the inboxes of its many offices: each is told of its own part."""

from datetime import date, timedelta

import pytest
from django.core import mail as outbox_of
from django.urls import reverse
from django.utils import timezone

from evaluations.actions.appraisal import appraise
from evaluations.actions.assignments import assign, hand_over, return_part
from evaluations.actions.mails import deliver
from evaluations.actions.reminders import remind
from evaluations.handovers import part_of
from evaluations.models import Assignment, Evaluation, Notice, Reminder
from evaluations.reminders import owed
from organisations.models import User
from tests.evaluations.city_world import LEADS, CityWorld, make_city_world

DUE = date(2022, 12, 15)


@pytest.fixture
def world(db, monkeypatch) -> CityWorld:
    monkeypatch.setattr("celery.current_app.send_task", lambda *args, **options: None)
    made = make_city_world()
    for name, person in made.people.items():
        User.objects.filter(pk=person.pk).update(email=f"{person.pk}@co-quan.example")
        made.people[name] = User.objects.select_related("organisation").get(pk=person.pk)
    return made


def told(world, kind) -> dict[str, str]:
    found = {notice.recipient_id: notice.text for notice in Notice.objects.filter(kind=kind)}
    return {name: found[who.pk] for name, who in world.people.items() if who.pk in found}


def mailed(world) -> set[str]:
    addresses = {message.to[0] for message in outbox_of.outbox}
    return {name for name, who in world.people.items() if who.email in addresses}


def test_a_part_is_told_to_its_agency_and_to_who_compiles(world):
    world.fill("2.1.2")
    hand_over(result=world.result("2.1.2"), by=world.people["SNV editor"])
    handed = "Sở Nội vụ đã bàn giao chỉ báo 2.1.2 của hồ sơ thành phố"
    assert told(world, "handed_over") == {"SGDDT editor": handed, "SGDDT leader": handed}

    result = world.result("2.1.2")
    return_part(result=result, reason="Thiếu tên", by=world.people["SGDDT leader"])
    assert set(told(world, "assignment_returned")) == {"SNV editor", "SNV leader"}
    deliver()
    assert mailed(world) == {"SNV editor", "SNV leader"}
    assert "Thiếu tên" not in outbox_of.outbox[0].body

    office = world.offices["VPUB"]
    day = date(2022, 12, 1)
    assign(result=result, agency=office, due_on=day, by=world.people["SGDDT leader"])
    given = "Được giao chỉ báo 2.1.2 của hồ sơ thành phố, hạn 01/12/2022"
    assert told(world, "assigned") == {"VPUB editor": given, "VPUB leader": given}


def test_what_was_given_to_another_agency_leaves_the_inbox(client, world):
    """The agency still has another indicator of the same dossier."""
    world.fill("2.1.2")
    world.hand_over("2.1.2")
    compiler, officer = world.people["SGDDT leader"], world.people["SNV editor"]
    return_part(result=world.result("2.1.2"), reason="Thiếu", by=compiler)
    notice = Notice.objects.get(recipient=officer)
    assert list(Notice.objects.visible_to(officer)) == [notice]

    assign(result=world.result("2.1.2"), agency=world.offices["VPUB"], due_on=None, by=compiler)

    assert list(Notice.objects.visible_to(officer)) == []
    client.force_login(officer)
    assert client.get(reverse("evaluations:open-notice", args=[notice.pk])).status_code == 404
    deliver()
    assert mailed(world) == set()  # nobody is asked for what is another's by now


def test_the_council_is_told_and_each_asked_agency_of_its_own(world):
    world.fill()
    world.hand_over()
    world.submit()
    assert set(told(world, "submitted")) == {"council", "other council"}
    world.step("take-in", "council")
    for code in ("1.1.1", "2.1.2", "2.2.1"):
        appraise(
            result=world.result(code), verdict="ask", reason="Bổ sung", by=world.people["council"]
        )
    due_on = timezone.localdate() + timedelta(days=9)

    world.step("return", "council", note="Bổ sung", due_on=due_on)

    whole = f"Hồ sơ được trả lại để bổ sung 1.1.1, 2.1.2, 2.2.1, hạn {due_on:%d/%m/%Y}"
    assert told(world, "returned") == {"SGDDT editor": whole, "SGDDT leader": whole}
    first = "Hội đồng yêu cầu bổ sung 1.1.1, 2.1.2 của hồ sơ thành phố"
    second = "Hội đồng yêu cầu bổ sung 2.2.1 của hồ sơ thành phố"
    assert told(world, "assignment_returned") == {
        "SNV editor": first,
        "SNV leader": first,
        "VPUB editor": second,
        "VPUB leader": second,
    }
    outbox_of.outbox.clear()
    deliver()
    bodies = {message.to[0]: message.body for message in outbox_of.outbox}
    assert "bổ sung: 2.2.1\n" in bodies[world.people["VPUB editor"].email]
    assert "bổ sung: 1.1.1, 2.1.2\n" in bodies[world.people["SNV leader"].email]
    assert "bổ sung: 1.1.1, 2.1.2, 2.2.1\n" in bodies[world.people["SGDDT leader"].email]


def test_agencies_are_reminded_of_what_they_have_not_handed_over(world):
    """By the day given to each, else by the dossier's; the district is reminded of its own."""
    Evaluation.objects.of_districts().delete()
    parts = Assignment.objects.filter(result__indicator__code="2.2.1")
    parts.update(due_on=DUE - timedelta(days=30))
    world.fill("1.1.1")
    world.hand_over("1.1.1")
    Notice.objects.all().delete()

    remind(DUE - timedelta(days=37))
    assert mailed(world) == {"VPUB editor", "VPUB leader"}
    outbox_of.outbox.clear()
    remind(DUE - timedelta(days=7))

    said = {
        (reminder.about, world_name(world, reminder.recipient_id))
        for reminder in Reminder.objects.filter(day=DUE - timedelta(days=7))
    }
    own = {code: f"assignment:{world.result(code).assignment.pk}" for code in LEADS}
    dossier = f"evaluation:{world.dossier.pk}"
    assert said == {
        *((own["2.1.2"], f"SNV {role}") for role in ("editor", "leader")),
        *((own["2.2.1"], f"VPUB {role}") for role in ("editor", "leader")),  # weeks late
        *((dossier, f"SGDDT {role}") for role in ("editor", "leader")),
    }
    assert told(world, "due")["SNV editor"] == (
        "Bàn giao chỉ báo 2.1.2 của hồ sơ thành phố: còn 7 ngày (15/12/2022)"
    )


def world_name(world, pk) -> str:
    return next(name for name, person in world.people.items() if person.pk == pk)


def test_after_the_councils_return_its_day_is_the_one_that_counts(world):
    """An internal date that has passed makes nobody late; one given since then holds."""
    today = timezone.localdate()
    asked_by = today + timedelta(days=15)
    world.fill()
    world.hand_over()
    world.submit()
    Assignment.objects.of_round(world.pilot_round).update(due_on=today - timedelta(days=20))
    world.step("take-in", "council")
    council, compiler = world.people["council"], world.people["SGDDT leader"]
    for code in ("1.1.1", "2.1.2"):
        appraise(result=world.result(code), verdict="ask", reason="Nêu số.", by=council)
    world.step("return", "council", note="Bổ sung.", due_on=asked_by)

    assign(
        result=world.result("2.1.2"),
        agency=world.offices["SNV"],
        due_on=today + timedelta(days=9),
        by=compiler,
    )

    parts = {each.result.indicator.code: each for each in owed() if each.result}
    assert {code: (each.due_on - today).days for code, each in parts.items()} == {
        "1.1.1": 15,
        "2.1.2": 9,
    }
    shown = part_of(world.result("1.1.1").assignment, world.dossier, today)
    assert (shown.turn.due_on, shown.is_late) == (asked_by, False)
