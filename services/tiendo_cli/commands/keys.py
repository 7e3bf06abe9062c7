"""`tiendo keys`: who may send, read and administer."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.text import Text

from tiendo_cli.context import FormatOption, OutputFormat, entered_by, opened, run_command
from tiendo_cli.key_options import bounds_of, open_cases
from tiendo_cli.tables.printed_tables import Listing, TableColumn
from tiendo_cli.terminal import complain, emit_line, fail, say, show, visible
from tiendo_cli.terms import term_of
from tiendo_runtime.authentication import Bounds, Key, KeyEntry, KeyRegister, KeyStore, Scope
from tiendo_runtime.authentication.scopes import BOUND_TO_UNITS
from tiendo_runtime.authentication.sealing import renew_secret, seal_keys
from tiendo_runtime.database import owner_engine

_NAME_LENGTH_MAX = 100
_COLUMNS = (
    TableColumn("key id", whole=True),
    *(TableColumn(heading) for heading in ("name", "scopes", "may send", "may see")),
    TableColumn("when", whole=True),
)

_REFUSED = "refused: the log does not say so"

commands = typer.Typer(help="Make, list, rotate and revoke keys.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add `tiendo keys`."""
    app.add_typer(commands, name="keys")


@commands.command()
def create(
    *,
    scope: Annotated[list[Scope], typer.Option("--scope", help="What the key allows; may be given several times.")],
    name: Annotated[str, typer.Option(help="Whose key it is, for the list.")] = "",
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source",
            help="Prefix of the sources that the key may send, which ends at a slash; may be given several times.",
        ),
    ] = None,
    case: Annotated[
        list[str] | None,
        typer.Option("--case", help="Prefix of the case ids that the key may send; may be given several times."),
    ] = None,
    any_source: Annotated[bool, typer.Option("--any-source", help="Let the key send any source.")] = False,
    unit: Annotated[
        list[str] | None,
        typer.Option("--unit", help="Id of a unit whose subtree's cases the key may see; may be given several times."),
    ] = None,
    all_units: Annotated[bool, typer.Option("--all-units", help="Let the key see everything.")] = False,
    expires: Annotated[str | None, typer.Option(help="How long the key is valid, such as 90d.")] = None,
    history_until: Annotated[
        str | None, typer.Option(help="What the key sends about happenings before this instant is history (rule N1).")
    ] = None,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Make a key. Its secret is shown this once: only a digest is stored."""
    if len(name) > _NAME_LENGTH_MAX or not name.isprintable():
        raise typer.BadParameter(f"at most {_NAME_LENGTH_MAX} characters on one line", param_hint="--name")
    bounds = bounds_of(
        scope,
        sources=source or [],
        cases=case or [],
        any_source=any_source,
        units=unit or [],
        all_units=all_units,
        term=None if expires is None else term_of(expires, "--expires"),
        history_until=history_until,
    )
    for prefix in open_cases(case or []):
        complain(f"note: --case {prefix} ends in a letter or digit, so it is also the beginning of longer words")
    run_command(_create(name or " and ".join(sorted(set(scope))), set(scope), bounds, output))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keys:
    """The keys of the database, to look at and to change."""

    store: KeyStore
    register: KeyRegister


@asynccontextmanager
async def _opened_keys() -> AsyncIterator[_Keys]:
    async with opened() as context:
        engine = owner_engine(context.url)
        try:
            secret = await seal_keys(engine, context.settings.key_secret_path, entered_by=entered_by())
            register = KeyRegister(engine, secret, entered_by=entered_by())
            yield _Keys(store=KeyStore(engine, secret), register=register)
        finally:
            await engine.dispose()


async def _create(name: str, scopes: set[Scope], bounds: Bounds, output: OutputFormat) -> None:
    async with _opened_keys() as keys:
        key_id, secret = await keys.register.create(name, scopes, bounds=bounds)
    bound_to = {"sources": bounds.sources, "cases": bounds.cases, "units": bounds.units}
    _show_secret(key_id, secret, output, {"scopes": sorted(scopes), **bound_to})


def _show_secret(key_id: str, secret: str, output: OutputFormat, more: dict[str, object]) -> None:
    if output is OutputFormat.JSON:
        emit_line(json.dumps({"key_id": key_id, "key": secret, **more}))
        return
    say(f"key id: {key_id}")
    say(f"key: {secret}")
    complain("Keep it now: it is stored as a digest only and cannot be shown again.")


@commands.command("list")
def list_keys(output: FormatOption = OutputFormat.TABLE) -> None:
    """List all keys, without their secrets."""
    run_command(_list(output))


async def _list(output: OutputFormat) -> None:
    async with _opened_keys() as keys:
        entries = await keys.store.list()
    if output is OutputFormat.JSON:
        emit_line(json.dumps({"keys": [_as_json(entry) for entry in entries]}, ensure_ascii=False, indent=2))
        return
    show(Listing(columns=_COLUMNS, rows=[_row(entry) for entry in entries]))


def _row(entry: KeyEntry) -> tuple[str | Text, ...]:
    """The cells of a key in the table; those of several lines are drawn as such."""
    several = ("\n".join(sorted(entry.key.scopes)), *_bounds(entry.key), _times(entry))
    return entry.key.key_id, entry.key.name, *(Text("\n".join(map(visible, lines.split("\n")))) for lines in several)


def _bounds(key: Key) -> tuple[str, str]:
    """What a key is bound to in sending and in seeing."""
    return _sending(key), _seeing(key)


def _seeing(key: Key) -> str:
    """The units that a key that sees anything is bound to, a line each."""
    if BOUND_TO_UNITS.isdisjoint(key.scopes):
        return ""
    return "all units" if key.units is None else "\n".join(key.units)


def _sending(key: Key) -> str:
    """What a key that sends is bound to, a prefix a line."""
    if Scope.INGEST not in key.scopes:
        return ""
    sources = ["any source"] if key.sources is None else key.sources
    return "\n".join([*sources, *(f"case {prefix}…" for prefix in key.cases or ())])


def _times(entry: KeyEntry) -> str:
    """What happened to the key and when, in UTC, a line each."""
    times = {"made": entry.created_at, "used": entry.last_used_at, "expires": entry.expires_at}
    times["revoked"] = entry.revoked_at
    lines = [f"{word:8}{at.astimezone(UTC):%Y-%m-%d %H:%M}" for word, at in times.items() if at is not None]
    return "\n".join([*lines, *([] if entry.is_sealed or entry.revoked_at else [_REFUSED])])


def _as_json(entry: KeyEntry) -> dict[str, object]:
    return {
        "key_id": entry.key.key_id,
        "name": entry.key.name,
        "scopes": sorted(entry.key.scopes),
        "sources": entry.key.sources,
        "cases": entry.key.cases,
        "units": entry.key.units,
        "history_until": _text(entry.key.history_until),
        "created_at": _text(entry.created_at),
        "last_used_at": _text(entry.last_used_at),
        "expires_at": _text(entry.expires_at),
        "revoked_at": _text(entry.revoked_at),
        "is_sealed": entry.is_sealed,
    }


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


@commands.command()
def rotate(
    key_id: Annotated[str, typer.Argument(help="The key id that `tiendo keys list` shows.")],
    term: Annotated[str, typer.Option(help="How long the old key is valid yet, such as 7d.")] = "7d",
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Give a key a successor with the same rights, and the old one a term."""
    run_command(_rotate(key_id, term_of(term, "--term"), output))


