"""People and places that the tests share."""

import pytest


@pytest.fixture(autouse=True)
def _quick_and_contained(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
