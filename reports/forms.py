from django import forms
from django.db.models import Exists, OuterRef, Q

from evaluations.models import Evaluation
from organisations.models import User
from organisations.nfc_forms import VietnameseForm
from reports.definitions import REPORTS, Report
from reports.models import ReportRun


class OrderForm(forms.Form):
    """The hidden fields of one button; anything else than we printed is refused."""

    report = forms.ChoiceField(choices=[(slug, report.title) for slug, report in REPORTS.items()])
    subject = forms.IntegerField(min_value=1)
    file_type = forms.ChoiceField(choices=ReportRun.FileType.choices)

    @property
    def chosen(self) -> Report:
        return REPORTS[self.cleaned_data["report"]]


class RunFilterForm(VietnameseForm):
    """By GET: which report, which dossier, ordered by whom; nonsense narrows nothing."""

    REPORT, DOSSIER, BY = "bao-cao", "ho-so", "ai"  # as in the links that lead here

    def __init__(self, *args, runs, of_shown: Q, by: User, **kwargs):
        """`of_shown`: of which dossiers to choose from, since those of all years are many."""
        super().__init__(*args, **kwargs)
        self.by = by
        slugs = set(runs.order_by().values_list("report", flat=True).distinct())
        about = runs.order_by().filter(evaluation=OuterRef("pk"))
        dossiers = Evaluation.objects.filter(of_shown).filter(Exists(about))
        self.fields[self.REPORT] = forms.ChoiceField(
            label="Báo cáo",
            required=False,
            choices=[
                ("", "mọi báo cáo"),
                *((slug, report.title) for slug, report in REPORTS.items() if slug in slugs),
            ],
        )
        self.fields[self.DOSSIER] = forms.ChoiceField(
            label="Hồ sơ",
            required=False,
            choices=[
                ("", "mọi hồ sơ"),
                *((str(each.pk), str(each)) for each in dossiers.for_display()),
            ],
        )
        self.fields[self.BY] = forms.ChoiceField(
            label="Người đặt",
            required=False,
            choices=[("", "mọi người"), ("toi", "tôi")],
        )
        self.is_valid()

    @property
    def is_narrowing(self) -> bool:
        return any(self.cleaned_data.values())

    def narrow(self, runs):
        """The dossier is narrowed to by the page, as every other subject is."""
        if report := self.cleaned_data.get(self.REPORT):
            runs = runs.filter(report=report)
        if self.cleaned_data.get(self.BY):
            runs = runs.filter(requested_by=self.by)
        return runs
