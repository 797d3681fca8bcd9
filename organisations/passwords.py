"""Secrets that are printed and typed again, readable over the telephone; how all are hashed."""

import secrets

from django.contrib.auth.hashers import Argon2PasswordHasher

# No i, l, o, 0, 1: on paper they are taken for one another.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUP_LENGTH = 4


def temporary_password() -> str:
    """Three groups of four, about 59 bits: "kf7m-x2qp-9wvt"."""
    return _groups(3)


def recovery_code() -> str:
    """Two groups of four, about 40 bits: it stands beside a password and is asked for slowly."""
    return _groups(2)


def _groups(count: int) -> str:
    return "-".join(
        "".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(count)
    )


class QuietArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id as OWASP advises for a server: 19 MiB, two passes, one lane.

    Django's own setting (100 MiB, eight lanes) took near a second on two busy cores: signing in
    would stop all other work, and a file of two hundred accounts would outlast its request.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
