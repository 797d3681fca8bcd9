"""The city's dossier among its agencies: who sees, fills, hands over, gives back, moves what."""

from datetime import date
from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from evaluations.actions.appraisal import appraise
from evaluations.actions.assignments import assign, copy_assignments, hand_over, return_part
from evaluations.actions.evidence import cite
from evaluations.actions.results import save_result
from evaluations.actions.steps import NotReady, take_step
from evaluations.checking import check
from evaluations.determination import find
from evaluations.models import (
    Assignment,
    Document,
    Evaluation,
    Evidence,
    IndicatorResult,
    Snapshot,
)
from evaluations.permissions import can_assign, can_edit_result, can_return_part
from evaluations.workflow import Status
from tests.evaluations.city_world import LEADS, CityWorld, make_city_world
from tests.factories import make_agency, make_document

OWN, FOREIGN = "1.1.1", "2.2.1"  # of Sở Nội vụ, and of Văn phòng UBND


@pytest.fixture
def world(db) -> CityWorld:
    return make_city_world()


@pytest.fixture
def complete(world) -> CityWorld:
    world.fill()
    return world


def allowed(world, ask, *args) -> set[str]:
    return {name for name, person in world.people.items() if ask(person, *args)}


def ask(world: CityWorld, code: str) -> None:
    """The council has the dossier, asks about one indicator and returns it."""
    world.hand_over()
    world.submit()
    world.step("take-in", "council")
    council = world.people["council"]
    appraise(result=world.result(code), verdict="ask", reason="Nêu số kế hoạch.", by=council)
    world.step("return", "council", note="Bổ sung giúp.", due_on=date(2099, 1, 1))


def test_who_may_do_what_in_each_state_of_an_indicator(complete):
    agency = {"SNV editor", "SNV leader"}
    compilers = {"SGDDT editor", "SGDDT leader"}
    movers = compilers | {"administrator"}
    world = complete

    def now():
        result = world.result(OWN)
        return (
            allowed(world, can_edit_result, result),
            allowed(world, can_return_part, result),
            allowed(world, can_assign, result.evaluation),
        )

    assert now() == (agency, set(), movers), "working"
    world.hand_over()
    assert now() == (set(), compilers, movers), "handed over"
    return_part(result=world.result(OWN), reason="Thiếu số.", by=world.people["SGDDT editor"])
    assert now() == (agency, set(), movers), "returned"
    world.hand_over(OWN)
    world.submit()
    assert now() == (set(), set(), set()), "submitted"


def test_an_agency_meets_nothing_of_another(client, complete):
    """Pages, papers, files, the whole dossier, its trail and reports: as if there were none."""
    world = complete
    foreign = Evidence.objects.get(result=world.result(FOREIGN))
    own = Evidence.objects.get(result=world.result(OWN))
    pk = world.dossier.pk
    hidden = [
        world.url(FOREIGN),
        world.url(FOREIGN, "minh-chung/"),
        world.url(FOREIGN, "minh-chung/tai-len/"),
        world.url(FOREIGN, "minh-chung/chon/"),
        world.url(FOREIGN, f"minh-chung/{foreign.pk}/"),
        world.url(FOREIGN, f"minh-chung/{own.pk}/"),
        world.url(FOREIGN, "danh-sach/"),
        world.url(FOREIGN, "ban-giao/"),
        world.url(FOREIGN, "tra-lai/"),
        world.url(rest="kiem-tra/"),
        world.url(rest="qua-trinh/"),
        world.url(rest="thu-so-khac/"),
        world.url(rest="phan-cong/"),
        world.url(rest=f"phan-cong/{OWN}/"),
        foreign.document.get_absolute_url(),
    ]
    for person in ("SNV editor", "SNV leader"):
        client.force_login(world.people[person])
        for url in hidden:
            assert client.get(url).status_code == HTTPStatus.NOT_FOUND, (person, url)
            assert client.post(url).status_code in {404, 405}, (person, url)
        for url in (world.url(OWN), world.url(rest="phan-viec/"), reverse("evaluations:home")):
            page = client.get(url)
            assertContains(page, OWN)
            assertNotContains(page, FOREIGN)
            assertNotContains(page, "Cả hồ sơ")
        assertRedirects = client.get(world.dossier.get_absolute_url())
        assert assertRedirects.url == reverse("evaluations:own-part", args=[pk])
        reports = client.get(reverse("reports:index"))
        assertNotContains(reports, "Thành phố Hải Phòng")
        documents = client.get(reverse("evaluations:documents"))
        assertContains(documents, f"Văn bản riêng của {OWN}")
        assertNotContains(documents, f"Văn bản riêng của {FOREIGN}")


