"""Print a criteria set as JSON."""

import json

from django.core.management.base import BaseCommand

from criteria.exporting import published_data
from criteria.management.loaded import loaded_set


class Command(BaseCommand):
    help = "In bộ tiêu chí dưới dạng JSON."

    def add_arguments(self, parser):
        parser.add_argument("set", metavar="SET", help="mã bộ tiêu chí, ví dụ quan-huyen-2022")

    def handle(self, **options):
        data = published_data(loaded_set(options["set"]))
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
