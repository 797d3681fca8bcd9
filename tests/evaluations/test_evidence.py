"""Evidence of an indicator: taken in once, cited by code, revised without touching the past."""

import re
import threading
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluations.actions import evidence as actions
from evaluations.actions import papers
from evaluations.actions.guard import Closed
from evaluations.actions.steps import take_step
from evaluations.models import (
    Document,
    Evaluation,
    Evidence,
    EvidenceAccess,
    IndicatorAppraisal,
    RemovedEvidence,
    StoredFile,
)
from evaluations.snapshots import dossier_content, indicators_in
from evaluations.workflow import Status
from organisations.models import Role
from tests.evaluations import samples
from tests.evaluations.samples import upload
from tests.factories import (
    SMALL_SET,
    make_complete_dossier,
    make_district,
    make_document,
    make_dossier,
    make_evidence,
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


def add(result, by, words="a", **fields):
    file = upload(samples.pdf(words), f"{words}.pdf")
    return actions.add_evidence_file(result=result, uploaded=file, by=by, **fields)


def files_on_disk() -> list[str]:
    return [path.name for path in Path(default_storage.location).rglob("*") if path.is_file()]


# --- Taking in ------------------------------------------------------------------------------------


def test_a_file_becomes_a_document_cited_by_the_next_code(result, editor):
    evidence = add(
        result,
        editor,
        "quy chế phối hợp",
        details={"number": "12/QĐ-UBND", "issued_on": date(2022, 11, 5)},
        cited="trang 2",
    )

    stored = StoredFile.objects.get()
    assert (evidence.code, evidence.cited) == ("H1.1.1-01", "trang 2")
    assert evidence.document.number == "12/QĐ-UBND"
    assert evidence.document.summary == "quy chế phối hợp"  # the name without its ending
    assert "quy che phoi hop" in evidence.document.search
    assert (stored.content_type, stored.revision, stored.is_current) == ("application/pdf", 1, True)
    assert result.evaluation.events.get().text.startswith("thêm minh chứng H1.1.1-01: 12/QĐ-UBND")


def test_the_name_on_disk_is_opaque_and_private(result, editor):
    add(result, editor, "tên riêng")

    stored = StoredFile.objects.get()
    path = Path(default_storage.path(stored.file.name))
    assert re.fullmatch(r"minh-chung/\d{4}/\d{2}/[0-9a-f]{32}", stored.file.name)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes() == samples.pdf("tên riêng")


def test_the_same_content_is_not_stored_twice_in_one_register(evaluation, result, editor):
    first = add(result, editor, "a")
    other = result_of(evaluation, "2.1.2")

    with pytest.raises(papers.AlreadyKept) as kept:
        actions.add_evidence_file(
            result=other, uploaded=upload(samples.pdf("a"), "ten-khac.pdf"), by=editor
        )

    assert kept.value.stored_file.document == first.document
    assert len(files_on_disk()) == Document.objects.count() == 1


def test_another_unit_may_hold_the_same_content(result, editor, outsider):
    add(result, editor, "a")

    add(result_of(make_dossier(outsider.organisation), "1.1.1"), outsider, "a")

    assert Document.objects.count() == 2


def test_a_code_is_never_given_twice(result, editor):
    codes = [add(result, editor, words).code for words in "abc"]
    last = Evidence.objects.get(code="H1.1.1-03")

    actions.remove_citation(evidence=last, by=editor)
    codes.append(add(result, editor, "d").code)
    again = actions.cite(result=result, document=last.document, by=editor)

    assert codes == ["H1.1.1-01", "H1.1.1-02", "H1.1.1-03", "H1.1.1-04"]
    assert again.code == "H1.1.1-05"


def test_two_rows_cannot_share_a_code(result, editor):
    evidence = add(result, editor, "a")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_evidence(result, code=evidence.code)


def test_nothing_is_left_of_a_file_whose_row_fails(result, editor, monkeypatch):
    def fail(*args):
        raise IntegrityError

    monkeypatch.setattr(actions, "_cite", fail)

    with pytest.raises(IntegrityError):
        add(result, editor)

    assert files_on_disk() == []
    assert not Document.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_refused_file_leaves_nothing(result, editor):
    with pytest.raises(ValidationError):
        actions.add_evidence_file(
            result=result, uploaded=upload(samples.PROGRAM, "a.pdf"), by=editor
        )

    assert files_on_disk() == []
    assert not Document.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_parallel_uploads_take_different_codes(result, editor):
    failures = []

    def work(words):
        try:
            add(result, editor, words)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(words,)) for words in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    codes = sorted(result.evidence.values_list("code", flat=True))
    assert codes == [f"H1.1.1-0{number}" for number in range(1, 7)]


