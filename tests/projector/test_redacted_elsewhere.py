"""A text that one log has redacted is sent once more, and gone wherever the log is followed or read; what was left is proven there as before."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from asyncpg import InsufficientPrivilegeError
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.projector.followers import following, has_cases
from tests.projector.logs import address_of, event_text, many_cases, received_text, send
from tests.relay.relaying import check, made_topics, messages, noted_position, relay
from tests.waiting import until

from tiendo_client import CaseEventConsumer, MemoryPositions
from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_contracts.events.house_facts import house_event
from tiendo_contracts.messages import TopicKind, topic
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.followed.followed_redacting import REDACT
from tiendo_event_store.proofs.log_facts import REDACTED
from tiendo_event_store.proofs.log_findings import Verification
from tiendo_event_store.proofs.redacting import redact
from tiendo_event_store.proofs.signing import Signer
from tiendo_event_store.proofs.verifying import LogVerifier
from tiendo_event_store.stored import columns_of, house_candidate
from tiendo_runtime.database import service_engine
from tiendo_runtime.settings import Settings

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
AT = datetime(2026, 11, 30, tzinfo=UTC)
PERSONAL = "Bà Trần Thị Hoa ở số 5 Lê Lợi"
CASE = "HS-REDACTED"
PARTITIONS = 4


@pytest.fixture
async def settings(engine: AsyncEngine, kafka: Kafka, generation: int) -> Settings:
    """Topics, and a log in which a citizen's name stands."""
    suspended = event_text(CASE, "s-1", "suspended", AT, reason=PERSONAL)
    await send(engine, [received_text(CASE), suspended, *many_cases(5, seed=2)])
    return await made_topics(kafka.bootstrap_servers, generation)


@pytest.fixture
async def position(engine: AsyncEngine, settings: Settings) -> int:  # noqa: ARG001 - it is there by then
    """Where it stands."""
    async with engine.connect() as connection:
        found = await connection.scalar(text("SELECT position FROM tiendo.events WHERE id = 's-1'"))
    assert found is not None
    return int(found)


@pytest.fixture
def signer(other_engine: AsyncEngine, tmp_path: Path) -> Signer:
    """Who signs the log that follows."""
    return Signer(engine=other_engine, key=KEY, file=tmp_path / "checkpoints")


async def test_a_redacted_text_is_sent_once_more_and_gone_from_a_log_that_follows_which_verifies(
    owner_engine: AsyncEngine, signer: Signer, settings: Settings, database_url: str, position: int
) -> None:
    engine, other_engine = owner_engine, signer.engine
    followers = settings.model_copy(update={"kafka_shared_topics": True})
    async with relay(settings, database_url), following(followers, address_of(other_engine)):
        await until(lambda: has_cases(other_engine, 6), seconds=60, what="the log is followed")
        assert PERSONAL in await texts(other_engine)
        await signer.take_turn()
        fact = await redacted(owner_engine, position)
        await until(lambda: gone(other_engine), seconds=60, what="the text is gone where the log is followed")
        await until(lambda: reached(engine, settings, fact), what="the relay has noted that it sent it")
    await signer.take_turn()
    found = await verified(other_engine, signer)
    assert (found.holds, found.checkpoints, found.waiting) == (True, 2, 0)
    async with relay(settings, database_url):
        await until(lambda: reached(engine, settings, fact), what="a relay that begins anew is at the end")
    sent = await messages(settings)
    await check(sent, engine, partitions=PARTITIONS)
    first, again = (one for one in sent if one.position == position)
    assert first.message.place == again.message.place
    assert (first.headers.get("redacted"), again.headers["redacted"]) == (None, b"data.reason")
    assert again.message.data is not None
    assert again.message.data["reason"] == "[redacted]"


async def test_a_redaction_that_is_noted_as_sent_and_is_not_there_is_sent_by_the_relay_that_begins_anew(
    owner_engine: AsyncEngine, settings: Settings, database_url: str, position: int
) -> None:
    async with relay(settings, database_url):
        await until(lambda: reached(owner_engine, settings, position), what="the log is sent")
    fact = await redacted(owner_engine, position)
    async with owner_engine.begin() as connection:  # as after a broker that lost the end of a partition
        await connection.execute(text("UPDATE tiendo.relay_feeds SET position = :fact"), {"fact": fact})
    async with relay(settings, database_url):
        await until(lambda: is_sent_again(settings), what="it is sent")


async def test_a_reader_is_given_what_takes_the_place_of_what_it_has_and_no_further_event(
    owner_engine: AsyncEngine, settings: Settings, database_url: str, position: int
) -> None:
    topics = [topic(TopicKind.CASE_EVENTS, generation=settings.kafka_generation).name]
    access = settings.kafka
    assert access is not None
    reader = CaseEventConsumer(access, positions=MemoryPositions(), topics=topics)
    async with relay(settings, database_url), reader as consumer:
        kept: dict[int, str] = {}
        async for batch in consumer:
            assert not kept.keys() & {message.position for message in batch}
            kept |= {message.position: str(message.data) for message in batch}
            for delivery in batch.redactions:
                assert delivery.redacted == ("data.reason",)
                kept[delivery.message.position] = str(delivery.message.data)
            if PERSONAL in kept.get(position, ""):
                await redacted(owner_engine, position)
            if "[redacted]" in kept.get(position, ""):
                break


async def test_the_projector_redacts_nothing_that_this_log_took(
    owner_engine: AsyncEngine, database_url: str, position: int
) -> None:
    fact = house_candidate(house_event(REDACTED, "log", {"position": position, "members": ["data.reason"]}, at=AT))
    arguments = (position, ["data.reason"], '{"data":{"reason":"[redacted]"}}', bytes(32), *columns_of([fact]))
    projector = service_engine(database_url, DatabaseRole.PROJECTOR)
    try:
        async with lent_driver(projector) as driver:
            with pytest.raises(InsufficientPrivilegeError):
                await driver.execute(REDACT, *arguments)
            with pytest.raises(InsufficientPrivilegeError):
                await driver.execute("SELECT tiendo.redact_event($1, $2, $3, $4)", *arguments[:4])
    finally:
        await projector.dispose()
    assert PERSONAL in await texts(owner_engine)


async def redacted(owner_engine: AsyncEngine, position: int) -> int:
    return await redact(owner_engine, position, ["data.reason"], reason="tên công dân", entered_by="test", at=AT)


async def verified(engine: AsyncEngine, signer: Signer) -> Verification:
    async with lent_driver(engine) as driver:
        verifier = LogVerifier(driver=driver, key=signer.public)
        async for _ in verifier.verify():
            pass
    return verifier.outcome


async def texts(engine: AsyncEngine) -> str:
    async with engine.connect() as connection:
        return "\n".join(await connection.scalars(text("SELECT text FROM tiendo.events ORDER BY position")))


async def gone(engine: AsyncEngine) -> bool:
    return PERSONAL not in await texts(engine)


async def reached(engine: AsyncEngine, settings: Settings, position: int) -> bool:
    return await noted_position(engine, settings) >= position


async def is_sent_again(settings: Settings) -> bool:
    return any("redacted" in sent.headers for sent in await messages(settings))
