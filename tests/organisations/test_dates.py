"""A day that no calendar has is not told to be written in another way."""

from datetime import date

import pytest
from django import forms
from django.utils import translation

from evaluations.forms.city import AssignForm
from evaluations.forms.council import day_field
from evaluations.forms.documents import IssuedOnField
from evaluations.forms.rounds import ExtensionForm
from evaluations.forms.steps import ReturnForm
from organisations.dates import DayField
from organisations.forms.units import UnitFilterForm

FIELDS = {
    "round": day_field("Hạn gửi tự đánh giá"),
    "extension": ExtensionForm.base_fields["until"],
    "return": ReturnForm.base_fields["due_on"],
    "assignment": AssignForm.base_fields["due_on"],
    "paper": IssuedOnField(),
    "units": UnitFilterForm.base_fields["on"],
}


def said(field, text):
    with translation.override("vi"), pytest.raises(forms.ValidationError) as refused:
        field.clean(text)
    return " ".join(refused.value.messages)


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_every_date_says_that_the_day_does_not_exist(field):
    assert said(field, " 31/11/2026 ").startswith("Ngày 31/11/2026 không có")
    assert said(field, "29-02-2026").startswith("Ngày 29-02-2026 không có")
    assert "không có" not in said(field, "28-12")


def test_a_day_that_exists_is_taken_as_before():
    with translation.override("vi"):
        assert DayField().clean("30/11/2026") == date(2026, 11, 30)
    assert said(DayField(error_messages={"invalid": "Ghi ngày"}), "mai") == "Ghi ngày"
