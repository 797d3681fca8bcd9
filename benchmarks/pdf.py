"""The self-assessment of Vĩnh Bảo as PDF, against WeasyPrint alone on the same HTML."""

import json

import weasyprint
from django.utils import timezone

from benchmarks.data import load_reference, vinh_bao
from benchmarks.measuring import Figure, benchmark, in_turns
from evaluations.models import Evaluation
from evaluations.snapshots import content_hash
from reports.definitions import REPORTS
from reports.renderers import Stamp, pdf_html, render_pdf, static_base


@benchmark
def pdf():
    """Báo cáo tự đánh giá ra PDF, so với riêng WeasyPrint trên cùng HTML"""
    load_reference()
    report = REPORTS["bao-cao-tu-danh-gia"]
    evaluation = Evaluation.objects.with_results().get(pk=vinh_bao().pk)
    content = json.loads(json.dumps(report.content(evaluation)))
    stamp = Stamp(timezone.now(), content_hash(content), 1)
    html, base = pdf_html(report, content, stamp), static_base().as_uri() + "/"

    def ours():
        return render_pdf(report, content, stamp, lambda word: None)

    def weasyprint_alone():
        return weasyprint.HTML(string=html, base_url=base).write_pdf(pdf_variant="pdf/ua-1")

    def freeze():
        return report.content(Evaluation.objects.with_results().get(pk=evaluation.pk))

    rendered, alone = in_turns(ours, weasyprint_alone, turns=7, warm_up=1)
    yield Figure("dựng PDF", rendered, "WeasyPrint", alone, most_times=1.15)
    (frozen,) = in_turns(freeze, turns=7, warm_up=1)
    yield Figure("chốt nội dung khi đặt (trong yêu cầu web)", frozen)
