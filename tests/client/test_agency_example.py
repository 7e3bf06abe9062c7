"""The example of an agency's program: its table equals the truth, though it is killed again and again."""

import asyncio
import json
import os
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.client.publishing import partition_of, producer
from tests.waiting import until

from tiendo_client import KafkaAccess
from tiendo_contracts.messages import (
    DelayAttributionsState,
    PartyOfCase,
    ShareOfLateness,
    Topic,
    Version,
    state_record,
)

EXAMPLE = Path(__file__).parents[2] / "deploy/examples/agency_consumer.py"
ROUNDS = int(os.environ.get("ROUNDS", "4"))
LOG = UUID(int=7)
Row = tuple[str, str | None, int]
"""A case, an officer, minutes."""


@asynccontextmanager
async def running(environment: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """The example, killed at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, EXAMPLE, env={**os.environ, **environment}, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        _, complained = await process.communicate()
        assert b"Traceback" not in complained, complained.decode()


def state_of(case_id: str, position: int, chance: random.Random) -> DelayAttributionsState:
    """A state of the case: late by some officers and perhaps others, or nothing to say of it any more."""
    if chance.random() < 0.2:
        gone = chance.choice([{"fault": True}, {"outside": True}, {}])
        return DelayAttributionsState(case_id=case_id, **gone)
    shares = [
        ShareOfLateness(party=party, minutes=chance.randrange(1, 500), rule="step-norm/1 (A3)", event_ids=["e"])
        for party in chance.sample(PARTIES, chance.randrange(1, len(PARTIES)))
    ]
    return DelayAttributionsState(case_id=case_id, attributions=shares, last_position=position)


def _party(kind: str, party_id: str | None, *, withheld: bool = False) -> PartyOfCase:
    key = None if withheld else json.dumps([kind, party_id])
    return PartyOfCase(key=key, kind=kind, id=party_id, name=party_id, position=None, unit=None, withheld=withheld)


PARTIES = [
    *(_party("officer", f"CC-{number}") for number in range(4)),
    _party("officer", None, withheld=True),
    _party("organisation", None),
    _party("unit", "H34.20"),
]


class Province:
    """Sends states as the relay does: each case's over and over, with stragglers of earlier versions; and knows the truth."""

    def __init__(self, access: KafkaAccess, topic: Topic, seed: int) -> None:
        self.access, self.topic, self.chance = access, topic, random.Random(seed)
        self.latest: dict[str, DelayAttributionsState] = {}
        self.sent: list[tuple[int, bytes, bytes]] = []

    async def send(self, count: int) -> None:
        """Send that many new states, and now and then old ones again."""
        async with producer(self.access.bootstrap_servers) as found:
            for _ in range(count):
                case_id, position = f"C-{self.chance.randrange(40)}", len(self.sent) + 1
                state = self.latest[case_id] = state_of(case_id, position, self.chance)
                record = state_record(state, log_id=LOG, version=Version(build=1, position=position, revision=position))
                self.sent.append((partition_of(case_id, self.topic.partitions), record.key, record.value))
                again = self.chance.choice(self.sent)
                for partition, key, value in [self.sent[-1], again]:
                    await found.send_and_wait(self.topic.name, value, key=key, partition=partition)

    def truth(self) -> list[Row]:
        """What the table has to hold in the end."""
        return sorted(
            (case_id, str(share.party.id), share.minutes)
            for case_id, state in self.latest.items()
            for share in state.attributions
            if share.party.kind == "officer" and not share.party.withheld
        )


async def _rows(connection: asyncpg.Connection) -> list[Row]:
    if await connection.fetchval("SELECT to_regclass('officer_delays')") is None:
        return []
    found = await connection.fetch("SELECT case_id, officer_id, minutes FROM officer_delays")
    return sorted((row["case_id"], row["officer_id"], row["minutes"]) for row in found)


@pytest.mark.torture
@pytest.mark.timeout(200 + 20 * ROUNDS)
async def test_the_table_equals_the_truth_though_the_program_is_killed_at_any_moment(
    access: KafkaAccess, attributions: Topic, owner_engine: AsyncEngine
) -> None:
    address = owner_engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    environment = {
        "KAFKA_BOOTSTRAP_SERVERS": access.bootstrap_servers,
        "KAFKA_TOPIC": attributions.name,
        "DATABASE_URL": address,
    }
    province = Province(access, attributions, seed=ROUNDS)
    connection = await asyncpg.connect(address)
    try:
        for _ in range(ROUNDS):
            sending = asyncio.create_task(province.send(150))
            async with running(environment):
                before = await _rows(connection)
                await until(lambda before=before: _changed(connection, before), what="the program works")
                await asyncio.sleep(province.chance.random() * 0.3)  # the moment of death
            await sending
        async with running(environment), running(environment):
            await until(lambda: _equal(connection, province.truth()), what="the table equals the truth")
    finally:
        await connection.close()


async def _changed(connection: asyncpg.Connection, before: list[Row]) -> bool:
    return await _rows(connection) != before


async def _equal(connection: asyncpg.Connection, truth: list[Row]) -> bool:
    return await _rows(connection) == truth