def test_agencies_meet_at_no_row_of_the_register_of_papers(complete):
    world = complete
    for person in ("SNV editor", "VPUB editor"):
        user = world.people[person]
        assert not Evaluation.objects.visible_to(user).exists()
        assert Evaluation.objects.known_to(user).get() == world.dossier
        own = {code for code, office in LEADS.items() if office == person.split()[0]}
        seen = IndicatorResult.objects.visible_to(user)
        assert {each.indicator.code for each in seen} == own
        cited = Evidence.objects.visible_to(user)
        assert {each.result.indicator.code for each in cited} == own
        assert Document.objects.visible_to(user).count() == len(own)
    compiler = world.people["SGDDT editor"]
    assert Evidence.objects.visible_to(compiler).count() == len(LEADS)
    assert Document.objects.visible_to(compiler).count() == len(LEADS)


def test_nobody_outside_knows_the_dossier_while_it_is_written(client, complete):
    for name in ("council", "appraiser", "approver", "observer", "administrator", "district"):
        client.force_login(complete.people[name])
        for url in (complete.url(), complete.url(OWN), complete.url(rest="phan-viec/")):
            assert client.get(url).status_code == HTTPStatus.NOT_FOUND, (name, url)


def test_an_agency_fills_its_indicator_and_hands_it_over_on_the_pages(client, world):
    world.fill(OWN)
    result = world.result(OWN)
    client.force_login(world.people["SNV leader"])

    page = client.get(world.url(OWN, "ban-giao/"))
    assertContains(page, "Đủ số liệu để bàn giao")
    answer = client.post(world.url(OWN, "ban-giao/"), {"note": "Đủ hai kế hoạch."})
    again = client.post(world.url(OWN, "ban-giao/"))

    assert answer.url == reverse("evaluations:own-part", args=[world.dossier.pk])
    assert again.status_code == HTTPStatus.FOUND
    assert world.result(OWN).assignment.is_handed_over
    event = world.dossier.events.get(kind="handed-over")
    assert (event.by, event.note) == (world.people["SNV leader"], "Đủ hai kế hoạch.")
    assert client.post(result.get_absolute_url(), {"base": "{}"}).status_code == 403
    assertContains(client.get(result.get_absolute_url()), "đã bàn giao")


def test_an_incomplete_indicator_is_not_handed_over_and_says_why(client, world):
    with pytest.raises(NotReady, match="Chưa chọn đạt hay chưa đạt"):
        hand_over(result=world.result(OWN), by=world.people["SNV leader"])

    client.force_login(world.people["SNV leader"])
    answer = client.post(world.url(OWN, "ban-giao/"))

    assertContains(answer, "Chưa chọn đạt hay chưa đạt", status_code=422)
    assert world.result(OWN).assignment.state == Assignment.State.WORKING


def test_a_returned_indicator_is_its_agencys_again_and_says_why(client, complete):
    complete.hand_over(OWN)
    client.force_login(complete.people["SGDDT editor"])

    nothing = client.post(complete.url(OWN, "tra-lai/"), {"reason": " "})
    answer = client.post(complete.url(OWN, "tra-lai/"), {"reason": "Thiếu kế hoạch năm 2022."})
    twice = client.post(complete.url(OWN, "tra-lai/"), {"reason": "Lần nữa."})

    assert (nothing.status_code, answer.status_code, twice.status_code) == (422, 302, 403)
    client.force_login(complete.people["SNV editor"])
    assertContains(client.get(complete.url(OWN)), "Thiếu kế hoạch năm 2022.")
    assertContains(client.get(reverse("evaluations:home")), "Thiếu kế hoạch năm 2022.")
    result = complete.result(OWN)
    saved = save_result(
        result=result,
        values={"explanation": "Đã thêm."},
        base={"explanation": ""},
        by=complete.people["SNV editor"],
    )
    assert saved.result.explanation == "Đã thêm."


