"""What every page that takes files shares: saying what became of each."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from evaluations.actions.papers import AlreadyKept
from evaluations.models import Document
from evaluations.scanning import Infected, ScannerSilent
from evaluations.storage import StorageRefuses
from evaluations.validators import ACCEPT, size_limit, too_large
from organisations.uploads import DISK_FULL

logger = logging.getLogger(__name__)

INCOMPLETE = "chưa đến máy chủ trọn vẹn nên chưa lưu. Xem lại mạng rồi tải lại."
PASSWORD = "tệp có mật khẩu, Sở sẽ không mở được. Tải bản không mật khẩu, hoặc nêu lý do"


@dataclass(frozen=True)
class Outcome:
    """What became of one uploaded file, in words that read on from its name."""

    name: str
    message: str
    sign: str
    document: Document | None = None
    is_stored: bool = False  # just now, as this document
    can_reuse: bool = False  # the register holds the document; it is not yet cited here

    @property
    def is_settled(self) -> bool:
        """Nothing is left for the person to decide about this file."""
        return self.sign == "accept" and not self.can_reuse

    @property
    def shown_sign(self) -> str:
        """A tick would say that the file is attached, which it is not before it is reused."""
        return "ask" if self.can_reuse else self.sign


def upload_limits() -> dict:
    """What a page that takes files says of them, and what upload.js asks before it sends one."""
    return {
        "accept": ACCEPT,
        "size": size_limit(),
        "max_bytes": settings.EVIDENCE_MAX_BYTES,
        "too_large": too_large(None),
    }


def dropped(request: HttpRequest) -> list[Outcome]:
    """The files that were let go while they were still coming in."""
    words = {"too-large": too_large(None), "disk-full": DISK_FULL}
    return [refused(name, words[why]) for name, why in request.dropped_uploads.items()]


def refused(name: str, message: str) -> Outcome:
    return Outcome(name, message, "unmet")


def taken_in(name: str, store: Callable[[], Outcome], known: Callable) -> Outcome:
    """The outcome of storing one file; `known` words a file that the register already holds."""
    try:
        return store()
    except ValidationError as error:
        return refused(name, error.messages[0])
    except AlreadyKept as kept:
        return known(kept.stored_file)
    except Infected as found:
        logger.warning("upload refused, scanner found %s", found)
        return refused(name, found.words)
    except ScannerSilent as error:
        logger.exception("upload refused, the virus scanner did not answer")
        return refused(name, error.words)
    except StorageRefuses as error:
        logger.exception("upload refused by the storage")
        return refused(name, error.words)
