"""Enquiries in the admin: the inbox, one enquiry and its steps, persons' data, answer times."""

from contact.admin.enquiries import EnquiryAdmin
from contact.admin.rules import AnswerTimeAdmin, ErasedTotalAdmin, PersonalDataRequestAdmin

__all__ = ["AnswerTimeAdmin", "EnquiryAdmin", "ErasedTotalAdmin", "PersonalDataRequestAdmin"]
