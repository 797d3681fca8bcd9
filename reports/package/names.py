"""Names of files and folders that every system can unpack, still readable as typed.

Windows is the strictest: no `<>:"/\\|?*`, no device names, no dot or space at the end, some 260
characters for a whole path. Nothing typed can lead out of the folder it is unpacked in.
"""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from unicodedata import category, combining

from organisations.text import nfc

FOLDER_LENGTH = 60
FILE_LENGTH = 80  # with its ending; 60 + 80 and a code leave Windows a hundred for the rest
LONGEST_ENDING = 10
NAMELESS = "khong-ten"
LONGEST_IN_BYTES = 200  # a file system takes 255, and “ (2)” may be added
SPACES = re.compile(r"\s+")
# Of a number such as 12/KH-UBND the stroke stays a stroke; quotation marks have printed twins.
SAFE = str.maketrans({"/": "-", "\\": "-", "|": "-", ":": "-", '"': "”"} | dict.fromkeys("<>?*"))
DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])\s*(?:\.|$)", re.I)


def safe_name(text: str, length: int = FOLDER_LENGTH) -> str:
    """The text as the name of one folder or file; never empty, never "." or ".."."""
    return _usable(_cut(_cleaned(text), length))


def safe_file_name(text: str, length: int = FILE_LENGTH) -> str:
    """The same for a file: however long its name, its ending stays."""
    name = _cleaned(text)
    ending = _ending(name)
    if not ending:
        return safe_name(name, length)
    return safe_name(name.removesuffix(ending), length - len(ending)) + ending


def told_apart(paths: Iterable[str]) -> list[str]:
    """The same paths, the second of a name with “ (2)”: systems that fold case see one name."""
    taken: set[str] = set()
    apart = []
    for path in paths:
        found, number = path, 1
        while found.casefold() in taken:
            number += 1
            found = _numbered(path, number)
        taken.add(found.casefold())
        apart.append(found)
    return apart


def _numbered(path: str, number: int) -> str:
    ending = _ending(path)
    return f"{path.removesuffix(ending)} ({number}){ending}"


def _ending(path: str) -> str:
    """ ".pdf"; nothing of a name that only has a dot somewhere."""
    ending = PurePosixPath(path).suffix
    return ending if len(ending) <= LONGEST_ENDING else ""


def _cleaned(text: str) -> str:
    # Line ends and tabs part words; what is not seen at all (categories C…) is no part of a name:
    # a mark that turns the direction of writing would make "fdp.exe" read "exe.pdf".
    seen = (char for char in SPACES.sub(" ", nfc(text)) if not category(char).startswith("C"))
    return SPACES.sub(" ", "".join(seen).translate(SAFE)).strip(" .")


def _usable(name: str) -> str:
    name = name.rstrip(" .") or NAMELESS
    return f"_{name}" if DEVICES.match(name) else name


def _cut(name: str, length: int) -> str:
    """As many characters as fit, in a file system's bytes too: whole words, unless one alone is
    longer than half of it; no mark loses its letter."""
    end = min(len(name), length)
    while len(name[:end].encode()) > LONGEST_IN_BYTES:
        end -= 1
    while 0 < end < len(name) and combining(name[end]):
        end -= 1
    space = name.rfind(" ", 0, end + 1)
    return name[:space] if end < len(name) and space > end // 2 else name[:end]
