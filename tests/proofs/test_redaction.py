"""Redaction takes a text out of the log and leaves the proof: what stays is bound as before, and nothing else can be changed by that door."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.contracts.events import event as whole_event
from tests.contracts.events import text_of
from tests.proofs.outsider import hash_leaf, leaf_of_entry, tree_head

from tiendo_contracts.events.case_events import AcceptedEvent, accept_text
from tiendo_event_store import AlreadyAppended, CoalescingWriter, EventLog
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.errors import RedactionRefused
from tiendo_event_store.proofs.log_findings import Verification
from tiendo_event_store.proofs.redacting import redact
from tiendo_event_store.proofs.signing import Signer
from tiendo_event_store.proofs.verifying import LogVerifier
from tiendo_event_store.publication import PublicationLog

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
AT = datetime(2026, 11, 30, tzinfo=UTC)
PERSONAL = "Bà Trần Thị Hoa ở số 5 Lê Lợi"


def suspended(reason: str = PERSONAL) -> AcceptedEvent:
    made = whole_event("suspended", id="s-1")
    return accept_text(text_of(made | {"data": made["data"] | {"reason": reason}}))


@pytest.fixture
async def position(engine: AsyncEngine) -> int:
    async with CoalescingWriter(engine) as writer:
        [outcome] = await writer.append([suspended()])
    return outcome.position  # type: ignore[union-attr]


async def redacted(owner_engine: AsyncEngine, position: int, *members: str) -> int:
    return await redact(
        owner_engine, position, members or ["data.reason"], reason="tên công dân", entered_by="test", at=AT
    )


async def verified(engine: AsyncEngine) -> Verification:
    async with lent_driver(engine) as driver:
        verifier = LogVerifier(driver=driver, key=Signer(engine=engine, key=KEY, file=Path("none")).public)
        async for _ in verifier.verify():
            pass
    return verifier.outcome


async def test_a_redacted_text_is_gone_and_the_log_still_is_what_was_signed(
    engine: AsyncEngine, owner_engine: AsyncEngine, position: int, tmp_path: Path
) -> None:
    signer = Signer(engine=engine, key=KEY, file=tmp_path / "checkpoints")
    before = await signer.take_turn()
    fact = await redacted(owner_engine, position)
    after = await signer.take_turn()

    log = EventLog(engine)
    entries = await log.entries_after(0, 100)
    entry, told = entries[position - 1], json.loads(entries[fact - 1].text)
    assert PERSONAL not in entry.text
    assert json.loads(entry.text)["data"]["reason"] == "[redacted]"
    assert (entry.salt, entry.digest, entry.redacted) == (None, None, ["data.reason"])
    assert (told["data"]["position"], told["data"]["members"], told["data"]["entered_by"]) == (
        position,
        ["data.reason"],
        "test",
    )

    shown = [
        {
            "position": one.position,
            "ingested_at": one.ingested_at.isoformat(),
            "salt": None if one.salt is None else one.salt.hex(),
            "commitment": None if one.commitment is None else one.commitment.hex(),
            "event": json.loads(one.text),
        }
        for one in entries
    ]
    leaves = [leaf_of_entry(one) for one in shown]
    assert before is not None
    assert after is not None
    assert tree_head(leaves[: before.size]) == before.root
    assert tree_head(leaves) == after.root != tree_head([*leaves[:-1], hash_leaf(b"")])
    assert (await verified(engine)).findings == []


async def test_what_was_redacted_is_a_duplicate_by_its_key_whatever_is_sent(
    engine: AsyncEngine, owner_engine: AsyncEngine, position: int
) -> None:
    await redacted(owner_engine, position)
    async with CoalescingWriter(engine) as writer:
        assert await writer.append([suspended(), suspended("other")]) == [AlreadyAppended(position)] * 2


async def test_the_relay_tells_a_redacted_event_by_what_is_left_and_takes_what_was_sent_before_as_it_was(
    engine: AsyncEngine, owner_engine: AsyncEngine, position: int
) -> None:
    fact = await redacted(owner_engine, position)
    async with PublicationLog(engine) as log:
        assert await log.digests([position, fact + 1]) == {position: ""}
        [entry] = [one for one in await log.read_after(0, 100) if one.position == position]
        assert (
            entry.digest
            == json.loads((await EventLog(engine).read_after(fact - 1, 1))[0].text)["data"]["redacted_digest"]
        )


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (["data.due_at"], "cannot be redacted"),
        (["subject"], "cannot be redacted"),
        (["data.text"], "has no text in data.text"),
        (["data.reason", "data.actor"], "cannot be redacted"),
    ],
)
async def test_nothing_else_can_be_redacted(
    owner_engine: AsyncEngine, position: int, members: list[str], words: str
) -> None:
    with pytest.raises(RedactionRefused, match=words):
        await redacted(owner_engine, position, *members)
    with pytest.raises(RedactionRefused, match="no event at position 99"):
        await redacted(owner_engine, 99)


async def test_a_text_is_redacted_once(owner_engine: AsyncEngine, position: int) -> None:
    await redacted(owner_engine, position)
    with pytest.raises(RedactionRefused, match="redacted already"):
        await redacted(owner_engine, position)


CALLED = "SELECT tiendo.redact_event({at}, '{members}', {text}, sha256('')) FROM tiendo.events WHERE position = {at}"
TRIED = {
    "another text": CALLED.replace("{text}", "replace(text, 'CC-0001', 'CC-0002')").replace(
        "{members}", "{{data.reason}}"
    ),
    "without a fact": CALLED.replace("{text}", "replace(text, '{personal}', '[redacted]')").replace(
        "{members}", "{{data.reason}}"
    ),
    "no member": CALLED.replace("{text}", "text").replace("{members}", "{{}}"),
    "a member that decides": CALLED.replace("{text}", "text").replace("{members}", "{{data.actor}}"),
    "by hand": "UPDATE tiendo.events SET text = '{{}}' WHERE position = {at}",
    "by hand, deleting": "DELETE FROM tiendo.events WHERE position = {at}",
    "by hand, an instant": "UPDATE tiendo.events SET ingested_at = now() WHERE position = {at}",
}


@pytest.mark.parametrize("tried", TRIED)
async def test_the_door_of_redaction_lets_nothing_else_through_also_not_for_the_owner(
    owner_engine: AsyncEngine, position: int, tried: str
) -> None:
    async with owner_engine.connect() as connection:
        await connection.execute(text("SET LOCAL tiendo.redacting = 'on'"))
        with pytest.raises(DBAPIError, match="the log is append-only"):
            await connection.exec_driver_sql(TRIED[tried].format(at=position, personal=PERSONAL))


CHANGED = {
    "the text behind the placeholder": "text = replace(text, '[redacted]', 'x')",
    "the members": "redacted = '{data.text}'",
    "the commitment": "commitment = sha256(commitment)",
    "a salt that appears again": "salt = substring(sha256('') for 16), digest = sha256(''), commitment = NULL, redacted = NULL",
}


@pytest.mark.parametrize("changed", CHANGED)
async def test_verification_holds_a_redacted_event_to_its_redaction(
    engine: AsyncEngine, owner_engine: AsyncEngine, position: int, tmp_path: Path, changed: str
) -> None:
    await redacted(owner_engine, position)
    await Signer(engine=engine, key=KEY, file=tmp_path / "checkpoints").take_turn()
    async with owner_engine.begin() as connection:
        await connection.execute(text("ALTER TABLE tiendo.events DISABLE TRIGGER USER"))
        await connection.execute(text(f"UPDATE tiendo.events SET {CHANGED[changed]} WHERE position = {position}"))
    assert [one.position for one in (await verified(engine)).findings] == [position]


async def test_of_two_redactions_of_one_event_at_once_one_is_told_that_it_is_redacted_already(
    engine: AsyncEngine, owner_engine: AsyncEngine, position: int, tmp_path: Path
) -> None:
    said = await asyncio.gather(*(redacted(owner_engine, position) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(one, int) for one in said) == 1
    assert {str(one) for one in said if not isinstance(one, int)} == {
        f"data.reason of the event at position {position} is redacted already"
    }
    assert {type(one) for one in said} == {int, RedactionRefused}
    await Signer(engine=engine, key=KEY, file=tmp_path / "checkpoints").take_turn()
    assert (await verified(engine)).holds
