"""As in service, on data of its own: set before Django reads its settings."""

import os


def set_environment(folder: str) -> None:
    """SQLite unless DATABASE_URL says otherwise; its test database is made and dropped."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="hocxahoi.settings",
        DEBUG="0",
        HTTPS="0",
        COMPRESS_STATIC="0",
        SECRET_KEY="only-for-benchmarks-" + "x" * 40,
        ALLOWED_HOSTS="testserver",
        VAR_DIR=folder,
        STATIC_ROOT=f"{folder}/static",
        MEDIA_ROOT=f"{folder}/media",
    )
    os.environ.setdefault("DATABASE_URL", "")
    os.environ.setdefault("REDIS_URL", "")
