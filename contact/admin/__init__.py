"""Enquiries in the admin: the inbox, one enquiry and its steps, personal data, answer times."""

from contact.admin.answer_times import AnswerTimeAdmin
from contact.admin.enquiries import EnquiryAdmin
from contact.admin.personal_data import PersonalDataRequestAdmin
from contact.admin.retention import ErasedTotalAdmin

__all__ = ["AnswerTimeAdmin", "EnquiryAdmin", "ErasedTotalAdmin", "PersonalDataRequestAdmin"]
