"""The pages of evidence: what works, what is refused and how it is said, who gets in."""

import errno
import re
import socket
from pathlib import Path
from unicodedata import normalize
from urllib.parse import quote

import pytest
from django.core.files import uploadhandler
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations import validators
from evaluations.actions import evidence as actions
from evaluations.actions import papers
from evaluations.actions.guard import locked_result
from evaluations.actions.steps import take_step
from evaluations.models import Document, Evidence, EvidenceAccess, PilotRound, StoredFile
from evaluations.scanning import Infected, ScannerSilent
from evaluations.views.evidence import evidence_section
from evaluations.workflow import Status
from organisations.models import Role
from tests.evaluations import samples
from tests.evaluations.samples import upload
from tests.factories import (
    make_complete_dossier,
    make_district,
    make_document,
    make_dossier,
    make_evidence,
    make_round,
    make_user,
    result_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluation(district):
    return make_dossier(district)


@pytest.fixture
def result(evaluation):
    return result_of(evaluation, "1.1.1")


@pytest.fixture
def officer(client, editor):
    """A browser in which the district's editor is signed in."""
    client.force_login(editor)
    return client


def address(name, result, *more):
    return reverse(f"evaluations:{name}", args=[result.evaluation_id, "1.1.1", *more])


def send(client, result, *files, **fields):
    return client.post(address("upload-evidence", result), {"files": list(files)} | fields)


def a_pdf(words="a", name=None):
    return upload(samples.pdf(words), name or f"{words}.pdf")


def text(response) -> str:
    return " ".join(response.content.decode().split())


def read(response) -> bytes:
    """The whole answer; read to its end, the file behind it is closed."""
    return b"".join(response.streaming_content)


def files_on_disk() -> list[Path]:
    return [path for path in Path(default_storage.location).rglob("*") if path.is_file()]


# --- Upload ---------------------------------------------------------------------------------------


def test_several_files_at_once_become_documents_of_their_own(officer, result):
    response = send(officer, result, a_pdf("một"), a_pdf("hai"), upload(samples.png(), "ba.png"))

    assert response.status_code == 302
    assert response.url == f"{result.get_absolute_url()}#minh-chung"
    cited = result.evidence.values_list("code", "document__summary")
    assert list(cited) == [("H1.1.1-01", "một"), ("H1.1.1-02", "hai"), ("H1.1.1-03", "ba")]
    page = text(officer.get(response.url))
    assert "một.pdf đã lưu, mã H1.1.1-01" in page
    assert "Thiếu số, ngày, cơ quan ban hành" in page


def test_several_files_can_be_one_document(officer, result):
    photos = [upload(samples.png(grey=grey), f"trang {grey}.png") for grey in (1, 2)]

    send(officer, result, together="on", photo=photos, summary="Biên bản")

    document = Document.objects.get()
    assert (document.summary, document.files.count()) == ("Biên bản", 2)
    assert Evidence.objects.get().document == document


def test_what_is_typed_goes_with_the_file(officer, result):
    send(
        officer,
        result,
        a_pdf(),
        number="3187/QĐ-UBND",
        issued_on="05/11/2022",
        issuer=normalize("NFD", "UBND huyện Vĩnh Bảo"),
        summary="Công nhận",
        cited="trang 1–3",
    )

    evidence = Evidence.objects.get()
    assert f"{evidence.document.issued_on:%d/%m/%Y}" == "05/11/2022"
    assert evidence.document.issuer == "UBND huyện Vĩnh Bảo"
    assert evidence.cited == "trang 1–3"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (samples.PROGRAM, "hoa-don.pdf", validators.PROGRAM),
        (samples.HTML, "trang.pdf", validators.WEB_PAGE),
        (samples.HEIC, "anh.heic", validators.HEIC),
        (samples.office(samples.WORD_WITH_MACROS), "a.docx", validators.MACROS),
        (b"", "rong.pdf", validators.EMPTY),
        (b"%PDF-1.4 dut", "dut.pdf", validators.BROKEN),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_the_good_one_stays(
    officer, result, content, name, words
):
    response = send(officer, result, a_pdf("tốt"), upload(content, name), number="12/QĐ")

    page = text(response)
    assert f"<b>{name}</b> {words}" in page
    assert "tốt.pdf</b> đã lưu, mã H1.1.1-01" in page
    assert 'value="12/QĐ"' in page  # nothing typed is lost
    assert Document.objects.get().number == "12/QĐ"


def test_nothing_chosen_says_so(officer, result):
    assert "Chọn ít nhất một tệp." in text(send(officer, result))


def test_a_wrong_date_keeps_the_file_and_the_words_and_can_be_put_right(officer, result):
    first = send(officer, result, a_pdf(), issued_on="31/02/2022", number="12/QĐ")

    page = text(first)
    stored = Document.objects.get()
    assert "Ngày 31/02/2022 không có" in page
    assert 'value="31/02/2022"' in page
    assert f'name="stored" value="{stored.pk}"' in page

    second = send(
        officer, result, issued_on="28/02/2022", number="12/QĐ", cited="mục II", stored=stored.pk
    )

    assert second.status_code == 302
    stored.refresh_from_db()
    assert (stored.number, f"{stored.issued_on:%d/%m/%Y}") == ("12/QĐ", "28/02/2022")
    assert Evidence.objects.get().cited == "mục II"
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"issued_on": "01/01/2999"}, "Ngày ban hành ở sau hôm nay"),
        ({"issued_on": "05/11/0222"}, "ghi đủ bốn chữ số"),
        ({"number": "x" * 101}, "Dài quá 100 ký tự (đang có 101)"),
        ({"summary": "x" * 501}, "Dài quá 500 ký tự (đang có 501)"),
        ({"cited": "x" * 201}, "Dài quá 200 ký tự (đang có 201)"),
    ],
)
def test_wrong_details_have_their_own_words(officer, result, typed, words):
    response = send(officer, result, a_pdf(), **typed)

    assert words in text(response)
    assert next(iter(typed.values())) in text(response)
    assert Document.objects.get().summary == "a"


