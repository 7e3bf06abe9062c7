"""Mail through an SMTP server of the settings: one message at a time, with bounded retries, and never one twice."""

from tiendo_runtime.mail.mail_sending import MailAway, MailFault, MailRefused, MailServer, MailUncertain, send
from tiendo_runtime.mail.messages import Mail, written

__all__ = ["Mail", "MailAway", "MailFault", "MailRefused", "MailServer", "MailUncertain", "send", "written"]
