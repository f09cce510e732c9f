"""How the processes that `serve` starts learn that it is gone, even where it was killed."""

from __future__ import annotations

import os
import signal
import threading
import time

# The number of a pipe's end that `serve` left open for its child; the other end it keeps.
VARIABLE = "SERVE_LIFELINE"
# As long as `serve` itself lets them finish what they have in hand.
STOP_SECONDS = 25


def hold_on() -> None:
    """End this process, as by SIGTERM, once the process that started it is gone.

    Does nothing where `serve` did not start it. The kernel closes the other end of the pipe however
    its process ends, on any system.
    """
    number = os.environ.pop(VARIABLE, "")
    if number:
        threading.Thread(target=_wait, args=(int(number),), daemon=True).start()


def _wait(pipe: int) -> None:
    os.read(pipe, 1)  # Nobody writes: it returns when the other end is closed.
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os._exit(1)