def test_a_name_in_nfd_of_400_characters_is_cut_and_normalised(officer, result):
    name = normalize("NFD", "ế" * 400) + ".pdf"

    send(officer, result, a_pdf("x", name))

    stored = StoredFile.objects.get()
    assert stored.original_name.endswith("ế.pdf")
    assert len(stored.original_name.encode()) <= 240


def test_too_large_is_let_go_on_the_way_in_and_the_rest_is_kept(officer, result, settings):
    settings.EVIDENCE_MAX_BYTES = 200_000
    large = upload(b"%PDF-" + b"\0" * 300_000, "to.pdf")

    page = text(send(officer, result, a_pdf("nhỏ"), large, a_pdf("sau")))

    assert "<b>to.pdf</b> quá giới hạn" in page
    assert list(Document.objects.values_list("summary", flat=True).order_by("pk")) == ["nhỏ", "sau"]


def test_a_locked_pdf_is_stored_with_a_warning(officer, result):
    page = text(send(officer, result, upload(samples.pdf("b", password="p"), "khoa.pdf")))

    assert "khoa.pdf</b> đã lưu, mã H1.1.1-01; tệp có mật khẩu, Sở sẽ không mở được" in page
    assert StoredFile.objects.get().is_encrypted


def test_the_same_file_again_says_that_it_is_here(officer, result):
    send(officer, result, a_pdf())

    response = send(officer, result, a_pdf("a", "ten-khac.pdf"))

    assert "ten-khac.pdf đã là minh chứng H1.1.1-01 của chỉ báo này" in text(
        officer.get(response.url)
    )
    assert Evidence.objects.count() == Document.objects.count() == 1


