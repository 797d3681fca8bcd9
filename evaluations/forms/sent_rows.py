"""One row of a grid as a page sends it: its fields, what they showed when the page was opened, and
a choice where two people wrote in one field."""

from django import forms

from evaluations.actions.unit_results import TypedLine
from evaluations.forms.sent_texts import read_texts
from organisations.nfc_forms import VietnameseForm


class SentRowForm(VietnameseForm):
    """The fields of one row, named by the key of its line: a page sends many of them at once."""

    names: tuple[str, ...] = ()  # the fields that are kept

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, pk: int, **kwargs):
        super().__init__(*args, prefix=str(pk), **kwargs)

    @property
    def values(self) -> dict[str, str]:
        """What was sent and can be kept, by field: a page may show fewer than all of them."""
        return {
            name: self.cleaned_data[name]
            for name in self.names
            if name in self.cleaned_data and self.add_prefix(name) in self.data
        }

    @property
    def kept_out(self) -> dict[str, str]:
        """The texts that cannot even be kept, by field, with what to do."""
        return {name: " ".join(found) for name, found in self.errors.items()}

    @property
    def typed(self) -> TypedLine:
        """What is to be saved. Who was shown two versions of a field chose one by a button:
        "mine", or "theirs"."""
        values, base = self.values, self.cleaned_data["base"]
        seen = self.cleaned_data["seen"]
        refused = {name: self[name].data for name in self.kept_out}
        if self.data.get("mine") == self.prefix:
            return TypedLine(values, base | seen, refused)
        if self.data.get("theirs") == self.prefix:
            return TypedLine(values | seen, base | seen, refused)
        return TypedLine(values, base, refused)

    def clean_base(self) -> dict[str, str]:
        """What the fields showed when the page was opened; without it every one counts as new."""
        return read_texts(self.cleaned_data["base"])

    def clean_seen(self) -> dict[str, str]:
        """Another person's versions that this one saw."""
        return read_texts(self.cleaned_data["seen"])
