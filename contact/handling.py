"""Which steps an enquiry can take, from which state to which."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """What a colleague can do with an enquiry."""

    TAKE = "take"
    ASSIGN = "assign"
    ANSWER = "answered"
    CLOSE = "close"
    REOPEN = "reopen"
    HOLD = "hold"
    RELEASE = "release"
    HAND_OVER = "hand-over"
    REFER = "refer"
    NOTE = "note"


NEW, ACKNOWLEDGED, ANSWERED, CLOSED, HELD = "new", "acknowledged", "answered", "closed", "held"

# From state and step to the state after it.
NEXT = {
    NEW: {
        Step.TAKE: ACKNOWLEDGED,
        Step.ASSIGN: ACKNOWLEDGED,
        Step.ANSWER: ANSWERED,
        Step.CLOSE: CLOSED,
        Step.HOLD: HELD,
        Step.HAND_OVER: NEW,
        Step.REFER: ANSWERED,
        Step.NOTE: NEW,
    },
    ACKNOWLEDGED: {
        Step.TAKE: ACKNOWLEDGED,
        Step.ASSIGN: ACKNOWLEDGED,
        Step.ANSWER: ANSWERED,
        Step.CLOSE: CLOSED,
        Step.HOLD: HELD,
        Step.HAND_OVER: NEW,
        Step.REFER: ANSWERED,
        Step.NOTE: ACKNOWLEDGED,
    },
    ANSWERED: {Step.CLOSE: CLOSED, Step.REOPEN: ACKNOWLEDGED, Step.NOTE: ANSWERED},
    CLOSED: {Step.REOPEN: ACKNOWLEDGED, Step.NOTE: CLOSED},
    HELD: {
        Step.RELEASE: NEW,
        Step.CLOSE: CLOSED,
        Step.HAND_OVER: HELD,
        Step.NOTE: HELD,
    },
}


def state_unassigned(state: str) -> str:
    """Return the state of an open enquiry whose colleague left: what was taken on waits again."""
    return NEW if state == ACKNOWLEDGED else state


def steps_from(state: str, *, is_urgent: bool) -> list[Step]:
    """Return what can be done in that state. A complex case is never held back."""
    return [step for step in NEXT[state] if not (is_urgent and step is Step.HOLD)]


def state_after(step: Step, state: str, *, is_urgent: bool) -> str | None:
    """Return the state after the step, or None where it cannot be taken."""
    return NEXT[state][step] if step in steps_from(state, is_urgent=is_urgent) else None
