"""The application as in service, and the empty page beside it that all else is compared with."""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocxahoi.settings")
settings.ROOT_URLCONF = "benchmarks.urls"

from hocxahoi.wsgi import application  # noqa: E402

__all__ = ["application"]
