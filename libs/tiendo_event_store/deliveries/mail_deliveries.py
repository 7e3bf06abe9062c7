"""Which mails were sent on a day: claimed before one is sent and noted after, so that no two processes, and no repeat, send one twice."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

ATTEMPTS_MAX: Final = 5
"""So often in a day a mail that failed is taken up again, each time with the retries of sending."""

LEFT_MINUTES: Final = 30
"""After so long nobody is sending a mail any more that was claimed: three attempts take two minutes at most."""

_FAILURE_LENGTH_MAX: Final = 500


class MailState(StrEnum):
    """What became of a mail; `nothing`: there was nothing to say."""

    SENDING = "sending"
    SENT = "sent"
    NOTHING = "nothing"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


_DONE: Final = text("""
SELECT about, address FROM tiendo.mail_deliveries
 WHERE purpose = :purpose AND on_day = :on_day AND NOT (state = 'failed' AND attempts < :most)
""")
_CLAIM: Final = text("""
INSERT INTO tiendo.mail_deliveries AS mail (purpose, about, address, on_day, state) VALUES (:purpose, :about, :address, :on_day, 'sending')
ON CONFLICT (purpose, about, address, on_day) DO UPDATE SET state = 'sending', attempts = mail.attempts + 1, noted_at = clock_timestamp()
 WHERE mail.state = 'failed' AND mail.attempts < :most
RETURNING attempts
""")
_NOTE: Final = text("""
UPDATE tiendo.mail_deliveries SET state = :state, failure = :failure, noted_at = clock_timestamp()
 WHERE purpose = :purpose AND about = :about AND address = :address AND on_day = :on_day AND state = 'sending'
""")
_LAST: Final = text(f"""
SELECT DISTINCT ON (purpose, about, address) purpose, about, address, on_day, state, failure, noted_at,
       state = 'sending' AND noted_at < clock_timestamp() - interval '{LEFT_MINUTES} minutes' AS is_left
  FROM tiendo.mail_deliveries WHERE noted_at > clock_timestamp() - make_interval(days => :days)
 ORDER BY purpose, about, address, on_day DESC
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class LastMail:
    """What became of the newest mail of a purpose to an address; `is_left`: whoever was about to send it is gone."""

    purpose: str
    about: str
    address: str
    on_day: date
    state: MailState
    failure: str | None
    noted_at: datetime
    is_left: bool


async def last_mails(connection: AsyncConnection, days: int) -> list[LastMail]:
    """Of each purpose, matter and address the newest mail that was noted in the last so many days."""
    rows = await connection.execute(_LAST, {"days": days})
    return [LastMail(**{**row, "state": MailState(row["state"])}) for row in rows.mappings()]


class MailDeliveries:
    """The mails of one purpose."""

    def __init__(self, engine: AsyncEngine, purpose: str) -> None:
        self._engine = engine
        self._purpose = purpose

    async def done(self, on_day: date) -> Collection[tuple[str, str]]:
        """What is over for that day: what each is about, and the address."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(_DONE, {"purpose": self._purpose, "on_day": on_day, "most": ATTEMPTS_MAX})
            return {(row.about, row.address) for row in rows}

    async def claim(self, about: str, address: str, on_day: date) -> bool:
        """Whether the mail is the caller's to send: nobody has sent it on that day, or is about to. Durable when it returns."""
        async with self._engine.begin() as connection:
            values = {**self._values(about, address, on_day), "most": ATTEMPTS_MAX}
            return (await connection.execute(_CLAIM, values)).one_or_none() is not None

    async def note(
        self, about: str, address: str, on_day: date, state: MailState, *, failure: str | None = None
    ) -> None:
        """Note what became of a mail that was claimed."""
        said = None if failure is None else failure.replace("\x00", "")[:_FAILURE_LENGTH_MAX]
        async with self._engine.begin() as connection:
            values = {**self._values(about, address, on_day), "state": state.value, "failure": said}
            await connection.execute(_NOTE, values)

    def _values(self, about: str, address: str, on_day: date) -> dict[str, object]:
        return {"purpose": self._purpose, "about": about, "address": address, "on_day": on_day}
