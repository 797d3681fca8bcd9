"""`make demo`: the whole thing on this machine, with practice data, until Ctrl-C."""

import os
import signal
import time
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from hocxahoi.checks import missing_libraries
from hocxahoi.demo import (
    HOST,
    Child,
    is_local,
    is_port_free,
    stop,
    web_command,
    worker_command,
)
from hocxahoi.health import is_healthy

START_TIMEOUT = 60


class Command(BaseCommand):
    help = "Chạy thử trên máy này với dữ liệu tập huấn, đến khi bấm Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser):
        default = int(os.environ.get("PORT") or 8000)
        parser.add_argument("--port", type=int, default=default, help="cổng, mặc định 8000")

    def handle(self, *args, port, **options):
        self._refuse_anything_but_local()
        if not is_port_free(port):
            raise CommandError(
                f"Cổng {port} đang có chương trình khác dùng. "
                f"Chọn cổng khác: make demo PORT={port + 1}"
            )
        if missing := missing_libraries():
            packages = " ".join(missing)
            self.stderr.write(f"Thiếu thư viện để tạo PDF: apt-get install {packages}")
        accounts = self._prepare()
        self._serve(port, accounts)

    def _refuse_anything_but_local(self):
        database = settings.DATABASES["default"]
        if not is_local(database, settings.CELERY_BROKER_URL, settings.VAR_DIR):
            raise CommandError(
                "Bản chạy thử chỉ dùng SQLite riêng của nó. "
                "Bỏ DATABASE_URL và REDIS_URL (trong môi trường hoặc tệp .env) rồi chạy lại."
            )

    def _prepare(self) -> str:
        """Tables, reference data, practice data, static files; gives what `load_demo` said."""
        self.stdout.write("Chuẩn bị dữ liệu…")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_reference", stdout=StringIO())
        accounts = StringIO()
        call_command("load_demo", stdout=accounts)
        call_command("collectstatic", verbosity=0, interactive=False)
        Path(settings.EMAIL_FILE_PATH).mkdir(exist_ok=True)
        return accounts.getvalue().strip()

    def _serve(self, port: int, accounts: str):
        logs = settings.VAR_DIR
        # For what the two processes do from now on, not for the years that load_demo has made up.
        os.environ.update(MAIL_PRACTICE_ROUNDS="1", SITE_URL=f"http://{HOST}:{port}")
        web = Child("máy chủ web", web_command(port), logs / "web.log")
        worker = Child(
            "tiến trình báo cáo", worker_command(settings.CELERY_QUEUE_DIR), logs / "worker.log"
        )
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        try:
            web.start()
            worker.start()
            self._wait_until_it_answers(web, port)
            self.stdout.write(f"\n{accounts}\n\n")
            self.stdout.write(self.style.SUCCESS(f"Mở http://{HOST}:{port}/"))
            self.stdout.write(f"Dữ liệu và nhật ký: {_shown(logs)}. Dừng: Ctrl-C.")
            self.stdout.write(
                "Thư điện tử không gửi đi đâu: mỗi thư là một tệp trong "
                f"{_shown(Path(settings.EMAIL_FILE_PATH))}, mở bằng trình đọc văn bản."
            )
            self.stdout.flush()
            self._keep(web, worker)
        except KeyboardInterrupt:
            self.stdout.write("\nĐang dừng…")
            self.stdout.flush()
        finally:
            stop(web, worker)
        self.stdout.write("Đã dừng. Dữ liệu còn nguyên; chạy lại: make demo")

    def _wait_until_it_answers(self, web: Child, port: int):
        deadline = time.monotonic() + START_TIMEOUT
        while not is_healthy(port, HOST):
            if not web.is_alive or time.monotonic() > deadline:
                raise CommandError(f"Máy chủ web không chạy được:\n{web.last_lines()}")
            time.sleep(0.2)

    def _keep(self, web: Child, worker: Child):
        watch_worker = True
        while web.is_alive:
            time.sleep(0.5)
            if not watch_worker or worker.is_alive:
                continue
            watch_worker = worker.restart()
            said = "đã khởi động lại" if watch_worker else f"dừng hẳn:\n{worker.last_lines()}"
            self.stderr.write(f"Tiến trình báo cáo bị ngắt, {said}")
        raise CommandError(f"Máy chủ web đã dừng:\n{web.last_lines()}")


def _interrupt(number, frame):
    raise KeyboardInterrupt


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
