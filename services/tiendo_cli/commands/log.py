"""`tiendo log`: the name of the log, by which everybody who reads it over Kafka tells it from others."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn

from tiendo_cli.context import Context, FormatOption, OutputFormat, entered_by, opened, run_command
from tiendo_cli.log_verification import held_notes, key_of, trusted_key, verify_whole
from tiendo_cli.terminal import complain, emit_line, fail, progress_bar, say
from tiendo_contracts.database.database_roles import OWNER
from tiendo_contracts.proofs.notes import name_of_log
from tiendo_event_store import EventLog
from tiendo_event_store.access_log import AccessCheck, check_access_log, note_head
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.naming import LogName, log_name
from tiendo_event_store.proofs.log_findings import Verification
from tiendo_event_store.proofs.redacting import redact
from tiendo_event_store.proofs.renewing import renew_log_id, replace_lost_key, rotate_key
from tiendo_event_store.proofs.signing import Signer
from tiendo_event_store.proofs.verifying import LogVerifier
from tiendo_runtime.log_key import make_next_key, public_key_of, take_next_key
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


@commands.command()
def verify(
    against: Annotated[
        list[Path] | None,
        typer.Option(
            "--against",
            help="A file with checkpoints that somebody else has kept: one note or many.",
            show_default=False,
        ),
    ] = None,
    verifier_key: Annotated[
        str | None,
        typer.Option(
            "--key",
            help="The verifier key to trust, as `tiendo log key` prints it; else the log's own key.",
            show_default=False,
        ),
    ] = None,
    anew: Annotated[bool, typer.Option("--anew", help="Begin anew, also where a reading was interrupted.")] = False,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Read the whole log and compare it with its tree, its checkpoints, and those that others hold.

    Exit status 1 with the first position that is missing, altered, doubled or not covered, or with the checkpoints that contradict.
    """
    run_command(_verify(against or [], verifier_key, anew=anew, output=output))


async def _verify(against: Sequence[Path], verifier_key: str | None, *, anew: bool, output: OutputFormat) -> int:
    async with opened() as context, lent_driver(context.engine) as driver:
        log_id = await EventLog(context.engine).log_id()
        verifier = LogVerifier(
            driver=driver,
            key=trusted_key(verifier_key) or (await signer_of(context.engine, context.settings)).public,
            held=held_notes(context.settings, log_id, against),
        )
        with _progress(await EventLog(context.engine).head()) as reached:
            outcome = await verify_whole(driver, context.settings.data, verifier, reached, anew=anew)
        access = await check_access_log(context.engine)
        if outcome.holds and access.fault is None:
            await note_head(context.engine, entered_by=entered_by())
    holds = outcome.holds and access.fault is None
    if output is OutputFormat.JSON:
        told = {"holds": holds, **asdict(outcome), "access_log": asdict(access)}
        emit_line(json.dumps(told, ensure_ascii=False))
    else:
        _tell(outcome)
        _tell_access(access)
    return 0 if holds else 1


def _tell_access(access: AccessCheck) -> None:
    if access.fault is None:
        say(f"the access log holds: {access.entries:,} entries")
    else:
        complain(f"access log: {access.fault}")


