"""The words of the report to the Ministry: written section by section, kept, never overwritten."""

import json
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluations.models import PilotRound
from organisations.models import Role
from reports.definitions import REPORTS
from reports.ministry.sections import SECTIONS
from reports.report_texts import ReportText
from reports.sections import GONE, changed_since
from reports.text_forms import MAX_LENGTH
from tests.factories import make_complete_dossier, make_district, make_round, make_user
from tests.reports.conftest import submit

MINISTRY = REPORTS["bao-cao-bo"]


@pytest.fixture
def pilot_round(db):
    pilot_round = make_round(name="Thí điểm 2022")
    make_complete_dossier(make_district("Huyện A", "1"), pilot_round=pilot_round)
    return pilot_round


@pytest.fixture
def address(client, appraiser, pilot_round):
    client.force_login(appraiser)
    return reverse("reports:ministry", args=[pilot_round.pk])


def shown(client, address) -> dict[str, str]:
    """What the page's form would send if nothing were typed."""
    rows = client.get(address).context["rows"]
    return {
        row.form.add_prefix(name): str(row.form[name].value())
        for row in rows
        for name in ("text", "revision", "suggested")
    }


def printed(pilot_round) -> dict[str, list[str]]:
    content = json.loads(json.dumps(MINISTRY.content(PilotRound.objects.get(pk=pilot_round.pk))))
    return {each["key"]: each["lines"] for each in content["sections"]}


def test_nothing_typed_keeps_nothing(client, address):
    answer = client.post(address, shown(client, address), follow=True)

    assert "Không có mục nào thay đổi" in answer.content.decode()
    assert not ReportText.objects.exists()


def test_what_is_written_is_printed_and_the_rest_stays_the_draft(client, address, pilot_round):
    drafts = printed(pilot_round)

    typed = shown(client, address) | {"trien-khai-text": "Đã tập huấn.\r\n\r\n- Một lớp"}
    answer = client.post(address, typed)

    assert answer.status_code == HTTPStatus.FOUND
    assert printed(pilot_round) == drafts | {"trien-khai": ["Đã tập huấn.", "- Một lớp"]}
    parts = MINISTRY.paper(MINISTRY.content(pilot_round)).parts
    assert [part.lines for part in parts if type(part).__name__ == "Points"][0] == ("Một lớp",)
    (event,) = pilot_round.events.filter(kind="report-text")
    assert "Công tác chỉ đạo, triển khai: Tổ chức triển khai" in event.text


def test_chapters_are_numbered_as_they_are_printed(client, address, pilot_round):
    submit(pilot_round.evaluations.get())
    before = [row.title for row in client.get(address).context["rows"]]
    client.post(address, shown(client, address) | {"danh-gia-text": "Nhìn chung tốt."})
    after = [row.title for row in client.get(address).context["rows"]]

    assert {"Đánh giá chung", "III. Mức độ phù hợp của bộ tiêu chí: Đối với quận, huyện"} <= {
        *before
    }
    assert {
        "III. Đánh giá chung",
        "IV. Mức độ phù hợp của bộ tiêu chí: Đối với quận, huyện",
    } <= {*after}


def test_an_emptied_section_is_left_out_of_the_paper(client, address, pilot_round):
    client.post(address, shown(client, address) | {"tien-do-text": ""})

    said = MINISTRY.paper(MINISTRY.content(pilot_round)).said

    assert not any("Tiến độ gửi hồ sơ" in text for text in said)
    # The only section left of its chapter needs no heading of its own.
    assert not any("Tổ chức triển khai" in text for text in said)
    assert any("huyện A tham gia thí điểm" in text for text in said)


def test_back_to_the_draft_with_one_press_and_nothing_else_is_lost(client, address, pilot_round):
    drafts = printed(pilot_round)
    client.post(address, shown(client, address) | {"tien-do-text": "Của tôi"})

    typed = shown(client, address) | {"kien-nghi-text": "Đề nghị Bộ", "dung-lai": "tien-do"}
    client.post(address, typed)

    assert printed(pilot_round) == drafts | {"kien-nghi": ["Đề nghị Bộ"]}
    kept = ReportText.objects.filter(section="tien-do").order_by("revision")
    assert [(each.text, each.is_suggested) for each in kept] == [("Của tôi", False), ("", True)]


