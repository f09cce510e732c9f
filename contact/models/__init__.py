"""Enquiries, what was done with them, and what remains when they are erased."""

from contact.models.enquiries import (
    MOST_URGENT_FIRST,
    Enquiry,
    EnquiryQuerySet,
    address_digest,
)
from contact.models.records import ErasedTotal, Event, PersonalDataRequest
from contact.models.rules import AcknowledgedAddress, AnswerTime

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
