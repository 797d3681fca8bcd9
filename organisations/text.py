"""Vietnamese text: one normal form on the way in, one key to search by, one key to sort by.

Standard library only. Unicode: NFC everywhere (`design.md` 11); "đ" has no decomposition, so it
is mapped by hand; tone placement (Thuỷ, Thủy) disappears with the marks.
"""

import re
from unicodedata import normalize

ALPHABET = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
PUNCTUATION = "_-–—,;:!?.…'\"“”()[]{}@*/\\&#%`^+<=>|~$"
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền hỏi ngã sắc nặng
MARKED = {
    "\u0306": {"a": "ă"},
    "\u0302": {"a": "â", "e": "ê", "o": "ô"},
    "\u031b": {"o": "ơ", "u": "ư"},
}

# All that is no `Char` of XML 1.0 (2.2): control characters, surrogates, U+FFFE and U+FFFF.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

MAX_KEY_DIGITS = 18


def nfc(text: str) -> str:
    """The same text in Unicode NFC, the only form that is stored."""
    return normalize("NFC", text)


def writable(text: str) -> str:
    """The same text without what XML cannot hold: one such character and Word cannot be made."""
    return UNWRITABLE.sub("", text)


def is_key(text: str) -> bool:
    """Digits that can be the key of a row: no column holds more of them than this."""
    return text.isascii() and text.isdecimal() and len(text) <= MAX_KEY_DIGITS


def search_key(text: str) -> str:
    """Lower case, no marks, single spaces: "Huyện Thuỷ  Nguyên" → "huyen thuy nguyen"."""
    stripped = "".join(
        ch for ch in normalize("NFD", text.lower()) if not "\u0300" <= ch <= "\u036f"
    )
    return " ".join(stripped.replace("đ", "d").split())


def sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...], tuple[bool, ...]]:
    """Vietnamese order: letters first, then tones, then case (equal to ICU's `vi`)."""
    letters, tones, capitals = [], [], []
    for ch in normalize("NFC", text):
        parts = normalize("NFD", ch.lower())
        base, tone = parts[0], 0
        for mark in parts[1:]:
            if mark in TONES:
                tone = TONES[mark]
            else:
                base = MARKED.get(mark, {}).get(base, base)
        letters.append(_weight(base))
        tones.append(tone)
        capitals.append(ch.isupper())
    return tuple(letters), tuple(tones), tuple(capitals)


def _weight(base: str) -> int:
    if base in ALPHABET:
        return 100 + ALPHABET[base]
    if base.isdecimal():
        return 50 + int(base)
    if base == " ":
        return 1
    if base in PUNCTUATION:
        return 2 + PUNCTUATION.index(base)
    return 1000 + ord(base)
