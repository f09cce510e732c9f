"""Tracks and sessions in the admin, where editors keep the dates right."""

from training.admin.sessions import SessionAdmin
from training.admin.tracks import TrackAdmin

__all__ = ["SessionAdmin", "TrackAdmin"]
