"""docker-compose.yml and Dockerfile, read instead of run: nothing they name may be missing."""

import importlib
import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from celery.bin.base import CLIContext
from celery.bin.celery import celery as celery_command
from django.core.management import get_commands, load_command_class
from gunicorn.config import Config

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OURS = {name for name, service in SERVICES.items() if service.get("image") == "hocxahoi"}
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
SETTINGS = (ROOT / "hocxahoi" / "settings.py").read_text()
READ_BY_SETTINGS = set(
    re.findall(r"""(?:\benv(?:\.\w+)?|_required)\(\s*"([A-Z0-9_]+)\"""", SETTINGS)
)
# What the images' own manuals name.
READ_BY_IMAGE = {
    "postgres": {"POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD"},
    "redis": set(),
}
IN_IMAGE = {"pg_isready", "redis-cli", "redis-server"}


def image_command():
    return re.search(r"^CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)[1]


def words(command):
    return shlex.split(command.replace("$$", "$")) if isinstance(command, str) else list(command)


def commands():
    """Everything a container is told to execute, as (service, words)."""
    yield "web", yaml.safe_load(image_command())
    for name, service in SERVICES.items():
        if "command" in service:
            yield name, words(service["command"])
        if "healthcheck" in service:
            how, *rest = service["healthcheck"]["test"]
            yield name, rest if how == "CMD" else words(rest[0])


def check_gunicorn(arguments):
    application, *options = arguments
    module, _, name = application.partition(":")
    assert callable(getattr(importlib.import_module(module), name or "application"))
    Config().parser().parse_args(options)


def check_celery(arguments):
    flag, application, verb, *options = arguments
    assert flag == "-A"
    app = importlib.import_module(application).celery_app
    context = CLIContext(app=app, no_color=True, workdir=None)
    celery_command.commands[verb].make_context(verb, options, obj=context)


def check_python(arguments):
    if arguments[0] == "-m":
        assert find_spec(arguments[1]) is not None
        return
    assert arguments[0] == "manage.py"
    name = arguments[1]
    command = load_command_class(get_commands()[name], name)
    command.create_parser("manage.py", name).parse_args(arguments[2:])


CHECKS = {"gunicorn": check_gunicorn, "celery": check_celery, "python": check_python}


@pytest.mark.parametrize(
    ("service", "command"),
    [pytest.param(name, command, id=f"{name}: {command[0]}") for name, command in commands()],
)
def test_every_command_exists_and_takes_its_options(service, command):
    program, *arguments = command

    if service not in OURS:
        assert program in IN_IMAGE
    elif program == "test":
        assert "beat-schedule" in arguments[-1]
        assert "/data/beat-schedule" in SERVICES[service]["command"]
    else:
        CHECKS[program](arguments)


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_every_variable_is_read_by_somebody(service):
    named = set(SERVICES[service].get("environment", {}))

    known = READ_BY_SETTINGS if service in OURS else READ_BY_IMAGE[service]

    assert named <= known


def test_what_an_operator_writes_down_reaches_the_containers():
    """A line in .env that nobody passes on is believed to be in force: a scanner, a limit."""
    passed = {name for name in OURS if name != "migrate"}
    of_the_image = {"DEBUG", "COMPRESS_STATIC", "MEDIA_ROOT", "STATIC_ROOT", "VAR_DIR"}

    for service in passed:
        assert READ_BY_SETTINGS - of_the_image <= set(SERVICES[service]["environment"]), service


def test_dockerfile_sets_only_what_is_read():
    names = set(re.findall(r"\b([A-Z0-9_]{4,})=", DOCKERFILE))

    assert names - {"PYTHONUNBUFFERED"} <= READ_BY_SETTINGS


def test_every_substituted_variable_is_in_the_example():
    substituted = set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", TEXT))
    example = (ROOT / ".env.example").read_text()

    assert substituted <= set(re.findall(r"^(?:# )?([A-Z0-9_]+)=", example, re.MULTILINE))


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "POSTGRES_PASSWORD"])
def test_no_secret_has_a_default(name):
    uses = re.findall(rf"\$\{{{name}(.)(.)", TEXT)

    assert uses
    assert set(uses) == {(":", "?")}


def test_defaults_are_those_of_the_settings():
    for name, default in re.findall(r"\$\{([A-Z0-9_]+):-([^}]*)\}", TEXT):
        stated = re.search(rf'"{name}", default=([^)]+)\)', SETTINGS)
        if stated is None or stated[1] in ("[]", "not DEBUG", "1 if HTTPS else 0"):
            continue
        value = stated[1].strip('"')
        assert default == {"False": "0", "True": "1"}.get(value, value), name


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_volumes_and_dependencies_are_declared(service):
    mounts = [mount.split(":") for mount in SERVICES[service].get("volumes", [])]

    assert {source for source, _ in mounts} <= set(COMPOSE["volumes"])
    for other, wanted in SERVICES[service].get("depends_on", {}).items():
        condition = wanted["condition"]
        assert condition != "service_healthy" or "healthcheck" in SERVICES[other]
        assert condition != "service_completed_successfully" or SERVICES[other]["restart"] == "no"


def test_every_lasting_service_has_a_health_check():
    lasting = {name for name, service in SERVICES.items() if service["restart"] != "no"}

    assert {name for name in lasting if "healthcheck" not in SERVICES[name]} == set()
    assert lasting == {"web", "worker", "scheduler", "postgres", "redis"}


def test_data_lies_on_the_volume_that_all_of_ours_share():
    folders = dict(re.findall(r"\b(VAR_DIR|MEDIA_ROOT)=(\S+)", DOCKERFILE.split("RUN SECRET")[0]))

    assert set(folders) == {"VAR_DIR", "MEDIA_ROOT"}
    for service in OURS:
        targets = [Path(mount.split(":")[1]) for mount in SERVICES[service]["volumes"]]
        for folder in folders.values():
            assert any(Path(folder).is_relative_to(target) for target in targets)


def test_everything_copied_into_the_image_is_there():
    sources = re.findall(r"^COPY (\S+) ", DOCKERFILE, re.MULTILINE)
    ignored = (ROOT / ".dockerignore").read_text().split()

    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert set(sources).isdisjoint(ignored)


def test_every_app_and_folder_of_data_is_in_the_image():
    sources = set(re.findall(r"^COPY (\S+) ", DOCKERFILE, re.MULTILINE))
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}

    assert apps | {"templates", "static", "fixtures", "locale", "manage.py"} <= sources


def test_the_image_runs_as_nobody_in_particular():
    *_, last = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)

    assert last == "hocxahoi"
    assert DOCKERFILE.index("\nUSER") > DOCKERFILE.rindex("\nRUN")


def test_the_clock_has_something_to_do(settings):
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        module, _, name = entry["task"].rpartition(".")
        assert getattr(importlib.import_module(module), name).name == entry["task"]


def test_static_files_collected_by_root_may_be_read_by_who_serves_them():
    """They get the modes of uploads, 0700 and 0600; the web process would not start."""
    steps = re.findall(r"^(RUN|USER) (.+)$", DOCKERFILE, re.MULTILINE)
    collecting = next(said for _, said in steps if "collectstatic" in said)
    assert steps[-1] == ("USER", "hocxahoi")

    assert re.search(r'collectstatic .+&& chmod --recursive a\+rX "\$STATIC_ROOT"', collecting)
