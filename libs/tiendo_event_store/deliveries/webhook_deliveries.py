"""What webhooks are told: each fact of a publication once in effect, however often processes die between sending and noting.

A delivery is claimed for a while before it is sent. Who claimed it and died leaves it due again, so it may arrive twice, under the same id.
Any number of processes may work at once; none waits for another.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_contracts.publications.publication_facts import PUBLICATION_TYPE_PREFIX

CLAIM_SECONDS: Final = 60
"""So long one attempt has; then another process may take it for lost."""

_BEGIN: Final = text("""
INSERT INTO tiendo.webhook_progress (webhook, position)
SELECT webhook, (SELECT coalesce(max(position), 0) FROM tiendo.events WHERE shard IS NULL)
  FROM unnest(CAST(:names AS text[])) AS webhook
ON CONFLICT (webhook) DO NOTHING
""")
_PROGRESS: Final = text("""
SELECT webhook, position FROM tiendo.webhook_progress WHERE webhook = ANY(CAST(:names AS text[])) ORDER BY webhook FOR UPDATE
""")
_FACTS: Final = text(f"""
SELECT position, text FROM tiendo.events
 WHERE shard IS NULL AND log_id IS NULL AND type ^@ '{PUBLICATION_TYPE_PREFIX}' AND position > :after
 ORDER BY position LIMIT :limit
""")
_ADD: Final = text("""
INSERT INTO tiendo.webhook_deliveries (webhook, position, state)
SELECT webhook, position, 'pending' FROM unnest(CAST(:names AS text[]), CAST(:positions AS bigint[])) AS added (webhook, position)
ON CONFLICT (webhook, position) DO NOTHING
""")
_ADVANCE: Final = text("""
UPDATE tiendo.webhook_progress SET position = :position WHERE webhook = ANY(CAST(:names AS text[])) AND position < :position
""")
_CLAIM: Final = text(f"""
WITH due AS (
    SELECT webhook, position FROM tiendo.webhook_deliveries
     WHERE state = 'pending' AND due_at <= clock_timestamp() AND webhook = ANY(CAST(:names AS text[]))
     ORDER BY due_at, position LIMIT :limit FOR UPDATE SKIP LOCKED
)
UPDATE tiendo.webhook_deliveries d
   SET attempts = d.attempts + 1, due_at = clock_timestamp() + interval '{CLAIM_SECONDS} seconds'
  FROM due JOIN tiendo.events e ON e.position = due.position
 WHERE d.webhook = due.webhook AND d.position = due.position
RETURNING d.webhook, d.position, d.attempts, e.id, e.text
""")
_END: Final = text("""
UPDATE tiendo.webhook_deliveries SET state = :state, status = :status, failure = :failure, ended_at = clock_timestamp()
 WHERE webhook = :webhook AND position = :position AND state = 'pending'
""")
_PUT_OFF: Final = text("""
UPDATE tiendo.webhook_deliveries
   SET status = :status, failure = :failure, due_at = clock_timestamp() + make_interval(secs => :seconds)
 WHERE webhook = :webhook AND position = :position AND state = 'pending'
""")
_LIST: Final = text("""
SELECT d.webhook, d.position, e.id, e.type, e.subject, d.state, d.attempts, d.due_at, d.status, d.failure, d.ended_at
  FROM tiendo.webhook_deliveries d JOIN tiendo.events e ON e.position = d.position
 WHERE CAST(:state AS text) IS NULL OR d.state = :state
 ORDER BY d.position, d.webhook
""")
_COUNT: Final = text("SELECT webhook, state, count(*) AS number FROM tiendo.webhook_deliveries GROUP BY webhook, state")
_OVERDUE: Final = text("""
SELECT webhook, count(*) AS number FROM tiendo.webhook_deliveries
 WHERE state = 'pending' AND due_at < clock_timestamp() - make_interval(secs => :seconds) GROUP BY webhook
""")
_AGAIN: Final = text("""
UPDATE tiendo.webhook_deliveries SET state = 'pending', attempts = 0, due_at = clock_timestamp(), ended_at = NULL
 WHERE webhook = :webhook AND state = 'dead' AND (CAST(:position AS bigint) IS NULL OR position = :position)
""")


class DeliveryState(StrEnum):
    """Whether a delivery is still tried, arrived, or was given up."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationFact:
    """A fact of a publication: its position in the log, and the CloudEvent as it was accepted."""

    position: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedDelivery:
    """A delivery that is this process's to send; `attempts` counts this attempt."""

    webhook: str
    position: int
    attempts: int
    event_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptOutcome:
    """How an attempt ended: the status of the answer (None: there was none), and in words why it does not count."""

    status: int | None
    failure: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDelivery:
    """A delivery as it stands, with what the fact says it is about."""

    webhook: str
    position: int
    event_id: str
    type: str
    subject: str
    state: DeliveryState
    attempts: int
    due_at: datetime
    status: int | None
    failure: str | None
    ended_at: datetime | None


