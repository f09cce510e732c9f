"""Files fetched from a real server on loopback: whole, or refused with a sentence."""

from __future__ import annotations

import random
import resource
import threading
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from regions.national.download import DownloadError, Limits, NotThereError, dated, download
from tests.faults.certificates import certificate
from tests.regions.fileserver import FileServer, Served, in_turn, raw, serving, status
from tests.smtp import free_port

BODY = random.Random(1).randbytes(300_000)
QUICK = Limits(
    connect_seconds=5, silence_seconds=5, total_seconds=30, size=1_000_000, pause_seconds=0
)
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving() as running:
        yield running


@pytest.fixture
def fetched(server: FileServer, tmp_path: Path) -> Callable[..., bytes]:
    """Fetch what is at a path of the server, and return it."""

    def fetch(path: str = "/file.csv", limits: Limits = QUICK) -> bytes:
        download(server.address + path, tmp_path / "file.csv", limits=limits)
        return (tmp_path / "file.csv").read_bytes()

    return fetch


class TestWhole:
    def test_a_file_arrives_as_it_is(self, server, fetched):
        server.answers["/file.csv"] = Served(BODY)
        assert fetched() == BODY
        [(_, headers)] = server.asked
        assert headers["Accept-Encoding"] == "identity"

    def test_one_that_is_sent_in_chunks_does_too(self, server, fetched):
        server.answers["/file.csv"] = raw(CHUNKED + b"5\r\nURN,N\r\n3\r\name\r\n0\r\n\r\n")
        assert fetched() == b"URN,Name"

    def test_progress_counts_the_bytes(self, server, tmp_path):
        server.answers["/file.csv"] = Served(BODY)
        seen: list[int] = []
        address = server.address + "/file.csv"
        download(address, tmp_path / "file.csv", limits=QUICK, progress=seen.append)
        assert seen == sorted(seen)
        assert seen[-1] == len(BODY)

    def test_the_address_may_have_a_day_and_a_query(self, server, fetched):
        server.answers["/edubasealldata20261130.csv?kind=all"] = Served(BODY)
        path = dated("/edubasealldata{date:%Y%m%d}.csv?kind=all", date(2026, 11, 30))
        assert fetched(path) == BODY


class TestCutOff:
    def test_the_rest_is_asked_for_where_the_server_can_send_it(self, server, fetched):
        server.answers["/file.csv"] = Served(BODY, cuts=[100_000, 50_000])
        assert fetched() == BODY
        assert server.ranges() == [
            (None, None),
            ("bytes=100000-", '"one"'),
            ("bytes=150000-", '"one"'),
        ]

    def test_without_a_tag_the_time_of_change_stands_for_the_file(self, server, fetched):
        for etag in ("", 'W/"weak"'):
            server.asked.clear()
            server.answers["/file.csv"] = Served(BODY, etag=etag, cuts=[7])
            assert fetched() == BODY
            assert server.ranges()[1] == ("bytes=7-", "Mon, 30 Nov 2026 04:12:00 GMT")

    @pytest.mark.parametrize(
        "served",
        [
            Served(BODY, takes_ranges=False, cuts=[100_000]),
            Served(BODY, etag='W/"weak"', modified="", cuts=[100_000]),
        ],
        ids=["it takes no ranges", "it names no state"],
    )
    def test_where_the_rest_cannot_be_asked_for_all_is_asked_for_again(
        self, server, fetched, served
    ):
        server.answers["/file.csv"] = served
        assert fetched() == BODY
        assert server.ranges() == [(None, None), (None, None)]

    def test_a_file_that_changed_in_between_is_taken_from_its_beginning(self, server, fetched):
        newer = BODY[::-1]
        server.answers["/file.csv"] = in_turn(
            Served(BODY, cuts=[100_000]), Served(newer, etag='"two"', modified="")
        )
        assert fetched() == newer

    @pytest.mark.parametrize(
        "rest",
        [
            b'ETag: "two"\r\nContent-Range: bytes 100000-299999/300000\r\n',
            b'ETag: "one"\r\nContent-Range: bytes 90000-299999/300000\r\n',
            b'ETag: "one"\r\nContent-Range: bytes 100000-200000/300000\r\n',
            b'ETag: "one"\r\n',
            b'ETag: "one"\r\nContent-Range: bytes 100000-249999/250000\r\n',
            b'ETag: "one"\r\nContent-Range: bytes 100000-249999/*\r\n',
        ],
        ids=[
            "of another state",
            "from another place",
            "not to the end",
            "nobody knows of what",
            "of a shorter file",
            "to an end before its end",
        ],
    )
    def test_a_rest_that_does_not_fit_is_never_put_behind_what_is_there(
        self, server, fetched, rest
    ):
        wrong = raw(
            b"HTTP/1.1 206 Partial Content\r\n"
            + rest
            + b"Content-Length: 200000\r\n\r\n"
            + b"x" * 200_000
        )
        server.answers["/file.csv"] = in_turn(Served(BODY, cuts=[100_000]), wrong, Served(BODY))
        assert fetched() == BODY
        assert server.ranges()[2] == (None, None)

    def test_a_server_that_refuses_the_range_is_asked_for_all(self, server, fetched):
        server.answers["/file.csv"] = in_turn(
            Served(BODY, cuts=[100_000]), status(416), Served(BODY)
        )
        assert fetched() == BODY

    def test_chunks_that_break_off_are_noticed(self, server, fetched):
        server.answers["/file.csv"] = in_turn(raw(CHUNKED + b"5\r\nURN,N\r\n"), Served(BODY))
        assert fetched() == BODY

    def test_after_three_tries_it_is_given_up(self, server, fetched):
        server.answers["/file.csv"] = Served(BODY, cuts=[10, 10, 10, 10])
        with pytest.raises(DownloadError, match=r"it was cut off after 30 of 300,000 bytes\.$"):
            fetched()
        assert len(server.asked) == 3

    def test_a_length_that_is_wrong_is_never_taken_for_a_whole_file(self, server, fetched):
        server.answers["/file.csv"] = raw(HEAD + b"Content-Length: 9\r\n\r\nURN,Name")
        with pytest.raises(DownloadError, match="cut off after 8 of 9 bytes"):
            fetched()
        assert len(server.asked) == 3

    @pytest.mark.parametrize(
        "length", [b"", b"Content-Length: many\r\n", b"Content-Length: -1\r\n"]
    )
    def test_a_file_of_unknown_length_is_refused(self, server, fetched, length):
        server.answers["/file.csv"] = raw(HEAD + length + b"\r\nURN,Name")
        with pytest.raises(DownloadError, match="does not say how long the file is"):
            fetched()

    def test_a_server_that_is_busy_is_asked_again(self, server, fetched):
        server.answers["/file.csv"] = in_turn(status(503), status(429), Served(BODY))
        assert fetched() == BODY

    def test_a_server_that_stays_busy_is_named_with_its_answer(self, server, fetched):
        server.answers["/file.csv"] = status(503)
        with pytest.raises(DownloadError, match=r"from 127\.0\.0\.1:\d+: its answer is 503\.$"):
            fetched()


