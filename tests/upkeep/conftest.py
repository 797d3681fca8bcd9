import shutil

import pytest

from tests.evaluations.loaded import rolled_back
from tests.upkeep.true_world import TrueWorld, make_true_world


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