def test_a_file_known_from_another_indicator_is_offered_and_reused_by_one_button(
    officer, editor, evaluation, result
):
    other = result_of(evaluation, "2.1.2")
    known = actions.add_evidence_file(result=other, uploaded=a_pdf(), by=editor).document

    page = text(send(officer, result, a_pdf()))
    assert "đã có trong kho (H2.1.2-01); chưa dùng cho 1.1.1, bấm “Dùng lại”. <a" in page
    outcomes = re.search(r"<ul[^>]*>(?:(?!</ul>).)*đã có trong kho", page, re.DOTALL)[0]
    assert "#m-ask" in outcomes
    assert "#m-accept" not in outcomes
    assert f'name="document" value="{known.pk}">Dùng lại cho 1.1.1' in page

    officer.post(address("pick-evidence", result), {"document": known.pk})

    assert result.evidence.get().document == known
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Infected("Eicar"), "bị phần mềm quét virus chặn (Eicar)"),
        (ScannerSilent(), "chưa quét được virus nên chưa lưu"),
    ],
)
def test_what_the_scanner_says_is_told_and_nothing_is_stored(
    officer, result, monkeypatch, error, words
):
    def refuse(file):
        raise error

    monkeypatch.setattr(papers, "scan", refuse)

    assert words in text(send(officer, result, a_pdf()))
    assert files_on_disk() == []
    assert not Document.objects.exists()


def test_a_full_disk_is_told_and_nothing_is_stored(officer, result, monkeypatch):
    def refuse(name, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(default_storage, "save", refuse)

    assert "ổ đĩa của hệ thống đã đầy" in text(send(officer, result, a_pdf()))
    assert not Document.objects.exists()


def test_a_disk_that_fills_up_on_the_way_in_keeps_the_files_before(officer, result, monkeypatch):
    def temporary_file(name, *args):
        if name == "hai.pdf":
            raise OSError(errno.ENOSPC, "No space left on device")
        return TemporaryUploadedFile(name, *args)

    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", temporary_file)

    page = text(send(officer, result, a_pdf("một"), a_pdf("hai")))

    assert "<b>hai.pdf</b> chưa lưu được vì ổ đĩa của hệ thống đã đầy" in page
    assert Document.objects.get().summary == "một"


def test_a_script_gets_one_line_for_each_file(officer, result):
    good = send(officer, result, a_pdf(), fragment="1")
    bad = send(officer, result, upload(samples.PROGRAM, "b.pdf"), fragment="1")
    nothing = send(officer, result, fragment="1")

    assert (good.status_code, bad.status_code, nothing.status_code) == (200, 200, 200)
    document = Document.objects.get()
    assert text(good).startswith(f'<li data-stored="{document.pk}">')
    assert validators.PROGRAM in text(bad)
    assert "chưa đến máy chủ trọn vẹn" in text(nothing)


def test_the_upload_asks_for_a_csrf_token(editor, result):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)

    response = send(strict, result, a_pdf())

    assert response.status_code == 403
    assert not Document.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_upload_broken_off_half_way_leaves_nothing(
    live_server, client, editor, result, tmp_path, settings
):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "temp"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    client.force_login(editor)
    page = client.get(address("upload-evidence", result))
    body = (
        b'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
        + page.context["csrf_token"].encode()
        + b'\r\n--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'
        + samples.pdf("đứt")
    )
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    host = live_server.url.removeprefix("http://")
    head = (
        f"POST {address('upload-evidence', result)} HTTP/1.1\r\nHost: {host}\r\n"
        f"Cookie: {cookies}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        f"Content-Length: {len(body) + 100_000}\r\n\r\n"
    )

    name, port = host.split(":")
    with socket.create_connection((name, int(port))) as connection:
        connection.sendall(head.encode() + body)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.makefile("rb").readline()

    assert answer.split()[1] in (b"200", b"400", b"403")
    assert not Document.objects.exists()
    assert files_on_disk() == []
    assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []


# --- Pick, cite, take off -------------------------------------------------------------------------


def test_papers_are_picked_each_with_its_page(officer, district, result):
    chosen, other = (make_document(district, summary=words) for words in ("Một", "Hai"))

    response = officer.post(
        address("pick-evidence", result),
        {
            "document": [chosen.pk, other.pk],
            f"cited-{chosen.pk}": "trang 2",
            f"cited-{other.pk}": "",
        },
    )

    assert response.status_code == 302
    cited = dict(result.evidence.values_list("document", "cited"))
    assert cited == {chosen.pk: "trang 2", other.pk: ""}


