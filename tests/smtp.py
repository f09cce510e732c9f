"""A real SMTP server on loopback, which tests can make say anything."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from types import MappingProxyType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Received:
    """One mail as the server had it."""

    recipient: str
    sender: str
    message: Message

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass
class MailServer:
    """What arrived, and what to answer at which step (blank: accept)."""

    received: list[Received] = field(default_factory=list)
    on_rcpt: str = ""
    refuses: frozenset[str] = frozenset()
    on_data: str = ""
    cuts_after_data: bool = False
    delay_seconds: float = 0.0
    host: str = "127.0.0.1"
    port: int = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 5.1.1 No such mailbox"
        if self.on_rcpt:
            return self.on_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.delay_seconds)
        content = envelope.content
        assert isinstance(content, bytes)
        if self.on_data:
            return self.on_data
        self.received.extend(
            Received(recipient, envelope.mail_from or "", message_from_bytes(content))
            for recipient in envelope.rcpt_tos
        )
        if self.cuts_after_data:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 Kept as 1"

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"


def free_port() -> int:
    """Return a port of loopback that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_mail_server(
    *, controller: Mapping[str, Any] = MappingProxyType({}), **options: Any
) -> Iterator[MailServer]:
    """Run a server on a free port of loopback until the block ends; `controller`: aiosmtpd's."""
    server = MailServer(port=free_port(), **options)
    running = Controller(server, hostname=server.host, port=server.port, **controller)
    running.start()
    try:
        yield server
    finally:
        running.stop()
