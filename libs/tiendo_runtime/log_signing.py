"""Who signs the checkpoints of the log, by the settings: the log's key and the file of its checkpoints."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store import EventLog
from tiendo_event_store.proofs.signing import Signer, key_in_force, was_ever_signed
from tiendo_runtime.log_key import make_log_key, read_log_key, take_next_key
from tiendo_runtime.settings import Settings


async def signer_of(engine: AsyncEngine, settings: Settings) -> Signer:
    """Who signs the log's checkpoints. A key is made if the log was never signed. Raises LogKeyUnusable, LogUnavailable, and OSError."""
    log_id = await EventLog(engine).log_id()
    if await was_ever_signed(engine):
        said = await key_in_force(engine)
        if said is not None:
            take_next_key(settings.log_key, said)
        key = read_log_key(settings.log_key)
    else:
        key = await asyncio.to_thread(make_log_key, settings.log_key)
    return Signer(engine=engine, key=key, file=settings.checkpoints_of(log_id))
