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
from contact.models.keys import KeyProof
from contact.models.lists import NoticeList
from contact.models.personal_data import PersonalDataRequest
from contact.models.retention import ErasedTotal
from contact.models.sealed import readable, sealed_columns

__all__ = [
    "MOST_URGENT_FIRST",
    "AcknowledgedAddress",
    "AnswerTime",
    "Enquiry",
    "EnquiryQuerySet",
    "ErasedTotal",
    "Event",
    "KeyProof",
    "NoticeList",
    "PersonalDataRequest",
    "address_digest",
    "readable",
    "sealed_columns",
]
