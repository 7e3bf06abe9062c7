"""`tiendo webhooks`: who is told of publications over HTTP, what arrived and what was given up."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final
from uuid import uuid4

import typer

from tiendo_cli.context import FormatOption, OutputFormat, opened, run_command
from tiendo_cli.terminal import emit_line, fail, say
from tiendo_contracts.events.event_types import HOUSE_SOURCE
from tiendo_event_store.deliveries.webhook_deliveries import DeliveryState, WebhookDelivery, deliver_again, deliveries
from tiendo_runtime.settings import load_settings
from tiendo_runtime.webhook_targets import MailTarget, load_targets, new_secret

commands = typer.Typer(help="Who is told of publications over HTTP, and what arrived.", no_args_is_help=True)

_TRIED: Final = "vn.tiendo.webhook.tried.v1"


def register(app: typer.Typer) -> None:
    """Add `tiendo webhooks`."""
    app.add_typer(commands, name="webhooks")


@commands.callback()
def webhooks() -> None:
    """Who is told of publications over HTTP, what arrived and what was given up. The file that lists them: TIENDO_WEBHOOKS."""


@commands.command("new-secret")
def write_secret(file: Annotated[Path, typer.Argument(help="The file to write; only you may read it.")]) -> None:
    """Write a secret by chance into a file of its own, for a webhook and for whoever receives it."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        fail(f"{file} is there already: take another name, or remove it if nobody uses it")
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}")
    with os.fdopen(descriptor, "w", encoding="ascii") as written:
        written.write(new_secret() + "\n")
    say(f"wrote {file}; hand it to whoever receives, by a way that others do not see")


@commands.command("list")
def list_deliveries(
    state: Annotated[DeliveryState | None, typer.Option(help="Those in this state alone.")] = None,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """List what the webhooks were told: when it arrived, when it is tried next, why it was given up."""
    run_command(_list(state, output))


@commands.command()
def resend(
    name: Annotated[str, typer.Argument(help="The webhook's name.")],
    position: Annotated[
        int | None, typer.Argument(help="The position; without it everything that was given up.")
    ] = None,
) -> None:
    """Try again what was given up."""
    run_command(_resend(name, position))


@commands.command("try")
def try_once(name: Annotated[str, typer.Argument(help="The webhook's name.")]) -> None:
    """Send a signed message that says nothing, once, and tell what was answered."""
    run_command(_try(name))


async def _list(state: DeliveryState | None, output: OutputFormat) -> None:
    async with opened() as context, context.engine.connect() as connection:
        found = await deliveries(connection, state)
    if output is OutputFormat.JSON:
        emit_line(json.dumps({"deliveries": [_row(one) for one in found]}, ensure_ascii=False))
        return
    for one in found:
        say(f"{one.webhook} {one.position} {one.type} {one.subject}: {_in_words(one)}")


async def _resend(name: str, position: int | None) -> None:
    async with opened() as context, context.engine.begin() as connection:
        count = await deliver_again(connection, name, position)
    if not count:
        fail(f"nothing was given up of {name}; `tiendo webhooks list --state dead` shows what was")
    say(f"{count} will be tried again")


async def _try(name: str) -> None:
    import httpx

    from tiendo_notifier.webhook_sending import SECONDS, attempt_webhook

    listed = load_targets(load_settings())
    targets = {target.name: target for target in listed if not isinstance(target, MailTarget)}
    if name not in targets:
        known = ", ".join(targets) or "TIENDO_WEBHOOKS names none"
        fail(f"there is no webhook {name}: {known}")
    event = {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": HOUSE_SOURCE,
        "type": _TRIED,
        "subject": name,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    async with httpx.AsyncClient(timeout=SECONDS) as client:
        found = await attempt_webhook(client, targets[name], str(event["id"]), json.dumps(event))
    if not found.arrived:
        fail(f"{name}: {found.outcome.failure}")
    say(f"{name}: answered {found.outcome.status}")


def _row(one: WebhookDelivery) -> dict[str, object]:
    return {
        "webhook": one.webhook,
        "position": one.position,
        "event_id": one.event_id,
        "type": one.type,
        "subject": one.subject,
        "state": one.state.value,
        "attempts": one.attempts,
        "due_at": _text(one.due_at) if one.state is DeliveryState.PENDING else None,
        "status": one.status,
        "failure": one.failure,
        "ended_at": None if one.ended_at is None else _text(one.ended_at),
    }


def _in_words(one: WebhookDelivery) -> str:
    match one.state:
        case DeliveryState.PENDING:
            tried = f"; tried {one.attempts} times, last: {one.failure}" if one.failure else ""
            return f"to be sent at {_text(one.due_at)}{tried}"
        case DeliveryState.DELIVERED:
            return f"arrived at {'' if one.ended_at is None else _text(one.ended_at)}"
        case DeliveryState.DEAD:
            return f"given up after {one.attempts} attempts: {one.failure}"


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
