"""Which states of cases are newer than those that the consumer holds: a compacted topic keeps the last state stored, not the latest."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Generic
from uuid import UUID

from tiendo_client.deliveries import Delivery, M
from tiendo_client.postgres import Connection, Connections, rows_of, rows_within, table_name, transaction
from tiendo_contracts.database.advisory_locks import TABLES_OF_CONSUMERS
from tiendo_contracts.messages import StateMessage, Version

TABLE = "tiendo_versions"
CaseOfLog = tuple[UUID, str]

_CREATE = """
DO $$ BEGIN
PERFORM pg_advisory_xact_lock({lock});  -- of two that create it at once one would fail
CREATE TABLE IF NOT EXISTS {table} (
    consumer text COLLATE "C" NOT NULL,
    log_id uuid NOT NULL,
    case_id text COLLATE "C" NOT NULL,
    build bigint NOT NULL,
    position bigint NOT NULL,
    revision bigint NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (consumer, log_id, case_id)
);
END $$
"""
_TAKE = """
INSERT INTO {table} AS kept (consumer, log_id, case_id, build, position, revision, digest)
SELECT $1, come.log_id, come.case_id, come.build, come.position, come.revision, come.digest
FROM unnest(
    CAST($2 AS uuid[]), CAST($3 AS text[]), CAST($4 AS bigint[]), CAST($5 AS bigint[]), CAST($6 AS bigint[]), CAST($7 AS bytea[])
) AS come (log_id, case_id, build, position, revision, digest)
ON CONFLICT (consumer, log_id, case_id) DO UPDATE
SET build = excluded.build, position = excluded.position, revision = excluded.revision, digest = excluded.digest
WHERE (kept.build, kept.position, kept.revision) < (excluded.build, excluded.position, excluded.revision)
   OR (kept.build, kept.position, kept.revision) = (excluded.build, excluded.position, excluded.revision)
      AND kept.digest <> excluded.digest
RETURNING kept.log_id, kept.case_id
"""


def newest(deliveries: Iterable[Delivery[M]]) -> Mapping[CaseOfLog, Delivery[M]]:
    """The latest state of each case, by log and case; of two of the same version the one read last."""
    found: dict[CaseOfLog, Delivery[M]] = {}
    for delivery in deliveries:
        key = _key(delivery)
        if key not in found or _version(found[key]) <= _version(delivery):
            found[key] = delivery
    return found


class MemoryVersions(Generic[M]):
    """Remembers the versions as long as it lives: for programs that read a topic from its beginning at every start."""

    def __init__(self) -> None:
        self._held: dict[CaseOfLog, tuple[Version, bytes]] = {}

    def newer(self, deliveries: Iterable[Delivery[M]]) -> list[M]:
        """The states that are news, the latest of each case alone; they are held from now on."""
        found = []
        for key, delivery in newest(deliveries).items():
            there, come = self._held.get(key), (_version(delivery), _digest(delivery))
            if there is None or there[0] < come[0] or (there[0] == come[0] and there[1] != come[1]):
                self._held[key] = come
                found.append(delivery.message)
        return found


class PostgresVersions:
    """Keeps the versions of `consumer` in a table of the consumer's own database, a row a case."""

    def __init__(self, *, consumer: str, table: str = TABLE) -> None:
        self._consumer = consumer
        name = table_name(table)
        self._create, self._take = _CREATE.format(table=name, lock=TABLES_OF_CONSUMERS.key), _TAKE.format(table=name)

    async def create_table(self, connections: Connections) -> None:
        """Create the table if it is not there."""
        async with transaction(connections) as connection:
            await rows_of(connection, self._create)

    async def newer(self, connection: Connection, deliveries: Iterable[Delivery[M]]) -> list[M]:
        """The states that are news, the latest of each case alone; with the transaction of `connection` they are held.

        A state is news if its version is higher than that held, or the same and it says something else.
        """
        latest = newest(deliveries)
        cases = sorted(latest, key=lambda key: (key[0].bytes, key[1].encode()))
        versions = [_version(latest[case]) for case in cases]
        taken = await rows_within(
            connection,
            self._take,
            self._consumer,
            [log_id for log_id, _ in cases],
            [case_id for _, case_id in cases],
            [version.build for version in versions],
            [version.position for version in versions],
            [version.revision for version in versions],
            [_digest(latest[case]) for case in cases],
        )
        news = {(UUID(str(log_id)), case_id) for log_id, case_id in taken}
        return [latest[case].message for case in cases if case in news]


def _state(delivery: Delivery[M]) -> StateMessage:
    message = delivery.message
    if not isinstance(message, StateMessage):
        raise TypeError(f"{type(message).__name__} has no version: events are told apart by their positions")
    return message


def _key(delivery: Delivery[M]) -> CaseOfLog:
    state = _state(delivery)
    return state.logid, state.subject


def _version(delivery: Delivery[M]) -> Version:
    return _state(delivery).version


def _digest(delivery: Delivery[M]) -> bytes:
    return sha256(delivery.record.value or b"").digest()
