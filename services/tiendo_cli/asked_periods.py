"""How periods and instants are asked for on the command line."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_domain.instants import Instant

if TYPE_CHECKING:
    from tiendo_query.query_side import QuerySide, Snapshot

FromOption = Annotated[
    str | None, typer.Option("--from", help="First day, such as 2022-01-01; default: from the first event on.")
]
ToOption = Annotated[
    str | None,
    typer.Option(
        "--to",
        help="Last day, such as 2022-08-25, inclusive; default: the day of --as-of, else the last on which anything "
        "happened to the cases that are asked about.",
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", help="Show open cases as at this instant, if it is earlier than the period's end."),
]
UnitOption = Annotated[str | None, typer.Option("--unit", help="Id of a unit: it and those below it.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSpan:
    """A period and the unit to which it is restricted, as the options say."""

    start: date | Instant | None
    end: date | Instant | None
    as_of: Instant | None
    unit: str | None

    async def last_bound(self, side: "QuerySide", snapshot: "Snapshot") -> date | Instant | None:
        """The end that was asked for; without one, and without an instant to look at, the last day of what is asked about."""
        if self.end is not None or self.as_of is not None:
            return self.end
        from tiendo_query.questions.latest_days import last_day

        day = await last_day(snapshot, now=side.now(), unit=self.unit)
        start = self.start.at.astimezone(snapshot.zone).date() if isinstance(self.start, Instant) else self.start
        return day if start is None else max(day, start)


def span_asked(first: str | None, last: str | None, as_of: str | None, unit: str | None) -> AskedSpan:
    """What the options ask for; wrong usage for anything else."""
    start, end = bound_asked(first, "--from"), bound_asked(last, "--to")
    in_order(start, end)
    return AskedSpan(start=start, end=end, as_of=instant_asked(as_of, "--as-of"), unit=unit)


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
