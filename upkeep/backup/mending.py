"""Files that storage has lost, out of an archive that still has them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import default_storage

from upkeep.backup.archive import FILES, in_pieces, opened
from upkeep.backup.copying import put_file, spooled
from upkeep.backup.encryption import Key
from upkeep.stored_files import NamedFile, named_files


@dataclass(frozen=True)
class Mended:
    """What was put back, and what the archive did not have as it was taken in."""

    put_back: list[NamedFile]
    still_lost: list[NamedFile]


def put_back_lost(path: Path, key: Key | None) -> Mended:
    """Every file that a row names and storage has not, where the archive has its very content.

    What lies in storage is left alone, be it as it was or not. Raises BackupError.
    """
    lost = {each.path: each for each in named_files() if not default_storage.exists(each.path)}
    put_back = []
    with opened(path, key) as members:
        for name, content in members:
            named = lost.get(name.removeprefix(FILES)) if name.startswith(FILES) else None
            if named is None:
                continue
            with spooled(content) as file:
                digest = hashlib.sha256()
                in_pieces(file, digest.update)
                file.seek(0)
                if digest.hexdigest() == named.sha256:
                    put_file(named.path, file)
                    put_back.append(lost.pop(named.path))
    return Mended(put_back, list(lost.values()))
