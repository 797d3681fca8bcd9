from organisations.models.events import AccountEvent
from organisations.models.organisations import Organisation
from organisations.models.people import Role, User

__all__ = ["AccountEvent", "Organisation", "Role", "User"]
