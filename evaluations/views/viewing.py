"""A cited paper opened on the page where it is judged, at the page that is cited.

The pane is asked for by `?xem=<citation>`, of several files by `&tep=<file>` besides. The file
itself comes from `evaluations:preview-file`, boxed in and noted like every other reading.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evaluations.models import StoredFile
from evaluations.views.citing import CitedPaper
from evaluations.views.documents import SHOWN_IN_PAGE

# "trang 3", "tr. 12–14": the first page meant. "biểu 1" names none.
_PAGE = re.compile(r"\b(?:trang|tr\.?)\s*(\d{1,5})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Pane:
    """One citation and the file of it that is shown; None where the citation has no file."""

    row: CitedPaper
    file: StoredFile | None

    @property
    def is_shown(self) -> bool:
        """A PDF or an image; other files are downloaded."""
        return self.file is not None and self.file.content_type in SHOWN_IN_PAGE

    @property
    def anchor(self) -> str:
        """Leads a viewer of PDFs to the cited page, as wide as the pane, without thumbnails."""
        if self.file is None or self.file.is_image:
            return ""
        return f"#page={cited_page(self.row.evidence.cited) or 1}&view=FitH&navpanes=0"


def opened(rows: Iterable[CitedPaper], asked: Mapping[str, str]) -> Pane | None:
    """The pane that a request's parameters ask for; None where they name none of the rows."""
    for row in rows:
        if str(row.evidence.pk) == asked.get("xem"):
            named = (file for file in row.files if str(file.pk) == asked.get("tep"))
            return Pane(row, next(named, row.files[0] if row.files else None))
    return None


def cited_page(cited: str) -> int | None:
    """The number of the first page that a citation names."""
    found = _PAGE.search(cited)
    return int(found[1]) if found else None
