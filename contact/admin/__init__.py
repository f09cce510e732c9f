"""Enquiries in the admin: the inbox, one enquiry and its steps, persons' data, answer times."""

from contact.admin.answer_times import AnswerTimeAdmin
from contact.admin.enquiries import EnquiryAdmin
from contact.admin.retention import ErasedTotalAdmin, PersonalDataRequestAdmin

__all__ = ["AnswerTimeAdmin", "EnquiryAdmin", "ErasedTotalAdmin", "PersonalDataRequestAdmin"]
