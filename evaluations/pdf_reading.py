"""Run by `pdf_files` as a process of its own: a PDF on standard input, what it does as JSON.

Its arguments are the most seconds (of the processor) and bytes of memory that it may take.
No code that reads PDF can be held to an hour or a gigabyte by a hostile one from within; a process
can. It imports nothing of ours, so that it starts quickly and knows nothing to give away.
"""

import json
import logging
import resource
import sys
from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject, PdfObject

BROKEN, SWOLLEN = 3, 4  # exit codes: of a file that cannot be read, of one that fills the memory

# Whoever starts these, and be it by a click.
ACTIONS = {
    "/JavaScript": "script",
    "/Rendition": "script",
    "/Launch": "program",
    "/SubmitForm": "sends",
    "/ImportData": "sends",
}
ANNOTATIONS = {"/RichMedia": "media", "/3D": "media"}
KEYS = {"/JS": "script", "/XFA": "script", "/EF": "attached"}
# What a document may do by itself on being opened or turned to: show another place of its own.
QUIET = {"/GoTo", "/Named", "/Hide", "/SetOCGState", "/Trans", "/NOP"}

KNOWN = QUIET | ACTIONS.keys()

# Nothing that acts hangs from these; they are the bulk of a document.
PASSED_OVER = {"/AP", "/Metadata", "/Parent", "/Resources", "/StructTreeRoot", "/Thumb"}


def read(content: bytes) -> dict[str, object]:
    """{"is_locked": …, "acts": […]}; of one that asks for a password there is nothing to tell."""
    reader = PdfReader(BytesIO(content))
    # An empty password opens what is only locked against printing or copying.
    if reader.is_encrypted and not reader.decrypt(""):
        return {"is_locked": True, "acts": []}
    acts: set[str] = set()
    for each in _reachable(reader.trailer.raw_get("/Root")):
        acts |= {ACTIONS[name] for name in _names(each, "/S") if name in ACTIONS}
        acts |= {ANNOTATIONS[name] for name in _names(each, "/Subtype") if name in ANNOTATIONS}
        acts |= {act for key, act in KEYS.items() if key in each}
        if any(_names(action, "/S") - KNOWN for action in _started_by_itself(each)):
            acts.add("by-itself")
    return {"is_locked": False, "acts": sorted(acts)}


def _reachable(root: PdfObject) -> Iterator[DictionaryObject]:
    """Every dictionary that a reader may come to and act upon."""
    waiting, seen = [root], set[tuple[int, int]]()
    while waiting:
        each = waiting.pop()
        if isinstance(each, IndirectObject):
            place = (each.idnum, each.generation)
            if place in seen:
                continue
            seen.add(place)
            each = _resolved(each)
        if isinstance(each, DictionaryObject):
            yield each
            waiting += [value for key, value in each.items() if _leads_on(each, key, value)]
        elif isinstance(each, ArrayObject):
            waiting += [value for value in list.__iter__(each) if _is_container(value)]


def _leads_on(holder: DictionaryObject, key: str, value: PdfObject) -> bool:
    is_drawing = key == "/Contents" and "/Page" in _names(holder, "/Type")
    return key not in PASSED_OVER and not is_drawing and _is_container(value)


def _is_container(value: PdfObject) -> bool:
    return isinstance(value, IndirectObject | DictionaryObject | ArrayObject)


def _started_by_itself(holder: DictionaryObject) -> Iterator[DictionaryObject]:
    """The actions of a document, page or field that no click starts, with what follows each."""
    waiting = [holder.raw_get("/OpenAction")] if "/OpenAction" in holder else []
    if "/AA" in holder and isinstance(events := _resolved(holder.raw_get("/AA")), DictionaryObject):
        waiting += events.values()
    seen = set[int]()
    while waiting:
        action = _resolved(waiting.pop())
        if id(action) in seen:
            continue
        seen.add(id(action))
        if isinstance(action, ArrayObject):  # of actions; or else a place in the document
            waiting += [each for each in action if isinstance(each, DictionaryObject)]
        elif isinstance(action, DictionaryObject) and "/S" in action:
            yield action
            if "/Next" in action:
                waiting.append(action.raw_get("/Next"))


def _names(holder: DictionaryObject, key: str) -> set[str]:
    """The name that stands under a key, if one does."""
    value = _resolved(holder.raw_get(key)) if key in holder else None
    return {value} if isinstance(value, str) else set()


def _resolved(value: PdfObject) -> PdfObject:
    found = value.get_object()
    return NullObject() if found is None else found


def main() -> int:
    seconds, size = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    logging.disable()  # it tells of every stumble, a million times over a broken file
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    try:
        found = read(sys.stdin.buffer.read())
    except MemoryError:
        return SWOLLEN
    except Exception as error:  # the library meets hostile bytes with whatever its code runs into
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return BROKEN
    sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