async def _rotate(key_id: str, term: timedelta, output: OutputFormat) -> None:
    async with _opened_keys() as keys:
        made = await keys.register.rotate(key_id, term)
    if made is None:
        fail(f"there is no valid key {key_id}; see `tiendo keys list`")
    _show_secret(*made, output, {"succeeds": key_id})


@commands.command()
def revoke(key_id: Annotated[str, typer.Argument(help="The key id that `tiendo keys list` shows.")]) -> None:
    """Revoke a key: services refuse it within some seconds."""
    run_command(_revoke(key_id))


async def _revoke(key_id: str) -> None:
    async with _opened_keys() as keys:
        found = await keys.register.revoke(key_id)
    if not found:
        fail(f"there is no key {key_id}; see `tiendo keys list`")
    say(f"revoked: {key_id}")


@commands.command("renew-secret")
def renew_secret_(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it. All keys end: make new ones afterwards.")] = False,
) -> None:
    """Store keys under a new secret, when the file of the old one is lost. All keys end."""
    run_command(_renew_secret(yes=yes))


async def _renew_secret(*, yes: bool) -> None:
    if not yes:
        fail("all keys will end, and whoever uses them needs new ones: add --yes to do it")
    async with opened() as context:
        engine = owner_engine(context.url)
        try:
            ended = await renew_secret(engine, context.settings.key_secret_path, entered_by=entered_by())
        finally:
            await engine.dispose()
    say(f"keys ended: {ended}")
    say(f"the new secret: {context.settings.key_secret_path}")
    complain("Start the services again, on every machine with a copy of that file, and make new keys.")
