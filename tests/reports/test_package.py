import hashlib
import io
import subprocess
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from openpyxl import load_workbook
from pypdf import PdfReader

from evaluations.models import Evaluation, StoredFile
from evaluations.workflow import Status
from organisations.models import Role
from reports.definitions import REPORTS
from reports.models import ReportRun
from reports.package.checking import faults_of
from reports.tasks import build_report
from tests.factories import make_document, make_evidence, make_user, result_of
from tests.reports.conftest import submit

PACKAGE = REPORTS["ho-so-dong-goi"]
Run = ReportRun.Status


def attach(document, name: str, content: bytes, **fields) -> StoredFile:
    return StoredFile.objects.create(
        document=document,
        file=default_storage.save(f"minh-chung/{name}", ContentFile(content)),
        original_name=name,
        content_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=document.created_by,
        **fields,
    )


@pytest.fixture
def cited(dossier, editor):
    """A paper of the dossier's 1.1.1 with two files of one name, and one without any file."""
    document = make_document(dossier.unit, by=editor, summary="Kế hoạch: học tập/suốt đời")
    make_evidence(result_of(dossier, "1.1.1"), document=document, by=editor, code="H1.1.1-07")
    attach(document, "kế hoạch.pdf", b"%PDF mot")
    attach(document, "Kế hoạch.pdf", b"%PDF hai" * 1000)
    return document


@pytest.fixture
def sent_in(cited, dossier, leader):
    return submit(dossier, leader)


@pytest.fixture
def packed(sent_in, leader, order, tmp_path):
    """The package of what was submitted, as its file lies on a disk."""
    run = order(sent_in, leader, report=PACKAGE, file_type="zip")
    build_report(run.pk)
    run.refresh_from_db()
    assert (run.status, run.error) == (Run.READY, "")
    path = tmp_path / "goi.zip"
    with run.file.open() as file:
        path.write_bytes(file.read())
    return path


def repacked(path, change):
    """The same package with its members changed by `change(members)`, a dict of name → bytes."""
    with zipfile.ZipFile(path) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as opened:
        for name, content in members.items():
            opened.writestr(name, content)


FOLDER = "1.1.1/H1.1.1-07 Kế hoạch- học tập-suốt đời"


def test_package_holds_report_evidence_index_and_sums(packed, tmp_path):
    with zipfile.ZipFile(packed) as opened:
        names = opened.namelist()
        opened.extractall(tmp_path / "ra")

    report = "Báo cáo tự đánh giá – Huyện Vĩnh Bảo – 2022"
    assert names[:2] == [f"{report}.pdf", f"{report}.docx"]
    assert {f"{FOLDER}/kế hoạch.pdf", f"{FOLDER}/Kế hoạch (2).pdf"} < set(names)
    assert names[-3:] == ["index.xlsx", "index.html", "SHA256SUMS"]
    assert (tmp_path / "ra" / FOLDER / "kế hoạch.pdf").read_bytes() == b"%PDF mot"
    reader = PdfReader(tmp_path / "ra" / f"{report}.pdf")
    assert "HUYỆN VĨNH BẢO" in reader.pages[0].extract_text()
    assert b'pdfaid:part="2"' in reader.trailer["/Root"]["/Metadata"].get_data()
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path / "ra", capture_output=True
    )
    assert done.returncode == 0, done.stdout
    assert len(done.stdout.splitlines()) == len(names) - 1


def test_both_indexes_name_every_file_with_its_sum(packed):
    with zipfile.ZipFile(packed) as opened:
        names, page = opened.namelist(), opened.read("index.html").decode()
        book = load_workbook(io.BytesIO(opened.read("index.xlsx")))
        sums = {name: hashlib.sha256(opened.read(name)).hexdigest() for name in names[:-3]}

    rows = [*book["Minh chứng"].values, *book["Báo cáo"].values]
    in_book = {row[-3]: row[-1] for row in rows if row[-1] and len(row[-1]) == 64}
    assert in_book == sums
    assert all(sha256 in page for sha256 in sums.values())
    assert 'href="1.1.1/H1.1.1-07%20K%E1%BA%BF%20ho%E1%BA%A1ch' in page
    assert "không có tệp kèm theo" in page
    assert any("không có tệp kèm theo" in row for row in rows)


def test_package_is_of_what_was_sent_not_of_what_came_since(sent_in, cited, leader, order):
    attach(cited, "bản mới.pdf", b"%PDF moi", revision=2)
    cited.files.filter(revision=1).update(is_current=False, superseded_at=sent_in.status_since)
    cited.evidence.update(revision=2)
    Evaluation.objects.filter(pk=sent_in.pk).update(status=Status.RETURNED)

    run = order(sent_in, leader, report=PACKAGE, file_type="zip")

    names = [line["file"]["name"] for line in run.content["evidence"] if line["file"]]
    assert names == ["kế hoạch.pdf", "Kế hoạch.pdf"]
    assert not run.is_draft
    assert "bản nháp" not in run.file_name


