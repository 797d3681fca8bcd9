"""The pages of a unit's own sheet: filling in, sending, reading, deciding; their evidence; home."""

import json
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from evaluations.actions.sheets import version_of
from evaluations.duties import home_of
from evaluations.models import Document, EvidenceAccess, SheetEvidence, StoredFile
from evaluations.registers import points_of
from evaluations.sheet_reading import values_of
from evaluations.unit_sheets import SheetStatus
from organisations.models import Role
from tests.evaluations import samples
from tests.evaluations.filled_sheets import (
    CLAIMED,
    COMPLETE,
    attach,
    confirm,
    editor_of,
    fill,
    fresh,
    leader_of,
    make_agency_line,
    make_commune_line,
    send_back,
    submit,
)
from tests.factories import (
    make_agency,
    make_city,
    make_department,
    make_district,
    make_document,
    make_line,
    make_round,
    make_user,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def line(district):
    """A district's agency, about to score itself."""
    return make_agency_line(district)


@pytest.fixture
def own(client, line):
    """A browser in which the unit's leader is signed in."""
    client.force_login(leader_of(line))
    return client


@pytest.fixture
def keeper(client, leader):
    """A browser in which the district's leader is signed in."""
    client.force_login(leader)
    return client


def url_of(line):
    return reverse("evaluations:sheet", args=[line.pk])


def address(name, line, *more):
    return reverse(f"evaluations:{name}", args=[line.pk, *more])


def stored(line):
    return values_of(points_of(line.pilot_round, line.kind).rule, line.sheet_items.all())


def save(client, line, *, base=None, headers=None, **values):
    base = stored(line) if base is None else base
    data = base | values | {"base": json.dumps(base)}
    return client.post(url_of(line), data, headers=headers or {})


def step(client, line, name, **data):
    data.setdefault("seen", version_of(fresh(line)))
    return client.post(address("take-sheet-step", line, name), data)


def text(response) -> str:
    return " ".join(response.content.decode().split())


# --- The list -------------------------------------------------------------------------------------


def test_the_list_leads_straight_to_the_one_sheet_that_is_left(own, line):
    make_line(line.pilot_round, line.unit, year=2021, sheet_status=SheetStatus.CONFIRMED)

    assertRedirects(own.get("/phieu-tu-cham/"), url_of(line))


def test_the_list_shows_both_years_while_both_are_open(own, line):
    make_line(line.pilot_round, line.unit, year=2021)

    page = own.get("/phieu-tu-cham/")

    assertContains(page, "Năm 2022")
    assertContains(page, "Năm 2021")
    assertContains(page, "chưa tự chấm", count=2)


def test_the_list_shows_what_was_sent_and_what_came_of_it(own, line, leader):
    submit(line)
    confirm(line, leader, score="60", correction_reason="Thiếu.")

    page = own.get("/phieu-tu-cham/")

    assertContains(page, "84,5 điểm, Khá")
    assertContains(page, "60 điểm, Trung bình")


def test_a_unit_in_no_register_is_told_who_enters_it(client, district):
    make_round()
    client.force_login(make_user(Role.EDITOR, make_agency(parent=district)))

    assertContains(client.get("/phieu-tu-cham/"), "chưa có trong danh sách đánh giá")


# --- Filling in -----------------------------------------------------------------------------------


def test_the_page_asks_for_each_item_with_its_maximum(own, line):
    page = text(own.get(url_of(line)))

    assert 'name="points-1"' in page
    assert 'name="points-2"' not in page  # a criterion with parts is no item itself
    assert "trên 40" in page
    assert "Chưa chấm; không tính là 0" in page
    assert "Còn 3 mục chưa có điểm: 1, 2.1, 2.2." in page


def test_autosave_answers_with_the_total_the_rating_and_what_each_number_means(own, line):
    answer = save(own, line, headers=HTMX, **{"points-1": "35,5", "points-2.1": "41"})

    said = text(answer)
    assert "Hiểu là 35,5 điểm" in said
    assert "41 lớn hơn điểm tối đa 25." in said
    assert "Tạm tính, đã chấm 1/3 mục." in said
    assert '35,5<span class="quiet">/100</span>' in said
    assert "Đã lưu lúc" in said
    assert "<textarea" not in said  # no field under the fingers is touched
    assert stored(line)["points-2.1"] == "41"


def test_a_complete_sheet_offers_its_leader_to_send_it(own, line):
    before, said = text(own.get(url_of(line))), text(save(own, line, headers=HTMX, **COMPLETE))

    assert "84,5" in said
    assert "Thêm 0,5 điểm nữa là Tốt." in said
    assert f'action="{address("take-sheet-step", line, "submit")}"' in before
    # The button is not exchanged under a click: it shows once nothing is lacking above it.
    assert "buoc/submit" not in said
    assert "Chưa gửi được" in before
    assert "Chưa gửi được" not in said


def test_an_editor_is_told_who_sends_it(client, line):
    fill(line)
    client.force_login(editor_of(line))

    page = client.get(url_of(line))

    assertContains(page, "Lãnh đạo đơn vị xem lại rồi gửi.")
    assertNotContains(page, "buoc/submit")


def test_without_a_script_the_whole_form_is_saved(own, line):
    answer = save(own, line, **COMPLETE)

    assert answer.url == url_of(line)
    assertContains(own.get(url_of(line)), "Đã lưu phiếu.")
    assert stored(line)["points-2.2"] == "29,5"


def test_without_a_script_an_unclear_number_is_kept_and_told(own, line):
    answer = save(own, line, **{"points-1": "ba mươi"})

    page = own.get(answer.url)
    assertContains(page, "có điểm chưa tính được")
    assertContains(page, 'value="ba mươi"')
    assertContains(page, "không phải là số")


def test_what_is_too_long_is_told_and_the_rest_is_saved(own, line):
    answer = save(own, line, headers=HTMX, **{"points-1": "1" * 41, "points-2.1": "20"})

    assert answer["X-Unsaved"] == "1"
    assertContains(answer, "Điểm mục 1:")
    assert (stored(line)["points-1"], stored(line)["points-2.1"]) == ("", "20")


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_two_people_in_one_field_are_shown_both_versions(own, line, headers):
    base = stored(line)
    fill(line, {"points-1": "30"}, editor_of(line))

    answer = save(own, line, base=base, headers=headers, **{"points-1": "35"})

    said = text(answer)
    assert answer.status_code == (HTTPStatus.OK if headers else HTTPStatus.CONFLICT)
    assert f"{editor_of(line).full_name} vừa sửa lúc" in said
    assert "Điểm mục 1: bản đã lưu" in said
    assert stored(line)["points-1"] == "30"


def test_ones_own_version_can_be_chosen(own, line):
    base = stored(line)
    fill(line, {"points-1": "30"}, editor_of(line))

    save(own, line, base=base, overrule="1", seen='{"points-1": "30"}', **{"points-1": "35"})

    assert stored(line)["points-1"] == "35"
    assert line.events.filter(kind="sheet-overruled").exists()


def test_a_communes_sheet_says_why_it_asks_for_no_points(client, district):
    line = make_commune_line(district)
    client.force_login(leader_of(line))

    page = text(client.get(url_of(line)))

    assert "Phiếu này không hỏi điểm" in page
    assert 'name="points-' not in page
    assert "Chưa chọn loại tự xếp." in page
    said = text(save(client, line, headers=HTMX, **CLAIMED))
    assert "Tự xếp <b>Khá</b>" in said
    assert "Chưa gửi được" not in said


def test_a_unit_out_of_scope_reads_why_it_has_no_sheet(client, district):
    line = make_agency_line(district, in_scope=False, exclusion_reason="Thành lập tháng 11")
    client.force_login(leader_of(line))

    page = client.get(url_of(line))

    assertContains(page, "không chấm phiếu")
    assertContains(page, "Thành lập tháng 11")
    assertNotContains(page, "data-autosave")
    assert save(client, line, base={}, **COMPLETE).status_code == HTTPStatus.FORBIDDEN


def test_a_round_without_a_point_set_asks_for_nothing(client, district):
    line = make_agency_line(district, make_round(agency_points=None))
    client.force_login(leader_of(line))

    assertContains(client.get(url_of(line)), "Đợt này chưa có biểu điểm")
    assert client.post(url_of(line), {}).status_code == HTTPStatus.FORBIDDEN
    assert client.get("/").status_code == HTTPStatus.OK


# --- The steps ------------------------------------------------------------------------------------


def test_sending_and_taking_back(own, line):
    fill(line)

    sent = step(own, line, "submit")
    assertRedirects(sent, url_of(line))
    page = text(own.get(url_of(line)))
    assert "84,5 điểm, Khá" in page
    assert "data-autosave" not in page

    step(own, line, "withdraw")
    assertContains(own.get(url_of(line)), "data-autosave")


def test_an_incomplete_sheet_is_sent_back_to_the_page_with_what_is_missing(own, line):
    fill(line, {"points-1": "35"})

    answer = step(own, line, "submit")

    assertContains(answer, "Còn 2 mục chưa có điểm: 2.1, 2.2.", status_code=422)
    assertContains(answer, 'value="35"', status_code=422)


def test_an_untouched_sheet_is_not_sent(own, line):
    assertContains(step(own, line, "submit"), "Chưa nhập gì vào phiếu.", status_code=422)


def test_a_second_press_changes_nothing(own, line):
    fill(line)
    step(own, line, "submit")

    assertRedirects(step(own, line, "submit"), url_of(line))
    assert line.events.filter(kind="submit").count() == 1


def test_an_unknown_step_is_no_page(own, line):
    assert step(own, line, "approve").status_code == HTTPStatus.NOT_FOUND


def test_the_unit_reads_on_top_why_its_sheet_is_back(own, line, leader):
    submit(line)
    send_back(line, leader, "Mục 1 chưa có kế hoạch.")

    page = text(own.get(url_of(line)))

    assert "UBND huyện Vĩnh Bảo trả lại phiếu" in page
    assert page.index("Mục 1 chưa có kế hoạch.") < page.index('name="points-1"')


def test_the_unit_reads_what_was_confirmed_and_why_it_differs(own, line, leader):
    submit(line)
    confirm(line, leader, score="60", correction_reason="Thiếu minh chứng mục 2.2.")

    page = text(own.get(url_of(line)))

    assert "Kết quả năm 2022: 60 điểm, Trung bình" in page
    assert "Đơn vị tự chấm: 84,5 điểm, Khá" in page
    assert "Thiếu minh chứng mục 2.2." in page


# --- The keeper -----------------------------------------------------------------------------------


def test_the_keeper_reads_item_by_item_what_was_sent(keeper, line):
    evidence = attach(line, "2.1", cited="trang 4")
    submit(line)

    page = text(keeper.get(url_of(line)))

    assert "Nội dung mục 2.1" in page
    assert "Có kế hoạch." in page
    assert "<b>29,5</b>/35" in page
    assert evidence.document.files.get().get_absolute_url() in page
    assert "trang 4" in page
    assert "Xác nhận kết quả" in page


def test_of_a_commune_the_keeper_reads_the_criteria_that_it_says_something_of(keeper, district):
    silent = make_commune_line(district)
    submit(silent, CLAIMED)
    line = make_commune_line(district, silent.pilot_round)
    submit(line, CLAIMED | {"explanation-2.1": "Có ba trường đạt chuẩn."})

    page = text(keeper.get(url_of(line)))

    assert "Tự xếp loại: Khá" in page
    assert CLAIMED["explanation-whole"] in page
    assert "Có ba trường đạt chuẩn." in page
    assert "Nội dung mục 2.2" not in page
    assertContains(keeper.get(url_of(silent)), "không ghi riêng cho tiêu chí nào")


@pytest.mark.parametrize("is_returned", [True, False])
def test_the_keeper_reads_nothing_of_what_is_being_typed(keeper, line, leader, is_returned):
    submit(line)
    if is_returned:
        send_back(line, leader, "Xem lại mục 1.")
    fill(line, {"explanation-1": "Chữ đang gõ"}) if is_returned else None
    if not is_returned:
        line = make_agency_line(line.owner, line.pilot_round)
        fill(line, {"explanation-1": "Chữ đang gõ"})

    page = text(keeper.get(url_of(line)))

    assert "Chữ đang gõ" not in page
    assert ("Đã trả lại phiếu" if is_returned else "chưa gửi") in page
    # What was last sent is marked as what it is.
    assert ("đơn vị tự chấm: 84,5 điểm, Khá" in page) is is_returned


def test_the_keeper_confirms_by_one_press(keeper, line):
    submit(line)

    answer = step(keeper, line, "confirm")

    assertRedirects(answer, url_of(line))
    assert fresh(line).rating.code == "kha"
    assertContains(keeper.get(url_of(line)), "Trả lại thì bỏ kết quả đã xác nhận")


def test_a_wrong_correction_keeps_what_was_typed_and_says_why(keeper, line):
    submit(line)

    answer = step(keeper, line, "confirm", corrected="1", score="101", correction_reason="Vì…")

    assertContains(answer, "101 lớn hơn điểm tối đa 100.", status_code=422)
    assertContains(answer, 'value="101"', status_code=422)
    assertContains(answer, "Vì…", status_code=422)


def test_a_stale_page_confirms_nothing(keeper, line):
    submit(line)

    answer = step(keeper, line, "confirm", seen="cũ")

    assertContains(answer, "đã thay đổi từ khi mở trang", status_code=422)
    assert fresh(line).rating is None


def test_returning_asks_for_the_reason(keeper, line):
    submit(line)

    assertContains(step(keeper, line, "return"), "Cần ghi rõ lý do", status_code=422)
    step(keeper, line, "return", note="Thiếu minh chứng.")

    assert fresh(line).sheet_status == SheetStatus.RETURNED


def test_the_next_waiting_sheet_is_one_press_away(keeper, line):
    other = make_agency_line(line.owner, line.pilot_round)
    for each in (line, other):
        submit(each)

    assertContains(keeper.get(url_of(line)), url_of(other))


def test_who_filled_it_in_is_told_that_another_confirms(client, line, district):
    editor = editor_of(line)
    submit(line)
    editor.organisation = district
    editor.save()
    client.force_login(editor)

    page = client.get(url_of(line))

    assertContains(page, "người khác xác nhận")
    assertNotContains(page, "Xác nhận kết quả")
    assert step(client, line, "confirm").status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("role", [Role.APPRAISER, Role.APPROVER, Role.COUNCIL, Role.OBSERVER])
def test_readers_of_the_register_read_the_sheet_and_decide_nothing(client, line, role):
    submit(line)
    client.force_login(make_user(role, make_department()))

    page = client.get(url_of(line))

    assertContains(page, "Nội dung mục 2.1")
    assertNotContains(page, "Xác nhận kết quả")
    assert step(client, line, "confirm").status_code == HTTPStatus.FORBIDDEN


def test_the_appraiser_confirms_for_the_city(client, appraiser):
    line = make_agency_line(make_city())
    submit(line)
    client.force_login(appraiser)

    step(client, line, "confirm")

    assert fresh(line).rating.code == "kha"
    client.force_login(leader_of(line))
    assertContains(client.get(url_of(line)), "Gửi đến Sở Giáo dục và Đào tạo")


@pytest.mark.parametrize("name", ["another unit", "another district", "administrator"])
def test_others_do_not_learn_that_it_exists(client, line, name):
    evidence = attach(line)
    submit(line)
    stranger = {
        "another unit": lambda: make_user(Role.LEADER, make_agency(parent=line.owner)),
        "another district": lambda: make_user(Role.LEADER, make_district()),
        "administrator": lambda: make_user(Role.ADMINISTRATOR),
    }[name]()
    client.force_login(stranger)

    answers = [
        client.get(url_of(line)),
        client.post(url_of(line), COMPLETE),
        step(client, line, "confirm"),
        client.get(evidence.document.get_absolute_url()),
        client.get(reverse("evaluations:download-file", args=[evidence.document.files.get().pk])),
        *(client.get(address(each, line, "1")) for each in ITEM_PAGES),
    ]

    assert {answer.status_code for answer in answers} == {HTTPStatus.NOT_FOUND}


# --- Evidence -------------------------------------------------------------------------------------

ITEM_PAGES = ("sheet-evidence", "upload-sheet-evidence", "pick-sheet-evidence")


def a_pdf(words="a"):
    return samples.upload(samples.pdf(words), f"{words}.pdf")


def upload(client, line, *files, code="2.1", **fields):
    return client.post(
        address("upload-sheet-evidence", line, code), {"files": list(files)} | fields
    )


def test_files_are_uploaded_for_an_item(own, line):
    answer = upload(own, line, a_pdf("một"), a_pdf("hai"), number="5/KH", cited="trang 2")

    assert answer.url == f"{url_of(line)}#muc-2.1"
    page = text(own.get(url_of(line)))
    assert "một.pdf đã lưu cho mục 2.1" in page
    assert list(line.sheet_evidence.values_list("item_code", "cited")) == [("2.1", "trang 2")] * 2


def test_a_script_gets_a_line_for_each_file_and_the_items_papers(own, line):
    answer = upload(own, line, a_pdf("một"), fragment="1")

    assertContains(answer, "đã lưu cho mục 2.1")
    section = own.get(address("sheet-evidence", line, "2.1"))
    assertContains(section, "một")
    assertContains(section, "data-upload-list")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (samples.PROGRAM, "x.pdf", "thực chất là một chương trình"),
        (b"", "rong.pdf", "rỗng"),
    ],
)
def test_a_bad_file_is_refused_with_a_reason(own, line, content, name, words):
    answer = upload(own, line, samples.upload(content, name))

    assert words in text(answer).lower()
    assert not SheetEvidence.objects.exists()


