"""A real clamd that knows one signature: what it finds is refused, what it cannot look at too."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from io import BytesIO
from pathlib import Path

import pytest

from evaluations import scanning
from evaluations.scanning import (
    Infected,
    ScannerSilent,
    TooLargeToScan,
    ask_whether_it_listens,
    scan,
)
from tests.conftest import CLAMD, NO_CLAMD
from tests.evaluations import hostile, samples

pytestmark = pytest.mark.skipif(CLAMD is None, reason=NO_CLAMD)

# In two parts, or every scanner on the way would find it in this file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + rb"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
STREAM_MAX = 2 * 1024**2
SCAN_MAX = 1024**2


class Clamd:
    """One that is ours: its own folder, its own port, ended by its own number."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.socket = folder / "s"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        (folder / "eicar.ndb").write_text(f"Eicar:0:*:{EICAR.hex()}\n")
        (folder / "clamd.conf").write_text(
            f"Foreground yes\nDatabaseDirectory {folder}\nLocalSocket {self.socket}\n"
            f"TCPAddr 127.0.0.1\nTCPSocket {self.port}\nStreamMaxLength {STREAM_MAX}\n"
            f"MaxScanSize {SCAN_MAX}\nAlertExceedsMax yes\n"
        )

    def start(self) -> None:
        command = [CLAMD, "--config-file", str(self.folder / "clamd.conf")]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        for _ in range(300):
            if self.socket.exists():
                return
            assert self.process.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.05)
        raise AssertionError("clamd does not listen")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.socket.unlink(missing_ok=True)

    @property
    def addresses(self) -> tuple[str, str]:
        return f"unix:{self.socket}", f"127.0.0.1:{self.port}"


@pytest.fixture(scope="module")
def running():
    # pytest's own folders have names that are too long for a socket.
    with tempfile.TemporaryDirectory(prefix="clamd-") as folder:
        clamd = Clamd(Path(folder))
        clamd.start()
        yield clamd
        clamd.stop()


@pytest.fixture
def clamd(running, settings):
    settings.CLAMD_ADDRESS = running.addresses[0]
    return running


class Sent(BytesIO):
    """A file that lets something happen once its first pieces have been sent."""

    def __init__(self, content: bytes, happens):
        super().__init__(content)
        self.happens = happens

    def read(self, size: int = -1) -> bytes:
        if self.tell() > 3 * scanning.PIECE_BYTES and self.happens:
            happens, self.happens = self.happens, None
            happens()
        return super().read(size)


def test_what_is_clean_passes_by_either_way(clamd, settings):
    for settings.CLAMD_ADDRESS in clamd.addresses:
        ask_whether_it_listens()
        for content in (b"", samples.pdf("sạch"), samples.office(), os.urandom(SCAN_MAX - 1)):
            scan(BytesIO(content))


def test_what_it_knows_is_found_wherever_it_lies(clamd, settings):
    hidden = samples.zipped({"a.txt": EICAR})
    files = (
        EICAR,
        samples.pdf() + EICAR,
        hidden,
        samples.zipped({"trong.zip": hidden}),
        hostile.office({"word/media/a.bin": EICAR}),
        hostile.pdf(lambda writer: writer.add_attachment("a", EICAR)),
    )
    for settings.CLAMD_ADDRESS in clamd.addresses:
        for content in files:
            with pytest.raises(Infected, match="Eicar"):
                scan(BytesIO(content))


def test_what_it_does_not_read_to_its_end_is_no_clean_file(clamd):
    """Without AlertExceedsMax it says OK of a file that it has not read: the guide has it set."""
    with pytest.raises(Infected, match=r"Limits\.Exceeded"):
        scan(BytesIO(os.urandom(SCAN_MAX + 200_000) + EICAR))


def test_more_than_it_takes_is_told_as_such(clamd, settings):
    for settings.CLAMD_ADDRESS in clamd.addresses:
        for size in (STREAM_MAX + 1, 5 * STREAM_MAX):
            with pytest.raises(TooLargeToScan) as refused:
                scan(BytesIO(os.urandom(size)))
            assert "StreamMaxLength" in refused.value.words


def test_one_that_dies_on_the_way_means_no(clamd):
    with pytest.raises(ScannerSilent):
        scan(Sent(bytes(SCAN_MAX), clamd.stop))
    with pytest.raises(ScannerSilent):
        ask_whether_it_listens()

    clamd.start()
    scan(BytesIO(b"sach"))


def test_one_that_hangs_means_no(clamd, monkeypatch):
    monkeypatch.setattr(scanning, "TIMEOUT_SECONDS", 0.3)
    try:
        with pytest.raises(ScannerSilent):
            scan(Sent(bytes(SCAN_MAX), lambda: clamd.process.send_signal(signal.SIGSTOP)))
    finally:
        clamd.process.send_signal(signal.SIGCONT)

    scan(BytesIO(b"sach"))
