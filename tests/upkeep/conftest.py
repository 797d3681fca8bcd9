import shutil
from pathlib import Path

import pytest
from django.test import override_settings

from tests.evaluations.loaded import rolled_back
from tests.upkeep.committed import empty_everything, make_more_rows
from tests.upkeep.true_world import TrueWorld, make_true_world
from upkeep.backup.making import make_archive
from upkeep.backup.restoring import restore_archive


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), rolled_back(media):
        yield make_true_world(), media


@pytest.fixture
def world(made, db, settings, tmp_path) -> TrueWorld:
    """The world of the module with files of its own: what a test does to either is gone after."""
    world, media = made
    settings.MEDIA_ROOT = tmp_path / "media"
    shutil.copytree(media, settings.MEDIA_ROOT)
    return world


@pytest.fixture(scope="session")
def saved(django_db_setup, django_db_blocker, tmp_path_factory) -> Path:
    """An archive of the same world, really stored for it and taken away again."""
    archive = tmp_path_factory.mktemp("archive") / "hocxahoi-20221231-013000.tar"
    media = tmp_path_factory.mktemp("media")
    quick = override_settings(
        MEDIA_ROOT=media, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]
    )
    with django_db_blocker.unblock(), quick:
        try:
            make_more_rows(make_true_world())
            assert make_archive(archive, None).faults == []
        finally:
            empty_everything()
    return archive


@pytest.fixture
def archive(transactional_db, saved) -> Path:
    """The archive, and all that it tells of stored: for one test, which may spoil it."""
    restore_archive(saved, None)
    return saved
