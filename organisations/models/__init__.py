from organisations.models.events import AccountEvent
from organisations.models.organisations import Organisation
from organisations.models.people import READING_ROLES, UNIT_ROLES, Role, User

__all__ = ["READING_ROLES", "UNIT_ROLES", "AccountEvent", "Organisation", "Role", "User"]