def test_a_known_file_is_offered_again_and_reused_by_one_button(own, line):
    upload(own, line, a_pdf(), code="1")

    offered = text(upload(own, line, a_pdf(), code="2.1"))
    assert "đã có trong kho (phiếu tự chấm năm 2022, mục 1)" in offered
    assert "Dùng lại cho mục 2.1" in offered
    own.post(address("pick-sheet-evidence", line, "2.1"), {"document": Document.objects.get().pk})

    assert set(line.sheet_evidence.values_list("item_code", flat=True)) == {"1", "2.1"}
    assert StoredFile.objects.count() == 1
    again = own.get(upload(own, line, a_pdf(), code="2.1").url)
    assertContains(again, "đã là minh chứng của mục này, không lưu lần nữa")


def test_papers_are_picked_from_the_units_own_register(own, line, district):
    mine, foreign = make_document(line.unit, summary="Của mình"), make_document(district)

    page = own.get(address("pick-sheet-evidence", line, "1"))
    assertContains(page, "Của mình")
    assertNotContains(page, foreign.summary)
    data = {"document": mine.pk, f"cited-{mine.pk}": "mục II"}
    own.post(address("pick-sheet-evidence", line, "1"), data)
    own.post(address("pick-sheet-evidence", line, "1"), {"document": foreign.pk})

    assert list(line.sheet_evidence.values_list("document", "cited")) == [(mine.pk, "mục II")]
    assertContains(own.get(address("pick-sheet-evidence", line, "1")), "đã dùng")


