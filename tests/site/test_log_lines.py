"""What the log says of refusals and of requests that nobody can read, and what it leaves out."""

from __future__ import annotations

import ast
import logging
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from rpec_site.log_lines import WithoutAddresses, WithoutTracebackOfRefusals
from tests.people import at_desk

LOGGING: Any = settings.LOGGING


def record(message: str, **fields: object) -> logging.LogRecord:
    line = logging.LogRecord("x", logging.WARNING, "x.py", 1, message, (), None)
    for name, value in fields.items():
        setattr(line, name, value)
    return line


@pytest.mark.django_db
def test_a_refusal_is_one_line(editor, caplog):
    assert at_desk(editor).get("/admin/accounts/user/").status_code == 403
    [line] = [line for line in caplog.records if line.name == "django.request"]
    assert line.getMessage() == "Forbidden (Permission denied): /admin/accounts/user/"
    assert line.exc_info is None
    assert LOGGING["loggers"]["django.request"]["filters"] == ["refusals"]


def test_what_fails_keeps_its_traceback():
    failed = record("Internal Server Error", status_code=500, exc_info=(ValueError, None, None))
    assert WithoutTracebackOfRefusals().filter(failed)
    assert failed.exc_info
    refused = record("Forbidden", status_code=403, exc_info=(ValueError, None, None))
    assert WithoutTracebackOfRefusals().filter(refused)
    assert refused.exc_info is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Invalid request from ip=203.0.113.9: Invalid HTTP Version", "Invalid HTTP Version"),
        ("Invalid request from ip=2001:db8::7: bad", "bad"),
    ],
)
def test_who_sent_what_cannot_be_read_is_left_out(said, kept):
    line = record(said)
    assert WithoutAddresses().filter(line)
    assert line.getMessage() == f"Invalid request: {kept}"


def test_no_header_tells_the_server_where_the_site_begins():
    tree = ast.parse(Path("gunicorn.conf.py").read_text())
    values = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    assert values["forwarder_headers"] == ""


def test_readers_get_no_names_of_cookies_but_those_that_are_set():
    page = Client().get("/cookies/").content.decode()
    assert settings.SESSION_COOKIE_NAME in page
    assert settings.CSRF_COOKIE_NAME in page
