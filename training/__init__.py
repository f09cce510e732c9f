"""Tracks and sessions of virtual training."""
