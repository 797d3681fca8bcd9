"""The sentences that the papers of a session share. Pure: frozen content in, words out."""

from collections.abc import Iterable
from typing import Any

from reports.days import day_in_words
from reports.letterhead import joined_basis, legal_basis


def titles_of(lines: Iterable[dict[str, Any]]) -> str:
    """ "quận, huyện học tập"; "huyện học tập" of a single one; with the city's if there."""
    found = list(lines)
    nouns = list(dict.fromkeys(line["noun"] for line in found if not line["is_city"]))
    # The order of the plan: quận before huyện.
    said = [f"{', '.join(sorted(nouns, reverse=True))} học tập"] if nouns else []
    said += ["thành phố học tập"] if any(line["is_city"] for line in found) else []
    return ", ".join(said)


def bases(content: dict[str, Any], *more: str) -> list[str]:
    """The căn cứ of the criteria sets, each once, and what rests on this session."""
    sets = joined_basis(each["legal_basis"] for each in content["sets"])
    return legal_basis(";".join([sets, *more]))


def set_titles(content: dict[str, Any]) -> str:
    return " và ".join(each["title"] for each in content["sets"])


def by_level(lines: Iterable[dict[str, Any]]) -> dict[int, list[str]]:
    """The names in sentences of those concluded at each level, the highest level first."""
    found: dict[int, list[str]] = {}
    for line in lines:
        if line["concluded"] is not None:
            found.setdefault(line["concluded"], []).append(line["name_in_sentence"])
    return dict(sorted(found.items(), reverse=True))


def one_line(said: str) -> str:
    """What somebody typed, put into a sentence of ours: without line breaks and its full stop."""
    return " ".join(said.split()).rstrip(".;")


def names(found: Iterable[str]) -> str:
    return ", ".join(found)


def council_meeting(content: dict[str, Any], council: str) -> str:
    return f"phiên họp {day_in_words(content['held_on'])} của {council}"
