"""Sending one mail: what failed before the message was given is tried again, what may have arrived never is.

MailFault          the mail was not sent, or nobody knows
├── MailAway       the server is not reached, or does not take it now: again later
├── MailRefused    the server will not take it
└── MailUncertain  the connection ended while the message was being given: it may have arrived
"""

import asyncio
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.settings import Settings

TIMEOUT_SECONDS: Final = 20.0
PAUSES_SECONDS: Final = (2.0, 10.0)
"""Between one attempt and the next; after the last nothing more is tried."""

_SECRET_LENGTH_MAX: Final = 1_000
_FOR_GOOD: Final = 500
_OK: Final = 250


class MailFault(Exception):  # noqa: N818 - the house's word
    """The mail was not sent, or nobody knows."""


class MailAway(MailFault):
    """The server is not reached, or does not take the mail now."""


class MailRefused(MailFault):
    """The server will not take the mail."""


class MailUncertain(MailFault):
    """The mail may have arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """The SMTP server of the settings; `sender` is who mails come from."""

    host: str
    port: int
    starttls: bool
    user: str | None
    password_file: Path | None
    ca_file: Path | None
    sender: str

    @classmethod
    def of(cls, settings: Settings) -> "MailServer | None":
        """The server of the settings; None where none is named: then nothing is sent. Raises SettingsInvalid."""
        if settings.mail_host is None:
            return None
        if settings.mail_from is None:
            raise SettingsInvalid("TIENDO_MAIL_FROM: is missing; it is the address that mails come from")
        if (settings.mail_user is None) is not (settings.mail_password_file is None):
            raise SettingsInvalid("TIENDO_MAIL_USER and TIENDO_MAIL_PASSWORD_FILE: one needs the other")
        return cls(
            host=settings.mail_host,
            port=settings.mail_port,
            starttls=settings.mail_starttls,
            user=settings.mail_user,
            password_file=settings.mail_password_file,
            ca_file=settings.mail_ca_file,
            sender=settings.mail_from,
        )

    def password(self) -> str:
        """The password, read anew each time. Raises SettingsInvalid."""
        if self.password_file is None:
            return ""
        try:
            with self.password_file.open(encoding="utf-8") as file:
                return file.read(_SECRET_LENGTH_MAX).strip()
        except OSError as error:
            raise SettingsInvalid(
                f"TIENDO_MAIL_PASSWORD_FILE: {self.password_file} cannot be read: {error.strerror}"
            ) from None


async def send(
    server: MailServer, address: str, message: bytes, *, pauses_seconds: Sequence[float] = PAUSES_SECONDS
) -> int:
    """How many attempts it took to give the message to the server. Raises MailFault, and SettingsInvalid for a password that is not there."""
    for number, pause in enumerate(pauses_seconds, start=1):
        try:
            await asyncio.to_thread(_given, server, address, message)
        except MailAway:
            await asyncio.sleep(pause)
        else:
            return number
    await asyncio.to_thread(_given, server, address, message)
    return len(pauses_seconds) + 1


def _given(server: MailServer, address: str, message: bytes) -> None:
    """Give the message to the server, once. Raises MailFault."""
    giving = False
    try:
        with smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS) as smtp:
            if server.starttls:
                smtp.starttls(context=ssl.create_default_context(cafile=server.ca_file))
            if server.user is not None:
                smtp.login(server.user, server.password())
            smtp.ehlo_or_helo_if_needed()
            _expect(smtp.mail(_bare(server.sender)), f"MAIL FROM {server.sender}")
            _expect(smtp.rcpt(address), f"RCPT TO {address}")
            giving = True
            answer = smtp.data(message)
            giving = False
            _expect(answer, "DATA")
    except smtplib.SMTPResponseException as error:
        # The server has said that it does not take it, also where the message had been given.
        raise _not_taken(error.smtp_code, error.smtp_error, "the server") from None
    except smtplib.SMTPNotSupportedError as error:
        raise MailRefused(f"the server cannot do what the settings ask: {error}") from None
    except (smtplib.SMTPException, OSError) as error:
        if giving:
            raise MailUncertain(f"the connection ended while the message was being given: {error}") from None
        raise MailAway(f"{server.host} port {server.port} is not reached: {error}") from None


def _expect(answer: tuple[int, bytes], what: str) -> None:
    code, said = answer
    if not _OK <= code < _OK + 50:
        raise _not_taken(code, said, what)


def _not_taken(code: int, said: bytes | str, what: str) -> MailFault:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    fault = MailRefused if code >= _FOR_GOOD else MailAway
    return fault(f"{what}: {code} {words}")


def _bare(sender: str) -> str:
    """The address alone of `Tiến độ <tiendo@example.vn>`."""
    return sender.rpartition("<")[2].rstrip(">").strip()
