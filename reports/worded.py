"""The content of a report whose sections an officer may write: its facts, and the words kept."""

from collections.abc import Callable
from typing import Any

from reports.report_texts import ReportText
from reports.sections import Facts, Section, sections_of


def worded(
    slug: str, facts: Callable[[Any], Facts], sections: tuple[Section, ...]
) -> Callable[[Any], Facts]:
    """The function that gives both; one query more than the facts alone."""

    def content(subject: Any) -> Facts:
        given = facts(subject)
        kept = ReportText.objects.newest_of(slug, subject)
        written = {each.section: each for each in kept}
        return given | {"sections": sections_of(sections, given, written)}

    return content
