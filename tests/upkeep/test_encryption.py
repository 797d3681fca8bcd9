"""What is encrypted comes back whole with the same key, and not at all else."""

import io
import os
import stat

import pytest

from upkeep.backup.encryption import (
    HEAD_BYTES,
    PIECE,
    TAG,
    DecryptingFile,
    EncryptingFile,
    Key,
    new_key,
    read_key,
)
from upkeep.backup.errors import BackupError

KEY, OTHER = Key(bytes(range(32))), Key(bytes(32))
CUT = "cắt cụt hoặc đã bị sửa"


def encrypted(content: bytes, key=KEY, *, at_once=100_000) -> bytes:
    target = io.BytesIO()
    writer = EncryptingFile(target, key)
    for start in range(0, len(content), at_once):
        writer.write(content[start : start + at_once])
    writer.finish()
    return target.getvalue()


def decrypted(content: bytes, key=KEY) -> bytes:
    with io.BufferedReader(DecryptingFile(io.BytesIO(content), key)) as reader:
        return reader.read()


@pytest.fixture(scope="module")
def content() -> bytes:
    return os.urandom(2 * PIECE + 10)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 10])
def test_comes_back_as_it_was(content, size):
    secret = encrypted(content[:size])

    assert decrypted(secret) == content[:size]
    pieces = max(1, -(-size // PIECE))
    assert len(secret) == HEAD_BYTES + size + pieces * TAG
    assert content[:size] not in secret or size < 2


def test_same_content_is_never_the_same_twice():
    assert encrypted(b"x" * 100)[HEAD_BYTES:] != encrypted(b"x" * 100)[HEAD_BYTES:]


def test_another_key_says_so():
    with pytest.raises(BackupError, match="Sai khóa"):
        decrypted(encrypted(b"x"), OTHER)


def test_key_of_that_name_but_another_secret_opens_nothing(monkeypatch):
    secret = encrypted(b"x")
    OTHER.__dict__["name"] = KEY.name  # as if two secrets had one name
    try:
        with pytest.raises(BackupError, match=CUT):
            decrypted(secret, OTHER)
    finally:
        del OTHER.__dict__["name"]


def test_one_bit_anywhere_is_noticed(content):
    secret = encrypted(content)
    second = HEAD_BYTES + PIECE + TAG
    for place in (20, 30, HEAD_BYTES, second - TAG, second, len(secret) - 1):
        changed = bytearray(secret)
        changed[place] ^= 1
        with pytest.raises(BackupError):
            decrypted(bytes(changed))


def test_pieces_cannot_be_cut_off_swapped_repeated_or_added(content):
    secret = encrypted(content)
    head, body = secret[:HEAD_BYTES], secret[HEAD_BYTES:]
    one, two, last = (body[at : at + PIECE + TAG] for at in range(0, len(body), PIECE + TAG))

    for forged in (
        head,
        head[:10],
        head + one,
        head + one + two,
        head + one + two + last[:-1],
        head + two + one + last,
        head + one + one + two + last,
        head + one + two + last + last,
        head + one + two + last + b"x",
    ):
        with pytest.raises(BackupError, match=CUT):
            decrypted(forged)


def test_what_was_not_finished_is_not_whole():
    target = io.BytesIO()
    EncryptingFile(target, KEY).write(b"x" * (PIECE + 1))

    with pytest.raises(BackupError, match=CUT):
        decrypted(target.getvalue())


def test_key_file_is_for_its_owner_alone_and_never_overwritten(tmp_path):
    path = tmp_path / "khoa"
    new_key(path)
    key = read_key(path)

    assert len(key.secret) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert decrypted(encrypted(b"x", key), read_key(path)) == b"x"
    with pytest.raises(BackupError, match="đã có"):
        new_key(path)
    assert read_key(path) == key


def test_file_that_is_no_key_says_how_to_make_one(tmp_path):
    for content in (b"", b"mat khau", b"QUJD\n", bytes(32)):
        (tmp_path / "khoa").write_bytes(content)
        with pytest.raises(BackupError, match="--new-key"):
            read_key(tmp_path / "khoa")
    with pytest.raises(BackupError, match="Không đọc được tệp khóa"):
        read_key(tmp_path / "khong-co")
