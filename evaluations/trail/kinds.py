"""The kinds of events in a few groups that an officer can choose from."""

from django.db.models import Q

from evaluations.models.dossiers import (
    EXTENSION,
    FIGURES,
    FIRST_WRITING,
    OVERRULED,
    SENT_VERDICTS,
)
from evaluations.workflow import STEPS

STEP, FIGURE, PAPER, READING, OTHER = "buoc", "so-lieu", "minh-chung", "xem-tai", "khac"

LABELS = {
    STEP: "Gửi, trả lại, thẩm định, quyết định",
    FIGURE: "Số liệu đã sửa",
    PAPER: "Minh chứng",
    READING: "Xem, tải về",
    OTHER: "Việc khác",
}
WORDS = {STEP: "bước", FIGURE: "số liệu", PAPER: "minh chứng", READING: "xem, tải", OTHER: "khác"}

STEP_KINDS = [*STEPS, EXTENSION, *SENT_VERDICTS]
FIGURE_KINDS = [FIGURES, FIRST_WRITING, OVERRULED]
PAPERS = ("evidence-", "document-")
OF_GROUP = {
    STEP: Q(kind__in=STEP_KINDS),
    FIGURE: Q(kind__in=FIGURE_KINDS),
    PAPER: Q(kind__startswith=PAPERS[0]) | Q(kind__startswith=PAPERS[1]),
}


def group_of(slug: str) -> Q:
    """The events of one group. Reading leaves none: it has tables of its own."""
    if slug == READING:
        return Q(pk__in=[])
    return OF_GROUP.get(slug) or ~(OF_GROUP[STEP] | OF_GROUP[FIGURE] | OF_GROUP[PAPER])


def word_for(kind: str) -> str:
    """The group of one kind, in a word: for a column of a file."""
    if kind in STEP_KINDS:
        return WORDS[STEP]
    if kind in FIGURE_KINDS:
        return WORDS[FIGURE]
    return WORDS[PAPER if kind.startswith(PAPERS) else OTHER]
