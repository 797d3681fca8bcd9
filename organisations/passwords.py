"""Temporary passwords: random, and readable from a printed slip over the telephone."""

import secrets

# No i, l, o, 0, 1: on paper they are taken for one another.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS = 3
GROUP_LENGTH = 4


def temporary_password() -> str:
    """Three groups of four, about 59 bits: "kf7m-x2qp-9wvt"."""
    return "-".join(
        "".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)
    )
