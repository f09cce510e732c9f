"""Enquiries, what was done with them, and what remains when they are erased."""

from contact.models.acknowledgements import AcknowledgedAddress
from contact.models.answer_times import AnswerTime
from contact.models.enquiries import (
    MOST_URGENT_FIRST,
    Enquiry,
    EnquiryQuerySet,
    address_digest,
)
from contact.models.events import Event
from contact.models.personal_data import PersonalDataRequest
from contact.models.retention import ErasedTotal

__all__ = [
    "MOST_URGENT_FIRST",
    "AcknowledgedAddress",
    "AnswerTime",
    "Enquiry",
    "EnquiryQuerySet",
    "ErasedTotal",
    "Event",
    "PersonalDataRequest",
    "address_digest",
]
