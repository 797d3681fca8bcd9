"""How often something may be done in a while: counted in the database, for every process alike.

A period begins with the first time and ends at its own hour, which is what a page can tell; trying
on meanwhile does not prolong it. See docs/decisions/0020-limits-in-the-database.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from organisations.models import Tally


class TooOften(Exception):
    """It was done as often as it may be; `until` says from when on it may be done again."""

    def __init__(self, until: datetime):
        super().__init__(until)
        # Told to the minute, and a minute told must be one that holds.
        self.until = (until + timedelta(seconds=59)).replace(second=0, microsecond=0)

    @property
    def seconds_left(self) -> int:
        return max(int((self.until - timezone.now()).total_seconds()), 1)


@dataclass(frozen=True)
class Limit:
    """`most` times in a period that begins with the first; counted for each subject apart.

    A subject is whatever is limited: a person's key, an address, a name as typed.
    """

    name: str
    most: int
    period: timedelta

    def spend(self, subject: object) -> None:
        """Count one more, or raise TooOften where that is one too many."""
        tally = self._add(subject)
        if tally.count > self.most:
            raise TooOften(tally.until)

    def check(self, subject: object) -> None:
        """Raise TooOften where none is left; for what is counted only when it fails."""
        full = self._current(subject).filter(count__gte=self.most).first()
        if full:
            raise TooOften(full.until)

    def count(self, subject: object) -> int:
        """One more; how many are left."""
        return max(self.most - self._add(subject).count, 0)

    def clear(self, subject: object) -> None:
        Tally.objects.filter(key=self.key(subject)).delete()

    @property
    def full(self) -> Q:
        """Of tallies: as often as it may be, in a period that still runs."""
        return Q(count__gte=self.most, until__gt=timezone.now())

    @transaction.atomic
    def _add(self, subject: object) -> Tally:
        """Right however many do it at once: the row is made once, added to, and read while held."""
        current, now = self._current(subject), timezone.now()
        fresh = Tally(key=self.key(subject), until=now + self.period)
        if not current.update(count=F("count") + 1):
            Tally.objects.filter(key=fresh.key, until__lte=now).delete()
            Tally.objects.bulk_create([fresh], ignore_conflicts=True)
            current.update(count=F("count") + 1)
        return current.first() or fresh  # none: somebody has succeeded meanwhile, and cleared it

    def _current(self, subject: object):
        return Tally.objects.filter(key=self.key(subject), until__gt=timezone.now())

    def key(self, subject: object) -> str:
        return salted_hmac(f"limit:{self.name}", str(subject), algorithm="sha256").hexdigest()


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

# Failed sign-ins beside the lock of axes, which knows one name at one address: a name tried from
# everywhere, an address that tries every name. The latter is high, as an office has one address.
SIGN_IN_OF_NAME = Limit("sign-in-of-name", 30, HOUR)
SIGN_IN_FROM_ADDRESS = Limit("sign-in-from-address", 100, 15 * MINUTE)
# Lines of the log for tries while it is closed: who goes on must not fill it.
TRIED_ON = Limit("tried-on", 1, 15 * MINUTE)
# Wrong codes of who knows the password: by the day 20 guesses at three codes in a million.
WRONG_CODE = Limit("wrong-code", 5, 15 * MINUTE)
WRONG_CODE_OF_DAY = Limit("wrong-code-of-day", 20, 24 * HOUR)
WRONG_CODES = (WRONG_CODE, WRONG_CODE_OF_DAY)
# Wrong passwords of who is in already and is asked again.
PASSWORD_AGAIN = Limit("password-again", 5, 15 * MINUTE)
RESET_OF_ADDRESS = Limit("reset-of-address", 3, HOUR)
RESET_FROM_ADDRESS = Limit("reset-from-address", 30, HOUR)
# Guesses at the mark of a print; a file's own hash is nothing that can be guessed.
WRONG_PRINT = Limit("wrong-print", 10, 10 * MINUTE)
UPLOADS = Limit("uploads", 300, 10 * MINUTE)
REPORT_ORDERS = Limit("report-orders", 100, 10 * MINUTE)
# One's own data as a file: every table is asked for it.
OWN_EXPORTS = Limit("own-exports", 10, HOUR)
