from organisations.forms.people import PeopleFileForm, PeopleFilterForm, PersonForm
from organisations.forms.second_factor import CodeForm, RecoveryForm, ResetFactorForm, SetUpForm
from organisations.forms.session import (
    ChangePasswordForm,
    MailChoiceForm,
    OwnPasswordForm,
    ResetConfirmForm,
    ResetRequestForm,
    SignInForm,
)
from organisations.forms.sign_ins import SignInFilterForm
from organisations.forms.units import LetterheadForm, UnitFilterForm

__all__ = [
    "ChangePasswordForm",
    "CodeForm",
    "LetterheadForm",
    "MailChoiceForm",
    "OwnPasswordForm",
    "PeopleFileForm",
    "PeopleFilterForm",
    "PersonForm",
    "RecoveryForm",
    "ResetConfirmForm",
    "ResetFactorForm",
    "ResetRequestForm",
    "SetUpForm",
    "SignInFilterForm",
    "SignInForm",
    "UnitFilterForm",
]