def test_picking_searches_without_diacritics_and_marks_what_is_cited(officer, district, result):
    cited = make_document(district, summary="Kế hoạch xây dựng xã hội học tập")
    make_document(district, summary="Giấy mời")
    evidence = make_evidence(result, document=cited)

    page = text(officer.get(address("pick-evidence", result), {"q": "ke hoach"}))

    assert f"đã là {evidence.code}" in page
    assert "Giấy mời" not in page


def test_picking_wrongly_keeps_what_was_typed(officer, district, result, outsider):
    own, foreign = make_document(district), make_document(outsider.organisation)
    url = address("pick-evidence", result)

    nothing = officer.post(url, {f"cited-{own.pk}": "trang 5"})
    strange = officer.post(url, {"document": foreign.pk})
    too_long = officer.post(url, {"document": own.pk, f"cited-{own.pk}": "x" * 201})

    assert "Đánh dấu ít nhất một văn bản." in text(nothing)
    assert 'value="trang 5"' in text(nothing)
    assert "không có trong kho của đơn vị" in text(strange)
    assert "Dài quá 200 ký tự" in text(too_long)
    assert "checked" in text(too_long)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("key", ["9" * 25, "9" * 19, "x", "0"])
def test_picking_what_cannot_be_a_paper_is_told(officer, district, result, key):
    make_document(district)

    response = officer.post(address("pick-evidence", result), {"document": key})

    assert "không có trong kho của đơn vị" in text(response)
    assert not Evidence.objects.exists()


def test_uploading_for_what_cannot_be_a_paper_fails_nowhere(officer, result):
    response = send(officer, result, a_pdf(), stored="9" * 25)

    assert response.status_code == 200


def test_an_empty_register_says_what_to_do(officer, result):
    page = text(officer.get(address("pick-evidence", result)))

    assert "Kho minh chứng chưa có văn bản nào" in page
    assert address("upload-evidence", result) in page


def test_the_cited_page_is_corrected_and_the_paper_taken_off(officer, result):
    evidence = make_evidence(result)

    officer.post(address("citation", result, evidence.pk), {"cited": "mục 3"})
    evidence.refresh_from_db()
    assert evidence.cited == "mục 3"

    officer.post(address("remove-citation", result, evidence.pk))
    assert not Evidence.objects.exists()
    assert Document.objects.exists()


REMOVED = "Minh chứng này đã được bỏ khỏi chỉ báo từ trước."
ON_CITATION = ["citation", "remove-citation", "use-newest"]


@pytest.mark.parametrize("name", ON_CITATION)
def test_a_citation_already_taken_off_leads_back_with_a_word(officer, editor, result, name):
    url, body = pages_of(result, evidence := make_evidence(result))[name]
    actions.remove_citation(evidence=evidence, by=editor)

    response = officer.post(url, body, follow=True)

    assert response.redirect_chain == [(f"{result.get_absolute_url()}#minh-chung", 302)]
    assert REMOVED in text(response)
    assert result.removed_evidence.count() == 1


@pytest.mark.parametrize("name", ON_CITATION)
def test_a_citation_taken_off_while_it_is_written_leads_back(officer, result, monkeypatch, name):
    """Found by the view, gone once the dossier's lock is ours."""
    url, body = pages_of(result, make_evidence(result))[name]

    def locked_after_another(*args):
        Evidence.objects.all().delete()
        return locked_result(*args)

    monkeypatch.setattr(actions, "locked_result", locked_after_another)

    response = officer.post(url, body, follow=True)

    assert response.redirect_chain == [(f"{result.get_absolute_url()}#minh-chung", 302)]
    assert REMOVED in text(response)


def test_the_page_of_a_citation_offers_the_newest_revision(officer, editor, result):
    evidence = actions.add_evidence_file(result=result, uploaded=a_pdf(), by=editor)
    papers.add_document_file(
        document=evidence.document, uploaded=a_pdf("b"), by=editor, as_new_revision=True
    )
    Evidence.objects.update(revision=1)

    page = text(officer.get(address("citation", result, evidence.pk)))
    assert "kho đã có bản 2" in page
    officer.post(address("use-newest", result, evidence.pk))

    evidence.refresh_from_db()
    assert evidence.revision == 2


