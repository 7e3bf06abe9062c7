"""The notifier's loop: look for new facts of publications, send what is due, rest."""

import asyncio
import json
import logging
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

import httpx
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_domain.rules import RuleBook, UnitLines
from tiendo_event_store import EventLog
from tiendo_event_store.causes import cause_of
from tiendo_event_store.deliveries.webhook_deliveries import (
    ClaimedDelivery,
    DeliveryState,
    PublicationFact,
    add_deliveries,
    advance_progress,
    begin_progress,
    claim_due,
    delivery_counts,
    end_delivery,
    progress_of,
    publication_facts,
    put_off,
)
from tiendo_event_store.faults import DATABASE_FAULTS, is_transient
from tiendo_notifier import metrics
from tiendo_notifier.attempts import Attempt
from tiendo_notifier.mailed_attempts import attempt_mail
from tiendo_notifier.webhook_sending import SECONDS, attempt_webhook
from tiendo_runtime.database import service_engine
from tiendo_runtime.settings import Settings
from tiendo_runtime.shown_metrics import shown_metrics
from tiendo_runtime.stop_aware_waiting import BackOff, Stopped, run_until, sleep_until
from tiendo_runtime.webhook_targets import MailTarget, NotifiedTarget, load_targets

RETRY_SECONDS: Final = (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
"""How long after each failed attempt the next one comes; after the one that follows the last of these a delivery is given up, some three days on."""

REST_SECONDS: Final = 2.0
_JITTER: Final = 0.1
_FACTS_AT_ONCE: Final = 100
_SENT_AT_ONCE: Final = 8
_POOL_SIZE: Final = 3

_journal = structlog.get_logger("tiendo.notifier")


async def run(settings: Settings, database_url: str, stop: asyncio.Event) -> None:
    """Tell whom the settings list until `stop` is set; waits for a database that is away. Raises SettingsInvalid."""
    targets = load_targets(settings)
    for target in targets:
        target.check()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with shown_metrics(settings):
        engine = service_engine(database_url, DatabaseRole.NOTIFIER, pool_size=_POOL_SIZE)
        try:
            await Notifier(engine, targets).run(stop)
        finally:
            await engine.dispose()


class Notifier:
    """Tells webhooks and addresses of mail what happened to publications."""

    def __init__(
        self, engine: AsyncEngine, targets: Sequence[NotifiedTarget], *, retry_seconds: Sequence[float] = RETRY_SECONDS
    ) -> None:
        self._engine = engine
        self._targets = {target.name: target for target in targets}
        self._names = sorted(self._targets)
        self._retry_seconds = retry_seconds
        self._begun = False

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; what is no passing fault of the database is raised."""
        back_off = BackOff(stop)
        async with httpx.AsyncClient(timeout=SECONDS, follow_redirects=False) as client:
            while not stop.is_set():
                try:
                    await run_until(stop, self.step(client), grace_seconds=SECONDS)
                    back_off.reset()
                    await sleep_until(stop, REST_SECONDS)
                except Stopped:
                    return
                except DATABASE_FAULTS as error:
                    if not is_transient(error):
                        raise
                    _journal.warning("database is away", cause=cause_of(error), again_in_seconds=back_off.seconds)
                    await back_off.wait()

    async def step(self, client: httpx.AsyncClient) -> None:
        """Take what is new in the log, and send everything that is due."""
        if not self._begun:
            async with self._engine.begin() as connection:
                await begin_progress(connection, self._names)
            self._begun = True
        while await self._take_new():
            pass
        while await self._send_due(client):
            pass
        await self._count()

    async def _take_new(self) -> bool:
        """Whether there may be more."""
        async with self._engine.begin() as connection:
            progress = await progress_of(connection, self._names)
            more = False
            for position, names in _by_position(progress):
                facts = await publication_facts(connection, position, _FACTS_AT_ONCE)
                if facts:
                    await self._add(connection, facts, names)
                    await advance_progress(connection, names, facts[-1].position)
                more = more or len(facts) == _FACTS_AT_ONCE
        return more

    async def _add(self, connection: AsyncConnection, facts: Sequence[PublicationFact], names: Sequence[str]) -> None:
        rules = RuleBook.fold(await EventLog(self._engine).directory_facts())
        lines = UnitLines(rules=rules, on=datetime.now(UTC).astimezone(rules.default_calendar.zone).date())
        concerned = {fact.position: [name for name in names if self._concerns(fact, name, lines)] for fact in facts}
        await add_deliveries(connection, concerned)

    def _concerns(self, fact: PublicationFact, name: str, lines: UnitLines) -> bool:
        units = self._targets[name].units
        return units is None or not set(units).isdisjoint(lines.line(unit_of(fact), {}))

    async def _send_due(self, client: httpx.AsyncClient) -> bool:
        """Whether anything was due."""
        async with self._engine.begin() as connection:
            claimed = await claim_due(connection, self._names, _SENT_AT_ONCE)
        await asyncio.gather(*(self._send(client, delivery) for delivery in claimed))
        return bool(claimed)

    async def _send(self, client: httpx.AsyncClient, claimed: ClaimedDelivery) -> None:
        target = self._targets[claimed.webhook]
        if isinstance(target, MailTarget):
            found = await attempt_mail(target, claimed.text)
        else:
            found = await attempt_webhook(client, target, claimed.event_id, claimed.text)
        async with self._engine.begin() as connection:
            if found.arrived:
                await end_delivery(connection, claimed, DeliveryState.DELIVERED, found.outcome)
            elif found.final or claimed.attempts > len(self._retry_seconds):
                await end_delivery(connection, claimed, DeliveryState.DEAD, found.outcome)
            else:
                await put_off(connection, claimed, self._wait(claimed, found), found.outcome)
        metrics.ATTEMPTS.labels(claimed.webhook, "delivered" if found.arrived else "failed").inc()
        if not found.arrived:
            _journal.warning(
                "a webhook did not take it",
                webhook=claimed.webhook,
                position=claimed.position,
                attempt=claimed.attempts,
                reason=found.outcome.failure,
            )

    def _wait(self, claimed: ClaimedDelivery, found: Attempt) -> float:
        seconds = self._retry_seconds[claimed.attempts - 1]
        waited = seconds + random.uniform(0, _JITTER * seconds)  # noqa: S311 - so that not all come back at once
        return max(waited, found.retry_after)

    async def _count(self) -> None:
        async with self._engine.connect() as connection:
            counts = await delivery_counts(connection)
        for name in self._names:
            for state in DeliveryState:
                metrics.DELIVERIES.labels(name, state.value).set(counts.get((name, state), 0))


def unit_of(fact: PublicationFact) -> str | None:
    """The unit whose publication it is."""
    unit = json.loads(fact.text).get("data", {}).get("unit")
    return unit if isinstance(unit, str) else None


def _by_position(progress: dict[str, int]) -> list[tuple[int, list[str]]]:
    """The webhooks that have come equally far."""
    ordered = sorted(progress, key=lambda name: progress[name])
    return [(position, list(names)) for position, names in groupby(ordered, key=lambda name: progress[name])]
