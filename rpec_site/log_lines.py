"""What log lines need not say: tracebacks of refusals, and strangers' addresses."""

from __future__ import annotations

import logging
import re

_FROM_ADDRESS = re.compile(r" from ip=\S+(?=: )")


class WithoutTracebackOfRefusals(logging.Filter):
    """Leaves out how a refusal (4xx) came about: its line says what was refused."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        return True


class WithoutAddresses(logging.Filter):
    """Leaves out from where a request came that gunicorn could not read."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg = _FROM_ADDRESS.sub("", record.msg)
        return True
