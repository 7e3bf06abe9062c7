"""Commands that append to the log sign what they appended: without a running service nobody would before the next one starts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tiendo_cli.context import Context, opened
from tiendo_cli.terminal import complain
from tiendo_contracts.database.database_roles import DatabaseRole


@asynccontextmanager
async def opened_to_append() -> AsyncIterator[Context]:
    """The database of the settings, as `opened` gives it; where the log's key is there, a checkpoint is signed behind the block."""
    async with opened() as context:
        yield context
        if context.settings.log_key.exists():
            await _sign(context)


async def _sign(context: Context) -> None:
    """Sign what is new, unless a service is at it. What keeps it from being signed is told, and is no failure of the command."""
    from tiendo_event_store.causes import cause_of
    from tiendo_event_store.errors import LogUnavailable, SigningRefused
    from tiendo_event_store.faults import DATABASE_FAULTS
    from tiendo_runtime.database import service_engine
    from tiendo_runtime.errors import RuntimeFault
    from tiendo_runtime.log_signing import signer_of

    try:
        engine = service_engine(context.url, DatabaseRole.INGEST, pool_size=1)
        try:
            await (await signer_of(engine, context.settings)).take_turn()
        finally:
            await engine.dispose()
    except (SigningRefused, RuntimeFault, LogUnavailable) as refused:
        complain(f"no checkpoint was signed over what was appended: {refused}")
    except DATABASE_FAULTS as error:
        complain(f"no checkpoint was signed over what was appended: {cause_of(error)}")