class TestRefused:
    @pytest.mark.parametrize("code", [404, 410])
    def test_what_is_not_there_is_asked_for_once(self, server, fetched, code):
        server.answers["/file.csv"] = status(code)
        with pytest.raises(NotThereError, match=rf"There is nothing at .* \(the answer is {code}"):
            fetched()
        assert len(server.asked) == 1

    @pytest.mark.parametrize("code", [204, 304, 401, 403])
    def test_another_answer_is_final(self, server, fetched, code):
        server.answers["/file.csv"] = status(code)
        with pytest.raises(DownloadError, match=f"gives no file: its answer is {code}"):
            fetched()
        assert len(server.asked) == 1

    def test_what_is_no_http_is_said_to_be_unreadable(self, server, fetched):
        server.answers["/file.csv"] = raw(b"220 mail.example ESMTP\r\n")
        with pytest.raises(DownloadError, match="its answer cannot be read"):
            fetched()

    def test_a_file_that_says_it_is_too_large_is_not_begun(self, server, fetched, tmp_path):
        server.answers["/file.csv"] = raw(HEAD + b"Content-Length: 1000001\r\n\r\n")
        with pytest.raises(DownloadError, match="is larger than 1 MB"):
            fetched()
        assert (tmp_path / "file.csv").stat().st_size == 0

    def test_a_stream_without_an_end_is_left(self, server, fetched, tmp_path):
        def pour(handler: BaseHTTPRequestHandler) -> None:
            while True:
                handler.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

        server.answers["/file.csv"] = raw(CHUNKED, then=pour)
        with pytest.raises(DownloadError, match="is larger than 1 MB"):
            fetched()
        assert (tmp_path / "file.csv").stat().st_size < 1_200_000

    @pytest.mark.parametrize("start", [HEAD + b"X-Slow: ", HEAD + b"Content-Length: 9000\r\n\r\n"])
    def test_a_server_that_lets_bytes_drip_is_left_when_the_time_is_over(
        self, server, fetched, start
    ):
        enough = threading.Event()

        def drip(handler: BaseHTTPRequestHandler) -> None:
            while not enough.wait(0.05):
                handler.wfile.write(b"x")

        server.answers["/file.csv"] = raw(start, then=drip)
        try:
            with pytest.raises(DownloadError, match=r"it takes longer than 0\.01 minutes"):
                fetched(limits=Limits(silence_seconds=5, total_seconds=0.6, pause_seconds=0))
        finally:
            enough.set()
        assert len(server.asked) == 1

    def test_a_server_that_says_nothing_is_asked_three_times(self, server, fetched):
        enough = threading.Event()
        server.answers["/file.csv"] = lambda handler: enough.wait(30)
        try:
            with pytest.raises(DownloadError, match="it does not answer in time"):
                fetched(limits=Limits(silence_seconds=0.2, pause_seconds=0))
        finally:
            enough.set()
        assert len(server.asked) == 3

    def test_where_nobody_listens_that_is_said(self, tmp_path):
        address = f"http://127.0.0.1:{free_port()}/file.csv"
        with pytest.raises(DownloadError, match="it accepts no connection"):
            download(address, tmp_path / "file.csv", limits=QUICK)

    def test_a_name_of_no_server_is_said_to_be_none(self, tmp_path):
        with pytest.raises(DownloadError, match="there is no server of that name"):
            download("https://nowhere.invalid/file.csv", tmp_path / "file.csv", limits=QUICK)

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "file.csv",
            "file:///etc/passwd",
            "ftp://example.org/file.csv",
            "https://",
            "https:///file.csv",
            "https://example.org:port/file.csv",
            "https://[example.org/file.csv",
            "https://example.org/a file.csv",
            "https://example.org/file.csv\r\nX-Header: 1",
            "https://example.org/{day}.csv",
        ],
    )
    def test_what_is_no_address_is_not_asked(self, tmp_path, address):
        with pytest.raises(DownloadError, match="is no address of the form https://"):
            download(address, tmp_path / "file.csv")

    @pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org", "10.0.0.1"])
    def test_http_is_for_this_machine_alone(self, tmp_path, host):
        with pytest.raises(DownloadError, match="must begin with https://"):
            download(f"http://{host}/file.csv", tmp_path / "file.csv")

    def test_a_full_disk_is_said(self, server, fetched):
        server.answers["/file.csv"] = Served(BODY)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
        try:
            with pytest.raises(DownloadError, match="cannot be stored: File too large"):
                fetched()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class TestRedirects:
    def test_it_goes_where_it_is_led(self, server, fetched):
        server.answers |= {
            "/file.csv": status(301, "/a place"),
            "/a%20place": status(307, f"{server.address}/there"),
            "/there": Served(BODY, cuts=[10]),
        }
        assert fetched() == BODY
        assert server.paths() == ["/file.csv", "/a%20place", "/there"] * 2
        assert server.ranges()[-1] == ("bytes=10-", '"one"')

    def test_a_circle_is_left(self, server, fetched):
        server.answers["/file.csv"] = status(302, "/file.csv")
        with pytest.raises(DownloadError, match="from one address to the next without an end"):
            fetched()
        assert len(server.asked) == 6

    @pytest.mark.parametrize(
        "location",
        ["http://example.org/", "ftp://example.org/", "file:///etc/passwd", "https://[evil", ""],
    )
    def test_it_goes_nowhere_unsafe(self, server, fetched, location):
        server.answers["/file.csv"] = status(302, location)
        with pytest.raises(DownloadError, match="which is no https address"):
            fetched()


