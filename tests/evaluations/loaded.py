"""Real data loaded once for a whole module: every test's own transaction lies inside this one."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

from django.core.management import call_command
from django.db import transaction
from django.db.models import Max
from django.test import override_settings

from criteria.models import CriteriaSet, Indicator, PointItem, PointSet, Rating
from evaluations.models import (
    Evaluation,
    Event,
    IndicatorResult,
    Milestone,
    PilotRound,
    RoundEvent,
    SheetEvidence,
    SheetItem,
    StoredFile,
    TitleCount,
    UnitEvent,
    UnitResult,
)
from organisations.models import Organisation, User

MODELS = (Organisation, CriteriaSet, Indicator, PilotRound, Milestone, Evaluation)
MODELS += (IndicatorResult, RoundEvent, Event, User, StoredFile)
MODELS += (PointSet, PointItem, Rating)
MODELS += (UnitResult, UnitEvent, TitleCount, SheetItem, SheetEvidence)


@contextmanager
def rolled_back(media) -> Iterator[None]:
    """What is stored inside is gone afterwards, files and rows."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(MEDIA_ROOT=media, PASSWORD_HASHERS=hashers), transaction.atomic():
        yield
        transaction.set_rollback(True)


def load_reference() -> str:
    said = StringIO()
    call_command("load_reference", stdout=said)
    return said.getvalue()


def everything() -> dict:
    """How many rows there are of each kind, and the newest key: nothing deleted and made anew."""
    return {model: (model.objects.count(), model.objects.aggregate(Max("pk"))) for model in MODELS}