def test_moving_an_indicator_takes_it_from_one_agency_to_the_other(client, complete):
    complete.hand_over(OWN)
    compiler = complete.people["SGDDT leader"]
    client.force_login(compiler)
    words = {"agency": complete.offices["VPUB"].pk, "due_on": "01/12/2022"}

    answer = client.post(complete.url(rest=f"phan-cong/{OWN}/"), words)

    assert answer.status_code == HTTPStatus.FOUND
    moved = complete.result(OWN).assignment
    again = client.get(complete.url(rest=f"phan-cong/{OWN}/"))
    assertContains(again, 'value="01/12/2022"')
    assert (moved.agency.code, moved.state, moved.due_on) == ("VPUB", "working", date(2022, 12, 1))
    event = complete.dossier.events.get(kind="assigned")
    assert "Sở Nội vụ → Văn phòng" in event.text
    assert not can_edit_result(complete.people["SNV editor"], complete.result(OWN))
    assert can_edit_result(complete.people["VPUB editor"], complete.result(OWN))
    # What stands beside the indicator goes with it, to read; the paper stays its office's.
    paper = Evidence.objects.get(result=complete.result(OWN)).document
    client.force_login(complete.people["VPUB editor"])
    assertContains(client.get(complete.url(OWN)), paper.summary)
    assert client.get(paper.get_absolute_url()).status_code == HTTPStatus.OK
    client.force_login(complete.people["SNV editor"])
    assert client.get(complete.url(OWN)).status_code == HTTPStatus.NOT_FOUND


def test_only_agencies_of_the_city_lead(client, world):
    elsewhere = make_agency("Phòng Nội vụ", "316-01", parent=world.people["district"].organisation)
    client.force_login(world.people["administrator"])

    answer = client.post(world.url(rest=f"phan-cong/{OWN}/"), {"agency": elsewhere.pk})

    assertContains(answer, "Chọn một cơ quan trong danh sách", status_code=422)
    with pytest.raises(NotReady):
        assign(
            result=world.result(OWN),
            agency=elsewhere,
            due_on=None,
            by=world.people["administrator"],
        )
    for name in ("SNV leader", "appraiser", "council"):
        with pytest.raises(PermissionDenied):
            assign(result=world.result(OWN), agency=None, due_on=None, by=world.people[name])


def test_an_agency_cites_papers_of_its_own_register_alone(world):
    foreign = make_document(world.offices["VPUB"], by=world.people["VPUB editor"])
    own = make_document(world.offices["SNV"], by=world.people["SNV editor"])
    editor = world.people["SNV editor"]

    evidence = cite(result=world.result(OWN), document=own, by=editor)
    with pytest.raises(PermissionDenied):
        cite(result=world.result(OWN), document=foreign, by=editor)

    assert evidence.document == own
    with pytest.raises(PermissionDenied):
        cite(result=world.result(FOREIGN), document=own, by=editor)


def test_submission_waits_for_every_agency_and_names_who_owes(client, complete):
    complete.hand_over("1.1.1", "2.2.1", "3.1.1", "3.1.2")
    finding = find(Evaluation.objects.with_results().get(pk=complete.dossier.pk))

    (error,) = check(finding).errors

    assert (error.line.code, error.text) == ("2.1.2", "Sở Nội vụ chưa bàn giao (đang làm).")
    with pytest.raises(NotReady):
        complete.submit()
    client.force_login(complete.people["SGDDT leader"])
    page = client.get(complete.url(rest="kiem-tra/"))
    assertContains(page, "Sở Nội vụ chưa bàn giao")
    assertContains(client.get(reverse("evaluations:home")), "Sở Nội vụ còn 1 chỉ báo")
    complete.hand_over("2.1.2")
    assertContains(client.get(reverse("evaluations:home")), "Gửi hồ sơ thành phố")
    with pytest.raises(PermissionDenied):
        take_step(evaluation=complete.dossier, step_name="submit", by=complete.people["SNV leader"])
    complete.submit()
    assert complete.dossier.status == Status.SUBMITTED
    assert Snapshot.objects.get(evaluation=complete.dossier).content["unit"]["name"]


def test_what_the_council_asks_opens_at_its_agency_alone(client, complete):
    world = complete
    ask(world, OWN)

    assert world.result(OWN).assignment.state == Assignment.State.RETURNED
    assert world.result("2.1.2").assignment.is_handed_over
    assert can_edit_result(world.people["SNV editor"], world.result(OWN))
    assert not can_edit_result(world.people["VPUB editor"], world.result(FOREIGN))
    assert not can_return_part(world.people["SGDDT leader"], world.result(FOREIGN))
    client.force_login(world.people["SNV editor"])
    assertContains(client.get(world.url(OWN)), "Nêu số kế hoạch.")
    result = world.result(OWN)
    with pytest.raises(NotReady, match="Chưa trả lời"):
        hand_over(result=result, by=world.people["SNV editor"])
    save_result(
        result=result,
        values={"reply": "Số 12/KH-UBND."},
        base={"reply": ""},
        by=world.people["SNV editor"],
    )
    world.hand_over(OWN)
    world.submit()
    assert world.dossier.status == Status.SUBMITTED


