"""How periods and instants are asked for on the command line."""

from datetime import date
from typing import Annotated

import typer

from tiendo_contracts.instants import parse_instant
from tiendo_domain.instants import Instant

FromOption = Annotated[
    str | None, typer.Option("--from", help="First day, such as 2022-01-01; default: from the first event on.")
]
ToOption = Annotated[
    str | None, typer.Option("--to", help="Last day, such as 2022-08-25, inclusive; default: up to now.")
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", help="Show open cases as at this instant, if it is earlier than the period's end."),
]
UnitOption = Annotated[str | None, typer.Option("--unit", help="Id of a unit: it and those below it.")]


def day_asked(text: str, option: str) -> date:
    """The local date; wrong usage for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("write a day such as 2022-08-25", param_hint=option) from None
    if day.isoformat() != text:
        raise typer.BadParameter("write a day such as 2022-08-25", param_hint=option)
    return day


def bound_asked(text: str | None, option: str) -> date | Instant | None:
    """The local date, or the instant with an offset; wrong usage for anything else."""
    if text is None:
        return None
    return instant_asked(text, option) if "T" in text.upper() else day_asked(text, option)


def instant_asked(text: str | None, option: str) -> Instant | None:
    """The instant with an offset; wrong usage for anything else."""
    if text is None:
        return None
    try:
        return Instant(parse_instant(text), text)
    except ValueError:
        raise typer.BadParameter(
            "write an instant with its offset, such as 2022-08-25T17:00:00+07:00", param_hint=option
        ) from None


def in_order(start: date | Instant | None, end: date | Instant | None) -> None:
    """Wrong usage where the last day lies before the first."""
    if isinstance(start, date) and isinstance(end, date) and end < start:
        raise typer.BadParameter("the last day lies before the first", param_hint="--to")
