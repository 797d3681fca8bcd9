"""The sections of the report whose prose is drafted from data and may be rewritten by an officer.

A text is lines: each is a paragraph, one that begins with a dash a point of a list. An empty one
leaves the section out.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from reports.ministry.drafts import general, opinions, results
from reports.ministry.words import Facts


@dataclass(frozen=True)
class Section:
    key: str
    chapter: str  # "I", as in `CHAPTERS`
    title: str  # empty where the section is the whole chapter
    draft: Callable[[Facts], list[str]]

    @property
    def full_title(self) -> str:
        """For the page on which it is written."""
        chapter = f"{self.chapter}. {CHAPTERS[self.chapter]}"
        return f"{chapter}: {self.title}" if self.title else chapter


UNTIL = re.compile(r"Đến ngày \d{2}/\d{2}/\d{4}")
GONE = "Một số câu của bản gợi ý lúc đó không còn số liệu."
CHAPTERS = {
    "I": "Công tác chỉ đạo, triển khai",
    "II": "Kết quả",
    "III": "Mức độ phù hợp của bộ tiêu chí",
    "IV": "Khó khăn, vướng mắc",
    "V": "Kiến nghị, đề xuất sửa đổi",
}
SECTIONS = (
    Section("trien-khai", "I", "Tổ chức triển khai", general.set_up),
    Section("tien-do", "I", "Tiến độ gửi hồ sơ", general.progress),
    Section("cong-nhan", "II", "Kết quả công nhận", results.recognition),
    Section("chi-bao", "II", "Kết quả theo chỉ báo", results.indicators),
    Section("nam-truoc", "II", "So với năm trước", results.last_year),
    Section("danh-hieu", "II", "Danh hiệu học tập ở cơ sở", results.titles),
    Section("thanh-pho", "II", "Kết quả của thành phố", results.city),
    Section("phu-hop", "III", "", opinions.suitability),
    Section("kho-khan", "IV", "", opinions.obstacles),
    Section("kien-nghi", "V", "", opinions.proposals),
)


class Written(Protocol):
    """The newest revision of an officer's text: see `reports.models.ReportText`."""

    text: str
    suggested: str
    is_suggested: bool


def draft_of(section: Section, facts: Facts) -> str:
    return "\n".join(section.draft(facts))


def sections_of(facts: Facts, written: Mapping[str, Written]) -> list[dict[str, Any]]:
    """What each section says: the officer's words where there are any, else the draft."""
    said = []
    for section in SECTIONS:
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
