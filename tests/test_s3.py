"""Files in an S3 store on loopback: everything that a disk does, and a store that goes away."""

import logging
from datetime import timedelta

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from moto.server import ThreadedMotoServer

from evaluations.models import StoredFile
from evaluations.storage import StorageRefuses
from hocxahoi import readiness
from reports import actions as report_actions
from reports.definitions import REPORTS
from reports.tasks import build_report
from tests.evaluations import samples
from tests.evaluations.samples import upload
from tests.factories import make_dossier
from upkeep.integrity import faults
from upkeep.integrity.files import orphans

BUCKET = "ho-so"


@pytest.fixture(scope="module")
def server():
    """Keeps what it is given in memory."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def store(server, settings):
    """The application with its files in an empty bucket."""
    host, port = server.get_host_and_port()
    at = {"endpoint_url": f"http://{host}:{port}", "region_name": "vn-1"}
    client = boto3.client("s3", aws_access_key_id="khoa", aws_secret_access_key="mat-khau", **at)
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "vn-1"})
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "hocxahoi.s3.Bucket",
            "OPTIONS": {
                "bucket_name": BUCKET,
                "access_key": "khoa",
                "secret_key": "mat-khau",
                **at,
            },
        },
    }
    readiness._can_write.cache_clear()
    yield client
    boto3.resource("s3", aws_access_key_id="khoa", aws_secret_access_key="mat-khau", **at).Bucket(
        BUCKET
    ).objects.delete()
    client.delete_bucket(Bucket=BUCKET)
    client.close()
    readiness._can_write.cache_clear()


@pytest.fixture
def away(store, settings):
    """The same once nobody listens at the store's address any more."""
    default = settings.STORAGES["default"]
    options = {**default["OPTIONS"], "endpoint_url": "http://127.0.0.1:9"}
    settings.STORAGES = {**settings.STORAGES, "default": {**default, "OPTIONS": options}}
    readiness._can_write.cache_clear()


@pytest.fixture
def ordered(editor, monkeypatch, django_capture_on_commit_callbacks):
    """Orders a dossier's report and builds it at once."""
    monkeypatch.setattr(report_actions, "send", build_report)
    report = REPORTS["bao-cao-tu-danh-gia"]

    def order(dossier):
        subject = report.all_subjects().get(pk=dossier.pk)
        with django_capture_on_commit_callbacks(execute=True):
            run = report_actions.order_report(
                report=report, subject=subject, file_type="xlsx", by=editor
            )
        run.refresh_from_db()
        return run

    return order


def send(client, dossier, content: bytes):
    address = reverse("evaluations:upload-evidence", args=[dossier.pk, "1.1.1"])
    return client.post(address, {"files": [upload(content, "kế hoạch.pdf")]})


def read(response) -> bytes:
    return b"".join(response.streaming_content)


def test_evidence_reports_and_packages_live_in_the_store(store, client, district, editor, ordered):
    dossier = make_dossier(district)
    client.force_login(editor)
    paper = samples.pdf("kế hoạch") + b"\n%" + b"x" * (2 * 1024 * 1024)

    send(client, dossier, paper)
    kept = StoredFile.objects.get()
    run = ordered(dossier)

    assert store.get_object(Bucket=BUCKET, Key=kept.file.name)["Body"].read() == paper
    assert read(client.get(reverse("evaluations:download-file", args=[kept.pk]))) == paper
    downloaded = read(client.get(reverse("reports:download", args=[run.pk])))
    assert store.get_object(Bucket=BUCKET, Key=run.file.name)["Body"].read() == downloaded
    assert client.get("/readyz").json()["storage"] == "ok"


def test_store_that_is_away_refuses_with_words_and_keeps_nothing(
    away, client, district, editor, ordered
):
    dossier = make_dossier(district)
    client.force_login(editor)

    answer = send(client, dossier, samples.pdf("kế hoạch"))
    run = ordered(dossier)

    assert StorageRefuses.words in answer.content.decode()
    assert not StoredFile.objects.exists()
    assert (run.status, run.file.name) == ("failed", "")
    assert "Kho lưu tệp không trả lời" in run.error
    assert client.get("/readyz").status_code == 503


def test_what_is_not_there_is_missing_as_on_a_disk(store):
    with pytest.raises(FileNotFoundError):
        default_storage.open("minh-chung/khong-co.pdf")
    assert not default_storage.exists("minh-chung/khong-co.pdf")


def test_verifying_finds_what_the_store_lost_and_what_nobody_names(store, client, district, editor):
    client.force_login(editor)
    send(client, make_dossier(district), samples.pdf("kế hoạch"))
    kept = StoredFile.objects.get()
    assert list(faults(["files", "orphans"])) == []

    default_storage.save("minh-chung/sot", ContentFile(b"x"))
    store.delete_object(Bucket=BUCKET, Key=kept.file.name)

    assert list(orphans(grace=timedelta(0))) == ["minh-chung/sot"]
    assert [f"({kept.file.name}): không còn" in fault for fault in faults(["files"])] == [True]
