"""The Django app of tracks and sessions."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """Tracks and their sessions."""

    name = "training"
