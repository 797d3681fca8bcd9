"""The words of one section as typed, with what the page was drawn from."""

from django import forms

from organisations.nfc_forms import VietnameseForm

MAX_LENGTH = 30_000
TOO_LONG = (
    f"Mục này dài quá {MAX_LENGTH:,} ký tự nên chưa lưu. Rút gọn lại rồi lưu; chữ vừa gõ vẫn còn."
).replace(",", ".", 1)


class SectionForm(VietnameseForm):
    text = forms.CharField(
        label="Lời văn in trong báo cáo",
        required=False,
        max_length=MAX_LENGTH,
        strip=True,
        widget=forms.Textarea(attrs={"class": "form-control prose"}),
        error_messages={"max_length": TOO_LONG},
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    # The draft that stood beside it: what the words answer to.
    suggested = forms.CharField(required=False, widget=forms.HiddenInput, strip=True)
