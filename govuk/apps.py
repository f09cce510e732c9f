"""The Django app of components and forms."""

from django.apps import AppConfig


class GovukConfig(AppConfig):
    """Components and forms in the Design System's markup. It has no tables."""

    name = "govuk"
    verbose_name = "Design System components"
