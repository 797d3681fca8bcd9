"""What docs/van-hanh tells an operator to type, and what it says will be seen."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "docs" / "van-hanh"
# In the order in which an operator of a new machine comes by them. Docker's is read, not run.
CHAPTERS = ("cai-dat", "bat-dau", "theo-doi", "sao-luu", "nang-cap", "su-co", "nhieu-may")
DOCKER = "cai-dat-docker"
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<kind>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.DOTALL | re.MULTILINE
)
SEEN = re.compile(r"^ *Thấy[^\n]*:\n\n *```text\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Piece:
    """One frame of commands, and the lines that must be among what it prints."""

    where: str
    commands: str
    seen: tuple[str, ...]


def pieces(chapter: str, kind: str = "bash") -> Iterator[Piece]:
    text = (FOLDER / f"{chapter}.md").read_text()
    for fence in FENCE.finditer(text):
        if fence["kind"] != kind:
            continue
        line = text[: fence.start()].count("\n") + 1
        after = SEEN.match(text[fence.end() :].lstrip("\n"))
        seen = tuple(each.strip() for each in after[1].splitlines()) if after else ()
        yield Piece(f"{chapter}.md:{line}", _dedent(fence), seen)


def kinds(chapter: str) -> set[str]:
    return {fence["kind"] for fence in FENCE.finditer((FOLDER / f"{chapter}.md").read_text())}


def lines(chapter: str, kind: str = "bash") -> Iterator[tuple[str, list[str]]]:
    """Every command as (where, words); a heredoc counts as its first line."""
    for piece in pieces(chapter, kind):
        text = re.sub(r"<<EOF\n.*?\nEOF", "", piece.commands, flags=re.DOTALL)
        for line in text.splitlines():
            yield piece.where, shlex.split(line)


def is_among(expected: str, printed: str) -> bool:
    """ "…" stands for what differs from machine to machine."""
    pattern = ".+".join(re.escape(part) for part in expected.split("…"))
    return re.search(pattern, printed) is not None


def _dedent(fence: re.Match[str]) -> str:
    width = len(fence["indent"])
    return "".join(f"{line[width:]}\n" for line in fence["text"].splitlines())
