"""A database that followed logs before its own log took them in has lost none of their events."""

from uuid import UUID

from sqlalchemy import text
from tests.migrations.older import migrate_to
from tests.projector.logs import received_text

import tiendo_migrations
from tiendo_contracts.texts.canonical_json import digest
from tiendo_contracts.texts.strict_json import parse_text
from tiendo_event_store import EventLog
from tiendo_event_store.publication.reading import PublicationLog
from tiendo_runtime.database import engine_of, owner_engine

_FOLLOWED = text("""
    INSERT INTO tiendo.followed_events (log_id, position, source, id, subject, type, shard, ingested_at, text)
    VALUES (:log_id, :position, '/test', 'e1', 'HS-1', 'vn.tiendo.case.received.v1', 3, '2022-04-01T00:00:00Z', :text)
""")


async def test_what_was_followed_before_stands_in_the_log_with_its_origin_and_its_instant(
    empty_database_url: str,
) -> None:
    await migrate_to(empty_database_url, "0004")
    owner, sent = owner_engine(empty_database_url), received_text("HS-1")
    async with owner.begin() as connection:
        for number in (1, 2):
            await connection.execute(_FOLLOWED, {"log_id": UUID(int=number), "position": 7, "text": sent})
    await owner.dispose()
    assert await tiendo_migrations.upgrade(empty_database_url)
    engine = engine_of(empty_database_url)
    stored = await EventLog(engine).read_case("HS-1")
    assert [event.log_id for event in stored] == [UUID(int=1), UUID(int=2)]
    assert {event.text for event in stored} == {sent}
    assert {event.ingested_at.isoformat() for event in stored} == {"2022-04-01T00:00:00+00:00"}
    async with PublicationLog(engine) as log:
        assert set((await log.digests([event.position for event in stored])).values()) == {
            digest(parse_text(sent)).hex()
        }
    await engine.dispose()
