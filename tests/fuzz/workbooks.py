"""Excel files with anything in them, up to bytes that are no file: taken whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse

from evaluations.actions.uploads import compare
from evaluations.models import ResultUpload
from evaluations.workbook.register import load_register
from evaluations.workbook.template import template
from organisations import people_file
from organisations.models import Organisation
from tests.fuzz.asking import House
from tests.fuzz.books import File, bytes_of, cells, parts
from tests.fuzz.running import Task, hold
from tests.fuzz.states import HalfState, is_note, written
from tests.world import World

# Taking a workbook in stores it and nothing else.
TAKEN_IN = {"evaluations_resultupload"}


def tasks(house: House, world: World) -> Iterator[Task]:
    line = world.lines["commune"]
    register = load_register(line.pilot_round, line.owner, line.year)
    results = template(register)
    people = people_file.template(list(Organisation.objects.select_related("parent")))
    desk = Desk(house, line.pilot_round_id, line.owner_id, world.people["editor"].username)
    for name, change, weight in (("cells", cells, 10), ("parts", parts, 5), ("bytes", bytes_of, 5)):
        yield Task("workbooks", f"results {name}", change(results), desk.results, weight)
        yield Task("workbooks", f"people {name}", change(people), desk.people, weight // 3)
    yield Task("workbooks", "command", cells(results) | bytes_of(results), desk.command, 2)


@dataclass(frozen=True)
class Desk:
    """The keeper of a register and the administrator, each with a file to hand in."""

    house: House
    round_pk: int
    owner_pk: int
    keeper: str

    def results(self, file: File) -> None:
        """Handed in, looked at, applied; applied, there is nothing left to apply."""
        browser = self.house.browser("editor")
        url = reverse("evaluations:upload-results", args=[self.round_pk, self.owner_pk])
        newest = ResultUpload.objects.latest("pk").pk
        with self._taken_back() as tables:
            answer = browser.post(url, {"file": _sent(file)})
            self.house.footprint.check(tables, answer.status_code)
            stored = {table for table in tables if not is_note(table)}
            upload = ResultUpload.objects.filter(pk__gt=newest).first()
            if stored - TAKEN_IN:
                raise HalfState(f"taking it in wrote in {sorted(stored - TAKEN_IN)}")
            if answer.status_code == HTTPStatus.FOUND:
                assert upload is not None
                assert browser.get(answer.url).status_code == HTTPStatus.OK
                self._settled(browser, upload)
            else:
                assert upload is None, f"answered {answer.status_code}, and yet kept"
                assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR

    def _settled(self, browser, upload: ResultUpload) -> None:
        if upload.status == ResultUpload.Status.FAULTY:
            assert upload.errors
            marked = browser.get(reverse("evaluations:error-file", args=[upload.pk]))
            assert marked.status_code == HTTPStatus.OK
            return
        seen = compare(upload).register.fingerprint
        with written() as tables:
            url = reverse("evaluations:apply-upload", args=[upload.pk])
            answer = browser.post(url, {"seen": seen})
            self.house.footprint.check(tables, answer.status_code)
        assert answer.status_code == HTTPStatus.FOUND, f"ready, yet answered {answer.status_code}"
        assert browser.get(answer.url).status_code == HTTPStatus.OK
        again = compare(upload)
        left = [each for sheet in again.differences for each in (*sheet.new, *sheet.changed)]
        assert not left, f"applied, and still to do: {left[:2]}"

    def people(self, file: File) -> None:
        browser = self.house.browser("administrator")
        with self._taken_back() as tables:
            answer = browser.post(reverse("organisations:upload-people"), {"file": _sent(file)})
            self.house.footprint.check(tables, answer.status_code)
            assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
            if answer.status_code == HTTPStatus.FOUND:
                assert browser.get(answer.url).status_code == HTTPStatus.OK
                made = browser.post(answer.url)
                assert made.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
                self.house.footprint.check(tables, made.status_code)

    def command(self, file: File) -> None:
        """Says every error on its own stream and writes nothing, or writes it all."""
        out, err = StringIO(), StringIO()
        known = {"round": self.round_pk, "unit": Organisation.objects.get(pk=self.owner_pk).code}
        with TemporaryDirectory() as folder, self._taken_back() as tables:
            path = Path(folder, "ket-qua.xlsx")
            path.write_bytes(file.content)
            try:
                call_command(
                    "import_unit_results", path, by=self.keeper, stdout=out, stderr=err, **known
                )
            except CommandError as refused:
                hold(str(refused), "refused without a word")
                left = self.house.footprint.changes(tables - TAKEN_IN)
                if left := {table for table in left if not is_note(table)}:
                    raise HalfState(f"refused, and yet stored in {sorted(left)}") from refused
            else:
                self.house.footprint.check(tables, HTTPStatus.OK)

    @contextmanager
    def _taken_back(self) -> Iterator[set[str]]:
        with transaction.atomic(), written() as tables:
            yield tables
            transaction.set_rollback(True)


def _sent(file: File) -> SimpleUploadedFile:
    return SimpleUploadedFile("ket-qua.xlsx", file.content)