def test_the_cited_page_is_corrected_and_the_paper_taken_off(own, line):
    evidence = attach(line, "1", by=leader_of(line))
    page = address("sheet-citation", line, "1", evidence.pk)

    assertContains(own.get(page), "Bỏ khỏi mục 1")
    own.post(page, {"cited": "trang 9"})
    assert line.sheet_evidence.get().cited == "trang 9"
    own.post(address("remove-sheet-citation", line, "1", evidence.pk))
    assert not line.sheet_evidence.exists()
    again = own.post(address("remove-sheet-citation", line, "1", evidence.pk), follow=True)
    assertContains(again, "đã được bỏ khỏi phiếu từ trước")


def test_a_citation_of_another_sheet_or_item_is_a_page_that_is_not_there(own, line):
    other = attach(make_agency_line(line.owner, line.pilot_round))
    mine = attach(line, "1")

    for code, pk in (("1", other.pk), ("2.1", mine.pk)):
        assert own.get(address("sheet-citation", line, code, pk)).status_code == 404
        assert own.post(address("remove-sheet-citation", line, code, pk)).status_code == 404


@pytest.mark.parametrize("code", ["2", "9", "whole"])
def test_an_item_that_the_sheet_does_not_have_is_no_page(own, line, code):
    for name in ITEM_PAGES:
        assert own.get(address(name, line, code)).status_code == HTTPStatus.NOT_FOUND


