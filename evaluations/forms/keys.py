"""Rows that are chosen by their keys."""

from django import forms

from organisations.text import is_key


class KeysField(forms.ModelMultipleChoiceField):
    """Several of them; a key that no column could hold is refused before it is asked for.

    It is told as one that is not among the choices, in the words of `invalid_choice`.
    """

    def clean(self, value):
        for key in value or []:
            if not is_key(key):
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": key[:30]},
                )
        return super().clean(value)
