"""Asking a virus scanner (clamd) about a file, where one is configured; else nothing is asked.

Configured and not answering means no: a file that could not be scanned is not stored.
"""

import socket
import struct
from contextlib import suppress
from typing import BinaryIO

from django.conf import settings

TIMEOUT_SECONDS = 30
PIECE_BYTES = 64 * 1024
SIZE_LIMIT = "size limit exceeded. ERROR"


class Infected(Exception):
    """The scanner found something; the message is the name it gives it."""

    @property
    def words(self) -> str:
        """Reads on from the file's name."""
        return (
            f"bị phần mềm quét virus chặn ({self}). Xóa tệp này, quét virus máy đang dùng rồi lấy "
            "lại tệp gốc."
        )


class ScannerSilent(Exception):
    """A scanner is configured and gave no answer that can be trusted."""

    words = (
        "chưa quét được virus nên chưa lưu. Thử lại sau ít phút; nếu vẫn vậy, báo quản trị hệ "
        "thống."
    )


class TooLargeToScan(ScannerSilent):
    """The scanner takes no file of that size: its limit is below ours, for the operator to mend."""

    words = (
        "lớn hơn mức phần mềm quét virus nhận nên chưa lưu. Nén hoặc tách tệp rồi tải lên; báo "
        "quản trị hệ thống tăng StreamMaxLength của clamd."
    )


def scan(file: BinaryIO) -> None:
    """Send the file through clamd's INSTREAM; returns when it is clean or none is configured."""
    if not settings.CLAMD_ADDRESS:
        return
    try:
        with _connected(settings.CLAMD_ADDRESS) as connection:
            answer = _ask(connection, file)
    except (OSError, ValueError) as error:
        raise ScannerSilent from error
    if answer.endswith(" FOUND"):
        raise Infected(answer.removeprefix("stream: ").removesuffix(" FOUND"))
    if answer.endswith(SIZE_LIMIT):
        raise TooLargeToScan(answer)
    if answer != "stream: OK":
        raise ScannerSilent(answer)


def ask_whether_it_listens() -> None:
    """Raises ScannerSilent where the configured scanner does not answer."""
    try:
        with _connected(settings.CLAMD_ADDRESS) as connection:
            connection.sendall(b"zPING\0")
            answer = connection.recv(16)
    except (OSError, ValueError) as error:
        raise ScannerSilent from error
    if not answer.startswith(b"PONG"):
        raise ScannerSilent(answer)


def _connected(address: str) -> socket.socket:
    """`unix:/path` or `host:port`."""
    if address.startswith("unix:"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(TIMEOUT_SECONDS)
        try:
            connection.connect(address.removeprefix("unix:"))
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS)


def _ask(connection: socket.socket, file: BinaryIO) -> str:
    file.seek(0)
    connection.sendall(b"zINSTREAM\0")
    # One that is sent too much says so and hangs up; what it said is there to be read.
    with suppress(BrokenPipeError, ConnectionResetError):
        while piece := file.read(PIECE_BYTES):
            connection.sendall(struct.pack(">I", len(piece)) + piece)
        connection.sendall(struct.pack(">I", 0))
    answer = b""
    while not answer.endswith(b"\0"):
        piece = connection.recv(4096)
        if not piece:
            break
        answer += piece
    file.seek(0)
    return answer.rstrip(b"\0").decode(errors="replace").strip()