def test_a_newer_revision_is_offered_after_a_return(own, line, leader):
    evidence = attach(line)
    submit(line)
    own.post(
        reverse("evaluations:add-files", args=[evidence.document_id]),
        {"files": a_pdf("bản hai"), "mode": "new"},
    )
    send_back(line, leader)

    assertContains(own.get(url_of(line)), "kho có bản mới hơn")
    assertContains(own.get(address("sheet-citation", line, "1", evidence.pk)), "Dùng bản 2")
    own.post(address("use-newest-in-sheet", line, "1", evidence.pk))

    assert line.sheet_evidence.get().revision == 2


def test_a_sent_sheet_refuses_every_page_that_writes(own, line):
    evidence = attach(line)
    submit(line)

    answers = [
        save(own, line, **{"points-1": "1"}),
        own.get(address("upload-sheet-evidence", line, "1")),
        own.get(address("pick-sheet-evidence", line, "1")),
        own.post(address("sheet-citation", line, "1", evidence.pk), {"cited": "x"}),
        own.post(address("remove-sheet-citation", line, "1", evidence.pk)),
        own.post(address("use-newest-in-sheet", line, "1", evidence.pk)),
    ]

    assert {answer.status_code for answer in answers} == {HTTPStatus.FORBIDDEN}


def test_the_keepers_download_is_noted(keeper, line, leader):
    evidence = attach(line)
    submit(line)
    file = evidence.document.files.get()

    answer = keeper.get(reverse("evaluations:download-file", args=[file.pk]))

    assert b"".join(answer.streaming_content) == samples.pdf("kế hoạch")
    access = EvidenceAccess.objects.get()
    assert (access.by, access.stored_file, access.kind) == (leader, file, "download")