async def begin_progress(connection: AsyncConnection, names: Sequence[str]) -> None:
    """A webhook that is new is told what happens from now on."""
    await connection.execute(_BEGIN, {"names": [*names]})


async def progress_of(connection: AsyncConnection, names: Sequence[str]) -> dict[str, int]:
    """How far each webhook has come, kept from others until the transaction ends."""
    return {row.webhook: row.position for row in await connection.execute(_PROGRESS, {"names": [*names]})}


async def publication_facts(connection: AsyncConnection, after: int, limit: int) -> list[PublicationFact]:
    """The facts of publications behind a position, of this log, in its order."""
    rows = await connection.execute(_FACTS, {"after": after, "limit": limit})
    return [PublicationFact(position=row.position, text=row.text) for row in rows]


async def add_deliveries(connection: AsyncConnection, concerned: Mapping[int, Collection[str]]) -> None:
    """A delivery of the fact at each position to each of the webhooks that it concerns; in the transaction that read their progress."""
    pairs = [(name, position) for position, names in concerned.items() for name in names]
    values = {"names": [name for name, _ in pairs], "positions": [position for _, position in pairs]}
    await connection.execute(_ADD, values)


async def advance_progress(connection: AsyncConnection, names: Sequence[str], position: int) -> None:
    """The webhooks have a delivery for every fact up to `position` that concerns them."""
    await connection.execute(_ADVANCE, {"names": [*names], "position": position})


async def claim_due(connection: AsyncConnection, names: Sequence[str], limit: int) -> list[ClaimedDelivery]:
    """Deliveries whose time has come, claimed for CLAIM_SECONDS."""
    rows = await connection.execute(_CLAIM, {"names": [*names], "limit": limit})
    return [
        ClaimedDelivery(
            webhook=row.webhook, position=row.position, attempts=row.attempts, event_id=row.id, text=row.text
        )
        for row in rows
    ]


async def end_delivery(
    connection: AsyncConnection, claimed: ClaimedDelivery, state: DeliveryState, outcome: AttemptOutcome
) -> None:
    """The delivery arrived, or is given up."""
    await connection.execute(_END, _values(claimed, outcome) | {"state": state.value})


async def put_off(
    connection: AsyncConnection, claimed: ClaimedDelivery, seconds: float, outcome: AttemptOutcome
) -> None:
    """The delivery is due again in so many seconds."""
    await connection.execute(_PUT_OFF, _values(claimed, outcome) | {"seconds": seconds})


async def deliveries(connection: AsyncConnection, state: DeliveryState | None = None) -> list[WebhookDelivery]:
    """All deliveries, or those in a state, in the order of the log."""
    rows = await connection.execute(_LIST, {"state": None if state is None else state.value})
    return [
        WebhookDelivery(
            webhook=row.webhook,
            position=row.position,
            event_id=row.id,
            type=row.type,
            subject=row.subject,
            state=DeliveryState(row.state),
            attempts=row.attempts,
            due_at=row.due_at,
            status=row.status,
            failure=row.failure,
            ended_at=row.ended_at,
        )
        for row in rows
    ]


async def delivery_counts(connection: AsyncConnection) -> dict[tuple[str, DeliveryState], int]:
    """How many deliveries of each webhook are in each state."""
    return {(row.webhook, DeliveryState(row.state)): row.number for row in await connection.execute(_COUNT)}


async def overdue_deliveries(connection: AsyncConnection, seconds: float) -> dict[str, int]:
    """How many deliveries of each webhook should have been tried so long ago."""
    return {row.webhook: row.number for row in await connection.execute(_OVERDUE, {"seconds": seconds})}


async def deliver_again(connection: AsyncConnection, webhook: str, position: int | None = None) -> int:
    """Begin again with what was given up: of one position, or all of it. How many."""
    done = await connection.execute(_AGAIN, {"webhook": webhook, "position": position})
    return done.rowcount


def _values(claimed: ClaimedDelivery, outcome: AttemptOutcome) -> dict[str, object]:
    return {
        "webhook": claimed.webhook,
        "position": claimed.position,
        "status": outcome.status,
        # The database keeps no NUL, and whoever answers may say anything.
        "failure": None if outcome.failure is None else outcome.failure.replace("\x00", "\ufffd"),
    }
