"""Two computers on one: neither reaches the other, nor sees its files, where root may say so."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.machine import HOST, ROOT

NAMES = ("may-a", "may-b")
LINES = "10.210.77"  # the first address is the host's end: there all that is shared listens
FOLDERS = ("var", "temp", "work")
# Under its own name, without the folder of the other one.
ENTER = 'hostname "$0" && mount -t tmpfs none "$1" && shift && exec "$@"'


@dataclass(frozen=True)
class Computer:
    name: str
    address: str
    port: int
    home: Path
    entering: tuple[str, ...] = ()  # what goes before a command that runs there

    def furnish(self) -> None:
        for folder in FOLDERS:
            (self.home / folder).mkdir(parents=True)

    def command(self, words: Sequence[str], more: Mapping[str, str] | None = None) -> list[str]:
        """To run it there, from an empty working folder; the code is where it always is."""
        own = {
            "VAR_DIR": str(self.home / "var"),
            "MEDIA_ROOT": str(self.home / "var" / "media"),
            "TMPDIR": str(self.home / "temp"),
            "PYTHONPATH": str(ROOT),
            **(more or {}),
        }
        told = [f"{name}={value}" for name, value in own.items()]
        return [*self.entering, "env", f"--chdir={self.home / 'work'}", *told, *words]

    def wipe(self) -> int:
        """All that lies in its own folders; how many files that were."""
        count = 0
        for folder in FOLDERS:
            for path in sorted((self.home / folder).rglob("*"), reverse=True):
                with suppress(FileNotFoundError):  # what was open a moment only
                    if path.is_dir():
                        shutil.rmtree(path)
                    else:
                        path.unlink()
                        count += 1
        return count


@dataclass(frozen=True)
class Computers:
    """Both of them, and the address at which they find what they share."""

    all: tuple[Computer, ...]
    shared: str
    is_apart: bool

    def clear_away(self) -> None:
        if self.is_apart:
            for computer in self.all:
                _ip("netns", "delete", computer.name)


def connect(folder: Path, first_port: int) -> Computers:
    """Namespaces where root may make them, else addresses of the loopback alone."""
    homes = {name: folder / name for name in NAMES}
    for home in homes.values():
        home.mkdir()
    if os.geteuid() != 0 or not shutil.which("ip"):
        computers = [
            Computer(name, f"127.0.0.{number}", first_port, homes[name])
            for number, name in enumerate(NAMES, start=2)
        ]
        return Computers(tuple(computers), HOST, is_apart=False)
    computers = []
    for number, name in enumerate(NAMES):
        _connect(name, 4 * number)
        other = next(home for each, home in homes.items() if each != name)
        entering = ("ip", "netns", "exec", name, "unshare", "--uts", "sh", "-c", ENTER, name)
        address = f"{LINES}.{4 * number + 2}"
        computers.append(Computer(name, address, 8000, homes[name], (*entering, str(other))))
    return Computers(tuple(computers), f"{LINES}.1", is_apart=True)


def _connect(name: str, base: int) -> None:
    """A line to the host and a way to all its addresses; none further, none to the other one."""
    ours, theirs = f"{name}-0", f"{name}-1"
    if Path(f"/run/netns/{name}").exists():  # of a run that was killed
        _ip("netns", "delete", name)
    _ip("netns", "add", name)
    _ip("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", name)
    _ip("address", "add", f"{LINES}.{base + 1}/30", "dev", ours)
    _ip("link", "set", ours, "up")
    _ip("-n", name, "address", "add", f"{LINES}.{base + 2}/30", "dev", theirs)
    for line in (theirs, "lo"):
        _ip("-n", name, "link", "set", line, "up")
    _ip("-n", name, "route", "add", "default", "via", f"{LINES}.{base + 1}")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)
