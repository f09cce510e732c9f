"""Writes of several rows."""
