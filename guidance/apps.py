"""The Django app of the guidance."""

from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    """The guidance: pages, their editions and what those froze, and links to the outside."""

    name = "guidance"
