"""gunicorn's worker, with a bound on how long a request may take to come in."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import Any, Final

from gunicorn.workers.gthread import ThreadWorker

# Seconds for the headers and the body of one request: a slow telephone sends 200 kB in that time.
LONGEST_WAIT: Final = 20


class Worker(ThreadWorker):
    """A thread waits so long for its client at most. Left to themselves, a few dozen clients that
    send a byte every other second hold every thread for as long as they like.

    After that the client counts as one that has ended what it sends. Whatever has come in whole
    before is answered as ever, however long that takes. A proxy that holds slow connections is
    needed all the same: it has room for thousands of them.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._given_up_at: dict[Any, float] = {}

    def handle(self, conn: Any) -> Any:
        """Answer one request, in a thread."""
        self._given_up_at[conn] = time.monotonic() + LONGEST_WAIT
        try:
            return super().handle(conn)
        finally:
            self._given_up_at.pop(conn, None)

    def murder_pending(self) -> None:
        """End what has waited too long; called about once a second."""
        super().murder_pending()
        now = time.monotonic()
        for conn, given_up_at in list(self._given_up_at.items()):
            if now > given_up_at:
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)