def test_the_keeper_reads_the_paper_and_may_not_write_on_it(keeper, line):
    evidence = attach(line)
    submit(line)
    page = evidence.document.get_absolute_url()

    assertContains(keeper.get(page), "Phiếu tự chấm năm 2022, mục 1")
    assertNotContains(keeper.get("/minh-chung/"), evidence.document.summary)
    assert keeper.post(page, {"summary": "x"}).status_code == HTTPStatus.FORBIDDEN


def test_the_unit_reads_in_its_register_where_a_paper_is_used(own, line):
    evidence = attach(line)
    submit(line)

    assertContains(own.get("/minh-chung/"), "phiếu tự chấm năm 2022, mục 1")
    page = own.get(evidence.document.get_absolute_url())
    assertContains(page, "Sửa được khi phiếu được trả lại hoặc rút về.")


# --- How much is asked of the database ------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 9])
def test_the_sheet_asks_the_same_however_many_papers(own, line, count, django_assert_num_queries):
    fill(line)
    for number in range(count):
        attach(line, ("1", "2.1", "2.2")[number % 3], f"văn bản {number}")

    with django_assert_num_queries(23):
        own.get(url_of(line))


@pytest.mark.parametrize("count", [1, 9])
def test_reading_it_asks_the_same_however_many_papers(
    keeper, line, count, django_assert_num_queries
):
    for number in range(count):
        attach(line, ("1", "2.1", "2.2")[number % 3], f"văn bản {number}")
    submit(line)

    with django_assert_num_queries(22):
        keeper.get(url_of(line))