def pages_of(result, evidence):
    """Every address of one indicator's evidence, with a body that would do harm."""
    return {
        "upload-evidence": (address("upload-evidence", result), {"files": a_pdf("mới")}),
        "pick-evidence": (
            address("pick-evidence", result),
            {"document": make_document(result.evaluation.unit).pk},
        ),
        "citation": (address("citation", result, evidence.pk), {"cited": "x"}),
        "remove-citation": (address("remove-citation", result, evidence.pk), {}),
        "use-newest": (address("use-newest", result, evidence.pk), {}),
    }


# --- The register and a paper's page --------------------------------------------------------------


def test_the_register_lists_searches_and_marks_gaps(officer, district, result):
    whole = make_document(district, summary="Kế hoạch năm")
    make_document(district, summary="Giấy mời", number="", issuer="")
    evidence = make_evidence(result, document=whole)
    url = reverse("evaluations:documents")

    page = text(officer.get(url))
    assert "2 văn bản" in page
    assert evidence.code in page
    assert "Thiếu số, cơ quan ban hành" in page
    assert "Giấy mời" not in text(officer.get(url, {"q": "ke hoach"}))
    assert "Giấy mời" not in text(officer.get(url, {"q": evidence.code}))
    assert "Kế hoạch năm" not in text(officer.get(url, {"lacking": "on"}))
    assert "Không có văn bản nào hợp" in text(officer.get(url, {"q": "xyz"}))


def test_an_empty_register_leads_to_the_dossier(officer):
    page = text(officer.get(reverse("evaluations:documents")))

    assert "Kho minh chứng chưa có văn bản nào" in page
    assert reverse("evaluations:dossiers") in page


def test_who_reads_sees_the_papers_of_one_round_and_of_all_when_asked(client, district, appraiser):
    for year, name in ((2021, "Báo cáo năm trước"), (2022, "Báo cáo năm nay")):
        evaluation = make_dossier(
            district, pilot_round=make_round(year=year), status=Status.APPRAISING
        )
        paper = make_document(district, summary=name)
        make_evidence(result_of(evaluation, "1.1.1"), document=paper)
    draft = make_dossier(
        make_district("Quận Lê Chân", code="305"), pilot_round=evaluation.pilot_round
    )
    make_evidence(
        result_of(draft, "1.1.1"), document=make_document(draft.unit, summary="Bản nháp riêng")
    )
    client.force_login(appraiser)
    url = reverse("evaluations:documents")

    of_round = text(client.get(url))
    of_the_other = text(client.get(url, {"dot": PilotRound.objects.get(year=2021).pk}))
    of_all = text(client.get(url, {"every_round": "on"}))

    assert "Báo cáo năm nay" in of_round
    assert "Báo cáo năm trước" not in of_round
    assert f"của đợt {evaluation.pilot_round.name}" in of_round
    assert "Báo cáo năm trước" in of_the_other
    assert "Báo cáo năm nay" not in of_the_other
    assert "2 văn bản" in of_all
    assert "Bản nháp riêng" not in of_round + of_the_other + of_all


def queries(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.APPRAISER])
def test_lists_ask_the_same_of_one_paper_and_of_thirty(client, district, role):
    evaluation = make_dossier(district, status=Status.APPRAISING)
    result = result_of(evaluation, "1.1.1")
    organisation = district if role == Role.EDITOR else None
    client.force_login(make_user(role, organisation))
    urls = [reverse("evaluations:documents"), address("evidence", result)]

    def add_paper():
        document = make_document(district)
        make_evidence(result, document=document)
        StoredFile.objects.create(
            document=document,
            file="minh-chung/x",
            original_name="a.pdf",
            content_type="application/pdf",
            size=1,
            sha256="0" * 64,
            uploaded_by=document.created_by,
        )

    add_paper()
    with_one = [queries(client, url) for url in urls]
    for _ in range(29):
        add_paper()

    assert [queries(client, url) for url in urls] == with_one


