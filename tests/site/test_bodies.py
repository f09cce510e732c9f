"""How much may be sent where: refused before anything reads it, with a page in the right frame."""

from __future__ import annotations

import json
import socket
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client

from rpec_site import bodies
from rpec_site.middleware import LastResortMiddleware
from rpec_site.server import Worker
from tests.filled_forms import opened
from tests.people import at_desk

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/contact/", 200_000),
        ("/find-your-coordinator/many/", 300_000),
        ("/get-help/", 10_000),
        ("/admin/login/", 2_621_440),
    ],
)
def test_one_byte_more_than_an_address_takes_is_refused_unread(client, db, address, most):
    fitting = client.post(address, "x" * most, FORM)
    assert fitting.status_code in {200, 403, 405, 422}
    refused = client.post(address, "x" * (most + 1), FORM)
    assert refused.status_code == 413
    is_for_staff = address.startswith("/admin/")
    assert ('class="govuk' in refused.content.decode()) == (not is_for_staff)
    assert "What you sent is too long" in refused.content.decode()


def test_a_program_is_told_so_in_json(client, db):
    body = json.dumps({"queries": ["x" * 100_000]})
    refused = client.post("/api/regions/lookup", body, "application/json")
    assert (refused.status_code, refused.json()) == (413, {"error": "Send at most 100 kB."})


def test_a_get_with_a_body_is_bounded_like_any_other(client, db):
    refused = client.generic("GET", "/", "x" * 10_001)
    assert refused.status_code == 413


@pytest.mark.parametrize(
    "address", ["/contact/", "/admin/login/", "/admin/guidance/link/1/change/"]
)
def test_a_file_sent_where_none_is_taken_is_never_stored(db, settings, address):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1
    settings.FILE_UPLOAD_TEMP_DIR = Path("/nowhere")
    file = SimpleUploadedFile("x.exe", b"MZ" * 50_000)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["csrftoken"] = "x" * 32
    assert strict.post(address, {"file": file}).status_code == 400


def test_the_addresses_that_take_files_are_there():
    for path in ("training/session/import/", "guidance/page/import/", "guidance/page/7/official/"):
        assert bodies.takes_files(f"/admin/{path}")
    assert not bodies.takes_files("/training/session/import/")


def test_a_body_that_ends_before_its_end_is_no_form(client, db):
    cut_off = client.post("/contact/", "message=Hel", FORM, CONTENT_LENGTH="100")
    assert cut_off.status_code == 400


def test_what_is_left_of_a_body_is_read_after_the_answer():
    happened: list[str] = []

    class Body:
        left = 3

        def read(self, size: int) -> bytes:
            happened.append("read")
            self.left -= 1
            return b"x" * size if self.left else b""

    answer = bodies.ReadingToTheEnd(lambda environ, start: _Answered(happened))(
        {"CONTENT_LENGTH": "9", "wsgi.input_terminated": True, "wsgi.input": Body()}, None
    )
    assert list(answer) == [b"answer"]
    answer.close()  # type: ignore[attr-defined]
    assert happened == ["answered", "closed", "read", "read", "read"]


class _Answered:
    def __init__(self, happened: list[str]) -> None:
        self.happened = happened

    def __iter__(self) -> Any:
        self.happened.append("answered")
        yield b"answer"

    def close(self) -> None:
        self.happened.append("closed")


@dataclass(frozen=True)
class Waiting:
    sock: socket.socket


def test_a_request_that_takes_too_long_to_come_in_counts_as_ended():
    server, client = socket.socketpair()
    with server, client:
        worker = Worker.__new__(Worker)
        worker.pending_conns = deque()
        waiting, in_time = Waiting(server), Waiting(client)
        worker._given_up_at = {waiting: 0.0, in_time: float("inf")}
        worker.murder_pending()
        assert server.recv(1) == b""
        client.setblocking(False)
        with pytest.raises(BlockingIOError):
            client.recv(1)


def test_a_panic_inside_a_library_is_an_error_and_not_the_end_of_the_process():
    class PanicError(BaseException):
        pass

    def view(request: HttpRequest) -> Any:
        raise PanicError("index out of bounds")

    with pytest.raises(RuntimeError, match="index out of bounds"):
        LastResortMiddleware(view)(HttpRequest())


@pytest.mark.parametrize("query", ["pk__in", "id__exact", "permissions"])
def test_a_number_larger_than_any_column_is_a_bad_request_or_finds_nothing(administrator, query):
    desk = at_desk(administrator)
    answer = desk.get(f"/admin/auth/group/?{query}={'9' * 20}")
    assert answer.status_code in {200, 302, 400}


def test_a_permission_of_a_number_larger_than_any_column_changes_nothing(administrator):
    desk, group = at_desk(administrator), Group.objects.all()[0]
    before = set(group.permissions.all())
    address = f"/admin/auth/group/{group.pk}/change/"
    sent = opened(desk, address).sent(permissions=["9" * 20])
    assert desk.post(address, sent).status_code in {200, 400}
    assert set(group.permissions.all()) == before
