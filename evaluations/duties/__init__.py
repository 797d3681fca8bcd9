"""“Việc của tôi”: what waits for this person, and what waits for somebody else, by role.

Each role has one function; it asks a constant number of queries and gives plain lines. A line
says what is to be done, where, by when, and how long it has waited.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from evaluations.duties.administration import home_of_administrator
from evaluations.duties.city import city_work
from evaluations.duties.department import home_of_appraiser, home_of_approver, home_of_reader
from evaluations.duties.other_rounds import home_beside_others, waiting_in_others
from evaluations.duties.rounds import home_once_closed, home_without_round
from evaluations.duties.shapes import Home
from evaluations.duties.sheets import home_of_scored_unit
from evaluations.duties.unit import home_of_unit
from evaluations.models import PilotRound
from evaluations.permissions import fills_sheets
from organisations.models import Role, User

__all__ = ["home_beside_others", "home_of", "home_without_round", "waiting_in_others"]

_HOMES: dict[Role, Callable[[User, PilotRound, date], Home]] = {
    Role.EDITOR: home_of_unit,
    Role.LEADER: home_of_unit,
    Role.APPRAISER: home_of_appraiser,
    Role.APPROVER: home_of_approver,
    Role.COUNCIL: home_of_reader,
    Role.OBSERVER: home_of_reader,
    Role.ADMINISTRATOR: home_of_administrator,
}


def home_of(user: User, pilot_round: PilotRound, today: date) -> Home:
    home_of_role = home_of_scored_unit if fills_sheets(user) else _HOMES[Role(user.role)]
    home = home_of_role(user, pilot_round, today)
    if pilot_round.is_closed:
        return home_once_closed(home, user, pilot_round)
    mine, elsewhere = city_work(user, pilot_round, today)
    return replace(home, mine=(*mine, *home.mine), elsewhere=(*home.elsewhere, *elsewhere))
