"""The machine of a run: its folder, its two small disks, its environment and its free ports."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
MEGABYTE = 1024 * 1024
DISK_SIZE = 1024 * MEGABYTE
PAGE = 4096
# What a .env beside the code may say and a run must not do.
UNSET = (
    *("BACKUP_DIR", "BACKUP_KEY_FILE", "CLAMD_ADDRESS", "S3_BUCKET", "SECOND_FACTOR_ROLES"),
    *("METRICS_TOKEN", "ADMIN_EMAILS", "SENTRY_DSN", "CSRF_TRUSTED_ORIGINS", "SITE_URL"),
)


@dataclass
class Disk:
    """A small disk of its own where one can be mounted, else a folder that cannot be filled."""

    path: Path
    is_mounted: bool = False

    def mount(self) -> None:
        self.path.mkdir(parents=True)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK_SIZE},mode=755", "tmpfs", str(self.path)],
            capture_output=True,
        )
        self.is_mounted = done.returncode == 0

    def fill(self, left: int) -> None:
        """To the last `left` bytes, so that what is written next breaks off in its middle."""
        with (self.path / "filler").open("wb") as filler:
            while True:
                at = os.statvfs(self.path)
                try:
                    os.posix_fallocate(filler.fileno(), 0, max(at.f_bavail * at.f_frsize - left, 1))
                except OSError:  # somebody wrote between the question and the answer
                    left += PAGE
                else:
                    return

    def free(self) -> None:
        (self.path / "filler").unlink(missing_ok=True)

    def unmount(self) -> None:
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", str(self.path)], check=True)
            self.is_mounted = False


@dataclass
class Machine:
    """Where everything of one run lies. `files` holds what is uploaded, printed and written for a
    while; `rows` the cluster of PostgreSQL. Embedded, SQLite lies with the files."""

    is_embedded: bool
    first_port: int
    folder: Path = field(
        default_factory=lambda: Path(tempfile.mkdtemp(prefix="hocxahoi-chaos-")), init=False
    )

    def __post_init__(self):
        self.folder.chmod(0o755)  # PostgreSQL runs as somebody else
        self.files = Disk(self.folder / "files")
        self.rows = Disk(self.folder / "rows")
        self.logs = self.folder / "logs"
        self.web_port, self.rows_port, self.queue_port = (self.first_port + n for n in range(3))

    def furnish(self) -> None:
        """Disks, folders and the environment that every process of the run reads."""
        for port in (self.web_port, self.rows_port, self.queue_port):
            _refuse_taken(port)
        self.files.mount()
        if not self.is_embedded:
            self.rows.mount()
        for name in ("var", "media", "temp"):
            (self.files.path / name).mkdir()
        (self.folder / "redis").mkdir()
        self.logs.mkdir()
        os.environ.update(dict.fromkeys(UNSET, "") | self._environment())
        tempfile.tempdir = None  # whoever asks anew is told TMPDIR as it is here

    def _environment(self) -> dict[str, str]:
        database = f"postgres://chaos@{HOST}:{self.rows_port}/chaos"
        queue = f"redis://{HOST}:{self.queue_port}/0"
        return {
            "DJANGO_SETTINGS_MODULE": "hocxahoi.settings",
            "DEBUG": "0",
            "HTTPS": "0",
            "COMPRESS_STATIC": "0",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": HOST,
            "LOG_FORMAT": "line",
            "EMAIL_URL": "dummymail://",
            "DATABASE_URL": "" if self.is_embedded else database,
            "REDIS_URL": "" if self.is_embedded else queue,
            "VAR_DIR": str(self.files.path / "var"),
            "MEDIA_ROOT": str(self.files.path / "media"),
            "STATIC_ROOT": str(self.folder / "static"),
            "TMPDIR": str(self.files.path / "temp"),
        }

    def clear_away(self, *, keeps: bool) -> None:
        """The logs stay where the run ended badly; disks are memory and go in any case."""
        self.files.unmount()
        self.rows.unmount()
        if not keeps:
            shutil.rmtree(self.folder)


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise SystemExit(f"Cổng {port} đang có chương trình khác dùng: --port …") from error
