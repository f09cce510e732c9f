"""Addresses of the contact form."""

from django.urls import path, re_path

from contact import views
from contact.references import PATTERN

app_name = "contact"

urlpatterns = [
    path("", views.Contact.as_view(), name="form"),
    re_path(rf"^sent/(?P<reference>{PATTERN.pattern})/$", views.Sent.as_view(), name="sent"),
]
