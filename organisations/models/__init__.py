from organisations.models.organisations import Organisation
from organisations.models.people import Role, User

__all__ = ["Organisation", "Role", "User"]
