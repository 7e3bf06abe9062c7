"""Beside the way in: the tree over the log grows behind the writer, and a checkpoint is signed within the minute."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Gauge

from tiendo_event_store.causes import cause_of
from tiendo_event_store.errors import SigningRefused
from tiendo_event_store.faults import DATABASE_FAULTS
from tiendo_event_store.proofs.checkpoints import StoredCheckpoint
from tiendo_runtime.errors import LogKeyUnusable
from tiendo_runtime.log_signing import signer_of
from tiendo_runtime.web import Running

_AT_THE_END_SECONDS: Final = 5.0

_journal = structlog.get_logger("tiendo.proof")


@dataclass(slots=True)
class _Shown:
    """What others are told of the signing: the metrics, and why nothing is signed."""

    size: Gauge
    signed_at: Gauge
    refused: Gauge
    reason: str | None = None

    def signed(self, checkpoint: StoredCheckpoint) -> None:
        if self.reason is not None:
            _journal.info("checkpoints are signed again")
        self.reason = None
        self.refused.set(0)
        self.size.set(checkpoint.size)
        self.signed_at.set(checkpoint.signed_at.timestamp())

    def refuse(self, reason: str, *, cause: str | None = None) -> None:
        """Nothing is signed: `reason` is for everybody, `cause` for the journal, where it says more."""
        if self.reason != reason:
            _journal.error("no checkpoint is signed", cause=cause or reason)
        self.reason = reason
        self.refused.set(1)


@asynccontextmanager
async def signing(running: Running) -> AsyncIterator[None]:
    """Checkpoints are signed beside the block, and once more at its end; while none is, readiness and metrics say why."""
    shown = _shown(running.registry)

    async def why_not_signed() -> str | None:
        return shown.reason

    running.readiness.add("checkpoints", why_not_signed)
    task = asyncio.create_task(_sign_for_ever(running, shown), name="signing checkpoints")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await _sign_at_the_end(running, shown)


async def _sign_for_ever(running: Running, shown: _Shown) -> None:
    while True:
        started = time.monotonic()
        await _take_turn(running, shown)
        await asyncio.sleep(max(0.0, running.settings.checkpoint_seconds - (time.monotonic() - started)))


async def _sign_at_the_end(running: Running, shown: _Shown) -> None:
    """What was appended last is covered before the process ends, if that is done soon: the next one would do it else."""
    try:
        async with asyncio.timeout(_AT_THE_END_SECONDS):
            await _take_turn(running, shown)
    except TimeoutError:
        _journal.warning("the last events are not in a checkpoint yet; the next process signs it")


async def _take_turn(running: Running, shown: _Shown) -> None:
    try:
        checkpoint = await (await signer_of(running.engine, running.settings)).take_turn()
    except SigningRefused as refused:
        shown.refuse(str(refused))
    except LogKeyUnusable as unusable:
        shown.refuse("the log's key cannot be used: see `tiendo doctor`", cause=str(unusable))
    except DATABASE_FAULTS as error:  # also what the disk of the key and of the file of checkpoints says
        if isinstance(error, OSError) and error.errno is not None and error.filename is not None:
            shown.refuse(
                f"the key or the file of checkpoints: {error.strerror}", cause=f"{error.filename}: {error.strerror}"
            )
        else:
            _journal.warning(
                "no checkpoint signed, the database does not answer; trying again later", cause=cause_of(error)
            )
    else:
        if checkpoint is not None:
            shown.signed(checkpoint)


def _shown(registry: CollectorRegistry) -> _Shown:
    return _Shown(
        size=Gauge("tiendo_log_checkpoint_size", "Events that the last checkpoint covers", registry=registry),
        signed_at=Gauge(
            "tiendo_log_checkpoint_signed_timestamp_seconds", "When the last checkpoint was signed", registry=registry
        ),
        refused=Gauge(
            "tiendo_log_signing_refused", "1 while what was signed before is no beginning of the log", registry=registry
        ),
    )
