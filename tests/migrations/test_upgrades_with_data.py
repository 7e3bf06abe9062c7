"""A database of any earlier schema is brought up to date with what it holds: every event stands where it stood, proven, and known when it comes again."""

import os
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.migrations.older import migrate_to
from tests.projector.logs import STARTED_AT, event_text

import tiendo_migrations
from tiendo_contracts.events.case_events import accept_text
from tiendo_contracts.shards import shard_of
from tiendo_contracts.texts.canonical_json import digest
from tiendo_contracts.texts.strict_json import parse_text
from tiendo_event_store import AlreadyAppended, Appended, CoalescingWriter, EventLog
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.proofs.signing import Signer
from tiendo_event_store.proofs.verifying import LogVerifier
from tiendo_migrations import schema_upgrade
from tiendo_runtime.database import engine_of, owner_engine

pytestmark = pytest.mark.torture
MANY = int(os.environ.get("ROUNDS", "3")) > 3
"""Whether there is time to begin at each schema anew, and not only at the first."""
CASE = "case-of-long-ago"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_INSTANTS = "('occurred_at', 'recorded_at')"


def revisions() -> list[str]:
    """Every schema that there was, oldest first, without the newest."""
    scripts = ScriptDirectory.from_config(schema_upgrade._config())
    return [script.revision for script in scripts.walk_revisions()][:0:-1]


def sent(revision: str) -> str:
    """The event that came while the database had that schema."""
    return event_text(CASE, f"at-{revision}", "suspended", STARTED_AT, reason=f"của {revision}")


async def insert(connection: AsyncConnection, revision: str) -> None:
    """Put the event into the log as the schema of its time has it."""
    found = await connection.scalars(
        text(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'tiendo' AND table_name = 'events' "
            f"AND column_name IN {_INSTANTS} ORDER BY 1"
        )
    )
    more = "".join(f", {name}" for name in found)
    await connection.execute(
        text(
            f"INSERT INTO tiendo.events (position, source, id, subject, type, shard, ingested_at, digest, text{more}) "
            "SELECT (SELECT coalesce(max(position), 0) + 1 FROM tiendo.events), '/test/one-stop', :id, :case, "
            f"'vn.tiendo.case.suspended.v1', :shard, now(), :digest, :text{', now()' * more.count(',')}"
        ),
        {
            "id": f"at-{revision}",
            "case": CASE,
            "shard": shard_of(CASE),
            "digest": digest(parse_text(sent(revision))),
            "text": sent(revision),
        },
    )


@pytest.mark.parametrize("first", revisions() if MANY else revisions()[:1])
async def test_every_earlier_schema_is_brought_up_to_date_with_its_events(
    first: str, empty_database_url: str, tmp_path: Path
) -> None:
    """From the first on one event comes at each schema on the way."""
    passed = revisions()[revisions().index(first) :]
    owner = owner_engine(empty_database_url)
    for revision in passed:
        await migrate_to(empty_database_url, revision)
        async with owner.begin() as connection:
            await insert(connection, revision)
    await owner.dispose()
    assert await tiendo_migrations.upgrade(empty_database_url)

    engine = engine_of(empty_database_url)
    stored = await EventLog(engine).read_case(CASE)
    assert [event.text for event in stored] == [sent(revision) for revision in passed]
    assert [event.position for event in stored] == sorted(event.position for event in stored)
    async with CoalescingWriter(engine) as writer:
        again = await writer.append([accept_text(sent(revision)) for revision in passed])
        [new] = await writer.append([accept_text(sent("now"))])
    assert [outcome.position for outcome in again if isinstance(outcome, AlreadyAppended)] == [
        event.position for event in stored
    ]
    assert isinstance(new, Appended)
    signer = Signer(engine=engine, key=KEY, file=tmp_path / "checkpoints")
    assert (await signer.last_turn()).size == new.position
    async with lent_driver(engine) as driver:
        verifier = LogVerifier(driver=driver, key=signer.public)
        async for _ in verifier.verify():
            pass
    assert verifier.outcome.holds, verifier.outcome.findings
    await engine.dispose()