# --- Citing ---------------------------------------------------------------------------------------


def test_one_document_serves_many_indicators(evaluation, result, editor):
    document = add(result, editor).document

    second = actions.cite(
        result=result_of(evaluation, "2.1.2"), document=document, by=editor, cited="biểu 2"
    )

    assert (second.code, second.cited, second.document) == ("H2.1.2-01", "biểu 2", document)
    assert StoredFile.objects.count() == 1


def test_citing_twice_changes_nothing(result, editor):
    first = add(result, editor, cited="trang 1")

    again = actions.cite(result=result, document=first.document, by=editor, cited="trang 9")

    assert again == first
    assert again.cited == "trang 1"


def test_a_document_of_another_unit_cannot_be_cited(result, editor):
    with pytest.raises(Closed):
        actions.cite(result=result, document=make_document(make_district()), by=editor)


def test_removing_takes_the_use_and_leaves_the_document(result, editor):
    evidence = add(result, editor, cited="trang 3")

    actions.remove_citation(evidence=evidence, by=editor)

    removed = RemovedEvidence.objects.get()
    assert not result.evidence.exists()
    assert (removed.code, removed.cited, removed.removed_by) == ("H1.1.1-01", "trang 3", editor)
    assert Document.objects.count() == StoredFile.objects.count() == len(files_on_disk()) == 1


def test_a_changed_citation_leaves_both_words_in_the_trail(result, editor):
    evidence = add(result, editor, cited="trang 1")

    actions.change_citation(evidence=evidence, cited="trang 2", by=editor)
    actions.change_citation(evidence=evidence, cited="trang 2", by=editor)

    event = result.evaluation.events.get(kind="evidence-changed")
    assert (event.detail["old"], event.detail["new"]) == ("trang 1", "trang 2")


# --- Revisions and what was submitted ------------------------------------------------------------


def test_a_new_revision_keeps_the_old_and_open_citations_follow(result, editor):
    evidence = add(result, editor, "a")

    kept = papers.add_document_file(
        document=evidence.document,
        uploaded=upload(samples.pdf("b"), "b.pdf"),
        by=editor,
        as_new_revision=True,
    )

    old = StoredFile.objects.get(revision=1)
    evidence.refresh_from_db()
    assert (kept.revision, kept.is_current) == (2, True)
    assert not old.is_current
    assert old.superseded_at is not None
    assert default_storage.exists(old.file.name)
    assert evidence.revision == 2


def test_a_second_file_needs_no_new_revision(result, editor):
    evidence = add(result, editor, "a")

    papers.add_document_file(
        document=evidence.document,
        uploaded=upload(samples.png(), "trang-2.png"),
        by=editor,
        as_new_revision=False,
    )

    files = evidence.document.files.values_list("revision", "is_current")
    assert list(files) == [(1, True), (1, True)]


def submitted(leader) -> tuple[Evaluation, Evidence]:
    """A submitted dossier whose 1.1.1 cites a stored file."""
    evaluation = make_complete_dossier(leader.organisation, by=leader)
    known = {"number": "12/QĐ-UBND", "issued_on": date(2022, 11, 25)}
    evidence = add(result_of(evaluation, "1.1.1"), leader, "nộp", details=known)
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    return Evaluation.objects.get(pk=evaluation.pk), evidence


def shown_files(evaluation, code="1.1.1") -> list[int]:
    content = dossier_content(Evaluation.objects.with_results().get(pk=evaluation.pk))
    indicator = next(row for row in indicators_in(content) if row["code"] == code)
    return [file["id"] for row in indicator["evidence"] for file in row["files"]]


def test_a_submitted_dossier_keeps_the_revision_it_was_submitted_with(leader):
    evaluation, evidence = submitted(leader)
    first = StoredFile.objects.get()

    papers.add_document_file(
        document=evidence.document,
        uploaded=upload(samples.pdf("mới"), "moi.pdf"),
        by=leader,
        as_new_revision=True,
    )

    evidence.refresh_from_db()
    assert evidence.revision == 1
    assert shown_files(evaluation) == [first.pk]
    taken = indicators_in(evaluation.snapshots.get().content)[0]["evidence"]
    assert [file["id"] for row in taken for file in row["files"]] == [first.pk]


def test_a_file_cannot_join_the_revision_that_a_submitted_dossier_shows(leader):
    _, evidence = submitted(leader)

    with pytest.raises(Closed):
        papers.add_document_file(
            document=evidence.document,
            uploaded=upload(samples.pdf("thêm"), "them.pdf"),
            by=leader,
            as_new_revision=False,
        )

    assert len(files_on_disk()) == 1


