"""The writes of enquiries: taking them in, handling them, and letting them go."""

from contact.actions.alarms import (
    alarm_of_undelivered,
    notice_came_back,
    remind_of_overdue,
    reply_came_back,
)
from contact.actions.handling import (
    StepRefusedError,
    add_note,
    answer,
    assign,
    close,
    free,
    hand_over,
    hold,
    keep,
    refer,
    release,
    reopen,
    show,
    take,
)
from contact.actions.keys import rotate_keys
from contact.actions.persons import enquiries_of, erase_person, export_person
from contact.actions.retention import Erasure, erase_expired, forget_networks
from contact.actions.submitting import STORED, submit_enquiry

__all__ = [
    "STORED",
    "Erasure",
    "StepRefusedError",
    "add_note",
    "alarm_of_undelivered",
    "answer",
    "assign",
    "close",
    "enquiries_of",
    "erase_expired",
    "erase_person",
    "export_person",
    "forget_networks",
    "free",
    "hand_over",
    "hold",
    "keep",
    "notice_came_back",
    "refer",
    "release",
    "remind_of_overdue",
    "reopen",
    "reply_came_back",
    "rotate_keys",
    "show",
    "submit_enquiry",
    "take",
]
