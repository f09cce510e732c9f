"""Bodies that are too large, come in pieces or never come, against the real server."""

from __future__ import annotations

import socket
import urllib.parse

from tests.hostile.running import FORM
from tests.processes import TYPED

HEAD = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n{more}\r\n\r\n"
)


def answer_to(running, path: str, more: str, body: bytes = b"") -> bytes:
    """Send a request as it is, without ending it, and return the first line of the answer."""
    with socket.create_connection(("127.0.0.1", running.site.port), timeout=60) as connection:
        connection.sendall(HEAD.format(path=path, more=more).encode() + body)
        return connection.recv(65_536).partition(b"\r\n")[0]


def in_chunks(body: bytes) -> bytes:
    pieces = (body[start : start + 1000] for start in range(0, len(body), 1000))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


def test_a_body_that_is_told_to_be_too_long_is_refused_before_it_comes(running):
    for path in ("/api/regions/lookup", "/contact/", "/admin/login/", "/nowhere/"):
        assert b" 413 " in answer_to(running, path, "Content-Length: 400000000")


def test_an_enquiry_in_chunks_is_taken_like_any_other(running):
    body = urllib.parse.urlencode({**TYPED, "message": "In chunks", "token": "chunks"}).encode()
    answer = answer_to(
        running, "/contact/", "Transfer-Encoding: chunked", in_chunks(body) + b"0\r\n\r\n"
    )
    assert b" 302 " in answer


def test_chunks_without_end_are_refused_where_they_are_too_many(running):
    endless = in_chunks(b"message=" + b"x" * 250_000)
    assert b" 413 " in answer_to(running, "/contact/", "Transfer-Encoding: chunked", endless)


def test_what_is_no_chunk_is_a_bad_request(running):
    assert b" 400 " in answer_to(running, "/contact/", "Transfer-Encoding: chunked", b"zz\r\n")


def test_half_an_enquiry_is_none(running):
    before = running.counts()
    body = urllib.parse.urlencode({**TYPED, "token": "half"}).encode()
    head = HEAD.format(path="/contact/", more=f"Content-Length: {len(body) + 400}").encode()
    with socket.create_connection(("127.0.0.1", running.site.port), timeout=60) as connection:
        connection.sendall(head + body)
        connection.shutdown(socket.SHUT_WR)
        assert b" 400 " in connection.recv(65_536).partition(b"\r\n")[0]
    assert running.counts() == before


def test_the_sender_of_what_is_too_long_can_read_why(running):
    """Most clients send all before they look at the answer, and it must still be there."""
    answer = running.ask("POST", "/contact/", "message=" + "x" * 5_000_000, FORM)
    assert answer.status == 413
    assert "What you sent is too long" in answer.text
    assert "/get-help/" in answer.text
