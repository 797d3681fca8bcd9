"""The base of every form: what a person types is Unicode NFC before anything looks at it.

Normalising happens on the submitted value, before a field validates it, so that length limits,
choices and comparisons all see the one form that is stored (`design.md` 11). What no file could
be made of (control characters, U+FFFF) is dropped there too: frozen, it could not be mended.
"""

from django import forms

from organisations.text import nfc, writable


class _NormalisingForm(forms.BaseForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                # A browser would cut what is pasted without a word; refused, the whole comes back.
                field.widget.attrs.pop("maxlength", None)

    def _widget_data_value(self, widget, html_name):
        return normalised(super()._widget_data_value(widget, html_name))


class VietnameseForm(_NormalisingForm, forms.Form):
    """A form whose text is NFC."""


class VietnameseModelForm(_NormalisingForm, forms.ModelForm):
    """A model form whose text is NFC."""


def normalised(value):
    """A text, or a list of texts, in the form that is stored; anything else as it is."""
    if isinstance(value, str):
        # A form sends CRLF where a script sends LF; one of them, or a text differs from itself.
        return nfc(writable(value)).replace("\r\n", "\n")
    if isinstance(value, list):
        return [normalised(item) for item in value]
    return value
