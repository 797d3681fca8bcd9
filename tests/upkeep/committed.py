"""An installation that is really stored, to be saved, emptied and restored in a test."""

import gzip
import json
import shutil
from datetime import UTC, datetime, time
from decimal import Decimal
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command

from evaluations.models import (
    AdoptedReading,
    Event,
    Mail,
    Opinion,
    PilotRound,
    Reminder,
    TitleCount,
)
from organisations.models import Organisation, Session, SignInEvent, Tally
from tests.factories import make_agency, make_line
from tests.upkeep.true_world import TrueWorld
from upkeep.backup.archive import MANIFEST, opened
from upkeep.backup.rows import REMADE, backed_up
from upkeep.models import UpkeepRun
from upkeep.stored_files import stored_names

AT = datetime(2022, 12, 15, 23, 59, 59, 123456, tzinfo=UTC)
ODD = "“Đơn vị”\t'học' tập; \\n \"x\" \u00a0\u2028 {}% 😀\nNULL"
NESTED = {
    "z": [1, 2**53 + 1, None, True, {"ẳ": "", "a": []}],
    "a": {"old": "9,5", "new": ODD},
    "10": "", "9": "",
}  # fmt: skip


def make_more_rows(world: TrueWorld) -> None:
    """What the world lacks, and values that are easily changed on the way."""
    editor = world.people["editor"]
    Event.objects.create(
        evaluation=world.inspected, kind="figures", text=ODD[:300], by=editor, detail=NESTED
    )
    group = Group.objects.create(name="Nhóm")
    group.permissions.set(Permission.objects.order_by("-pk")[:3])
    LogEntry.objects.create(
        user=editor,
        content_type=ContentType.objects.get_for_model(Organisation),
        object_id="1",
        object_repr=ODD[:200],
        action_flag=1,
    )
    pilot_round = world.decided.pilot_round
    pilot_round.planned_participants.add(world.decided.unit)
    PilotRound.objects.filter(pk=pilot_round.pk).update(copied_from=pilot_round)
    AdoptedReading.objects.create(
        pilot_round=pilot_round,
        question="exact_80",
        choice="level_1",
        document=ODD,
        adopted_by=editor,
    )
    line = make_line(world.inspected.pilot_round, make_agency(parent=world.inspected.unit))
    type(line).objects.filter(pk=line.pk).update(score=Decimal("84.50"), self_score=Decimal("0.05"))
    TitleCount.objects.create(result=line, title="family", recognised=0, out_of=7)
    item = world.session.items.get()
    Opinion.objects.create(item=item, by=world.people["council"], stand="asks", text=ODD)
    type(world.session).objects.filter(pk=world.session.pk).update(starts_at=time(7, 30, 0, 5))
    mail = Mail.objects.create(recipient=editor, kind="reminder", day=AT.date(), status="failed")
    Mail.objects.filter(pk=mail.pk).update(created_at=AT)
    Reminder.objects.create(
        recipient=editor, about="evaluation:1", due_on=AT.date(), stage="7", day=AT.date()
    )
    # A key that was given out and is gone: nobody may get it again.
    Organisation.objects.create(
        code="x", name="Nhầm", kind="agency", valid_from=AT.date(), search="nham"
    ).delete()
    Session.objects.create(session_key="khoa", session_data="x", expire_date=AT)
    Tally.objects.create(key="dem", count=3, until=AT)
    SignInEvent.objects.create(person=editor, kind="signed_in", ip="2001:db8::7")
    UpkeepRun.objects.create(kind="integrity")


def empty_everything() -> None:
    """As after `migrate`: tables without rows, storage without files."""
    call_command("flush", verbosity=0, interactive=False)
    shutil.rmtree(settings.MEDIA_ROOT)
    Path(settings.MEDIA_ROOT).mkdir()


def contents(path: Path, key=None) -> dict[str, bytes]:
    """Every row and every file, by the name of its member."""
    with opened(path, key) as members:
        found = {name: content.read() for name, content in members}
    manifest = json.loads(found.pop(MANIFEST))
    unpacked = {
        name: gzip.decompress(found.pop(name)) for name in list(found) if name[-3:] == ".gz"
    }
    numbers = {each["table"]: each["last_number"] for each in manifest["tables"]}
    return found | unpacked | {"numbers": json.dumps(numbers).encode()}


def is_empty() -> bool:
    kept = [model for model in backed_up() if model._meta.label not in REMADE]
    return not any(model._base_manager.exists() for model in kept) and not list(stored_names())


def contents_now() -> tuple[int, list[str]]:
    return Organisation.objects.count(), list(stored_names())


def backup(folder, *more) -> str:
    """What the command says."""
    said = StringIO()
    call_command("backup", "--dir", str(folder), *more, stdout=said, stderr=said)
    return said.getvalue()


def archives(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("hocxahoi*"))
