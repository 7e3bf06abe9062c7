"""The morning's digests: made for those whose working morning it is and who have not had theirs, sent, and noted."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_contracts.digest_list import DigestListInvalid, Recipient, recipients_of
from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_contracts.texts.toml_text import TomlInvalid, toml_tables, toml_text
from tiendo_domain.rules import RuleBook
from tiendo_event_store.deliveries.mail_deliveries import MailDeliveries, MailState
from tiendo_event_store.faults import DATABASE_FAULTS
from tiendo_query.early_warning.digest_mails import PURPOSE, digest_mail
from tiendo_query.early_warning.digests import Digest, digest_of, morning_cases, morning_of
from tiendo_query.query_side import QuerySide
from tiendo_read_models.errors import NoLiveBuild
from tiendo_runtime.database import service_engine
from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.mail import MailFault, MailServer, MailUncertain, send, written
from tiendo_runtime.settings import Settings
from tiendo_runtime.stop_aware_waiting import sleep_until

LOOK_SECONDS: Final = 60.0
_MORNING: Final = timedelta(hours=4)
"""So long after its time a digest is still one of the morning; later it waits for the next."""

_journal = structlog.get_logger("tiendo.digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentDigest:
    """What became of the digest of one recipient."""

    digest: Digest
    state: MailState
    failure: str | None = None


def load_recipients(path: Path | None) -> tuple[Recipient, ...]:
    """The recipients that the file lists. Raises SettingsInvalid, also where no file is set."""
    if path is None:
        raise SettingsInvalid("TIENDO_DIGESTS: is missing; it is the file that lists who gets digests")
    try:
        return recipients_of(toml_tables(toml_text(path)))
    except OSError as error:
        raise SettingsInvalid(f"TIENDO_DIGESTS: {path} cannot be read: {error.strerror}") from None
    except (DigestListInvalid, TomlInvalid, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"TIENDO_DIGESTS: {path}: {error}") from None


def is_morning(recipient: Recipient, rules: RuleBook, at: datetime, digest_at: time) -> date | None:
    """The local day if it is a working day of the recipient's unit and its morning at the instant; else None."""
    calendar, local = morning_of(recipient, rules, at)
    begins = datetime.combine(local.date(), digest_at, calendar.zone)
    return local.date() if calendar.is_working_day(local.date()) and begins <= local < begins + _MORNING else None


async def made(side: QuerySide, recipients: Sequence[Recipient], at: datetime) -> list[Digest]:
    """The digests of all of them, also those that have nothing to say."""
    cases = await morning_cases(side, recipients, at)
    return await asyncio.to_thread(lambda: [digest_of(recipient, cases) for recipient in recipients])


class DigestSending:
    """Sends digests, none twice on a day."""

    def __init__(self, engine: AsyncEngine, side: QuerySide, server: MailServer, settings: Settings) -> None:
        self._side, self._server, self._settings = side, server, settings
        self._deliveries = MailDeliveries(engine, PURPOSE)

    async def send_due(self, at: datetime) -> list[SentDigest]:
        """Send the digests of those whose working morning it is; what was sent today already is not among them."""
        recipients = load_recipients(self._settings.digests)
        digest_at = time.fromisoformat(self._settings.digest_at)
        async with self._side.snapshot() as snapshot:
            rules = snapshot.rules
        mornings = [(one, day) for one in recipients if (day := is_morning(one, rules, at, digest_at)) is not None]
        return await self.send_to(mornings, at)

    async def send_to(self, mornings: Sequence[tuple[Recipient, date]], at: datetime) -> list[SentDigest]:
        """Send to these, each by the local day, who have not had theirs of that day."""
        done = {day: await self._deliveries.done(day) for day in {day for _, day in mornings}}
        pending = [one for one, day in mornings if (one.about, one.address) not in done[day]]
        digests = await made(self._side, pending, at) if pending else []
        sent = [await self._send(digest, at) for digest in digests]
        return [one for one in sent if one is not None]

    async def _send(self, digest: Digest, at: datetime) -> SentDigest | None:
        """What became of it; None where another process has it."""
        about, address, day = digest.recipient.about, digest.recipient.address, digest.on_day
        if not await self._deliveries.claim(about, address, day):
            return None
        state, failure = MailState.NOTHING, None
        if digest.sections:
            state, failure = await self._given(digest, at)
        await self._deliveries.note(about, address, day, state, failure=failure)
        _journal.info("digest", about=about, address=address, state=state.value, cases=digest.cases, failure=failure)
        return SentDigest(digest=digest, state=state, failure=failure)

    async def _given(self, digest: Digest, at: datetime) -> tuple[MailState, str | None]:
        mail = digest_mail(digest, self._settings.public_url)
        message = written(mail, sender=self._server.sender, at=at)
        try:
            await send(self._server, mail.address, message)
        except MailUncertain as fault:
            return MailState.UNCERTAIN, str(fault)
        except MailFault as fault:
            return MailState.FAILED, str(fault)
        return MailState.SENT, None


async def run(settings: Settings, url: str, stop: asyncio.Event) -> None:
    """Send each working morning's digests until the event is set. Raises SettingsInvalid."""
    server = MailServer.of(settings)
    if server is None:
        raise SettingsInvalid("TIENDO_MAIL_HOST: is missing; it is the SMTP server that digests go through")
    load_recipients(settings.digests)
    engine = service_engine(url, DatabaseRole.COMMAND_LINE, pool_size=4)
    side = QuerySide(engine)
    sending = DigestSending(engine, side, server, settings)
    try:
        while not stop.is_set():
            try:
                await sending.send_due(datetime.now(UTC))
            except (NoLiveBuild, SettingsInvalid, Refusal, *DATABASE_FAULTS) as error:
                _journal.warning("digests were not sent; tried again", cause=type(error).__name__)
            await sleep_until(stop, LOOK_SECONDS)
    finally:
        await side.close()
        await engine.dispose()