class TestOverTls:
    @pytest.fixture
    def pem(self, tmp_path_factory) -> Path:
        return certificate(tmp_path_factory.mktemp("tls"), "localhost")

    def test_a_server_that_is_vouched_for_is_believed(self, pem, tmp_path, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        with serving(pem) as server:
            server.answers["/file.csv"] = Served(BODY, cuts=[100_000])
            download(f"{server.address}/file.csv", tmp_path / "file.csv", limits=QUICK)
        assert (tmp_path / "file.csv").read_bytes() == BODY

    def test_one_that_nobody_vouches_for_is_not_and_is_asked_once(self, pem, tmp_path):
        with serving(pem) as server:
            with pytest.raises(DownloadError, match="cannot be trusted: self-signed certificate"):
                download(f"{server.address}/file.csv", tmp_path / "file.csv", limits=QUICK)
            assert server.asked == []

    def test_from_a_safe_address_none_leads_to_an_unsafe_one_not_even_here(
        self, pem, server, tmp_path, monkeypatch
    ):
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        server.answers["/file.csv"] = Served(BODY)
        with serving(pem) as safe:
            safe.answers["/file.csv"] = status(302, f"{server.address}/file.csv")
            with pytest.raises(DownloadError, match="which is no https address"):
                download(f"{safe.address}/file.csv", tmp_path / "file.csv", limits=QUICK)
        assert server.asked == []
