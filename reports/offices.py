"""Which office issues a paper, as its letterhead and its signature need it."""

from typing import Any

from evaluations.models import PilotRound
from organisations.models import Organisation

OFFICE = (
    "name",
    "name_in_sentence",
    "superior_name",
    "issuer_name",
    "document_code",
    "place",
    "signing_authority",
    "signer_position",
    "signer_name",
    "drafting_unit",
    "standing_recipients",
)


def office_of(organisation: Organisation | None) -> dict[str, Any]:
    """What is known of it, as plain data; a round without such an office leaves blanks."""
    return {key: getattr(organisation, key, "") for key in OFFICE}


def standing_agency_of(pilot_round: PilotRound) -> dict[str, Any]:
    """Sở Giáo dục và Đào tạo, as the round says."""
    return office_of(pilot_round.standing_agency)
