"""The settings start only when they are told what must be told; each case a process of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
IN_SERVICE = {
    "SECRET_KEY": "x" * 20 + "bí-mật-của-một-máy-chủ-thật" * 2,
    "ALLOWED_HOSTS": "xahoihoctap.example",
    "DATABASE_URL": "",
    "REDIS_URL": "",
}
READ = re.compile(r"""(?:\benv(?:\.\w+)?|_required)\(\s*"([A-Z0-9_]+)\"""")


def manage(*arguments, folder, **environment):
    """`manage.py` with nothing in its environment but what is given."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
    )


def test_migrations_are_compared_with_the_models_without_any_secret(tmp_path):
    done = manage("makemigrations", "--check", "--dry-run", folder=tmp_path)

    assert (done.returncode, done.stdout) == (0, "No changes detected\n"), done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
@pytest.mark.parametrize("value", [None, ""])
def test_no_start_without_what_is_required(tmp_path, name, value):
    environment = {**IN_SERVICE, name: value or ""}
    if value is None:
        del environment[name]

    done = manage("check", folder=tmp_path, **environment)

    assert done.returncode != 0
    assert f"Thiếu biến môi trường {name}" in done.stderr
    assert ".env.example" in done.stderr


def test_a_role_that_there_is_not_is_never_quietly_left_free(tmp_path):
    for roles, starts in (("administrator, approver", True), ("administrator,aprover", False)):
        done = manage("check", folder=tmp_path, SECOND_FACTOR_ROLES=roles, **IN_SERVICE)

        assert (done.returncode == 0) == starts
        assert ("không có vai trò aprover" in done.stderr) != starts


@pytest.mark.parametrize("database", ["", "postgres://u:p@127.0.0.1:5432/hocxahoi"])
def test_deploy_check_is_clean_in_service(tmp_path, database):
    environment = {**IN_SERVICE, "DATABASE_URL": database}

    done = manage("check", "--deploy", "--fail-level", "WARNING", folder=tmp_path, **environment)

    assert done.returncode == 0, done.stderr
    assert "0 silenced" in done.stdout


def setting(expression, folder, **environment):
    code = f"from django.conf import settings; print({expression})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "hocxahoi.settings",
            **IN_SERVICE,
            **environment,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_debug_is_off_and_transport_is_closed_unless_said(tmp_path):
    names = ["DEBUG", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
    expression = ", ".join(f"settings.{name}" for name in names)

    assert setting(expression, tmp_path) == "False True True True"


def test_sqlite_waits_for_its_turn(tmp_path):
    options = setting("settings.DATABASES['default']['OPTIONS']", tmp_path)

    assert "'transaction_mode': 'IMMEDIATE'" in options
    assert "journal_mode=WAL" in options


@pytest.mark.parametrize(
    ("pool", "shown"),
    [("0", "60 None"), ("1", "0 {'min_size': 1, 'max_size': 8, 'timeout': 10}")],
)
def test_postgresql_keeps_connections_or_pools_them(tmp_path, pool, shown):
    database = "settings.DATABASES['default']"
    expression = f"{database}.get('CONN_MAX_AGE', 0), {database}.get('OPTIONS', {{}}).get('pool')"
    url = "postgres://u:p@127.0.0.1:5432/hocxahoi"

    assert setting(expression, tmp_path, DATABASE_URL=url, DATABASE_POOL=pool) == shown
    options = setting(f"{database}['OPTIONS']['options']", tmp_path, DATABASE_URL=url)
    assert options == "-c jit=off"


@pytest.mark.parametrize(
    ("url", "broker"),
    [("", "filesystem://"), ("redis://127.0.0.1:6379/9", "redis://127.0.0.1:6379/9")],
)
def test_reports_are_queued_in_a_folder_or_in_redis(tmp_path, url, broker):
    assert setting("settings.CELERY_BROKER_URL", tmp_path, REDIS_URL=url) == broker


def test_example_names_every_variable_the_settings_read():
    read = set(READ.findall((ROOT / "hocxahoi" / "settings.py").read_text()))
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^(?:# )?([A-Z0-9_]+)=", example, re.MULTILINE))
    compose_only = {"POSTGRES_PASSWORD", "WEB_PORT"}

    assert named - compose_only == read


def test_example_gives_no_secret_away():
    lines = (ROOT / ".env.example").read_text().splitlines()

    assert [line for line in lines if re.match(r"(SECRET_KEY|POSTGRES_PASSWORD)=.", line)] == []


def test_letters_go_by_a_backend_that_knows_whether_they_were_handed_over(tmp_path):
    environment = {**IN_SERVICE, "EMAIL_URL": "smtp+tls://nguoi:mat-khau@thu.example:587"}

    done = manage("diffsettings", folder=tmp_path, **environment)

    assert "EMAIL_BACKEND = 'evaluations.actions.posting.EmailBackend'" in done.stdout, done.stderr
    assert "EMAIL_HOST = 'thu.example'" in done.stdout
