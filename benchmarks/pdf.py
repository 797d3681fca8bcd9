"""Each printed report, against WeasyPrint alone on the same HTML; and as Word."""

import json

import weasyprint
from django.utils import timezone

from benchmarks.data import load_reference, vinh_bao
from benchmarks.measuring import Figure, benchmark, in_turns
from evaluations.models import Evaluation
from evaluations.snapshots import content_hash
from evaluations.workflow import Status
from reports.definitions import REPORTS, Takes
from reports.figures import NothingToSay
from reports.models import ReportRun
from reports.renderers import Stamp, pdf_html, render_docx, render_pdf, static_base

TURNS = 5


@benchmark
def pdf():
    """Báo cáo ra PDF, so với riêng WeasyPrint trên cùng HTML; báo cáo ra Word"""
    load_reference()
    evaluation = vinh_bao()
    Evaluation.objects.filter(pk=evaluation.pk).update(
        status=Status.SUBMITTED, first_submitted_at=timezone.now()
    )
    for slug, report in REPORTS.items():
        subject = _subject(report, evaluation)
        if subject is None:
            continue
        try:
            content = json.loads(json.dumps(report.content(subject)))
        except NothingToSay:
            continue  # of a round in which nothing was sent or decided
        yield from _figures(slug, report, content)

    report = REPORTS["bao-cao-tu-danh-gia"]

    def freeze():
        return report.content(Evaluation.objects.with_results().get(pk=evaluation.pk))

    (frozen,) = in_turns(freeze, turns=7, warm_up=1)
    yield Figure("chốt nội dung khi đặt (trong yêu cầu web)", frozen)


def _figures(slug, report, content):
    stamp = Stamp(timezone.now(), content_hash(content), 1)
    html, base = pdf_html(report, content, stamp), static_base().as_uri() + "/"

    def ours():
        return render_pdf(report, content, stamp, lambda word: None)

    def weasyprint_alone():
        return weasyprint.HTML(string=html, base_url=base).write_pdf(pdf_variant="pdf/ua-1")

    def word():
        return render_docx(report, content, stamp, lambda word: None)

    formats = ReportRun.FileType
    if formats.PDF in report.formats:
        rendered, alone = in_turns(ours, weasyprint_alone, turns=TURNS, warm_up=1)
        yield Figure(f"{slug} ra PDF", rendered, "WeasyPrint", alone, most_times=1.15)
    if formats.DOCX in report.formats:
        (written,) = in_turns(word, turns=TURNS, warm_up=1)
        yield Figure(f"{slug} ra Word", written)


def _subject(report, evaluation):
    """The dossier as it was sent, or its round; sessions and sets have papers of a page or two."""
    if report.takes == Takes.DOSSIER:
        return report.all_subjects().get(pk=evaluation.pk)
    if report.takes == Takes.ROUND:
        return report.all_subjects().get(pk=evaluation.pilot_round_id)
    return None