# --- Home -----------------------------------------------------------------------------------------


def home(user, line):
    return home_of(user, line.pilot_round, timezone.localdate())


def titles(duties):
    return [duty.title for duty in duties]


def test_the_home_of_a_unit_is_its_sheet(line, leader):
    for_leader, for_editor = leader_of(line), editor_of(line)

    begun = home(for_leader, line)
    fill(line, {"points-1": "35"})
    half = home(for_leader, line)
    fill(line)
    ready, waited = home(for_leader, line), home(for_editor, line)
    submit(line)
    sent = home(for_leader, line)
    send_back(line, leader, "Thiếu.")
    back = home(for_leader, line)
    submit(line)
    confirm(line, leader)
    done = home(for_leader, line)

    assert titles(begun.mine) == ["Bắt đầu phiếu tự chấm năm 2022"]
    assert half.mine[0].detail == "Còn 2 mục chưa có điểm: 2.1, 2.2."
    assert titles(ready.mine) == ["Gửi phiếu tự chấm năm 2022"]
    assert titles(waited.mine) == []
    assert titles(waited.elsewhere) == ["Lãnh đạo đơn vị gửi phiếu tự chấm năm 2022"]
    assert titles(sent.elsewhere) == ["Xác nhận phiếu tự chấm năm 2022"]
    assert (back.mine[0].title, back.mine[0].detail) == (
        "Sửa phiếu tự chấm năm 2022",
        "Bị trả lại: Thiếu.",
    )
    assert (done.mine, done.elsewhere) == ((), ())
    assert done.summary.headline == "84,5 điểm, Khá"


