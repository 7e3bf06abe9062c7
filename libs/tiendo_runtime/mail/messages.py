"""A mail as it goes over the wire: the same said as plain text and as HTML."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import Final

_WIRE: Final = SMTP.clone(cte_type="7bit")
"""Lines end with CR LF, and nothing but ASCII: any server takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What one address is told. `about` tells it from what else the address is told for the same `purpose` on the same day."""

    purpose: str
    about: str
    address: str
    subject: str
    text: str
    html: str


def written(mail: Mail, *, sender: str, at: datetime) -> bytes:
    """The message; its id follows from what it is about and the day, so that a mailbox that gets it twice knows it."""
    message = EmailMessage(policy=_WIRE)
    message["From"] = sender
    message["To"] = mail.address
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    said = "\n".join((mail.purpose, mail.about, mail.address, at.date().isoformat()))
    message["Message-ID"] = f"<{sha256(said.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message.as_bytes()
