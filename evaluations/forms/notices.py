from django import forms

from organisations.nfc_forms import VietnameseForm


class ReadAllForm(VietnameseForm, forms.Form):
    newest = forms.IntegerField(label="Thông báo mới nhất đã hiện", min_value=1)