def test_a_unit_whose_result_was_entered_without_a_sheet_owes_none(district):
    line = make_agency_line(district, rating="kha")

    assert home(leader_of(line), line).mine == ()


def test_the_keepers_home_counts_the_sheets_that_wait(line, leader, editor, district):
    for each in (line, make_agency_line(district, line.pilot_round)):
        submit(each)
    submit(make_commune_line(district, line.pilot_round), CLAIMED)
    submit(make_agency_line(make_city(), line.pilot_round))

    for keeper in (leader, editor):
        waiting = home(keeper, line).mine
        assert [(duty.title, duty.detail) for duty in waiting] == [
            ("1 phiếu tự chấm chờ xác nhận", "Của xã, phường, thị trấn, năm 2022"),
            ("2 phiếu tự chấm chờ xác nhận", "Của cơ quan, đơn vị, năm 2022"),
        ]
        assert waiting[1].url.endswith("/co-quan/?loc=cho-xac-nhan")


def test_the_appraisers_home_counts_those_of_the_city(line, appraiser):
    submit(line)
    submit(make_agency_line(make_city(), line.pilot_round))

    (duty,) = home(appraiser, line).mine

    assert (duty.title, duty.detail) == (
        "1 phiếu tự chấm chờ xác nhận",
        "Của cơ quan, đơn vị, năm 2022",
    )
