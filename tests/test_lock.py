"""The lock files say what pyproject.toml asks for, with hashes and without addresses."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
DEVELOPMENT = PROJECT["dependency-groups"]["dev"]
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^ ;\\]+)", re.MULTILINE)


def pins(name: str) -> dict[str, Version]:
    text = (ROOT / name).read_text()
    return {canonicalize_name(pin["name"]): Version(pin["version"]) for pin in PIN.finditer(text)}


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [("requirements.lock", RUNTIME + DEVELOPMENT), ("requirements-runtime.lock", RUNTIME)],
)
def test_lock_holds_what_the_project_asks_for(lock, wanted):
    pinned = pins(lock)

    astray = [
        str(requirement)
        for requirement in map(Requirement, wanted)
        if (version := pinned.get(canonicalize_name(requirement.name))) is None
        or version not in requirement.specifier
    ]

    assert astray == []


def test_runtime_lock_is_a_part_of_the_whole_one():
    assert pins("requirements-runtime.lock").items() <= pins("requirements.lock").items()


@pytest.mark.parametrize("name", ["pytest", "playwright", "mypy", "ruff"])
def test_runtime_lock_brings_no_tool_of_development(name):
    assert name not in pins("requirements-runtime.lock")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-runtime.lock"])
def test_every_pin_has_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text()

    blocks = re.split(r"\n(?=\S)", text.strip())

    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text
    assert "index-url" not in text
