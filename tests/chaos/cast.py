"""The practice round and those who work on it."""

import random
import threading
from io import StringIO

from django.core.management import call_command
from django.utils import timezone

from evaluations.demo import load_practice_round
from tests.chaos.journal import Journal
from tests.chaos.machine import HOST, Machine
from tests.chaos.office import Confirmer, Decider, Orderer, Returner
from tests.chaos.people import Desk, Person
from tests.chaos.units import Leader, Typist, Uploader


def furnish_rows() -> dict[str, tuple[int, int]]:
    """Tables, reference and the practice round; by the code of a district its dossier and key."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_reference", stdout=StringIO())
    pilot_round = load_practice_round(timezone.localdate())
    call_command("collectstatic", verbosity=0, interactive=False)
    return {each.unit.code: (each.pk, each.unit_id) for each in pilot_round.evaluations.all()}


def people_at(
    machine: Machine, dossiers: dict[str, tuple[int, int]], seed: int
) -> tuple[Desk, list[Person], random.Random]:
    """Eleven people, of whom some have two browsers; not yet at work."""
    site = f"http://{HOST}:{machine.web_port}"
    desk = Desk(site, Journal(), threading.Event(), threading.Event(), seed)
    pk = {code: dossier for code, (dossier, _) in dossiers.items()}
    people = [
        Typist(desk, "cathai", pk["317"]),
        Typist(desk, "anduong", pk["312"]),
        Uploader(desk, "vinhbao", *dossiers["316"]),
        Uploader(desk, "anduong", *dossiers["312"]),
        Leader(desk, "haian.lanhdao", pk["306"]),
        Confirmer(desk, pk["303"]),
        Returner(desk, "lechan", pk["305"]),
        Decider(desk),
        Orderer(desk, "so.thamdinh", "/bao-cao/"),
        Orderer(desk, "so.thamdinh2", f"/bao-cao/?ho-so={pk['304']}"),
        Orderer(desk, "haian.lanhdao", f"/bao-cao/?ho-so={pk['306']}"),
    ]
    return desk, people, random.Random(seed)
