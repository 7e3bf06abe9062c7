"""Checks of the mails: whether each address got its last one."""

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.diagnosis.findings import CheckFinding, good, warning, wrong
from tiendo_event_store.deliveries.mail_deliveries import LastMail, MailState, last_mails
from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.mail import MailServer
from tiendo_runtime.settings import Settings

LOOKED_AT_DAYS = 7
"""Mails of so many days are looked at: what was said before is no news to anybody."""

_REPAIR = "the reason is the mail server's; mend TIENDO_MAIL_…, the address in TIENDO_DIGESTS or the mailbox, then `tiendo digest --send`"
_ASK = "ask there whether it came; it is not sent again that day, and the next morning's is"


async def check_mails(engine: AsyncEngine, settings: Settings) -> list[CheckFinding]:
    """Nothing where no mail was sent of late; else each kind of trouble once, with the newest of it."""
    try:
        MailServer.of(settings)
    except SettingsInvalid as error:
        return [wrong("mails", str(error), "mend the setting; nothing is mailed meanwhile")]
    async with engine.connect() as connection:
        mails = await last_mails(connection, LOOKED_AT_DAYS)
    if not mails:
        return []
    failed = [mail for mail in mails if mail.state is MailState.FAILED]
    uncertain = [mail for mail in mails if mail.state is MailState.UNCERTAIN or mail.is_left]
    found = [wrong("mails", f"failed: {_told(failed, mails)}", _REPAIR)] if failed else []
    if uncertain:
        found.append(warning("mails", f"nobody knows whether they arrived: {_told(uncertain, mails)}", _ASK))
    return found or [good("mails", f"the last of each of {len(mails):,} recipients: sent, or there was nothing to say")]


def _told(troubled: list[LastMail], mails: list[LastMail]) -> str:
    """How many, and the newest as an example."""
    newest = max(troubled, key=lambda mail: mail.noted_at)
    why = "" if newest.failure is None else f": {newest.failure}"
    return (
        f"the last of {len(troubled):,} of {len(mails):,} recipients, as the {newest.purpose} of {newest.on_day} to {newest.address} "
        f"({newest.about}){why}"
    )