def test_two_people_do_not_overwrite_each_other(client, address, pilot_round, appraiser):
    opened_by_me = shown(client, address)
    other = make_user(Role.APPROVER, appraiser.organisation, full_name="Trần Thị Khác")
    client.force_login(other)
    client.post(address, shown(client, address) | {"tien-do-text": "Bản của chị Khác"})

    client.force_login(appraiser)
    mine = opened_by_me | {"tien-do-text": "Bản của tôi", "kien-nghi-text": "Mục khác"}
    answer = client.post(address, mine)
    said = answer.content.decode()

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "<b>Trần Thị Khác</b> vừa lưu mục này" in said
    assert "Bản của chị Khác" in said
    assert "Bản của tôi</textarea>" in said
    assert printed(pilot_round)["tien-do"] == ["Bản của chị Khác"]
    assert printed(pilot_round)["kien-nghi"] == ["Mục khác"]  # nobody else touched that one

    again = {
        row.form.add_prefix(name): str(row.form[name].value())
        for row in answer.context["rows"]
        for name in ("text", "revision", "suggested")
    }
    assert client.post(address, again).status_code == HTTPStatus.FOUND
    assert printed(pilot_round)["tien-do"] == ["Bản của tôi"]
    assert ReportText.objects.filter(section="kien-nghi").count() == 1


def test_too_long_a_text_is_refused_with_its_words(client, address):
    long = "ă" * (MAX_LENGTH + 1)
    typed = shown(client, address) | {"tien-do-text": long, "kien-nghi-text": "Ngắn"}

    answer = client.post(address, typed)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert long in answer.content.decode()
    assert "dài quá 30.000 ký tự" in answer.content.decode()
    assert [each.section for each in ReportText.objects.all()] == ["kien-nghi"]


def test_a_section_says_when_its_figures_moved_since(client, address, pilot_round):
    client.post(address, shown(client, address) | {"tien-do-text": "Chưa ai gửi."})
    assert "Số liệu đã đổi" not in client.get(address).content.decode()

    submit(pilot_round.evaluations.get())
    said = client.get(address).content.decode()

    assert "Số liệu đã đổi từ khi sửa:" in said
    assert "Huyện A gửi hồ sơ ngày" in said
    assert printed(pilot_round)["tien-do"] == ["Chưa ai gửi."]  # the officer's words stay


def test_another_day_alone_is_no_other_figure():
    kept = ReportText(text="Của tôi", suggested="Đến ngày 10/01/2023, 1/2 đơn vị.\nHai.")

    assert changed_since(kept, "Đến ngày 11/01/2023, 1/2 đơn vị.\nHai.") == []
    assert changed_since(kept, "Đến ngày 11/01/2023, 2/2 đơn vị.\nHai.") == [
        "Đến ngày 11/01/2023, 2/2 đơn vị."
    ]
    assert changed_since(kept, "Đến ngày 11/01/2023, 1/2 đơn vị.") == [GONE]


def test_an_order_keeps_the_words_of_its_day(client, address, pilot_round, order, appraiser):
    client.post(address, shown(client, address) | {"kho-khan-text": "Bản thứ nhất"})
    run = order(pilot_round, appraiser, report=MINISTRY)
    client.post(address, shown(client, address) | {"kho-khan-text": "Bản thứ hai"})

    run.refresh_from_db()

    assert "Bản thứ nhất" in json.dumps(run.content, ensure_ascii=False)


def test_a_closed_round_shows_its_words_and_takes_none(client, address, pilot_round):
    client.post(address, shown(client, address) | {"kho-khan-text": "Còn khó"})
    typed = shown(client, address) | {"kho-khan-text": "Sửa sau"}
    PilotRound.objects.filter(pk=pilot_round.pk).update(closed_at=timezone.now())

    said = client.get(address).content.decode()

    assert "Còn khó" in said
    assert "<textarea" not in said
    assert client.post(address, typed).status_code == HTTPStatus.FORBIDDEN
    assert printed(pilot_round)["kho-khan"] == ["Còn khó"]


def test_the_words_are_offered_beside_the_report(client, address, pilot_round):
    said = client.get(reverse("reports:index"), {"dot": pilot_round.pk}).content.decode()

    assert f'href="{address}"' in said


def test_every_section_has_its_own_short_name():
    assert len({each.key for each in SECTIONS}) == len(SECTIONS)
