"""All that runs: what is shared on the host, and on each computer web, worker and clock."""

import configparser
import os
import re
import shlex
import shutil
import socket
import sys
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import boto3

from tests.chaos.machine import HOST, ROOT, Machine
from tests.chaos.services import PATIENCE, NotUp, Service, Services, _run
from tests.machines.computers import Computer, Computers, connect

BUCKET, KEY, SECRET = "ho-so", "khoa", "mat-khau-kho"
TOKEN = "ma-so-lieu"
STORE, NGINX = "s3", "nginx"
# Made of what goes into deploy/: the upstream of one file, the server of the other, without TLS.
HTTP = """
pid {folder}/nginx.pid;
user {user};
worker_processes 1;
events {{ }}
http {{
    log_format told '$status $upstream_status $request_time $request_method $uri';
    access_log {folder}/access.log told;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{rest}
}}
"""


class Place(Machine):
    """The ports and folders of a run; `files.path/media` takes copies of what the store holds."""

    def __init__(self, first_port: int):
        super().__init__(is_embedded=False, first_port=first_port)
        self.store_port = first_port + 3
        self.computers: Computers

    def furnish(self) -> None:
        self.computers = connect(self.folder, self.first_port + 6)
        for computer in self.computers.all:
            computer.furnish()
        for name in ("nginx", "thu"):
            (self.folder / name).mkdir()
        super().furnish()

    def port_of(self, computer: Computer) -> int:
        """Where nginx hands everything to this one."""
        return self.first_port + 4 + self.computers.all.index(computer)

    def clear_away(self, *, keeps: bool) -> None:
        self.computers.clear_away()
        super().clear_away(keeps=keeps)

    def _environment(self) -> dict[str, str]:
        shared = self.computers.shared
        return {
            **super()._environment(),
            "ALLOWED_HOSTS": ",".join([HOST, *(each.address for each in self.computers.all)]),
            "DATABASE_URL": f"postgres://chaos@{shared}:{self.rows_port}/chaos",
            "REDIS_URL": f"redis://{shared}:{self.queue_port}/0",
            "S3_BUCKET": BUCKET,
            "S3_ENDPOINT": f"http://{shared}:{self.store_port}",
            "S3_REGION": "vn-1",
            "S3_ACCESS_KEY": KEY,
            "S3_SECRET_KEY": SECRET,
            "METRICS_TOKEN": TOKEN,
            "PROXIES_IN_FRONT": "1",
            "SITE_URL": f"http://{HOST}:{self.web_port}",
            # Letters arrive outside of both, as at a mail server.
            "EMAIL_URL": f"filemail:///{self.folder / 'thu'}",
            "MAIL_PRACTICE_ROUNDS": "1",
        }


