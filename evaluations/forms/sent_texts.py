"""Texts that a page carries with itself in one hidden field, and gets back when it saves."""

import json


def read_texts(spelled: str) -> dict[str, str]:
    """A JSON object of texts; anything else, which no page of ours sends, is nothing."""
    try:
        values = json.loads(spelled or "{}")
    except ValueError:
        return {}
    if not isinstance(values, dict):
        return {}
    return {str(name): text for name, text in values.items() if isinstance(text, str)}
