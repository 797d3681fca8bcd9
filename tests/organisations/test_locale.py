"""Nothing that Django itself says on a form reaches a person in English."""

import inspect
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.core import validators
from django.db import models
from django.forms.formsets import BaseFormSet
from django.forms.models import BaseInlineFormSet, BaseModelFormSet
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import override

PARAMS = {
    "limit_value": 3,
    "show_value": 2,
    "max": 3,
    "length": 2,
    "num": 2,
}


def _messages():
    for module, base in ((forms, forms.Field), (models, models.Field)):
        for name, field in inspect.getmembers(module, inspect.isclass):
            if issubclass(field, base):
                for kind in field.__mro__:
                    for code, text in getattr(kind, "default_error_messages", {}).items():
                        yield f"{name}.{code}", text
    for name, validator in inspect.getmembers(validators, inspect.isclass):
        if isinstance(getattr(validator, "message", None), Promise):
            yield name, validator.message
        if isinstance(getattr(validator, "messages", None), dict):
            for code, text in validator.messages.items():
                yield f"{name}.{code}", text
    for formset in (BaseFormSet, BaseModelFormSet, BaseInlineFormSet):
        for code, text in formset.default_error_messages.items():
            yield f"{formset.__name__}.{code}", text
    yield "constraint", models.CheckConstraint.default_violation_error_message


def _text(message, language):
    with override(language):
        text = str(message)
        return text or message % PARAMS  # a plural has no text before it has its number


def test_no_message_of_a_form_is_left_in_english():
    gaps = {
        f"{name}: {_text(message, 'en')}"
        for name, message in _messages()
        if isinstance(message, Promise) and _text(message, "vi") == _text(message, "en")
    }

    assert gaps == set()


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (timedelta(minutes=5), "5 phút"),
        (timedelta(days=3, hours=2), "3 ngày, 2 giờ"),
        (timedelta(days=45), "1 tháng, 2 tuần"),
    ],
)
def test_time_since_speaks_vietnamese(step, expected):
    then = datetime(2022, 3, 1, 8, 0)  # noqa: DTZ001

    with override("vi"):
        assert timesince(then, then + step).replace("\xa0", " ") == expected


def test_compiled_catalogue_is_that_of_the_text():
    folder = Path(__file__).resolve().parents[2] / "locale" / "vi" / "LC_MESSAGES"
    text = (folder / "django.po").read_text(encoding="utf-8")
    compiled = (folder / "django.mo").read_bytes()

    lines = [
        line.split(" ", 1)[1].strip('"') for line in text.splitlines() if line.startswith("msgstr")
    ]
    translated = [line.replace('\\"', '"').encode() for line in lines if line]
    assert [line for line in translated if line not in compiled] == []
