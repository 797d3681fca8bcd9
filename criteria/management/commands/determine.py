"""Determine the level of one dossier or of many, from JSON to JSON."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from criteria.catalogue import level_rule
from criteria.determining import entries_from_data, read_json
from criteria.management.loaded import loaded_set


class Command(BaseCommand):
    help = "Xác định mức độ từ tệp JSON (hoặc “-” để đọc từ stdin), in kết quả dưới dạng JSON."

    def add_arguments(self, parser):
        parser.add_argument("set", metavar="SET", help="mã bộ tiêu chí, ví dụ quan-huyen-2022")
        parser.add_argument("file", metavar="FILE", help="tệp JSON, “-” là stdin")

    def handle(self, **options):
        rule = level_rule(loaded_set(options["set"]))
        try:
            data = read_json(_text_of(options["file"]))
        except ValueError as error:
            raise CommandError(str(error)) from None
        many = data if isinstance(data, list) else [data]
        answers, errors = [], []
        for number, item in enumerate(many, start=1):
            entries, messages = entries_from_data(rule, item)
            place = f"hồ sơ {number}: " if isinstance(data, list) else ""
            errors += [place + message for message in messages]
            if not messages:
                answers.append(rule.determine(entries).to_data())
        if errors:
            for error in errors:
                self.stderr.write(error)
            sys.exit(1)
        answer = answers if isinstance(data, list) else answers[0]
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))


def _text_of(name: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"Không đọc được tệp {name}: {error.strerror}.") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CommandError(f"Tệp {name} không phải UTF-8.") from None
