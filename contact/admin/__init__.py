"""Enquiries in the admin: the inbox, one enquiry and its steps, personal data, answer times,
and the accounts of those who answer."""

from contact.admin.answer_times import AnswerTimeAdmin
from contact.admin.enquiries import EnquiryAdmin
from contact.admin.personal_data import PersonalDataRequestAdmin
from contact.admin.retention import ErasedTotalAdmin
from contact.admin.staff import StaffAdmin

__all__ = [
    "AnswerTimeAdmin",
    "EnquiryAdmin",
    "ErasedTotalAdmin",
    "PersonalDataRequestAdmin",
    "StaffAdmin",
]
