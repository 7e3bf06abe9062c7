"""One attempt to tell an address by mail."""

from datetime import UTC, datetime

from tiendo_event_store.deliveries.webhook_deliveries import AttemptOutcome
from tiendo_notifier.attempts import Attempt
from tiendo_notifier.publication_mails import publication_mail
from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.mail import MailFault, MailRefused, MailUncertain, send, written
from tiendo_runtime.webhook_targets import MailTarget


async def attempt_mail(target: MailTarget, text: str) -> Attempt:
    """Send it once: what the server refuses, and what may have arrived, is not tried again."""
    try:
        mail = publication_mail(text, target.mailed.address, target.public_url)
        message = written(mail, sender=target.server.sender, at=datetime.now(UTC))
        await send(target.server, target.mailed.address, message, pauses_seconds=())
    except (MailFault, SettingsInvalid) as error:
        final = isinstance(error, MailRefused | MailUncertain)
        return Attempt(outcome=AttemptOutcome(status=None, failure=str(error)), final=final)
    return Attempt(outcome=AttemptOutcome(status=None, failure=None))
