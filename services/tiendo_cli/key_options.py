"""What `tiendo keys create` is asked for, checked: wrong usage is told before anything is opened."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import typer

from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_runtime.authentication import Bounds, Scope
from tiendo_runtime.authentication.rights import source_prefix
from tiendo_runtime.authentication.scopes import BOUND_TO_UNITS

_CASE_LENGTH_MAX = 50
_UNIT_LENGTH_MAX = 200
_SEEING = "binds what a key sees: give it with --scope read, explain, decide or publish"
_SENDING = "binds what a key sends: give it with --scope ingest alone or among others"


def bounds_of(
    scopes: Collection[Scope],
    *,
    sources: Sequence[str],
    cases: Sequence[str],
    any_source: bool,
    units: Sequence[str],
    all_units: bool,
    term: timedelta | None,
    history_until: str | None,
) -> Bounds:
    """What the new key is bound to; raises `typer.BadParameter`. A key that does not send events of cases is bound to none."""
    seen = _units(scopes, units, all_units=all_units)
    if Scope.INGEST not in scopes:
        given = {"--source": sources, "--case": cases, "--history-until": history_until}
        for option in (name for name, value in given.items() if value):
            raise typer.BadParameter(_SENDING, param_hint=option)
        return Bounds(term=term, units=seen)
    if any_source and sources:
        raise typer.BadParameter("give --source or --any-source, not both", param_hint="--any-source")
    if not any_source and not sources:
        raise typer.BadParameter(
            "a key that sends is bound to sources (--source /kontum/igate), or is asked for as unbound with --any-source",
            param_hint="--source",
        )
    return Bounds(
        sources=None if any_source else [_source(each) for each in sources],
        cases=[_case(each) for each in cases] or None,
        term=term,
        history_until=None if history_until is None else _instant(history_until),
        units=seen,
    )


def _units(scopes: Collection[Scope], units: Sequence[str], *, all_units: bool) -> Sequence[str] | None:
    """The units whose subtrees the key may see, None for all; a key that sees nothing is bound to none."""
    if BOUND_TO_UNITS.isdisjoint(scopes):
        if units:
            raise typer.BadParameter(_SEEING, param_hint="--unit")
        return None
    if all_units and units:
        raise typer.BadParameter("give --unit or --all-units, not both", param_hint="--all-units")
    if not all_units and not units:
        raise typer.BadParameter(
            "such a key is bound to units (--unit H34.STNMT), or is asked for as unbound with --all-units",
            param_hint="--unit",
        )
    return None if all_units else [_unit(each) for each in units]


def _unit(text: str) -> str:
    if not 0 < len(text) <= _UNIT_LENGTH_MAX or not text.isprintable() or text.isspace():
        raise typer.BadParameter(f"the id of a unit, 1 to {_UNIT_LENGTH_MAX} characters", param_hint="--unit")
    return text


def open_cases(cases: Sequence[str]) -> list[str]:
    """The prefixes that end in the middle of a word: `H34-1` is one of `H34-10` too."""
    return [prefix for prefix in cases if prefix[-1:].isalnum()]


def _source(text: str) -> str:
    try:
        return source_prefix(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--source") from None


def _case(text: str) -> str:
    if not 0 < len(text) <= _CASE_LENGTH_MAX:
        raise typer.BadParameter(f"a prefix of 1 to {_CASE_LENGTH_MAX} characters", param_hint="--case")
    return text


def _instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise typer.BadParameter(f"{error}, such as 2026-12-01T00:00:00+07:00", param_hint="--history-until") from None
