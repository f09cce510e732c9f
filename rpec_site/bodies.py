"""How much may be sent to which address, and how: decided before anything is parsed or stored.

A body's size is what its sender says, or, of one that comes in chunks, what is counted while it
comes in: one byte more than is allowed is never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

# Bytes. An enquiry of 5,000 characters has 60,000 where each of them is an emoji, as forms send it.
_LARGEST: Final = {
    "/contact/": 200_000,
    "/find-your-coordinator/many/": 300_000,
    "/api/regions/lookup": 100_000,
}
# No other address of the public takes a body at all.
_ELSEWHERE: Final = 10_000
# Of the admin: all sections of a draft, or a file of sessions as it is sent back to be stored.
_STAFF: Final = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
# States of a page of GOV.UK's, several at once.
_STATES_OF_A_PAGE: Final = 10_000_000
_TAKES_FILES: Final = {
    re.compile(r"training/session/import/"): _STAFF,
    re.compile(r"guidance/page/import/"): _STATES_OF_A_PAGE,
    re.compile(r"guidance/page/\d+/official/"): _STATES_OF_A_PAGE,
}
# Of a body that was not wanted: what is longer is cut off, whatever its sender makes of that.
_LONGEST_LEFT: Final = 32 * 1024 * 1024


class TooLargeError(ValueError):
    """A body is larger than its address takes."""


class FilesRefused(FileUploadHandler):
    """The address takes no files: reading stops at the first, before any of it is kept."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise BadRequest("This address takes no files.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def largest(path: str) -> int:
    """Return how many bytes an address takes."""
    if not path.startswith(f"/{settings.ADMIN_PATH}"):
        return _LARGEST.get(path, _ELSEWHERE)
    return takes_files(path) or _STAFF


def bound(request: HttpRequest) -> None:
    """Read the body, and let nothing larger, and no file, come of it than its address takes.

    Raises TooLargeError, before reading any of it where its size is told; BadRequest for one that
    ends before its end: half a form would be taken for the whole of it.
    """
    if not takes_files(request.path_info):
        request.upload_handlers = [FilesRefused(request)]
    most = largest(request.path_info)
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    comes_in_chunks = bool(request.META.get("HTTP_TRANSFER_ENCODING"))
    if length > most:
        raise TooLargeError
    if not length and not comes_in_chunks:
        return
    try:
        body = request.META["wsgi.input"].read(most + 1 if comes_in_chunks else length)
    except Exception as error:  # Each server has errors of its own for what is no body.
        raise BadRequest("The body cannot be read.") from error
    if len(body) > most:
        raise TooLargeError
    if len(body) < length:
        raise BadRequest("The body was cut off.")
    # Django takes a body without a length for none.
    request.META["CONTENT_LENGTH"] = str(len(body))
    request._stream = BytesIO(body)


def takes_files(path: str) -> int:
    """Return how many bytes an address takes of files, and all else in the form; 0 for none."""
    below = path.removeprefix(f"/{settings.ADMIN_PATH}")
    if below == path:
        return 0
    return next((most for taker, most in _TAKES_FILES.items() if taker.fullmatch(below)), 0)


class ReadingToTheEnd:
    """A WSGI application that answers first, and then reads what was sent and not wanted.

    A server that closes while its client still sends looks broken to it: it may never see the
    answer. Who sends slowly is cut off by the web server (`server.Worker`).
    """

    def __init__(self, application: Any) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = self._application(environ, start_response)
        if not (environ.get("CONTENT_LENGTH") or environ.get("HTTP_TRANSFER_ENCODING")):
            return answer
        return _Answer(answer, environ)


class _Answer:
    def __init__(self, answer: Any, environ: dict[str, Any]) -> None:
        self._answer = answer
        self._environ = environ

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer

    def close(self) -> None:
        self._answer.close()
        # Only servers that say so end a body where it ends.
        if not self._environ.get("wsgi.input_terminated"):
            return
        read = 0
        while read < _LONGEST_LEFT and (chunk := self._environ["wsgi.input"].read(65_536)):
            read += len(chunk)
