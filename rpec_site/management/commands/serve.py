"""Web server and workers together: all that one machine needs."""

from __future__ import annotations

import json
import os
import signal
import socket
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

from rpec_site.children import Child, stop_all

START_SECONDS = 30
# What is not right at once may be in a moment: then the site is told to be ready.
FAULT_SECONDS = 5


class Command(BaseCommand):
    help = (
        "Runs the web server and the mail workers together until Ctrl-C. What ends is started "
        "anew, and all of it ends with this command, however that ends."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o077)  # What it writes is for its own account alone.
        stop = Event()

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)
        if _is_taken(settings.PORT):
            raise CommandError(
                f"Port {settings.PORT} is taken by something else. "
                f"Choose another: PORT={settings.PORT + 1} make run"
            )
        children = _children(settings.WORKERS)
        try:
            for child in children:
                child.start(at=time.monotonic())
            self._wait_until_ready(f"http://127.0.0.1:{settings.PORT}", children[0], stop)
            while not stop.wait(1):
                for child in children:
                    pause = child.look(at=time.monotonic())
                    if pause is not None:
                        self.stderr.write(
                            f"The {child.name} ended; starting another in {pause:.0f} s."
                        )
        finally:
            stop_all(children)
        self.stdout.write("Stopped.")

    def _wait_until_ready(self, address: str, web: Child, stop: Event) -> None:
        """Say so once the site is ready, or answers but is not. Raises CommandError if neither."""
        began = time.monotonic()
        while not stop.is_set():
            waited = time.monotonic() - began
            if web.has_ended() or waited > START_SECONDS:
                raise CommandError(
                    f"The web server did not start on {address}; see what it said above."
                )
            fault = _fault(address)
            if fault == "" or (fault is not None and waited > FAULT_SECONDS):
                if fault:
                    self.stderr.write(f"The site answers, but: {fault}")
                self.stdout.write(_welcome(address))
                self.stdout.flush()
                return
            stop.wait(0.2)


def _children(workers: int) -> list[Child]:
    """Return the web server and the workers; all but the first are for mail to colleagues alone."""
    work = [sys.executable, str(settings.BASE_DIR / "manage.py"), "work"]
    return [
        Child("web server", [sys.executable, "-m", "gunicorn"], settings.BASE_DIR),
        *(
            Child("worker", [*work, *(["--colleagues"] * (number > 0))], settings.BASE_DIR)
            for number in range(workers)
        ),
    ]


def _fault(address: str) -> str | None:
    """Return what keeps the site from being ready, "" if nothing; None while nobody answers."""
    ready = urllib.request.Request(  # noqa: S310 (our own address)
        f"{address}/health/ready", headers={"Host": urlsplit(settings.SITE_URL).netloc}
    )
    try:
        with urllib.request.urlopen(ready, timeout=5):  # noqa: S310
            return ""
    except urllib.error.HTTPError as error:
        try:
            return str(json.load(error)["problem"])
        except (ValueError, KeyError, TypeError):
            return None
    except OSError:
        return None


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
