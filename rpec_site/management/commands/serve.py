"""Web server and worker together: all that one machine needs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from threading import Event
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

START_SECONDS = 30
STOP_SECONDS = 25


class Command(BaseCommand):
    help = "Runs the web server and the mail worker together until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o077)  # What it writes is for its own account alone.
        stop = Event()

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)
        address = f"http://127.0.0.1:{settings.PORT}"
        if _is_taken(settings.PORT):
            raise CommandError(
                f"Port {settings.PORT} is taken by something else. "
                f"Choose another: PORT={settings.PORT + 1} make run"
            )
        commands = {
            "web server": [sys.executable, "-m", "gunicorn"],
            "worker": [sys.executable, str(settings.BASE_DIR / "manage.py"), "work"],
        }
        running = {name: self._start(command) for name, command in commands.items()}
        try:
            self._wait_until_ready(address, running, stop)
            while not stop.wait(1):
                if running["web server"].poll() is not None:
                    raise CommandError("The web server has ended; see what it said above.")
                if running["worker"].poll() is not None:
                    # Mail must arrive: a worker that died is replaced.
                    self.stderr.write("The worker ended; starting another.")
                    running["worker"] = self._start(commands["worker"])
        finally:
            _stop(running.values())
        self.stdout.write("Stopped.")

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, cwd=settings.BASE_DIR)

    def _wait_until_ready(
        self, address: str, running: dict[str, subprocess.Popen[bytes]], stop: Event
    ) -> None:
        deadline = time.monotonic() + START_SECONDS
        ready = urllib.request.Request(  # noqa: S310 (our own address)
            f"{address}/health/ready", headers={"Host": urlsplit(settings.SITE_URL).netloc}
        )
        while not stop.is_set():
            if running["web server"].poll() is not None or time.monotonic() > deadline:
                raise CommandError(
                    f"The web server did not start on {address}; see what it said above."
                )
            try:
                with urllib.request.urlopen(ready, timeout=5):  # noqa: S310
                    break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                stop.wait(0.2)
        else:
            return
        self.stdout.write(_welcome(address))
        self.stdout.flush()


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _welcome(address: str) -> str:
    lines = [
        "",
        f"The site is ready: {address}/",
        f"Staff sign in at:  {address}/{settings.ADMIN_PATH}",
    ]
    if settings.EXAMPLES and settings.EXAMPLE_PASSWORD:
        lines += [
            "Example logins:    editor, administrator, coordinator-<region>",
            f"Their password:    {settings.EXAMPLE_PASSWORD}",
        ]
    if folder := settings.MAIL.get("EMAIL_FILE_PATH"):
        lines.append(f"Mail lies in:      /{str(folder).lstrip('/')}")
    return "\n".join([*lines, "Ctrl-C stops everything.", ""])


def _stop(processes: Any) -> None:
    """Ask each process to finish what it has in hand, and end what does not."""
    started = list(processes)
    for process in started:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in started:
        try:
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
