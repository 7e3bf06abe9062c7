"""Checks of what proves the log: whether checkpoints are signed, the guards stand, and the log is what it was."""

from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_cli.diagnosis.findings import CheckFinding, good, warning, wrong
from tiendo_cli.log_verification import NotesUnreadable, held_notes
from tiendo_cli.verified_state import VerifiedState
from tiendo_contracts.database.policies_of_rows import security_differences, stated_security
from tiendo_event_store import EventLog
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.proofs.guards import missing_guards
from tiendo_event_store.proofs.log_findings import LogFinding
from tiendo_event_store.proofs.rereading import read_again
from tiendo_event_store.proofs.signing import Signer, was_ever_signed
from tiendo_event_store.proofs.tiles import TILE
from tiendo_event_store.proofs.verifying import HeldNotes, LogVerifier
from tiendo_migrations.differences import differences
from tiendo_migrations.row_policies import row_security_of
from tiendo_read_models.builds import is_as_defined, live_build
from tiendo_read_models.row_security import build_policies
from tiendo_runtime.errors import LogKeyUnusable
from tiendo_runtime.log_key import read_log_key
from tiendo_runtime.settings import Settings

WHOLE_MAX: Final = timedelta(days=30)
"""How long ago the whole log may have been read last."""
READ_WHOLE_MAX: Final = 100_000
"""A log of at most so many events is read as a whole each time; of a longer one what is new, and half as many of the old in turn."""

_LOOK: Final = "`tiendo log verify` says more; docs/proof.md says what to do"


async def check_proof(engine: AsyncEngine, settings: Settings) -> list[CheckFinding]:
    """Everything that can be said of the log's proof; how far the log was read is kept in the data folder."""
    async with lent_driver(engine) as driver:
        guards = await _check_guards(engine, driver)
        log_id = await EventLog(engine).log_id()
        try:
            held = held_notes(settings, log_id, ())
            if not await was_ever_signed(engine) and not any(True for one in held for _ in one.notes):
                start = "start `tiendo up`, or `tiendo serve ingest`"
                return [*guards, warning("checkpoints", "none has been signed yet", start)]
            signer = Signer(engine=engine, key=read_log_key(settings.log_key), file=settings.checkpoints_of(log_id))
            signing = _signing(await signer.why_refused())
            return [*guards, signing, *await _check_log(driver, settings, signer, held)]
        except (NotesUnreadable, LogKeyUnusable) as error:
            return [*guards, wrong("checkpoints", str(error), _LOOK)]


async def check_guards(engine: AsyncEngine) -> list[CheckFinding]:
    """What can be said where rights are lacking to say more."""
    async with lent_driver(engine) as driver:
        return await _check_guards(engine, driver)


def _signing(refused: str | None) -> CheckFinding:
    if refused is None:
        return good("checkpoints", "signed, and beginnings of the log")
    return wrong("checkpoints", f"nothing is signed: {refused}", _LOOK)


async def _check_guards(engine: AsyncEngine, driver: asyncpg.Connection) -> list[CheckFinding]:
    """Whether triggers, roles, rights and policies are as they were made."""
    found = await missing_guards(driver)
    async with engine.connect() as connection:
        found += await differences(connection)
        of_build = await build_differences(connection)
    remedy = "`tiendo migrate` puts rights and policies in order; find out who it was"
    told = [wrong("guards of the log", one, remedy) for one in found]
    told += [wrong("guards of the read models", one, "`tiendo rebuild`; find out who it was") for one in of_build]
    return told or [good("guards of the log", "triggers, roles, rights and policies as made")]


async def build_differences(connection: AsyncConnection) -> list[str]:
    """What the policies of the live build say otherwise than this version; nothing of a build of another, which is told elsewhere."""
    build = await live_build(connection)
    if build is None or not await is_as_defined(connection, build):
        return []
    found = await row_security_of(connection, build.schema_name)
    return list(security_differences(stated_security(build_policies(build.schema_name)), found))


async def _check_log(
    driver: asyncpg.Connection, settings: Settings, signer: Signer, held: list[HeldNotes]
) -> list[CheckFinding]:
    state = VerifiedState.load(settings.data)
    known = state.known if state.known is not None and state.known.position > READ_WHOLE_MAX else None
    verifier = LogVerifier(driver=driver, key=signer.public, held=held, so_far=known)
    began_at = datetime.now(UTC)
    async for _ in verifier.verify():
        pass
    outcome = verifier.outcome
    findings = list(outcome.findings)
    if outcome.holds and verifier.so_far is not None:
        state.known = verifier.so_far
        if outcome.read == outcome.head:
            state.whole_at = began_at
        else:
            again = await _read_on(driver, state)
            findings += [] if again is None else [again]
    state.save(settings.data)
    if findings:
        return [wrong("log", finding.message, _LOOK) for finding in findings]
    return [
        _when_whole(
            state, f"{outcome.head} events, {outcome.read} of them new or read again, {outcome.checkpoints} checkpoints"
        )
    ]


async def _read_on(driver: asyncpg.Connection, state: VerifiedState) -> LogFinding | None:
    """Read some of the old part again, after what was read again the last time."""
    assert state.known is not None  # noqa: S101 - set by the caller
    if state.again_since is None or state.again_up_to >= len(state.known.blocks):
        state.again_since, state.again_up_to = datetime.now(UTC), 0
    blocks = READ_WHOLE_MAX // 2 // TILE
    found = await read_again(driver, state.known, state.again_up_to, blocks)
    if found is None:
        state.again_up_to += blocks
        if state.again_up_to >= len(state.known.blocks):
            state.whole_at = state.again_since
    return found


def _when_whole(state: VerifiedState, word: str) -> CheckFinding:
    if state.whole_at is None or datetime.now(UTC) - state.whole_at > WHOLE_MAX:
        return wrong("log", f"{word}; the whole log was not read for {WHOLE_MAX.days} days", "tiendo log verify")
    return good("log", f"{word}; read as a whole {state.whole_at:%Y-%m-%d %H:%M} UTC")
