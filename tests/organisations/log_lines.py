"""Lines of the sign-in log of another day, which nobody could write afterwards."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organisations.models import SignInEvent


def logged(person, *, days: int) -> SignInEvent:
    """A line of the log of so many days ago."""
    with pytest.MonkeyPatch.context() as patch:
        long_ago = timezone.now() - timedelta(days=days)
        patch.setattr(timezone, "now", lambda: long_ago)
        return SignInEvent.objects.create(person=person, kind="signed_in")
