"""What goes with each static file. Read by the settings, so it imports nothing."""

from __future__ import annotations


def add_headers(headers: dict[str, str], path: str, url: str) -> None:
    """Let no other site embed a file, and nothing run where one is opened by itself."""
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