@pytest.fixture
def no_paths(settings):
    """A storage whose files lie in no folder of this machine: `.path` raises."""
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = settings.STORAGES | {"default": memory}


def test_package_is_built_where_files_have_no_path(no_paths, packed):
    with zipfile.ZipFile(packed) as opened:
        assert opened.read(f"{FOLDER}/kế hoạch.pdf") == b"%PDF mot"
    assert list(faults_of(packed)) == []


@pytest.mark.parametrize(("change", "said"), [("gone", "không còn ở"), ("other", "SHA-256 khác")])
def test_evidence_that_is_not_what_was_sent_stops_the_package(
    sent_in, cited, leader, order, settings, change, said
):
    stored = cited.files.first().file.name
    default_storage.delete(stored)
    if change == "other":
        default_storage.save(stored, ContentFile(b"%PDF ba"))
    run = order(sent_in, leader, report=PACKAGE, file_type="zip")

    build_report(run.pk)

    run.refresh_from_db()
    assert run.status == Run.FAILED
    assert said in run.error
    assert "kế hoạch.pdf" in run.error
    assert list(settings.MEDIA_ROOT.glob("reports/*")) == []


def test_who_may_order_a_package(sent_in):
    own, other = sent_in.unit, None
    may = {
        (role, unit)
        for role in Role
        for unit in (own, other)
        if PACKAGE.can_order(make_user(role, unit), sent_in)
    }
    assert may == {
        (Role.EDITOR, own),
        (Role.LEADER, own),
        *((role, unit) for role in (Role.APPRAISER, Role.APPROVER) for unit in (own, other)),
    }

    sent_in.status = Status.DRAFT
    assert not any(PACKAGE.can_order(make_user(role, own), sent_in) for role in Role)


def test_whole_package_is_said_to_be_whole(packed, capsys):
    call_command("verify_package", packed)

    said = capsys.readouterr().out
    assert "nguyên vẹn" in said
    assert hashlib.sha256(packed.read_bytes()).hexdigest() in said


def swap(members):
    first, second = list(members)[2:4]
    members[first], members[second] = members[second], members[first]


FAULTS = [
    (lambda m: m.update({f"{FOLDER}/kế hoạch.pdf": b"sua"}), ["mã SHA-256 khác"]),
    (lambda m: m.pop("index.html"), ["index.html: thiếu tệp"]),
    (lambda m: m.update({"them.txt": b"x"}), ["them.txt: tệp thừa"]),
    (lambda m: m.update({"../x": b"x"}), ["../x: tên tệp dẫn ra ngoài", "../x: tệp thừa"]),
    (lambda m: m.pop("SHA256SUMS"), ["SHA256SUMS: không có danh mục"]),
    (
        lambda m: m.update({"SHA256SUMS": b"rac\n" + m["SHA256SUMS"]}),
        ["SHA256SUMS: không đọc được dòng 1"],
    ),
    (
        lambda m: m.update({"SHA256SUMS": m["SHA256SUMS"] * 2}),
        ["ghi hai lần trong SHA256SUMS"] * 6,
    ),
    (swap, ["mã SHA-256 khác", "mã SHA-256 khác"]),
]


def test_every_fault_of_a_package_is_told(packed):
    whole = packed.read_bytes()
    for change, faults in FAULTS:
        packed.write_bytes(whole)
        repacked(packed, change)

        found = list(faults_of(packed))

        assert len(found) == len(faults), found
        assert all(fault in line for fault, line in zip(faults, found, strict=True))


def test_damage_is_told_by_the_command(packed, tmp_path, capsys):
    content = bytearray(packed.read_bytes())
    place = content.index(b"%PDF mot")
    content[place] ^= 1
    packed.write_bytes(content)

    with pytest.raises(CommandError, match="1 lỗi"):
        call_command("verify_package", packed)

    assert f"{FOLDER}/kế hoạch.pdf: không giải nén được" in capsys.readouterr().err
    (tmp_path / "x.zip").write_bytes(content[: len(content) // 2])
    assert list(faults_of(tmp_path / "x.zip")) == [
        "không phải tệp ZIP, hoặc tệp hỏng, thiếu phần cuối"
    ]
    with pytest.raises(CommandError, match="không mở được"):
        call_command("verify_package", tmp_path / "khong-co.zip")
