"""The sections of a report whose prose is drafted from data and may be rewritten by an officer.

A text is lines: each is a paragraph, one that begins with a dash a point of a list. An empty one
leaves the section out. Facts are the plain content of a report before its words.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Facts = dict[str, Any]
UNTIL = re.compile(r"[Đđ]ến ngày \d{2}/\d{1,2}/\d{4}")
GONE = "Một số câu của bản gợi ý lúc đó không còn số liệu."


@dataclass(frozen=True)
class Section:
    """`title` is empty where the section is the whole of its chapter; `under` names that chapter,
    whose number depends on what is printed before it; `hint` says what an officer may write where
    the figures alone say nothing."""

    key: str
    title: str
    draft: Callable[[Facts], list[str]]
    chapter: str = ""
    under: str = ""
    hint: str = ""

    @property
    def full_title(self) -> str:
        """By itself, as the trail has it."""
        return self.title_under({})

    def title_under(self, headings: Mapping[str, str]) -> str:
        """For the page on which it is written: its chapter with the number that it has in print,
        by its title; one that is not printed has none."""
        return ": ".join(filter(None, [headings.get(self.under, self.under), self.title]))


class Written(Protocol):
    """The newest revision of an officer's text: see `reports.models.ReportText`."""

    text: str
    suggested: str
    is_suggested: bool


def nothing(facts: Facts) -> list[str]:
    """The draft of a section that no figure can write."""
    return []


def draft_of(section: Section, facts: Facts) -> str:
    return "\n".join(section.draft(facts))


def sections_of(
    sections: Iterable[Section], facts: Facts, written: Mapping[str, Written]
) -> list[dict[str, Any]]:
    """What each section says: the officer's words where there are any, else the draft."""
    said = []
    for section in sections:
        own = written.get(section.key)
        is_edited = own is not None and not own.is_suggested
        text = own.text if own and is_edited else draft_of(section, facts)
        said.append(
            {
                "key": section.key,
                "chapter": section.chapter,
                "title": section.title,
                "lines": lines_of(text),
                "is_edited": is_edited,
            }
        )
    return said


def said_in(content: Mapping[str, Any], key: str) -> list[str]:
    """The lines of one section of a frozen content."""
    return next(each["lines"] for each in content["sections"] if each["key"] == key)


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def changed_since(own: Written | None, draft: str) -> list[str]:
    """The sentences of the draft that were not there when the officer wrote; empty as long as
    nobody did, or nothing changed."""
    if own is None or own.is_suggested:
        return []
    before = [_timeless(line) for line in lines_of(own.suggested)]
    now = {_timeless(line): line for line in lines_of(draft)}
    if before == list(now):
        return []
    return [line for key, line in now.items() if key not in before] or [GONE]


def _timeless(line: str) -> str:
    """Another day alone is no other figure."""
    return UNTIL.sub("", line)
