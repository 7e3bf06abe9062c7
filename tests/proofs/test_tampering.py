"""Whoever owns the database can change it, and is found out: by position where an event was changed, by checkpoint where all of it was."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.conftest import migrated_database
from tests.event_store.events import event

from tiendo_contracts.shards import shard_of
from tiendo_contracts.texts.canonical_json import digest
from tiendo_event_store import BulkLoader
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.proofs.checkpoint_file import all_notes
from tiendo_event_store.proofs.covering import cover
from tiendo_event_store.proofs.guards import missing_guards
from tiendo_event_store.proofs.log_findings import Verification, Wrong
from tiendo_event_store.proofs.signing import Signer
from tiendo_event_store.proofs.verifying import HeldNotes, LogVerifier, ReadSoFar
from tiendo_runtime.database import engine_of, owner_engine
from tiendo_runtime.embedded import Cluster

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
HEAD = 602
SIZES = (202, 402, HEAD)


@dataclass(frozen=True, slots=True)
class Ground:
    """A log with checkpoints of 202, 402 and 602 events."""

    driver: asyncpg.Connection
    signer: Signer

    async def verified(self, *, file: bool = True, so_far: ReadSoFar | None = None) -> Verification:
        held = [HeldNotes(whence="checkpoints", notes=all_notes(self.signer.file), own=True)] if file else []
        verifier = LogVerifier(driver=self.driver, key=self.signer.public, held=held, so_far=so_far)
        async for _ in verifier.verify():
            pass
        return verifier.outcome

    async def execute(self, *statements: str) -> None:
        for statement in statements:
            await self.driver.execute(statement)

    async def set_text(self, position: int, text: str, *, fresh_digest: bool) -> None:
        made = digest(json.loads(text))
        if fresh_digest:
            await self.driver.execute(
                "UPDATE tiendo.events SET text = $2, digest = $3 WHERE position = $1", position, text, made
            )
        else:
            await self.driver.execute("UPDATE tiendo.events SET text = $2 WHERE position = $1", position, text)


@pytest.fixture(scope="module")
async def untouched(postgres_server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    async with migrated_database(postgres_server) as url:
        engine, owner = engine_of(url), owner_engine(url)
        signer = Signer(engine=engine, key=KEY, file=tmp_path_factory.mktemp("signed") / "checkpoints")
        async with BulkLoader(engine) as loader:
            for start, end in ((2, 202), (202, 402), (402, HEAD)):
                await loader.append([event(f"e-{number}", case_id=f"c-{number % 50}") for number in range(start, end)])
                await signer.take_turn()
        async with lent_driver(owner) as driver:
            yield Ground(driver, signer)
        await engine.dispose()
        await owner.dispose()


@pytest.fixture
async def ground(untouched: Ground) -> AsyncIterator[Ground]:
    """The same, where the triggers do not stand in the way; what a test does to it is undone."""
    async with undone(untouched):
        await untouched.execute(*TRIGGERS_OFF)
        yield untouched


@asynccontextmanager
async def undone(ground: Ground) -> AsyncIterator[None]:
    transaction = ground.driver.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


TRIGGERS_OFF = [
    f"ALTER TABLE tiendo.{table} DISABLE TRIGGER USER" for table in ("events", "log_tiles", "log_checkpoints")
]
AT = 300
COPIED = "position, source, id, subject, type, shard, ingested_at, digest, text, salt"
OF_ROWS: dict[str, tuple[str, Wrong, int]] = {
    "a text changed, its digest stale": ("text = replace(text, 'CC-0001', 'CC-0002')", Wrong.ALTERED, AT),
    "a text that is no JSON": ("text = 'x'", Wrong.ALTERED, AT),
    "a text nested deeply": ("text = repeat('[', 5000) || repeat(']', 5000)", Wrong.ALTERED, AT),
    "a fact of the log that is none": ("type = 'vn.tiendo.log.renamed.v1', shard = NULL, text = 'x'", Wrong.ALTERED, AT),
    "a text of other JSON": ("text = '[]'", Wrong.ALTERED, AT),
    "white space in a text": ("text = text || ' ', ingested_at = ingested_at + interval '1 us'", Wrong.ALTERED, AT),
    "a digest changed": ("digest = sha256(digest)", Wrong.ALTERED, AT),
    "a salt changed": ("salt = substring(sha256(salt) for 16)", Wrong.ALTERED, AT),
    "an instant changed": ("ingested_at = ingested_at - interval '1 day'", Wrong.ALTERED, AT),
    "a subject changed": ("subject = 'c-0'", Wrong.ALTERED, AT),
    "a type changed": ("type = 'vn.tiendo.case.completed.v1'", Wrong.ALTERED, AT),
    "a source changed": ("source = '/another'", Wrong.ALTERED, AT),
    "an id changed": ("id = 'another'", Wrong.ALTERED, AT),
    "a shard changed": ("shard = (shard + 1) % 16", Wrong.ALTERED, AT),
    "a shard erased": ("shard = NULL", Wrong.ALTERED, AT),
    "an origin made up": (
        "log_id = gen_random_uuid(), origin_position = 5, origin_ingested_at = ingested_at", Wrong.ALTERED, AT
    ),
    "a redaction that no fact tells of": (
        "digest = NULL, salt = NULL, commitment = sha256(salt), redacted = '{data.reason}'", Wrong.ALTERED, AT
    ),
}  # fmt: skip


async def test_a_log_left_alone_verifies(untouched: Ground) -> None:
    outcome = await untouched.verified()
    assert outcome.findings == []
    assert (outcome.head, outcome.read, outcome.largest_holding) == (HEAD, HEAD, HEAD)
    assert outcome.checkpoints == 6
    assert await missing_guards(untouched.driver) == []


@pytest.mark.parametrize("tampering", OF_ROWS)
async def test_a_row_that_was_changed_is_found_by_its_position(ground: Ground, tampering: str) -> None:
    change, wrong, position = OF_ROWS[tampering]
    await ground.execute(f"UPDATE tiendo.events SET {change} WHERE position = {AT}")
    first = (await ground.verified(file=False)).findings[0]
    assert (first.wrong, first.position) == (wrong, position)


async def test_a_text_changed_with_its_digest_is_found_by_its_position(ground: Ground) -> None:
    text = await ground.driver.fetchval("SELECT text FROM tiendo.events WHERE position = 300")
    await ground.set_text(300, text.replace("CC-0001", "CC-0002"), fresh_digest=True)
    outcome = await ground.verified(file=False)
    assert [(one.wrong, one.position) for one in outcome.findings] == [(Wrong.ALTERED, 300)]
    assert (outcome.largest_holding, outcome.smallest_contradicting) == (202, 402)


MISSING: dict[str, tuple[list[str], Wrong, int]] = {
    "a position deleted": (["DELETE FROM tiendo.events WHERE position = 300"], Wrong.MISSING, 300),
    "the first position deleted": (["DELETE FROM tiendo.events WHERE position = 1"], Wrong.MISSING, 1),
    "the end cut off": (["DELETE FROM tiendo.events WHERE position > 597"], Wrong.MISSING, 598),
    "an older database put in its place": (
        [
            "DELETE FROM tiendo.events WHERE position > 402",
            "DELETE FROM tiendo.log_checkpoints WHERE size > 402",
            "DELETE FROM tiendo.log_tiles",
        ],
        Wrong.MISSING,
        403,
    ),
    "two positions exchanged": (
        [
            "UPDATE tiendo.events SET position = 9999 WHERE position = 300",
            "UPDATE tiendo.events SET position = 300 WHERE position = 301",
            "UPDATE tiendo.events SET position = 301 WHERE position = 9999",
        ],
        Wrong.ALTERED,
        300,
    ),
    "a position doubled": (
        [
            "ALTER TABLE tiendo.events DROP CONSTRAINT events_pkey",
            f"INSERT INTO tiendo.events ({COPIED}) SELECT position, source, id || '+', {COPIED.partition('id, ')[2]} FROM tiendo.events WHERE position = 300",
        ],
        Wrong.DOUBLED,
        300,
    ),
    "an event doubled at the end": (
        [
            "DROP INDEX tiendo.events_by_key",
            f"INSERT INTO tiendo.events ({COPIED}) SELECT 603, {COPIED.partition('position, ')[2]} FROM tiendo.events WHERE position = 300",
        ],
        Wrong.DOUBLED,
        603,
    ),
}  # fmt: skip


@pytest.mark.parametrize("tampering", MISSING)
async def test_what_is_missing_or_doubled_is_found_by_its_position(ground: Ground, tampering: str) -> None:
    statements, wrong, position = MISSING[tampering]
    await ground.execute(*statements)
    outcome = await ground.verified()
    assert (wrong, position) in [(one.wrong, one.position) for one in outcome.findings]
    assert not outcome.holds


async def test_an_end_cut_off_and_grown_anew_is_found_where_it_begins(ground: Ground) -> None:
    await ground.execute(
        "UPDATE tiendo.events SET text = replace(text, 'CC-0001', 'CC-0009'), salt = substring(sha256(salt) for 16) WHERE position > 597"
    )
    rows = await ground.driver.fetch("SELECT position, text FROM tiendo.events WHERE position > 597")
    for position, text in rows:
        await ground.set_text(position, text, fresh_digest=True)
    assert [(one.wrong, one.position) for one in (await ground.verified()).findings] == [(Wrong.ALTERED, 598)]


TREE = {
    "a leaf's hash": "UPDATE tiendo.log_tiles SET hashes = overlay(hashes placing sha256(hashes) from 1 + 32 * 43) WHERE level = 0 AND number = 1",
    "a node": "UPDATE tiendo.log_tiles SET hashes = overlay(hashes placing sha256(hashes) from 1) WHERE level = 1",
    "a tile taken away": "DELETE FROM tiendo.log_tiles WHERE level = 0 AND number = 1",
    "all tiles taken away": "DELETE FROM tiendo.log_tiles",
    "a node added": "INSERT INTO tiendo.log_tiles VALUES (1, 1, sha256('x'))",
    "the tree's end cut off": "UPDATE tiendo.log_tiles SET hashes = substring(hashes for 64) WHERE level = 0 AND number = 2",
}  # fmt: skip


@pytest.mark.parametrize("tampering", TREE)
async def test_a_tree_that_was_changed_is_told_from_events_that_were(ground: Ground, tampering: str) -> None:
    await ground.execute(TREE[tampering])
    outcome = await ground.verified()
    assert {one.wrong for one in outcome.findings} == {Wrong.TREE}
    assert outcome.largest_holding == HEAD


CHECKPOINTS = {
    "one deleted": ("DELETE FROM tiendo.log_checkpoints WHERE number = 2", "checkpoint 2 is missing"),
    "the last deleted": ("DELETE FROM tiendo.log_checkpoints WHERE number = 3", "not among the stored checkpoints"),
    "all deleted": ("DELETE FROM tiendo.log_checkpoints", "not among the stored checkpoints"),
    "a root changed": ("UPDATE tiendo.log_checkpoints SET root = sha256(root) WHERE number = 2", "not what its note says"),
    "a size changed": ("UPDATE tiendo.log_checkpoints SET size = 201 WHERE number = 1", "not what its note says"),
    "a note changed": (
        "UPDATE tiendo.log_checkpoints SET note = replace(note, E'\\n402\\n', E'\\n403\\n'), size = size + (number = 2)::int", "not signed by"
    ),
    "a note that is none": ("UPDATE tiendo.log_checkpoints SET note = 'x' WHERE number = 2", "no signed note"),
    "a name changed": ("UPDATE tiendo.log_checkpoints SET log_id = gen_random_uuid()", "of another log"),
    "the log's name changed": ("UPDATE tiendo.log_identity SET log_id = gen_random_uuid()", "of another log"),
}  # fmt: skip


@pytest.mark.parametrize("tampering", CHECKPOINTS)
async def test_checkpoints_that_were_changed_or_taken_away_are_found(ground: Ground, tampering: str) -> None:
    statement, words = CHECKPOINTS[tampering]
    await ground.execute(statement)
    outcome = await ground.verified()
    assert {one.wrong for one in outcome.findings} <= {Wrong.CHECKPOINT, Wrong.NOT_COVERED}
    assert any(words in one.message for one in outcome.findings)


async def test_a_log_written_anew_from_a_position_on_is_contradicted_by_what_others_hold_and_it_says_from_where(
    ground: Ground,
) -> None:
    """Events, digests, salts, tree and checkpoints fit one another again; the key is stolen, too."""
    for position, text in await ground.driver.fetch("SELECT position, text FROM tiendo.events WHERE position > 300"):
        await ground.set_text(position, text.replace("CC-0001", "CC-0007"), fresh_digest=True)
    await ground.execute("DELETE FROM tiendo.log_tiles", "DELETE FROM tiendo.log_checkpoints WHERE size > 202")
    size = 0
    while size < HEAD:
        size = await cover(ground.driver, size, HEAD)
    await ground.signer.sign(ground.driver, 402)
    await ground.signer.sign(ground.driver, HEAD)
    assert (await ground.verified(file=False)).holds
    outcome = await ground.verified()
    assert {one.wrong for one in outcome.findings} == {Wrong.CHECKPOINT}
    assert (outcome.largest_holding, outcome.smallest_contradicting) == (HEAD, 402)


async def test_events_that_no_checkpoint_covers_for_long_are_found(ground: Ground) -> None:
    await ground.execute(
        f"INSERT INTO tiendo.events ({COPIED}) SELECT 603, source, id || '+', {COPIED.partition('id, ')[2]} FROM tiendo.events WHERE position = 602"
    )
    text = await ground.driver.fetchval("SELECT text FROM tiendo.events WHERE position = 603")
    made = json.loads(text)
    await ground.set_text(603, json.dumps(made | {"id": f"{made['id']}+"}, ensure_ascii=False), fresh_digest=True)
    outcome = await ground.verified()
    assert (outcome.findings, outcome.waiting) == ([], 1)
    await ground.execute(
        "UPDATE tiendo.events SET ingested_at = ingested_at - interval '3 minutes' WHERE position = 603"
    )
    assert [(one.wrong, one.position) for one in (await ground.verified()).findings] == [(Wrong.NOT_COVERED, 603)]


FOLLOWED = """
SELECT * FROM tiendo.append_followed(
    '{/agency}', '{f-1}', '{c-7}', '{vn.tiendo.case.claimed.v1}', ARRAY[$1::smallint], ARRAY[$2::bytea], ARRAY[$3::text],
    substring(sha256('salt') for 16), ARRAY[$4::uuid], '{5}', ARRAY[timestamptz '2022-08-15 08:05+07'])
