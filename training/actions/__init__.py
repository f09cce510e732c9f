"""Writes of several rows."""

from training.actions.changing import (
    cancel_sessions,
    copy_session,
    mark_sessions_full,
    status_before,
    take_back_status,
)
from training.actions.checking import (
    forget_checks,
    next_to_check,
    put_down_check,
)
from training.actions.entering import (
    RowsRefusedError,
    judge_rows,
    read_paste,
    store_rows,
    track_words,
)
from training.actions.loading import DATA, load_example_sessions, load_sessions, load_tracks

__all__ = [
    "DATA",
    "RowsRefusedError",
    "cancel_sessions",
    "copy_session",
    "forget_checks",
    "judge_rows",
    "load_example_sessions",
    "load_sessions",
    "load_tracks",
    "mark_sessions_full",
    "next_to_check",
    "put_down_check",
    "read_paste",
    "status_before",
    "store_rows",
    "take_back_status",
    "track_words",
]
