"""What a PDF would do to who opens it. Free of Django.

A file in whose bytes nothing is named that could act, and nothing that could hide such a name, is
done with at once. Any other is walked through by a process of its own, `pdf_reading`.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pypdf import PdfReader

from evaluations import pdf_reading
from organisations.office_files import BrokenFile, SwollenFile

MAX_SECONDS = 20  # of the processor; a thousand pages take one or two
MAX_BYTES = 1024**3
PATIENCE = 3  # times as long by the clock, where others want the processor too

_NAMED = re.compile(
    rb"/(?:AA|EF|JS|XFA|3D|RichMedia|OpenAction|JavaScript|Rendition|Launch|SubmitForm|ImportData)\b"
    rb"|/(?:ObjStm|Encrypt)\b"  # objects packed away, or made unreadable
    rb"|/[^\s/<>()\[\]{}%]{0,127}#[0-9A-Fa-f]{2}"  # a name with an escaped letter
)


@dataclass(frozen=True)
class Pdf:
    """`acts`: "script", "program", "sends", "media", "by-itself", "attached"."""

    is_locked: bool = False
    acts: frozenset[str] = frozenset()


def look_into(file: BinaryIO) -> Pdf:
    """Raises BrokenFile; SwollenFile for one that takes too much time or memory to read."""
    file.seek(0)
    content = file.read()
    if _NAMED.search(content):
        return _walked_through(content)
    try:
        file.seek(0)
        PdfReader(file)
    except Exception as error:  # whatever its code runs into
        raise BrokenFile from error
    return Pdf()


def _walked_through(content: bytes) -> Pdf:
    limits = [str(MAX_SECONDS), str(MAX_BYTES)]
    command = [sys.executable, "-I", str(Path(pdf_reading.__file__)), *limits]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=PATIENCE * MAX_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise SwollenFile from error
    said = done.stderr.decode(errors="replace")
    if done.returncode == pdf_reading.BROKEN:
        raise BrokenFile(said)
    if done.returncode == pdf_reading.SWOLLEN or done.returncode < 0:  # ended by a limit
        raise SwollenFile(said)
    if done.returncode:
        raise RuntimeError(f"pdf_reading could not be run: {said}")
    found = json.loads(done.stdout)
    return Pdf(is_locked=found["is_locked"], acts=frozenset(found["acts"]))