def test_the_open_indicator_may_move_on_to_the_newest_revision(leader):
    evaluation, evidence = submitted(leader)
    papers.add_document_file(
        document=evidence.document,
        uploaded=upload(samples.pdf("mới"), "moi.pdf"),
        by=leader,
        as_new_revision=True,
    )
    take_step(evaluation=evaluation, step_name="withdraw", by=leader, note="Nhầm tệp")

    moved = actions.use_current_revision(evidence=evidence, by=leader)

    assert moved.revision == 2
    assert shown_files(evaluation) == [StoredFile.objects.get(revision=2).pk]


def test_details_of_a_paper_cited_by_a_submitted_dossier_stay(leader):
    _, evidence = submitted(leader)
    document = evidence.document
    details = {"number": "99", "issued_on": None, "issuer": "", "summary": "khác"}

    with pytest.raises(Closed):
        papers.change_details(document=document, details=details, by=leader)

    document.refresh_from_db()
    assert document.summary == "nộp"


def test_changed_details_are_found_by_search_and_told_in_the_trail(result, editor):
    document = add(result, editor, "a").document
    details = {
        "number": "1919/UBND-VX",
        "issued_on": date(2016, 10, 3),
        "issuer": "UBND thành phố",
        "summary": "Hướng dẫn đánh giá",
    }

    papers.change_details(document=document, details=details, by=editor)

    assert list(Document.objects.matching("huong dan")) == [document]
    assert list(Document.objects.matching("1919/ubnd")) == [document]
    assert list(Document.objects.matching("1.1.1")) == [document]
    assert not Document.objects.matching("3.2.1").exists()
    event = result.evaluation.events.get(kind="document-changed")
    assert event.detail["new"]["issued_on"] == "2016-10-03"


# --- The guard ------------------------------------------------------------------------------------


def ask_about(result, appraiser):
    """The Sở returned the dossier for more about this indicator."""
    IndicatorAppraisal.objects.create(
        result=result,
        verdict=IndicatorAppraisal.Verdict.ASK,
        reason="Thiếu quyết định",
        is_sent=True,
        decided_by=appraiser,
        decided_at=timezone.now(),
    )


def test_a_returned_dossier_opens_only_what_was_asked_about(district, leader, appraiser):
    evaluation = make_dossier(district, status=Status.RETURNED)
    asked, other = result_of(evaluation, "1.1.1"), result_of(evaluation, "2.1.2")
    ask_about(asked, appraiser)

    add(asked, leader, "a")
    with pytest.raises(Closed):
        add(other, leader, "b")


def test_a_write_asks_once_what_a_returned_dossier_opens(
    district, leader, appraiser, django_assert_num_queries
):
    """However many indicators cite the paper; each of them may be open or closed."""
    evaluation = make_dossier(district, status=Status.RETURNED)
    results = [result_of(evaluation, code) for code in SMALL_SET]
    ask_about(results[0], appraiser)
    document = make_evidence(results[0]).document
    with CaptureQueriesContext(connection) as of_one:
        assert papers.closed_citations(document, leader) == []
    closed = [make_evidence(result, document=document) for result in results[1:]]

    with django_assert_num_queries(len(of_one)):
        assert papers.closed_citations(document, leader) == closed


@pytest.mark.parametrize("as_new_revision", [True, False])
def test_a_file_more_costs_the_same_however_often_its_paper_is_cited(
    district, leader, as_new_revision
):
    evaluation = make_dossier(district, status=Status.RETURNED)
    results = [result_of(evaluation, code) for code in SMALL_SET]
    document = make_evidence(results[0]).document

    def queries(words) -> int:
        with CaptureQueriesContext(connection) as asked:
            papers.add_document_file(
                document=document,
                uploaded=upload(samples.pdf(words), "a.pdf"),
                by=leader,
                as_new_revision=as_new_revision,
            )
        return len(asked)

    of_one = queries("a")
    for result in results[1:]:
        make_evidence(result, document=document)

    assert queries("b") == of_one


# --- Who may open what ----------------------------------------------------------------------------


def visible(user) -> tuple[list[str], list[str]]:
    documents = Document.objects.visible_to(user).values_list("summary", flat=True)
    files = StoredFile.objects.visible_to(user).values_list("original_name", flat=True)
    return sorted(documents), sorted(files)


def test_the_standing_agency_sees_nothing_before_the_first_submission(result, editor, appraiser):
    add(result, editor, "a")

    assert visible(appraiser) == ([], [])
    assert visible(editor) == (["a"], ["a.pdf"])


