"""Keeps an agency's own table of its officers' delays, exactly once in effect, whatever is killed and when.

KAFKA_BOOTSTRAP_SERVERS names the brokers (KAFKA_SECURITY_PROTOCOL, KAFKA_USERNAME, KAFKA_PASSWORD, KAFKA_CA_FILE: how to sign in),
KAFKA_TOPIC the topic (by default that for all; an agency's own is tiendo.agency.….delay-attributions.v1), DATABASE_URL the agency's own
PostgreSQL. Run it as often as you like: of several that run at once each batch is taken by one.
"""

import asyncio
import os
import signal

import asyncpg

from tiendo_client import (
    DelayAttributionsConsumer,
    PositionsMoved,
    PostgresPositions,
    PostgresVersions,
    access_from_environment,
)
from tiendo_contracts.messages import DelayAttributionsMessage

NAME = "officer-delays"
TOPIC = os.environ.get("KAFKA_TOPIC", "tiendo.delay-attributions.v1")
TABLE = """
SELECT pg_advisory_xact_lock(1);  -- several may start at once
CREATE TABLE IF NOT EXISTS officer_delays (
    log_id uuid NOT NULL,
    case_id text NOT NULL,
    officer_key text NOT NULL,  -- tells officers apart, also those without an id
    officer_id text,
    officer text,
    unit_id text,
    minutes integer NOT NULL,
    rule text NOT NULL,
    provisional boolean NOT NULL,
    simulated boolean NOT NULL
);
CREATE INDEX IF NOT EXISTS officer_delays_by_case ON officer_delays (log_id, case_id)
"""
INSERT = "INSERT INTO officer_delays VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"


async def take(connection: asyncpg.Connection, message: DelayAttributionsMessage) -> None:
    """Replace what the table says of the case by what the message says: it always holds all shares.

    So a case that could not be computed any more (`fault`), or is no concern of this agency any more (`outside`), leaves nobody blamed.
    """
    state = message.data
    if state is None:
        raise SystemExit(
            f"{message.subject}: too large for the topic; give the consumer stubs=StubResolver(TiendoApi(…))"
        )
    await connection.execute(
        "DELETE FROM officer_delays WHERE log_id = $1 AND case_id = $2", message.logid, state.case_id
    )
    for share in state.attributions:
        party = share.party
        if party.kind == "officer" and not party.withheld:
            unit = None if party.unit is None else party.unit.id
            row = (party.key, party.id, party.name, unit, share.minutes, share.rule, state.provisional, state.simulated)
            await connection.execute(INSERT, message.logid, state.case_id, *row)


async def main() -> None:
    """Follow the topic until told to stop."""
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, max_size=2) as pool:
        positions, versions = PostgresPositions(pool, consumer=NAME), PostgresVersions(consumer=NAME)
        await pool.execute(TABLE)
        await positions.create_table()
        await versions.create_table(pool)
        async with DelayAttributionsConsumer(
            access_from_environment(), positions=positions, topics=[TOPIC]
        ) as consumer:
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, consumer.stop)
            async for batch in consumer:
                try:
                    async with pool.acquire() as connection, connection.transaction():
                        for message in await versions.newer(connection, batch.deliveries):
                            await take(connection, message)
                        await batch.save(connection)
                except PositionsMoved:
                    continue  # another one was faster: nothing of the batch stands, the next begins where that one stopped


if __name__ == "__main__":
    asyncio.run(main())
