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


def test_what_no_file_can_hold_is_dropped_before_the_text_is_composed():
    """Control characters, surrogates and the two that are none; all else stays as typed."""
    kept = "Dòng một\n\tdòng hai \x85\ud7ff\ue000\ufffd\U0001f600\U0010ffff."
    dropped = "\x00\x08\x0b\x0c\x0e\x1f\ud800\udfff\ufffe\uffff"

    assert cleaned(dropped.join(kept)) == kept
    assert cleaned(f"E\uffff\u0302{dropped}") == "Ê"
    assert not NoteForm({"note": dropped, "tags": ["xã"]}).is_valid()


def test_no_browser_cuts_a_long_text_that_is_pasted():
    class LongForm(VietnameseForm):
        note = forms.CharField(max_length=3, widget=forms.Textarea)

    form = LongForm({"note": "dài quá"})

    assert "maxlength" not in str(form["note"])
    assert not form.is_valid()
    assert "dài quá" in str(form["note"])


def cleaned(note):
    form = NoteForm({"note": note, "tags": ["xã"]})
    assert form.is_valid(), form.errors
    return form.cleaned_data["note"]