"""


async def test_a_followed_event_verifies_by_the_instant_that_its_own_log_gave_it(ground: Ground) -> None:
    log_id, told, shard = uuid4(), event("f-1", case_id="c-7", source="/agency"), shard_of("c-7")
    await ground.driver.fetchrow(FOLLOWED, shard, told.digest, told.text, log_id)
    await ground.execute("INSERT INTO tiendo.followed_positions VALUES ('a follower', 'case-events', 0, 1, '{}')")
    assert await cover(ground.driver, HEAD, HEAD + 1) == HEAD + 1
    await ground.signer.sign(ground.driver, HEAD + 1)
    outcome = await ground.verified()
    assert (outcome.findings, outcome.largest_holding) == ([], HEAD + 1)


async def test_a_reading_goes_on_where_it_was_left_and_finds_what_comes_behind(ground: Ground) -> None:
    verifier = LogVerifier(driver=ground.driver, key=ground.signer.public)
    async for _ in verifier.verify():
        break
    whole = verifier.so_far
    assert whole is not None
    rows = await ground.driver.fetch("SELECT position FROM tiendo.events ORDER BY position")
    assert whole.position == min(len(rows), 1_024)
    part = ReadSoFar(log_id=whole.log_id, blocks=whole.blocks[:1], tail=[])
    await ground.execute(f"UPDATE tiendo.events SET ingested_at = ingested_at + interval '1 s' WHERE position = {AT}")
    outcome = await ground.verified(file=False, so_far=part)
    assert [(one.wrong, one.position) for one in outcome.findings] == [(Wrong.ALTERED, AT)]
    assert outcome.read == 402 - 256


GUARDS = {
    "a trigger off": "ALTER TABLE tiendo.events DISABLE TRIGGER events_append_only",
    "a trigger not always on": "ALTER TABLE tiendo.log_tiles ENABLE TRIGGER log_tiles_only_grow",
    "a trigger dropped": "DROP TRIGGER log_checkpoints_append_only_row ON tiendo.log_checkpoints",
    "a function that refuses nothing": (
        "CREATE OR REPLACE FUNCTION tiendo.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
    ),
    "an index dropped": "DROP INDEX tiendo.events_by_key",
    "a trigger of one's own": (
        "CREATE TRIGGER mine BEFORE INSERT ON tiendo.events FOR EACH ROW EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()"
    ),
    "a rule that lets events fall": "CREATE RULE mine AS ON INSERT TO tiendo.events DO INSTEAD NOTHING",
}  # fmt: skip


@pytest.mark.parametrize("tampering", GUARDS)
async def test_a_guard_that_was_taken_away_is_missed(untouched: Ground, tampering: str) -> None:
    async with undone(untouched):
        await untouched.execute(GUARDS[tampering])
        assert await missing_guards(untouched.driver) != []
