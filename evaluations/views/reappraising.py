"""Where the Sở goes on with a dossier: what came back first, then what nobody has looked at."""

from collections.abc import Iterable

from evaluations.determination import Finding, Line
from evaluations.revisions import Revision, Revisions
from evaluations.views.dossiers import neighbours


def revised_lines(finding: Finding, revisions: Revisions | None) -> list[tuple[Revision, Line]]:
    """What came back, beside what the Sở says of it now."""
    each = revisions.each if revisions else ()
    return [(revision, finding.line(revision.code)) for revision in each]


def first_open(finding: Finding, revisions: Revisions | None) -> str | None:
    """Where to start: with what came back, then with what nobody looked at yet."""
    came_back = revisions.codes if revisions else ()
    in_order = [*came_back, *(line.code for line in finding.lines)]
    return next(iter(_waiting(finding, in_order)), None)


def code_after(finding: Finding, line: Line, revisions: Revisions | None) -> str | None:
    """What saving leads to: of what came back the next, else the next in the text."""
    if revisions is None or line.code not in revisions.codes:
        return neighbours(finding, line)[1]
    waiting = [code for code in _waiting(finding, revisions.codes) if code != line.code]
    return next(iter(waiting), None)


def _waiting(finding: Finding, codes: Iterable[str]) -> list[str]:
    """Of these the ones that want a verdict; a request written anew has had its look."""
    lines = [finding.line(code) for code in codes]
    return [line.code for line in lines if not line.is_decided and _is_unread(line)]


def _is_unread(line: Line) -> bool:
    return line.appraisal is None or line.is_asked
