"""The summary of a whole country's districts as a workbook, against XlsxWriter alone."""

import json
from fractions import Fraction
from io import BytesIO

import xlsxwriter
from django.utils import timezone

from benchmarks.data import load_reference, vinh_bao
from benchmarks.measuring import Figure, benchmark, in_turns
from evaluations.models import Evaluation
from evaluations.workflow import Status
from reports.definitions import REPORTS
from reports.renderers import Stamp, render_xlsx
from reports.workbooks import BODY, WRAPPED

DISTRICTS = 100


@benchmark
def xlsx():
    """Bảng tổng hợp 100 quận, huyện ra Excel, so với riêng XlsxWriter ghi cùng ô, cùng định dạng"""
    load_reference()
    report = REPORTS["tong-hop-quan-huyen"]
    evaluation = vinh_bao()
    Evaluation.objects.filter(pk=evaluation.pk).update(
        status=Status.SUBMITTED, first_submitted_at=timezone.now()
    )
    content = json.loads(json.dumps(report.content(evaluation.pilot_round)))
    submitted = next(district for district in content["districts"] if district["self"])
    content["districts"] = [submitted] * DISTRICTS
    stamp = Stamp(timezone.now(), "0" * 64, 1)
    sheets = [[_plain(row) for row in table.rows] for table in report.tables(content)]

    def ours():
        return render_xlsx(report, content, stamp, lambda word: None)

    def xlsxwriter_alone():
        with xlsxwriter.Workbook(BytesIO(), {"in_memory": True}) as book:
            formats = {"": book.add_format(BODY | WRAPPED)}
            for rows in sheets:
                sheet = book.add_worksheet()
                for number, row in enumerate(rows, start=1):
                    for column, (value, pattern) in enumerate(row):
                        if pattern not in formats:
                            formats[pattern] = book.add_format(BODY | {"num_format": pattern})
                        sheet.write(number, column, value, formats[pattern])

    written, alone = in_turns(ours, xlsxwriter_alone, turns=7, warm_up=1)
    cells = sum(len(row) for rows in sheets for row in rows)
    yield Figure(f"ghi {cells} ô", written, "XlsxWriter", alone, most_times=1.2)


def _plain(row):
    """What XlsxWriter is given: values of its own kinds, each with its number format."""
    return [
        (
            float(cell.value) if isinstance(cell.value, Fraction) else cell.value,
            "" if isinstance(cell.value, str | None) else cell.number_format,
        )
        for cell in row.values()
    ]
