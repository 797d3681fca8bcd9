"""What a reader wants to see of a dossier's trail."""

from django import forms

from evaluations.models import Evaluation
from evaluations.trail import Trail, Wanted
from evaluations.trail.kinds import LABELS
from organisations.models import User
from organisations.nfc_forms import VietnameseForm


class TrailForm(VietnameseForm):
    """By GET; what makes no sense leaves the trail whole."""

    indicator = forms.ChoiceField(label="Chỉ báo", required=False)
    person = forms.ChoiceField(label="Người làm", required=False)
    kind = forms.ChoiceField(
        label="Loại việc", required=False, choices=[("", "mọi loại"), *LABELS.items()]
    )

    def __init__(self, *args, user: User, evaluation: Evaluation, **kwargs):
        super().__init__(*args, **kwargs)
        codes = [each.code for each in evaluation.criteria_set.indicators.all()]
        people = Trail(user, evaluation).people
        self.fields["indicator"].choices = [("", "mọi chỉ báo"), *((code, code) for code in codes)]
        self.fields["person"].choices = [
            ("", "mọi người"),
            *((str(person.pk), person.full_name) for person in people),
        ]

    @property
    def wanted(self) -> Wanted:
        self.is_valid()
        said = self.cleaned_data
        person = int(said["person"]) if said.get("person") else None
        return Wanted(said.get("indicator", ""), said.get("kind", ""), person)
