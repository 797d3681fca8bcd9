"""An archive encrypted piece by piece: nothing is held but one piece, nothing can be cut off.

The STREAM construction over AES-256-GCM, as age and Tink have it: every file has a key of its own,
derived from the key file and a random salt, so that the numbers of pieces serve as nonces; the
last piece is marked as such. The head is authenticated with every piece.

    head   magic (16 bytes), name of the key (8), salt (32)
    piece  up to 1 MiB, encrypted, and its tag of 16 bytes; the last may be empty
"""

import io
import os
import secrets
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from upkeep.backup.errors import BackupError

MAGIC = b"hocxahoi-backup\x01"
PIECE = 1024 * 1024
TAG = 16
KEY_BYTES, NAME_BYTES, SALT_BYTES = 32, 8, 32
HEAD_BYTES = len(MAGIC) + NAME_BYTES + SALT_BYTES
CUT_OR_CHANGED = "Bản sao lưu bị cắt cụt hoặc đã bị sửa: không khớp mã xác thực."


@dataclass(frozen=True)
class Key:
    """The secret of a key file."""

    secret: bytes

    @cached_property
    def name(self) -> bytes:
        """Tells one key from another and says nothing of either."""
        return _derived(self.secret, salt=None, use=b"hocxahoi backup key name", size=NAME_BYTES)

    def cipher(self, salt: bytes) -> AESGCM:
        """That of one archive."""
        return AESGCM(_derived(self.secret, salt, b"hocxahoi backup archive", KEY_BYTES))


def new_key(path: Path) -> None:
    """A key file that only its owner reads; raises BackupError where there is one."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise BackupError(f"{path} đã có: không ghi đè lên một khóa.") from error
    except OSError as error:
        raise BackupError(f"Không ghi được {path} ({error.strerror}).") from error
    with open(descriptor, "wb") as file:
        file.write(b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")


def read_key(path: Path) -> Key:
    """Raises BackupError where the file is no key."""
    try:
        secret = b64decode(path.read_bytes().strip(), validate=True)
    except OSError as error:
        raise BackupError(f"Không đọc được tệp khóa {path} ({error.strerror}).") from error
    except NotBase64:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise BackupError(
            f"{path} không phải tệp khóa. Tạo tệp khóa bằng: manage.py backup --new-key TỆP"
        )
    return Key(secret)


class EncryptingFile(io.RawIOBase):
    """What is written goes encrypted into `target`; `finish` makes it whole, `close` does not."""

    def __init__(self, target: IO[bytes], key: Key):
        super().__init__()
        salt = secrets.token_bytes(SALT_BYTES)
        self._head = MAGIC + key.name + salt
        self._cipher, self._target = key.cipher(salt), target
        self._held, self._number, self._taken = bytearray(), 0, 0
        target.write(self._head)

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._held += data
        self._taken += len(data)
        while len(self._held) > PIECE:  # more comes after it, so it is not the last
            self._put(bytes(self._held[:PIECE]), is_last=False)
            del self._held[:PIECE]
        return len(data)

    def tell(self) -> int:
        """As of a plain file: how much was written."""
        return self._taken

    def finish(self) -> None:
        self._put(bytes(self._held), is_last=True)
        self._held.clear()

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._number, is_last)
        self._target.write(self._cipher.encrypt(nonce, piece, self._head))
        self._number += 1


class DecryptingFile(io.RawIOBase):
    """Reads what was encrypted; raises BackupError for another key, a change or a cut."""

    def __init__(self, source: IO[bytes], key: Key):
        super().__init__()
        self._source, self._head = source, source.read(HEAD_BYTES)
        if len(self._head) < HEAD_BYTES or not is_encrypted(self._head):
            raise BackupError(CUT_OR_CHANGED)
        name, salt = self._head[len(MAGIC) :][:NAME_BYTES], self._head[-SALT_BYTES:]
        if name != key.name:
            raise BackupError("Sai khóa: bản sao lưu này được mã hóa bằng một tệp khóa khác.")
        self._cipher, self._number = key.cipher(salt), 0
        self._next = source.read(PIECE + TAG)
        self._held, self._is_over = memoryview(b""), False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while not self._held and not self._is_over:
            self._take()
        size = min(len(buffer), len(self._held))
        buffer[:size] = self._held[:size]
        self._held = self._held[size:]
        return size

    def _take(self) -> None:
        piece, self._next = self._next, self._source.read(PIECE + TAG)
        self._is_over = not self._next
        try:
            nonce = _nonce(self._number, self._is_over)
            self._held = memoryview(self._cipher.decrypt(nonce, piece, self._head))
        except InvalidTag as error:
            raise BackupError(CUT_OR_CHANGED) from error
        self._number += 1


def is_encrypted(head: bytes) -> bool:
    """By the first bytes of a file."""
    return head.startswith(MAGIC)


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if is_last else b"\x00")


def _derived(secret: bytes, salt: bytes | None, use: bytes, size: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=size, salt=salt, info=use).derive(secret)
