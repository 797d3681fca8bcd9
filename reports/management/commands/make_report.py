"""A report from the command line: the same file as the page gives, without an order."""

import json
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from criteria.management.loaded import loaded_set
from evaluations.snapshots import content_hash
from reports.definitions import REPORTS, Takes
from reports.figures import NothingToSay
from reports.renderers import RENDERERS, CannotRender, Stamp


class Command(BaseCommand):
    help = "Dựng một báo cáo ra tệp; --list liệt kê các báo cáo dưới dạng JSON."

    def add_arguments(self, parser):
        parser.add_argument("slug", nargs="?", choices=REPORTS, metavar="SLUG")
        parser.add_argument("--format", choices=RENDERERS)
        parser.add_argument("--output", type=Path)
        about = parser.add_mutually_exclusive_group()
        about.add_argument("--dossier", type=int, metavar="ID")
        about.add_argument("--round", type=int, metavar="ID")
        about.add_argument("--session", type=int, metavar="ID")
        about.add_argument("--set", metavar="MÃ|ID", help="mã bộ tiêu chí, ví dụ quan-huyen-2022")
        parser.add_argument("--list", action="store_true")

    def handle(self, *args, slug, output, **options):
        if options["list"]:
            self.stdout.write(json.dumps(_listed(), ensure_ascii=False, indent=2))
            return
        if not (slug and output and options["format"]):
            raise CommandError("Cần SLUG, --format và --output; xem --list.")
        report = REPORTS[slug]
        if options["format"] not in report.formats:
            raise CommandError(f"Báo cáo này có {', '.join(report.formats)}.")
        pk = options[report.takes.value]
        if pk is None:
            raise CommandError(f"Báo cáo này cần --{report.takes} ID.")
        if report.takes == Takes.SET and not str(pk).isdecimal():
            pk = loaded_set(pk).pk
        subject = report.all_subjects().filter(pk=pk).first()
        if subject is None:
            raise CommandError(f"Không có {_NOUNS[report.takes]} số {pk}.")

        try:
            content = report.content(subject)
        except NothingToSay as error:
            raise CommandError(str(error)) from error
        # Through JSON, as an order is kept, so that both ways print the same.
        content = json.loads(json.dumps(content))
        stamp = Stamp(timezone.now(), content_hash(content))
        try:
            with TemporaryFile() as made:  # a file of that name stays until there is a new one
                RENDERERS[options["format"]].write(report, content, stamp, _silent, made)
                made.seek(0)
                with output.open("wb") as file:
                    copyfileobj(made, file)
        except (CannotRender, OSError) as error:
            raise CommandError(str(error)) from error


_NOUNS = {
    Takes.DOSSIER: "hồ sơ",
    Takes.ROUND: "đợt",
    Takes.SESSION: "phiên họp",
    Takes.SET: "bộ tiêu chí",
}


def _listed() -> list[dict]:
    return [
        {
            "slug": report.slug,
            "title": report.title,
            "formats": [str(name) for name in report.formats],
            "takes": str(report.takes),
        }
        for report in REPORTS.values()
    ]


def _silent(word: str) -> None:
    """Nobody watches the progress of a command."""