@contextmanager
def _progress(head: int) -> Iterator[Callable[[int], None]]:
    with progress_bar(TextColumn("verifying"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()) as bar:
        task = bar.add_task("verifying", total=head)
        yield lambda position: bar.update(task, completed=position)


def _tell(outcome: Verification) -> None:
    for finding in outcome.findings:
        complain(f"{finding.wrong}: {finding.message}")
    if outcome.smallest_contradicting is not None:
        largest = "none" if outcome.largest_holding is None else f"of {outcome.largest_holding:,} events"
        complain(
            f"the largest checkpoint that holds: {largest}; the smallest that does not: of {outcome.smallest_contradicting:,} events"
        )
    if outcome.holds:
        say(f"the log holds: {outcome.head:,} events, {outcome.checkpoints:,} checkpoints are beginnings of it")
        if outcome.waiting:
            say(f"of these {outcome.waiting:,} wait for the next checkpoint")


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
    async with opened(role=OWNER) as context:
        async with context.engine.connect() as connection:
            old = await log_name(connection)
        if not yes:
            fail(_words(old), "nothing was changed: add --yes if this log was restored from a backup")
        signer = await signer_of(context.engine, context.settings)
        new = await renew_log_id(signer, entered_by=entered_by(), at=datetime.now(UTC))
    say(f"log id: {new}")
    say(f"was: {old.log_id}")
    say("If it is relayed over Kafka: set TIENDO_KAFKA_GENERATION to the next number and run `tiendo topics apply`.")


@commands.command("rotate-key")
def rotate_key_(
    yes: Annotated[bool, typer.Option("--yes", help="Do it: the old key is overwritten.")] = False,
    lost: Annotated[
        str | None,
        typer.Option(
            "--lost",
            help="The old key's file is gone: its verifier key, as `tiendo log key` printed it.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Sign a last checkpoint with the log's key, and put a new one in its place; that the old one has signed over to it is a fact of the log.

    A key that is lost signs nothing more: the fact then says so. Ingest processes on other machines sign again once they have the new file.
    """
    run_command(_rotate_key(yes=yes) if lost is None else _replace_lost_key(lost, yes=yes))


async def _rotate_key(*, yes: bool) -> None:
    async with opened(role=OWNER) as context:
        if not yes:
            fail(f"nothing was changed: add --yes to put a new key into {context.settings.log_key}")
        signer = await signer_of(context.engine, context.settings)
        new = make_next_key(context.settings.log_key)
        position = await rotate_key(signer, new, entered_by=entered_by(), at=datetime.now(UTC))
        await _took_its_place(context, new, position)


async def _replace_lost_key(lost: str, *, yes: bool) -> None:
    was = key_of(lost, given_as="--lost")
    async with opened(role=OWNER) as context:
        file = context.settings.log_key
        if file.exists():
            fail(f"nothing was changed: the key is not lost, it is in {file}; leave --lost out")
        if not yes:
            fail(f"nothing was changed: add --yes to put a new key into {file}")
        new = make_next_key(file)
        log_id = await EventLog(context.engine).log_id()
        signer = Signer(engine=context.engine, key=new, file=context.settings.checkpoints_of(log_id))
        position = await replace_lost_key(signer, was, entered_by=entered_by(), at=datetime.now(UTC))
        await _took_its_place(context, new, position)
    complain("whoever holds checkpoints trusts the new key on your word alone: the old one could not sign over to it")


async def _took_its_place(context: Context, new: Ed25519PrivateKey, position: int) -> None:
    take_next_key(context.settings.log_key, public_key_of(new))
    name = name_of_log(await EventLog(context.engine).log_id())
    say(f"the log says so at position {position}; the verifier key is from now on:")
    say(public_key_of(new).verifier_key(name))


@commands.command("redact")
def redact_(
    position: Annotated[int, typer.Argument(min=1, help="Position of the event.")],
    member: Annotated[
        list[str], typer.Option("--member", help="What is redacted: data.reason of an event of a case, or data.text.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why, as everybody will read it in the log.")],
) -> None:
    """Take the text of named members of an event out of the log, for good; that it was, by whom and why stays in the log.

    No minute changes: what decides one cannot be redacted.
    """
    run_command(_redact(position, member, reason))


async def _redact(position: int, members: Sequence[str], reason: str) -> None:
    if not reason.strip():
        fail("a redaction has a reason: --reason")
    async with opened(role=OWNER) as context:
        fact = await redact(
            context.engine, position, members, reason=reason, entered_by=entered_by(), at=datetime.now(UTC)
        )
    say(f"redacted: {', '.join(members)} of position {position}; the fact that says so is at position {fact}")
    say(
        "Not reached, and yours to look after: backups, archived WAL and standbys' files; messages that were sent over Kafka before; what"
    )
    say("readers of /v1/events, exports and pages have copied; an event of the same key that was refused, for 30 days;")
    say("and the free space of the database's files, until it is written over.")


def _words(name: LogName) -> str:
    return f"log id: {name.log_id}, drawn {name.drawn_at:%Y-%m-%d %H:%M} UTC, {name.head:,} events"
