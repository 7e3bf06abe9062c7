"""A real SMTP server in the test's own process, which keeps what it is given."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tiendo_runtime.mail import MailServer

Answer = str | Callable[[SMTP], str]


@dataclass(slots=True)
class Mailbox:
    """What arrived, in order; `answers` are given to the next messages in place of taking them, the last one to all others."""

    answers: list[Answer] = field(default_factory=list)
    taken: list[Envelope] = field(default_factory=list)
    asked: int = 0
    logins: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.asked += 1
        if self.answers:
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            said = answer(server) if callable(answer) else answer
            if not said.startswith("250"):
                return said
        self.taken.append(envelope)
        return "250 taken"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(f"{data.login.decode()}:{data.password.decode()}")
        return AuthResult(success=data.password == b"mat-khau", handled=False)

    @property
    def messages(self) -> list[EmailMessage]:
        """The messages as a mailbox reads them."""
        found = [message_from_bytes(envelope.content or b"", policy=default) for envelope in self.taken]  # type: ignore[arg-type]
        assert all(isinstance(message, EmailMessage) for message in found)
        return found  # type: ignore[return-value]


def cut_off(server: SMTP) -> str:
    """The connection ends where the server should say whether it took the message."""
    assert server.transport is not None
    server.transport.abort()
    return "451 never said"


@asynccontextmanager
async def smtp_server(mailbox: Mailbox, **options: Any) -> AsyncIterator[MailServer]:
    """The settings of a server that fills the mailbox within the block."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, hostname="mail.test", **options), "127.0.0.1", 0)
    try:
        yield MailServer(
            host="127.0.0.1",
            port=server.sockets[0].getsockname()[1],
            starttls="tls_context" in options,
            user=None,
            password_file=None,
            ca_file=None,
            sender="Tiến độ <tiendo@example.vn>",
        )
    finally:
        server.close()
        await server.wait_closed()


def tls(certificate: str) -> ssl.SSLContext:
    """What the server encrypts with."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context
