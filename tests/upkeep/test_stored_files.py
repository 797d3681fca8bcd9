"""Files against rows: every field that names one, what was lost, changed or left over."""

import os
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from evaluations.models import ResultUpload
from upkeep.integrity import faults
from upkeep.models import UpkeepRun
from upkeep.recording import INTERRUPTED
from upkeep.stored_files import file_fields, named_files

FILES = ["files", "orphans"]
LONG_AGO = (timezone.now() - timedelta(days=2)).timestamp()
LEFT = "minh-chung/2022/11/khong-ai-dung"


def path_of(name) -> Path:
    return Path(default_storage.path(name))


def put(name, *, at=LONG_AGO) -> None:
    default_storage.save(name, ContentFile(b"x"))
    os.utime(path_of(name), (at, at))


def test_every_model_with_a_file_says_its_sha256_and_keeps_it_where_all_are_kept():
    fields = file_fields()

    assert {model._meta.object_name for model, _ in fields} >= {
        "Decision",
        "InspectionScan",
        "ReportRun",
        "ResultUpload",
        "StoredFile",
    }
    for model, field in fields:
        assert model._meta.get_field("sha256").max_length == 64, model
        assert field.storage is default_storage, field
    assert len({model for model, _ in fields}) == len(fields), "two files, but one sha256"


def test_a_lost_and_a_changed_file_of_every_kind_are_found(world):
    every = list(named_files())
    kinds = {named.model for named in every}
    assert kinds == {model for model, _ in file_fields()}, "the world lacks a kind of file"

    for named in every:
        path = path_of(named.path)
        kept = path.read_bytes()
        path.write_bytes(bytes(len(kept)))
        changed = list(faults(FILES))
        path.write_bytes(kept + b"x")
        longer = list(faults(FILES))
        path.unlink()
        lost = list(faults(FILES))
        path.write_bytes(kept)

        assert changed == [f"Tệp: {named}: nội dung khác lúc nhận (mã SHA-256 khác)"]
        size = f"dung lượng {len(kept) + 1} byte, khi nhận là {len(kept)} byte"
        assert longer == ([f"Tệp: {named}: {size}"] if named.size else changed)
        assert lost == [f"Tệp: {named}: không còn ở nơi lưu trữ"]
    assert list(faults(FILES)) == []


def test_a_file_that_is_let_go_of_while_it_is_looked_for_is_no_fault(world, monkeypatch):
    upload = world.upload
    opening = default_storage.open

    def let_go(name, *args):
        if name == upload.file.name:
            ResultUpload.objects.filter(pk=upload.pk).update(file="", status="dropped")
            default_storage.delete(name)
        return opening(name, *args)

    monkeypatch.setattr(default_storage, "open", let_go)

    assert list(faults(FILES)) == []
    assert ResultUpload.objects.get(pk=upload.pk).status == "dropped"


def test_files_that_no_row_names_are_listed_after_a_day_and_removed_on_request(world):
    put(LEFT)
    put("minh-chung/dang-tai-len", at=timezone.now().timestamp())

    with pytest.raises(CommandError, match="Thấy 1 lỗi"):
        call_command("verify_integrity", stdout=StringIO(), stderr=(said := StringIO()))
    removed = StringIO()
    call_command("verify_integrity", "--remove-orphans", stdout=removed)

    assert said.getvalue().split() == (
        f"Tệp không ai dùng: {LEFT}: không dòng dữ liệu nào dùng tệp này".split()
    )
    assert f"Đã xóa tệp không ai dùng: {LEFT}\n" in removed.getvalue()
    assert "Không thấy lỗi nào" in removed.getvalue()
    assert not default_storage.exists(LEFT)
    assert default_storage.exists("minh-chung/dang-tai-len")
    assert all(default_storage.exists(named.path) for named in named_files())


def test_storage_that_does_not_answer_is_told_once_and_not_for_every_file(world, monkeypatch):
    def silent(*args):
        raise OSError(5, "kho S3 không trả lời")

    monkeypatch.setattr(default_storage, "open", silent)
    monkeypatch.setattr(default_storage, "listdir", silent)
    monkeypatch.setattr("upkeep.integrity.files.GIVEN_UP_AFTER", 2)

    found = list(faults(FILES))

    assert len(found) == 3  # the first file by name, then each of the two checks
    assert "không đọc được (kho S3 không trả lời)" in found[0]
    assert all("chưa kiểm tra hết, nơi lưu trữ không đọc được" in fault for fault in found[1:])


def test_any_storage_will_do(world, settings):
    on_disk = {named.path: path_of(named.path).read_bytes() for named in named_files()}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    for name, content in on_disk.items():
        default_storage.save(name, ContentFile(content))

    assert list(faults(FILES)) == []
    default_storage.delete(world.paper.file.name)
    assert [f"{world.paper.file.name}): không còn" in fault for fault in faults(FILES)] == [True]


def test_each_run_leaves_a_row_that_says_how_it_went(world):
    left = UpkeepRun.objects.create(kind="integrity")  # by a process that was killed
    call_command("verify_integrity", stdout=StringIO())
    default_storage.delete(world.paper.file.name)
    with pytest.raises(CommandError):
        call_command("verify_integrity", stdout=StringIO(), stderr=StringIO())

    left.refresh_from_db()
    assert (left.status, left.summary) == ("failed", INTERRUPTED)
    faulty, clean = UpkeepRun.objects.exclude(pk=left.pk)
    assert (clean.status, clean.fault_count, clean.faults) == ("clean", 0, [])
    assert (faulty.status, faulty.fault_count) == ("faulty", 1)
    assert "không còn ở nơi lưu trữ" in faulty.faults[0]
    assert "2 hồ sơ" in clean.summary
    assert UpkeepRun.objects.newest("integrity") == faulty
    assert UpkeepRun.objects.newest_good("integrity") == clean
    assert faulty.duration > timedelta(0)