def test_details_are_corrected_on_the_papers_page(officer, district):
    document = make_document(district, number="")
    url = document.get_absolute_url()
    typed = {"number": "7/KH", "issued_on": "5/1/2022", "issuer": "UBND", "summary": "Kế hoạch"}

    wrong = officer.post(url, typed | {"summary": ""})
    right = officer.post(url, typed)

    assert "Ghi trích yếu" in text(wrong)
    assert 'value="7/KH"' in text(wrong)
    assert right.status_code == 302
    document.refresh_from_db()
    assert (document.number, document.issued_on.isoformat()) == ("7/KH", "2022-01-05")


def test_the_page_says_why_a_cited_paper_cannot_be_changed(officer, district):
    evaluation = make_dossier(district, status=Status.SUBMITTED)
    evidence = make_evidence(result_of(evaluation, "1.1.1"))
    url = evidence.document.get_absolute_url()
    typed = {"number": "x", "issued_on": "", "issuer": "", "summary": "x"}

    page = text(officer.get(url))

    assert f"Không sửa được: {evidence.code} thuộc hồ sơ đã gửi" in page
    assert "Lưu thông tin" not in page
    assert officer.post(url, typed).status_code == 403


def test_files_join_a_paper_or_replace_it(officer, editor, result):
    document = actions.add_evidence_file(result=result, uploaded=a_pdf(), by=editor).document
    url = reverse("evaluations:add-files", args=[document.pk])

    assert officer.post(url, {"files": a_pdf("b"), "mode": "same"}).status_code == 302
    assert officer.post(url, {"files": [a_pdf("c"), a_pdf("d")], "mode": "new"}).status_code == 302

    names = document.files.values_list("original_name", "revision", "is_current")
    assert list(names) == [
        ("a.pdf", 1, False),
        ("b.pdf", 1, False),
        ("c.pdf", 2, True),
        ("d.pdf", 2, True),
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"mode": "same"}, "Chọn ít nhất một tệp."),
        ({"files": upload(samples.png(), "a.png")}, "Chọn tệp này là phần thêm hay bản mới."),
        ({"mode": "new", "files": upload(samples.PROGRAM, "a.pdf")}, validators.PROGRAM),
        ({"mode": "new", "files": a_pdf("đã có")}, "đã có ở bản 1 của văn bản này"),
    ],
)
def test_files_of_a_paper_are_refused_with_a_reason(officer, editor, result, body, words):
    document = actions.add_evidence_file(result=result, uploaded=a_pdf("đã có"), by=editor).document

    response = officer.post(reverse("evaluations:add-files", args=[document.pk]), body)

    assert words in text(response)
    assert document.files.count() == 1


def test_only_a_new_revision_is_offered_where_a_submitted_dossier_shows_the_paper(
    officer, editor, leader
):
    evaluation = make_complete_dossier(leader.organisation, by=leader)
    document = evaluation.results.first().evidence.get().document
    papers.add_document_file(document=document, uploaded=a_pdf(), by=editor, as_new_revision=False)
    take_step(evaluation=evaluation, step_name="submit", by=leader)

    response = officer.post(
        reverse("evaluations:add-files", args=[document.pk]), {"files": a_pdf("b"), "mode": "same"}
    )

    assert "Lập bản mới." in text(response)
    assert document.files.count() == 1


def test_only_the_register_s_own_people_write_there(client, outsider, appraiser, district):
    evaluation = make_dossier(district, status=Status.SUBMITTED)
    document = make_evidence(result_of(evaluation, "1.1.1")).document
    url = document.get_absolute_url()
    files = reverse("evaluations:add-files", args=[document.pk])

    client.force_login(outsider)
    assert {client.get(url).status_code, client.post(url).status_code} == {404}
    assert client.post(files, {"files": a_pdf(), "mode": "new"}).status_code == 404
    client.force_login(appraiser)
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 403
    assert client.post(files, {"files": a_pdf(), "mode": "new"}).status_code == 403


# --- Opening files --------------------------------------------------------------------------------


@pytest.fixture
def stored_file(result, editor):
    actions.add_evidence_file(result=result, uploaded=a_pdf("a", "Quyết định 12.pdf"), by=editor)
    return StoredFile.objects.get()