def test_of_a_returned_dossier_only_what_was_asked_about_moves(client, complete):
    """Another's part is closed: in new hands nobody could hand it over, nor the dossier go back."""
    world = complete
    ask(world, OWN)
    client.force_login(world.people["administrator"])
    words = {"agency": world.offices["SNV"].pk}

    answer = client.post(world.url(rest=f"phan-cong/{FOREIGN}/"), words)
    nobody = client.post(world.url(rest=f"phan-cong/{FOREIGN}/"), {"agency": ""})
    asked = client.post(world.url(rest=f"phan-cong/{OWN}/"), {"agency": world.offices["VPUB"].pk})

    assert (answer.status_code, nobody.status_code, asked.status_code) == (422, 422, 302)
    assertContains(answer, "Hội đồng không yêu cầu bổ sung chỉ báo này", status_code=422)
    kept = world.result(FOREIGN).assignment
    assert (kept.agency.code, kept.state) == ("VPUB", Assignment.State.HANDED_OVER)
    editor = world.people["VPUB editor"]
    save_result(result=world.result(OWN), values={"reply": "Số 12."}, base={"reply": ""}, by=editor)
    hand_over(result=world.result(OWN), by=editor)
    world.submit()
    assert world.dossier.status == Status.SUBMITTED


def test_assignments_are_copied_code_by_code_from_an_earlier_round(complete):
    world = complete
    administrator = world.people["administrator"]
    later = make_city_world(year=2023)
    later.fill(FOREIGN)
    Assignment.objects.of_round(later.pilot_round).update(agency=later.offices["SGDDT"])

    moved = copy_assignments(
        from_round=world.pilot_round, to_round=later.pilot_round, by=administrator
    )

    # The one that was begun with stays where it is; two are the standing agency's anyway.
    assert moved == 2
    agencies = {code: later.result(code).assignment.agency.code for code in LEADS}
    assert agencies == {**LEADS, FOREIGN: "SGDDT"}
    with pytest.raises(PermissionDenied):
        copy_assignments(
            from_round=world.pilot_round,
            to_round=later.pilot_round,
            by=world.people["SNV leader"],
        )


def test_pages_of_the_city_ask_the_same_however_many_indicators(client, complete):
    """With one indicator handed over or all, with papers or without."""
    world = complete

    def asked(person: str, url: str) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client.force_login(world.people[person])
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == HTTPStatus.OK
        return len(queries)

    pages = [
        ("SNV editor", world.url(rest="phan-viec/")),
        ("SGDDT leader", world.url(rest="phan-cong/")),
        ("SGDDT leader", world.url(rest="kiem-tra/")),
        ("SGDDT leader", reverse("evaluations:home")),
        ("SNV editor", reverse("evaluations:home")),
    ]
    before = [asked(*page) for page in pages]
    world.hand_over("2.2.1", "3.1.1")
    Assignment.objects.of_round(world.pilot_round).filter(agency__code="SGDDT").update(
        agency=world.offices["SNV"]
    )

    assert [asked(*page) for page in pages] == before


def test_nothing_moves_without_a_csrf_token(complete):
    complete.hand_over(FOREIGN)
    asked = [
        ("SNV leader", complete.url(OWN, "ban-giao/"), {}),
        ("SGDDT leader", complete.url(FOREIGN, "tra-lai/"), {"reason": "Thiếu."}),
        ("SGDDT leader", complete.url(rest=f"phan-cong/{OWN}/"), {"agency": ""}),
    ]
    for person, url, data in asked:
        client = Client(enforce_csrf_checks=True)
        client.force_login(complete.people[person])
        assert client.post(url, data).status_code == HTTPStatus.FORBIDDEN, url
        assert client.get(url).status_code == HTTPStatus.OK, url


def test_the_administrator_sees_who_owes_and_reads_nothing(client, complete):
    client.force_login(complete.people["administrator"])

    page = client.get(complete.url(rest="phan-cong/"))

    assertContains(page, "Sở Nội vụ")
    assertNotContains(page, complete.url(OWN))
    assert client.get(complete.url(OWN)).status_code == HTTPStatus.NOT_FOUND
