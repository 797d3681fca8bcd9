"""The operations guide and the files of deploy/: nothing they name may be missing.

`make try-guide` types the commands; here they are only read, in a second.
"""

import re
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands, load_command_class

from tests.operations.guide import CHAPTERS, DOCKER, FOLDER, ROOT, kinds, lines, pieces
from tests.test_compose import CHECKS

DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
NGINX = (DEPLOY / "nginx.conf").read_text()
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
EVERY_LINE = [(where, words) for chapter in CHAPTERS for where, words in lines(chapter)]
# Services of Debian's own packages, which the guide installs.
DEBIAN_UNITS = {"nginx", "redis-server", "clamav-daemon", "systemd-journald"}


def takes(name, arguments):
    command = load_command_class(get_commands()[name], name)
    command.create_parser("manage.py", name).parse_args(arguments)


def unit(path):
    parser = RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read(path)
    return parser


def test_every_chapter_is_in_the_contents_and_in_the_trial():
    there = {path.stem for path in FOLDER.glob("*.md")} - {"README"}

    assert there == {*CHAPTERS, DOCKER}
    named = re.findall(r"\]\((\S+?)\.md\)", (FOLDER / "README.md").read_text())
    assert there <= set(named)


def test_every_link_leads_somewhere():
    for path in FOLDER.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_a_frame_is_either_tried_or_not_a_command():
    """A frame without a kind would be neither run nor looked at."""
    assert {kind for chapter in CHAPTERS for kind in kinds(chapter)} == {"bash", "text"}
    assert kinds(DOCKER) == {"docker"}
    assert all(pieces(chapter) for chapter in CHAPTERS)


def test_every_command_of_the_application_exists_and_takes_its_options():
    ours = [words[1:] for _, words in EVERY_LINE if words[0] == "hocxahoi"]

    for name, *arguments in ours:
        end = next((at for at, word in enumerate(arguments) if word == "||"), None)
        takes(name, arguments[:end])
    assert {"backup", "restore", "migrate", "create_administrator", "verify_integrity"} <= {
        words[0] for words in ours
    }


def test_every_command_named_in_prose_exists():
    for chapter in (*CHAPTERS, DOCKER, "README"):
        text = (FOLDER / f"{chapter}.md").read_text()
        for name, arguments in re.findall(r"`hocxahoi ([a-z_]+)([^`\n]*)`", text):
            takes(name, arguments.split())


def test_every_service_named_is_one_of_ours_or_of_debian():
    ours = {path.stem for path in UNITS}
    named = {
        word
        for _, words in EVERY_LINE
        if words[0] == "systemctl"
        for word in words[2:]
        if not word.startswith("-")
    }

    assert named == ours | DEBIAN_UNITS


def test_packages_are_those_that_the_application_needs():
    asked = {
        word for _, words in EVERY_LINE if words[:2] == ["apt-get", "install"] for word in words[3:]
    }
    dockerfile = (ROOT / "Dockerfile").read_text()
    in_image = set(re.findall(r"\b(?:fonts|lib)[\w.+-]*-[\w.+-]+", dockerfile))

    assert in_image <= asked
    assert {"python3-venv", "postgresql", "redis-server", "nginx", "git", "curl"} <= asked


def test_docker_commands_name_services_and_commands_that_there_are():
    seen = set()
    for _, words in lines(DOCKER, "docker"):
        if words[:2] != ["docker", "compose"]:
            assert words[0] in {"cp", "git"}
            continue
        verb, *rest = words[2:]
        seen.add(verb)
        if verb == "exec":
            assert rest[0] in COMPOSE["services"]
            CHECKS[rest[1]](rest[2:])
        elif verb == "logs":
            assert rest[0] in COMPOSE["services"]
        elif verb == "cp":
            service, folder = rest[0].split(":")
            mounts = [each.split(":")[1] for each in COMPOSE["services"][service]["volumes"]]
            assert folder in mounts
        else:
            assert verb in {"up", "ps", "down"}
    assert "--volumes" not in [word for _, words in lines(DOCKER, "docker") for word in words]
    assert {"up", "exec"} <= seen


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_unit_runs_a_command_that_there_is_as_nobody_in_particular(path):
    told = unit(path)["Service"]
    program, *arguments = told["ExecStart"].split()

    assert program.startswith("/srv/hocxahoi/.venv/bin/")
    CHECKS[Path(program).name](arguments)
    assert (told["User"], told["NoNewPrivileges"], told["ProtectSystem"]) == (
        "hocxahoi",
        "yes",
        "strict",
    )
    assert told["StateDirectory"] == "hocxahoi"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="không có systemd trên máy này")
def test_systemd_finds_nothing_to_say_of_the_units(tmp_path):
    """The programs lie elsewhere here; everything else is as in service."""
    for path in UNITS:
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", path.read_text(), flags=re.M)
        (tmp_path / path.name).write_text(text)

    said = subprocess.run(
        ["systemd-analyze", "verify", *sorted(tmp_path.iterdir())], capture_output=True, text=True
    )

    assert (said.returncode, said.stderr) == (0, "")


def test_nginx_takes_all_that_the_application_takes(settings):
    most = int(re.search(r"client_max_body_size (\d+)m;", NGINX)[1]) * 1024 * 1024

    assert settings.REQUEST_MAX_BYTES <= most <= 1.1 * settings.REQUEST_MAX_BYTES


def test_nginx_tells_what_the_settings_believe():
    """HTTPS=1 and PROXIES_IN_FRONT=1 go by headers that a caller must not be able to choose."""
    told = dict(re.findall(r"proxy_set_header (\S+) (\S+);", NGINX))

    assert told == {
        "Host": "$host",
        "X-Forwarded-Proto": "$scheme",
        "X-Forwarded-For": "$proxy_add_x_forwarded_for",
    }
    web = unit(DEPLOY / "hocxahoi-web.service")["Service"]["ExecStart"]
    assert re.search(r"--bind (\S+)", web)[1] == re.search(r"proxy_pass http://(\S+);", NGINX)[1]
    assert NGINX.count("{") == NGINX.count("}")


def test_the_environment_of_the_guide_is_in_the_example():
    example = (ROOT / ".env.example").read_text()
    known = set(re.findall(r"^(?:# )?([A-Z0-9_]+)=", example, re.MULTILINE))
    text = "".join(piece.commands for chapter in CHAPTERS for piece in pieces(chapter))

    named = set(re.findall(r"^(?:echo \")?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))
    named -= {"TEN_MIEN", "BAN_SAO"}  # the shell's own

    assert "SECRET_KEY" in named
    assert named <= known
