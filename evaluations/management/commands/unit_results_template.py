"""The workbook of one owner from the command line: the same file as the page gives."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from evaluations.management.registers import add_register_arguments, register_of
from evaluations.workbook.template import template


class Command(BaseCommand):
    help = "Ghi ra tệp Excel điền sẵn danh sách và kết quả đơn vị của một quận, huyện."

    def add_arguments(self, parser):
        add_register_arguments(parser)
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")

    def handle(self, *args, output, **options):
        register = register_of(options)
        try:
            output.write_bytes(template(register))
        except OSError as error:
            raise CommandError(str(error)) from error
        count = sum(len(register.lines(layout)) for layout in register.layouts if layout.rule)
        self.stdout.write(f"{register.owner.name}, năm {register.year}: {count} đơn vị.")
