"""Texts that a page carries with itself in one hidden field, and gets back when it saves."""

import json

from organisations.nfc_forms import normalised


def read_texts(spelled: str) -> dict[str, str]:
    """A JSON object of texts; anything else, which no page of ours sends, is nothing.

    JSON spells what no form can send (half a character, a NUL): it goes here as it goes there.
    """
    try:
        values = json.loads(spelled or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(values, dict):
        return {}
    return {
        normalised(name): normalised(text) for name, text in values.items() if isinstance(text, str)
    }