class Site(Services):
    """`all` holds the services by name: "web may-a", "worker may-a", "beat may-a", …"""

    machine: Place

    @property
    def computers(self) -> tuple[Computer, ...]:
        return self.machine.computers.all

    def begin_storage(self) -> None:
        super().begin_storage()
        shared, port = self.machine.computers.shared, str(self.machine.store_port)
        self._add(STORE, [sys.executable, "-m", "moto.server", "-H", shared, "-p", port])
        self.revive()
        wait_for_port(shared, self.machine.store_port, self.all[STORE])
        place = {"LocationConstraint": "vn-1"}
        self.bucket().create(CreateBucketConfiguration=place)

    def begin_application(self) -> None:
        for computer in self.computers:
            self._add_parts(computer)
        folder = self.machine.folder / "nginx"
        (folder / "nginx.conf").write_text(self._nginx(folder))
        self._add(NGINX, [*_nginx_at(folder), "-g", "daemon off;"])
        self.revive()
        for computer in self.computers:
            self.wait_for_web(computer)
        wait_for_port(HOST, self.machine.web_port, self.all[NGINX])

    def _add_parts(self, computer: Computer) -> None:
        web = unit_command("web")
        web[web.index("--bind") + 1] = f"{computer.address}:{computer.port}"
        web += ["--config", str(ROOT / "gunicorn.conf.py")]
        name = f"celery@{computer.name}"
        worker = [*unit_command("worker"), "--hostname", name]
        beat = unit_command("beat")
        beat[beat.index("--schedule") + 1] = str(computer.home / "var" / "beat-schedule")
        for part, words in {"web": web, "worker": worker, "beat": beat}.items():
            self._add(f"{part} {computer.name}", computer.command(words))

    def restart(self, part: str) -> None:
        """As `systemctl restart` does: told to end, waited for, started."""
        self.stop(part)
        self.all[part].start()

    def stop(self, part: str) -> None:
        service = self.all[part]
        service.process.terminate()
        service.process.wait(PATIENCE)

    def wait_for_web(self, computer: Computer) -> None:
        """Until it serves; gunicorn listens before its processes have read the application."""
        address = f"http://{computer.address}:{computer.port}/readyz"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(OSError):
                urllib.request.urlopen(address, timeout=PATIENCE).close()
                return
            time.sleep(0.2)
        service = self.all[f"web {computer.name}"]
        raise NotUp(f"{service.name}:\n{service.last_lines()}")

    def take_out(self, computer: Computer | None) -> None:
        """From those that nginx hands requests to; None puts all back."""
        folder = self.machine.folder / "nginx"
        text = self._nginx(folder)
        if computer:
            line = f"server {computer.address}:{computer.port}"
            text = text.replace(f"{line} ", f"{line} down ")
        (folder / "nginx.conf").write_text(text)
        _run([*_nginx_at(folder), "-s", "reload"])

    def bucket(self):
        at = {"endpoint_url": os.environ["S3_ENDPOINT"], "region_name": "vn-1"}
        keys = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET}
        return boto3.resource("s3", **keys, **at).Bucket(BUCKET)

    def copy_store(self) -> None:
        """What the store holds, to where the checks look for it on a disk."""
        media = self.machine.files.path / "media"
        shutil.rmtree(media)
        for each in self.bucket().objects.all():
            path = media / each.key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(each.get()["Body"].read())

    def _postgres(self) -> list[str]:
        command = super()._postgres()
        with (self.machine.rows.path / "data" / "pg_hba.conf").open("a") as rules:
            rules.writelines(f"host all all {each.address}/32 trust\n" for each in self.computers)
            rules.write(f"host all all {self.machine.computers.shared}/32 trust\n")
        return [*command, "-c", f"listen_addresses={','.join(self._heard_at())}"]

    def _redis(self) -> list[str]:
        command = super()._redis()
        at = command.index("--bind")
        heard = [*self._heard_at(), "--protected-mode", "no"]
        return [*command[: at + 1], *heard, *command[at + 2 :]]

    def _heard_at(self) -> list[str]:
        return list(dict.fromkeys([HOST, self.machine.computers.shared]))

    def _nginx(self, folder: Path) -> str:
        upstream = (ROOT / "deploy" / "nginx-nhieu-may.conf").read_text()
        lines = iter([f"server {each.address}:{each.port} " for each in self.computers])
        upstream = re.sub(r"server [\d.]+:\d+ ", lambda found: next(lines), upstream)
        servers = [self._server(self.machine.web_port, "hocxahoi")]
        for each in self.computers:
            servers.append(self._server(self.machine.port_of(each), f"{each.address}:{each.port}"))
        user = "root" if os.geteuid() == 0 else "nobody"
        return HTTP.format(folder=folder, user=user, rest="\n".join([upstream, *servers]))

    def _server(self, port: int, target: str) -> str:
        text = (ROOT / "deploy" / "nginx.conf").read_text()
        text = text[text.rindex("server {") :]
        text = re.sub(r"^ *ssl_.*\n", "", text, flags=re.MULTILINE)
        text = text.replace("listen 443 ssl http2;", f"listen {HOST}:{port};")
        return text.replace("http://127.0.0.1:8000", f"http://{target}")


def unit_command(part: str) -> list[str]:
    """What the unit of deploy/ starts, by the interpreter at hand."""
    unit = configparser.RawConfigParser(strict=False)
    unit.read(ROOT / "deploy" / f"hocxahoi-{part}.service")
    program, *words = shlex.split(unit["Service"]["ExecStart"])
    return [sys.executable, "-m", Path(program).name, *words]


def wait_for_port(address: str, port: int, service: Service) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError):
            socket.create_connection((address, port), timeout=2).close()
            return
        time.sleep(0.1)
    raise NotUp(f"{service.name}:\n{service.last_lines()}")


def _nginx_at(folder: Path) -> Sequence[str]:
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise SystemExit("Không thấy nginx: apt-get install nginx")
    return [program, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
