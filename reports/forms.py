from django import forms

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
