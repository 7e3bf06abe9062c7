"""`tiendo log`: the name of the log, by which everybody who reads it over Kafka tells it from others."""

from typing import Annotated

import typer

from tiendo_cli.context import opened, run_command
from tiendo_cli.terminal import fail, say
from tiendo_contracts.proofs.notes import name_of_log
from tiendo_event_store import EventLog
from tiendo_event_store.naming import LogName, log_name, renew_log_id
from tiendo_runtime.database import owner_engine
from tiendo_runtime.log_signing import signer_of

commands = typer.Typer(help="Show the name of the log, and draw it anew after a restore.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add `tiendo log`."""
    app.add_typer(commands, name="log")


@commands.command()
def show() -> None:
    """Show the name of the log, when it was drawn, and the position of the last event."""
    run_command(_show())


async def _show() -> None:
    async with opened() as context, context.engine.connect() as connection:
        say(_words(await log_name(connection)))


@commands.command()
def key() -> None:
    """Print the verifier key: what others verify the log's checkpoints with, by the name that the log has now."""
    run_command(_key())


async def _key() -> None:
    async with opened() as context:
        signer = await signer_of(context.engine, context.settings)
        say(signer.public.verifier_key(name_of_log(await EventLog(context.engine).log_id())))


@commands.command("renew-id")
def renew_id(
    yes: Annotated[bool, typer.Option("--yes", help="Do it: there is no way back to the old name.")] = False,
) -> None:
    """Draw the name of the log anew, after it was restored from a backup.

    From its last position on this log is another than the one that was lost: under the old name, readers would take other events for those
    that they have seen already. What was relayed so far stays under the old name; the relay fills a new generation of topics.
    """
    run_command(_renew_id(yes=yes))


async def _renew_id(*, yes: bool) -> None:
    async with opened() as context:
        engine = owner_engine(context.url)
        try:
            async with engine.begin() as connection:
                old = await log_name(connection)
                if not yes:
                    fail(_words(old), "nothing was changed: add --yes if this log was restored from a backup")
                new = await renew_log_id(connection)
        finally:
            await engine.dispose()
    say(f"log id: {new}")
    say(f"was: {old.log_id}")
    say("If it is relayed over Kafka: set TIENDO_KAFKA_GENERATION to the next number and run `tiendo topics apply`.")


def _words(name: LogName) -> str:
    return f"log id: {name.log_id}, drawn {name.drawn_at:%Y-%m-%d %H:%M} UTC, {name.head:,} events"
