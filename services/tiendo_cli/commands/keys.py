"""`tiendo keys`: who may send, read and administer."""

import json
from typing import Annotated

import typer

from tiendo_cli.context import FormatOption, OutputFormat, opened, run_command
from tiendo_cli.tables import Column, Listing
from tiendo_cli.terminal import complain, emit_line, fail, say, show
from tiendo_runtime.authentication import KeyEntry, KeyStore, Scope

_NAME_LENGTH_MAX = 100
_COLUMNS = (
    Column("key id", whole=True),
    *(Column(heading) for heading in ("name", "scopes", "sources")),
    *(Column(heading, whole=True) for heading in ("made", "revoked")),
)

commands = typer.Typer(help="Make, list and revoke keys.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add `tiendo keys`."""
    app.add_typer(commands, name="keys")


@commands.command()
def create(
    scope: Annotated[list[Scope], typer.Option("--scope", help="What the key allows; may be given several times.")],
    name: Annotated[str, typer.Option(help="Whose key it is, for the list.")] = "",
    source: Annotated[
        list[str] | None,
        typer.Option("--source", help="Prefix of the sources that the key may send; may be given several times."),
    ] = None,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Make a key. Its secret is shown this once: only a digest is stored."""
    if len(name) > _NAME_LENGTH_MAX:
        raise typer.BadParameter(f"at most {_NAME_LENGTH_MAX} characters", param_hint="--name")
    if source is not None and not all(source):
        raise typer.BadParameter("a prefix cannot be empty", param_hint="--source")
    run_command(_create(name or " and ".join(sorted(set(scope))), set(scope), source or None, output))


async def _create(name: str, scopes: set[Scope], sources: list[str] | None, output: OutputFormat) -> None:
    async with opened() as context:
        key_id, secret = await KeyStore(context.engine).create(name, scopes, sources)
    if output is OutputFormat.JSON:
        emit_line(json.dumps({"key_id": key_id, "key": secret, "scopes": sorted(scopes), "sources": sources}))
        return
    say(f"key id: {key_id}")
    say(f"key: {secret}")
    complain("Keep it now: it is stored as a digest only and cannot be shown again.")


@commands.command("list")
def list_keys(output: FormatOption = OutputFormat.TABLE) -> None:
    """List all keys, without their secrets."""
    run_command(_list(output))


async def _list(output: OutputFormat) -> None:
    async with opened() as context:
        entries = await KeyStore(context.engine).list()
    if output is OutputFormat.JSON:
        emit_line(json.dumps({"keys": [_as_json(entry) for entry in entries]}, ensure_ascii=False, indent=2))
        return
    rows = []
    for entry in entries:
        key = entry.key
        revoked = "" if entry.revoked_at is None else f"{entry.revoked_at:%Y-%m-%d %H:%M}"
        sources = "all" if key.sources is None else " ".join(key.sources)
        made = f"{entry.created_at:%Y-%m-%d %H:%M}"
        rows.append((key.key_id, key.name, " ".join(sorted(key.scopes)), sources, made, revoked))
    show(Listing(columns=_COLUMNS, rows=rows))


def _as_json(entry: KeyEntry) -> dict[str, object]:
    return {
        "key_id": entry.key.key_id,
        "name": entry.key.name,
        "scopes": sorted(entry.key.scopes),
        "sources": entry.key.sources,
        "created_at": entry.created_at.isoformat(),
        "revoked_at": None if entry.revoked_at is None else entry.revoked_at.isoformat(),
    }


@commands.command()
def revoke(key_id: Annotated[str, typer.Argument(help="The key id that `tiendo keys list` shows.")]) -> None:
    """Revoke a key: services refuse it within some seconds."""
    run_command(_revoke(key_id))


async def _revoke(key_id: str) -> None:
    async with opened() as context:
        found = await KeyStore(context.engine).revoke(key_id)
    if not found:
        fail(f"there is no key {key_id}; see `tiendo keys list`")
    say(f"revoked: {key_id}")
