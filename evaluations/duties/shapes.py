"""What a home page is made of, and the words that its lists share."""

from dataclasses import dataclass

from evaluations.models import Evaluation, Event, PilotRound
from evaluations.models.dossiers import EXTENSION
from evaluations.turns import Turn
from evaluations.workflow import STEPS
from organisations.models import User

SHOWN_NEWS = 6
NEWS_KINDS = (*STEPS, EXTENSION)


@dataclass(frozen=True)
class Duty:
    """One thing to do or to wait for."""

    sign: str
    title: str
    url: str
    detail: str = ""
    turn: Turn | None = None  # where it has no clock of its own, there is none to show


@dataclass(frozen=True)
class Empty:
    """Instead of a list without lines: what that means, and what one can do."""

    title: str
    text: str = ""
    url: str = ""
    label: str = ""


@dataclass(frozen=True)
class Summary:
    """The dossier or the round in one glance, at the side."""

    title: str
    headline: str = ""
    level: int | None = None
    shows_level: bool = False
    text: str = ""
    url: str = ""
    label: str = ""


@dataclass(frozen=True)
class Home:
    mine: tuple[Duty, ...]
    elsewhere: tuple[Duty, ...]
    empty: Empty
    summary: Summary | None = None
    news: tuple[Event, ...] = ()


def news_for(user: User, pilot_round: PilotRound) -> tuple[Event, ...]:
    """What moved lately; what the Sở does inside an appraisal is no news for anybody else."""
    visible = Evaluation.objects.visible_to(user).filter(pilot_round=pilot_round)
    events = Event.objects.filter(evaluation__in=visible, kind__in=NEWS_KINDS)
    return tuple(events.select_related("evaluation__unit", "by")[:SHOWN_NEWS])


def level_words(level: int | None) -> str:
    if level is None:
        return "chưa xác định"
    return f"mức độ {level}" if level else "chưa đạt"
