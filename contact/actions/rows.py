"""Doing the same with many rows: one that fails keeps none of the others from its turn."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from django.db import InterfaceError, OperationalError, transaction

logger = logging.getLogger(__name__)


class NotAllDoneError(Exception):
    """Something could not be done with some rows; with all others it was."""


def each_by_itself(keys: Iterable[int], act: Callable[[int], bool]) -> int:
    """Call `act` with each key, in a transaction of its own; return how often it did something.

    Raises NotAllDoneError after the last where it failed with any, and the database's own error at
    once where that does not answer.
    """
    count, failed = 0, []
    for key in keys:
        try:
            with transaction.atomic():
                count += act(key)
        except (InterfaceError, OperationalError):
            raise
        except Exception as error:
            logger.error("Row %s is set aside: %s", key, type(error).__name__)
            failed.append(error)
    if failed:
        words = f"{len(failed)} rows were set aside, the first because of this:"
        raise NotAllDoneError(words) from failed[0]
    return count