def test_it_sees_what_was_submitted_and_not_what_came_later(leader, appraiser, observer):
    evaluation, evidence = submitted(leader)
    take_step(evaluation=evaluation, step_name="withdraw", by=leader, note="Sửa")
    add(evidence.result, leader, "thêm sau")
    papers.add_document_file(
        document=evidence.document,
        uploaded=upload(samples.pdf("bản hai"), "ban-hai.pdf"),
        by=leader,
        as_new_revision=True,
    )

    _, files = visible(appraiser)
    assert files == ["nộp.pdf"]
    assert visible(observer)[1] == files
    assert visible(leader)[1] == ["ban-hai.pdf", "nộp.pdf", "thêm sau.pdf"]


def test_what_was_submitted_stays_readable_after_the_unit_took_it_off(leader, appraiser):
    evaluation, evidence = submitted(leader)
    take_step(evaluation=evaluation, step_name="withdraw", by=leader, note="Sửa")

    actions.remove_citation(evidence=evidence, by=leader)

    assert visible(appraiser)[1] == ["nộp.pdf"]
    assert "nộp" in visible(appraiser)[0]


def test_a_revision_that_no_submission_contained_stays_private(leader, appraiser):
    """Closed citations hold to revision 1; revision 2 concerns the unit alone."""
    _, evidence = submitted(leader)
    papers.add_document_file(
        document=evidence.document,
        uploaded=upload(samples.pdf("riêng"), "rieng.pdf"),
        by=leader,
        as_new_revision=True,
    )

    assert visible(appraiser)[1] == ["nộp.pdf"]


def moved_on(leader) -> Evidence:
    """Submitted with revision 1 while the register held 2; moved on to 2 in the supplement."""
    evaluation, evidence = submitted(leader)
    for number in (2, 3):
        papers.add_document_file(
            document=evidence.document,
            uploaded=upload(samples.pdf(f"bản {number}"), f"ban-{number}.pdf"),
            by=leader,
            as_new_revision=True,
        )
    take_step(evaluation=evaluation, step_name="withdraw", by=leader, note="Sửa")
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    Evaluation.objects.update(status=Status.RETURNED)
    return actions.use_current_revision(evidence=evidence, by=leader)


def test_a_citation_that_moved_on_shows_its_new_file_once_it_is_submitted(
    leader, appraiser, observer
):
    evidence = moved_on(leader)

    assert evidence.revision == 3
    assert visible(observer)[1] == visible(appraiser)[1] == ["nộp.pdf"]

    take_step(evaluation=evidence.result.evaluation, step_name="submit", by=leader)

    assert visible(observer)[1] == visible(appraiser)[1] == ["ban-3.pdf", "nộp.pdf"]


def test_pages_name_no_file_that_was_not_submitted(client, leader, appraiser):
    evidence = moved_on(leader)
    moved_to = evidence.document.files.get(revision=3)
    papers.record_access(stored_file=moved_to, kind="download", by=leader)
    pages = {
        "register": evidence.document.get_absolute_url(),
        "section": reverse("evaluations:evidence", args=[evidence.result.evaluation_id, "1.1.1"]),
    }
    client.force_login(appraiser)

    shown = {name: client.get(url).content.decode() for name, url in pages.items()}

    assert "nộp.pdf" in shown["register"]
    assert StoredFile.objects.get(revision=1).get_absolute_url() in shown["section"]
    for page in shown.values():
        assert not re.search(r"ban-\d", page)
        assert moved_to.get_absolute_url() not in page
        assert "bản 3" not in page


def test_another_district_and_administrators_see_nothing(leader, outsider, administrator):
    submitted(leader)

    assert visible(outsider) == visible(administrator) == ([], [])


def test_an_opened_file_is_noted(result, editor):
    add(result, editor)

    papers.record_access(stored_file=StoredFile.objects.get(), kind="download", by=editor)

    access = EvidenceAccess.objects.get()
    assert (access.kind, access.by) == (EvidenceAccess.Kind.DOWNLOAD, editor)


@pytest.mark.parametrize("is_current", [True, False])
def test_a_file_is_superseded_exactly_when_it_says_since_when(result, editor, is_current):
    add(result, editor)
    moment = timezone.now() if is_current else None

    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.update(is_current=is_current, superseded_at=moment)


def test_who_reads_for_one_district_opens_no_paper_of_another(leader):
    evaluation = make_complete_dossier(leader.organisation)
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    own = make_user(Role.OBSERVER, leader.organisation)
    other = make_user(Role.OBSERVER, make_district())

    for rows in (Document.objects, Evidence.objects):
        assert rows.visible_to(own).exists()
        assert not rows.visible_to(other).exists()
