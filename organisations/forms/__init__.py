from organisations.forms.people import PeopleFileForm, PeopleFilterForm, PersonForm
from organisations.forms.session import (
    ChangePasswordForm,
    MailChoiceForm,
    ResetConfirmForm,
    ResetRequestForm,
    SignInForm,
)
from organisations.forms.units import LetterheadForm, UnitFilterForm

__all__ = [
    "ChangePasswordForm",
    "LetterheadForm",
    "MailChoiceForm",
    "PeopleFileForm",
    "PeopleFilterForm",
    "PersonForm",
    "ResetConfirmForm",
    "ResetRequestForm",
    "SignInForm",
    "UnitFilterForm",
]
