from organisations.forms.people import PeopleFileForm, PeopleFilterForm, PersonForm
from organisations.forms.personal_data import AnonymiseForm, ExportForm
from organisations.forms.processing import ProcessingFilterForm
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
    "AnonymiseForm",
    "ChangePasswordForm",
    "CodeForm",
    "ExportForm",
    "LetterheadForm",
    "MailChoiceForm",
    "OwnPasswordForm",
    "PeopleFileForm",
    "PeopleFilterForm",
    "PersonForm",
    "ProcessingFilterForm",
    "RecoveryForm",
    "ResetConfirmForm",
    "ResetFactorForm",
    "ResetRequestForm",
    "SetUpForm",
    "SignInFilterForm",
    "SignInForm",
    "UnitFilterForm",
]
