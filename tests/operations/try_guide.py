"""`make try-guide`: every command of docs/van-hanh, in order, as an operator would type them.

From a clone of the last commit to a served page, a backup and a restore. It happens in a folder
of its own under /tmp: addresses and paths of the guide are replaced, and the few commands that
change the machine itself have stand-ins in `bin/` (`systemctl` starts what the unit files say).
What is said to be seen must be among what is printed; the first command that fails ends it.

PostgreSQL is used where TRY_POSTGRES names a server (postgres://root@127.0.0.1:5432), else SQLite.
The store of the chapter on several machines is moto's, and both machines are this one.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import boto3

from tests.operations.guide import CHAPTERS, ROOT, is_among, pieces

HOST = "xahoihoctap.example"
BUCKET = "ho-so"
PLACES = (
    *("/srv/", "/var/lib/hocxahoi", "/etc/systemd", "/etc/nginx", "/etc/ssl/hocxahoi"),
    *("/etc/clamav", "/usr/local/sbin/"),
)
PATIENCE = 600  # seconds for one piece: packages may have to come from afar
NGINX = """
pid {root}/run/nginx.pid;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {root}/run/body;
    proxy_temp_path {root}/run/proxy;
    include {root}/etc/nginx/sites-enabled/*;
}}
"""
# What the first chapter says to set by hand; the others are tried as somebody comes to them later,
# in a window of its own.
FIRST, BY_HAND = "cai-dat", "KHO_MA={repository}\nTEN_MIEN={host}\n"


def main() -> int:
    server = os.environ.get("TRY_POSTGRES", "")
    root = Path(tempfile.mkdtemp(prefix="hocxahoi-guide-"))
    database = f"guide_{os.getpid()}"
    started = time.monotonic()
    try:
        _furnish(root)
        (store,) = _free_ports(1)
        script = _script(root, server, database, store)
        with _store_at(store, root / "run/s3.log"):
            failed = _run(root, script, server)
    finally:
        _clear_away(root, server, database)
    _say(f"{time.monotonic() - started:.0f} s, {server or 'SQLite'}")
    return failed


def _furnish(root: Path) -> None:
    for folder in ("run", "db", "usr/local/sbin", "etc/systemd/system", "srv", "var/lib", "home"):
        (root / folder).mkdir(parents=True)
    (root / "etc/clamav").mkdir()
    for folder in ("sites-available", "sites-enabled"):
        (root / "etc/nginx" / folder).mkdir(parents=True)
    (root / "etc/nginx/nginx.conf").write_text(NGINX.format(root=root))
    shutil.copytree(ROOT / "tests/operations/bin", root / "bin")


@contextmanager
def _store_at(port: int, log: Path) -> Iterator[None]:
    """A store with the bucket that the operator has made in it."""
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as target:
        process = subprocess.Popen(command, stdout=target, stderr=target)
    try:
        for _ in range(300):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name="vn-1",
            aws_access_key_id="khoa",
            aws_secret_access_key="mat-khau",
        ).create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "vn-1"})
        yield
    finally:
        process.terminate()
        process.wait(30)


def _script(
    root: Path, server: str, database: str, store: int
) -> list[tuple[str, str, tuple[str, ...]]]:
    """(where, commands, seen) of every piece, written for this folder."""
    replaced = _replacements(root, server, database, store)
    script = []
    for chapter in CHAPTERS:
        for piece in pieces(chapter):
            commands = replaced(piece.commands)
            # The files of deploy/ name the same places.
            cloned = r"^git clone .+ (\S+)$"
            after = rf"\g<0>\npython3 {root}/replace.py \1/deploy"
            commands = re.sub(cloned, after, commands, flags=re.MULTILINE)
            script.append((piece.where, commands, piece.seen))
    return script


def _replacements(root: Path, server: str, database: str, store: int):
    web, tls, plain = _free_ports(3)
    databases = f"{server}/{database}" if server else f"sqlite:///{root}/db/hocxahoi"
    # (what, by what), in this order: the longer ones first.
    table = [
        (r"postgres:////var/run/postgresql/hocxahoi", databases),
        (r"\bhocxahoi_moi$", f"{database}_moi") if server else (r"$^", ""),
        (r"template0 hocxahoi$", f"template0 {database}") if server else (r"$^", ""),
        (r"redis://127\.0\.0\.1:6379/0", os.environ.get("TRY_REDIS", "")),
        (r"(127\.0\.0\.1|10\.0\.0\.[23]):8000", f"127.0.0.1:{web}"),
        (r"10\.0\.0\.9:9000", f"127.0.0.1:{store}"),
        (r":443\b", f":{tls}"),
        (r"listen 443", f"listen 127.0.0.1:{tls}"),
        (r"listen 80;", f"listen 127.0.0.1:{plain};"),
        *((rf"(?<![\w/]){re.escape(place)}", f"{root}{place}") for place in PLACES),
    ]

    def replaced(text: str) -> str:
        for what, by in table:
            text = re.sub(what, lambda found, by=by: by, text, flags=re.MULTILINE)
        return text

    (root / "replace.py").write_text(
        "import re, sys\nfrom pathlib import Path\n"
        f"table = {table!r}\n"
        "for path in Path(sys.argv[1]).iterdir():\n"
        "    text = path.read_text()\n"
        "    for what, by in table:\n"
        "        text = re.sub(what, lambda found: by, text, flags=re.MULTILINE)\n"
        "    path.write_text(text)\n"
    )
    return replaced


def _run(root: Path, script: list[tuple[str, str, tuple[str, ...]]], server: str) -> int:
    environment = {
        "PATH": f"{root}/bin:{root}/usr/local/sbin:{os.environ['PATH']}",
        "HOME": os.environ["HOME"],
        "LANG": "C.UTF-8",
        "TRY_ROOT": str(root),
        "TRY_POSTGRES": server,
        "TRY_PG_HOST": urlsplit(server).hostname or "",
    }
    # What a machine needs to reach its package index is its own affair.
    environment |= {
        k: v
        for k, v in os.environ.items()
        if k.startswith(("PIP_", "SSL_")) or k.lower().endswith("_proxy")
    }
    chapter, place = "", root
    for where, commands, seen in script:
        if chapter != where.partition(".md")[0]:
            chapter, place = where.partition(".md")[0], root / "home"
        by_hand = BY_HAND.format(repository=ROOT, host=HOST) if chapter == FIRST else ""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"{by_hand}{commands}\npwd > {root}/run/place"],
            cwd=place,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
        )
        missing = [line for line in seen if not is_among(line, done.stdout)]
        if done.returncode or missing:
            _say(f"{where}\n{commands}\n{done.stdout[-6000:]}")
            _say(f"ended with {done.returncode}; not seen: {missing}")
            return 1
        _say(f"{where}: {len(commands.splitlines())} lines, {len(seen)} seen")
        place = Path((root / "run/place").read_text().strip())
    return 0


def _clear_away(root: Path, server: str, database: str) -> None:
    for name in ("hocxahoi-web", "hocxahoi-worker", "hocxahoi-beat"):
        subprocess.run(
            [root / "bin/systemctl", "stop", name],
            env=os.environ | {"TRY_ROOT": str(root)},
            check=True,
        )
    told = root / "run/nginx.pid"
    if told.exists() and told.read_text():  # `nginx -t` leaves an empty one
        os.kill(int(told.read_text()), 15)
    if server:
        for name in (database, f"{database}_moi"):
            subprocess.run(
                ["dropdb", "--if-exists", "--host", urlsplit(server).hostname, name], check=True
            )
    shutil.rmtree(root)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


if __name__ == "__main__":
    sys.exit(main())
