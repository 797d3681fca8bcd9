from organisations.models.account_accesses import AccountAccess
from organisations.models.events import AccountEvent
from organisations.models.organisations import Organisation
from organisations.models.people import READING_ROLES, UNIT_ROLES, Role, User
from organisations.models.second_factor import RecoveryCode
from organisations.models.sessions import Session
from organisations.models.sign_ins import SignInEvent
from organisations.models.tallies import Tally

__all__ = [
    "READING_ROLES",
    "UNIT_ROLES",
    "AccountAccess",
    "AccountEvent",
    "Organisation",
    "RecoveryCode",
    "Role",
    "Session",
    "SignInEvent",
    "Tally",
    "User",
]
