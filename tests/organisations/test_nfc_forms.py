from unicodedata import normalize

from django import forms

from organisations.models import Organisation
from organisations.nfc_forms import VietnameseForm, VietnameseModelForm

DECOMPOSED = normalize("NFD", "Ủy ban nhân dân huyện Vĩnh Bảo")
COMPOSED = normalize("NFC", DECOMPOSED)


class NoteForm(VietnameseForm):
    note = forms.CharField(max_length=len(COMPOSED))
    tags = forms.MultipleChoiceField(choices=[("xã", "xã"), ("phường", "phường")])


class IssuerForm(VietnameseModelForm):
    class Meta:
        model = Organisation
        fields = ["issuer_name"]


def test_text_is_composed_before_its_length_and_choices_are_checked():
    form = NoteForm({"note": DECOMPOSED, "tags": [normalize("NFD", "phường")]})

    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"note": COMPOSED, "tags": ["phường"]}


def test_model_form_composes_too():
    form = IssuerForm({"issuer_name": DECOMPOSED})

    assert form.is_valid(), form.errors
    assert form.instance.issuer_name == COMPOSED


def test_text_that_comes_back_with_an_error_is_composed():
    form = NoteForm({"note": DECOMPOSED + "!"})

    assert not form.is_valid()
    assert form["note"].value() == COMPOSED + "!"