def file_address(name, stored_file):
    return reverse(f"evaluations:{name}", args=[stored_file.pk])


@pytest.mark.parametrize(
    ("name", "disposition"), [("download-file", "attachment"), ("preview-file", "inline")]
)
def test_a_file_leaves_boxed_in_and_noted(officer, editor, stored_file, name, disposition):
    response = officer.get(file_address(name, stored_file))

    assert read(response) == samples.pdf("a")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        f"{disposition}; filename*=utf-8''{quote('Quyết định 12.pdf')}"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none';")
    access = EvidenceAccess.objects.get()
    assert (access.by, access.stored_file) == (editor, stored_file)
    assert access.kind == name.removesuffix("-file")


def test_an_image_is_shown_and_word_is_never_shown_inline(officer, editor, result):
    document = samples.office()
    for content, name in [(samples.png(), "a.png"), (document, "b.docx")]:
        actions.add_evidence_file(result=result, uploaded=upload(content, name), by=editor)
    image, word = StoredFile.objects.order_by("pk")

    shown = officer.get(file_address("preview-file", image))
    saved = officer.get(file_address("preview-file", word))

    assert shown["Content-Disposition"].startswith("inline")
    assert saved["Content-Disposition"].startswith("attachment")
    assert "không xem được ngay trên trang" in text(officer.get(word.get_absolute_url()))
    assert read(shown) == samples.png()
    assert read(saved) == document


@pytest.mark.parametrize("name", ["download-file", "preview-file", "preview-page"])
def test_a_file_does_not_exist_for_others_until_it_is_submitted(
    client, outsider, appraiser, administrator, stored_file, name
):
    for stranger in (outsider, appraiser, administrator):
        client.force_login(stranger)
        assert client.get(file_address(name, stored_file)).status_code == 404
    assert not EvidenceAccess.objects.exists()


def test_the_standing_agency_opens_what_was_submitted(client, leader, appraiser):
    evaluation = make_complete_dossier(leader.organisation, by=leader)
    document = evaluation.results.first().evidence.get().document
    stored_file = papers.add_document_file(
        document=document, uploaded=a_pdf(), by=leader, as_new_revision=False
    )
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    client.force_login(appraiser)

    opened = client.get(file_address("preview-file", stored_file))
    assert read(opened) == samples.pdf("a")
    assert "Lượt mở tệp" in text(client.get(document.get_absolute_url()))
    assert appraiser.full_name in text(client.get(document.get_absolute_url()))


def test_who_opened_a_file_concerns_the_leader_not_the_editor(client, editor, leader, stored_file):
    url = stored_file.document.get_absolute_url()

    client.force_login(editor)
    assert "Lượt mở tệp" not in text(client.get(url))
    client.force_login(leader)
    assert "Lượt mở tệp" in text(client.get(url))


def test_nobody_signed_out_gets_a_file(client, stored_file):
    response = client.get(file_address("download-file", stored_file))

    assert response.status_code == 302
    assert "/dang-nhap/" in response.url


def test_a_file_lost_from_storage_is_a_404(officer, stored_file, caplog):
    default_storage.delete(stored_file.file.name)

    assert officer.get(file_address("download-file", stored_file)).status_code == 404
    assert "is not in storage" in caplog.text


# --- The section ----------------------------------------------------------------------------------


def test_the_section_for_the_standing_agency_has_no_buttons(appraiser, district):
    result = result_of(make_dossier(district, status=Status.APPRAISING), "1.1.1")
    make_evidence(result, cited="trang 1")

    context = evidence_section(result, appraiser)

    assert [row.evidence.cited for row in context["evidence"]] == ["trang 1"]
    assert not context["can_edit"]


def test_the_section_marks_what_came_after_the_last_submission(leader):
    evaluation = make_complete_dossier(leader.organisation, by=leader)
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    take_step(evaluation=evaluation, step_name="withdraw", by=leader, note="Sửa")
    result = result_of(evaluation, "1.1.1")
    actions.add_evidence_file(result=result, uploaded=a_pdf(), by=leader)

    rows = evidence_section(result, leader)["evidence"]

    assert [row.is_new for row in rows] == [False, True]
