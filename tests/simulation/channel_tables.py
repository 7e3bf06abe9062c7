"""What the comparisons of channels with the truth have in common: what no channel can tell, what is counted, and the table in the page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.simulation.answers import Answer

COLUMNS = (
    "of what",
    "cases",
    "agree in everything",
    "same class and lateness",
    "of the minutes of lateness with another party",
)
SCALE_MAX = 0.02
"""Of more cases the shares say nothing new."""


@dataclass(slots=True)
class Counted:
    """How many cases, how many of them agree, and the minutes of lateness that stand under another party."""

    cases: int = 0
    equal: int = 0
    same: int = 0
    minutes: int = 0
    elsewhere: int = 0

    def count(self, true: Answer, given: Answer) -> None:
        self.cases += 1
        self.equal += true == given
        self.same += (true.case_class, true.lateness_minutes) == (given.case_class, given.lateness_minutes)
        self.minutes += true.lateness_minutes or 0
        self.elsewhere += sum(max(minutes - given.shares.get(party, 0), 0) for party, minutes in true.shares.items())

    def row(self) -> str:
        share = self.elsewhere / self.minutes if self.minutes else 0.0
        return f"{self.cases:,} | {self.equal / self.cases:.1%} | {self.same / self.cases:.1%} | {share:.1%}"


def channel_table(
    heading: str, whole: str, compared: Mapping[str, Iterable[tuple[str, Answer, Answer]]]
) -> Iterator[str]:
    """Yield the lines of a channel's table: of each way to tell it, the cases by the reason why they cannot be told whole (`whole`: they can)."""
    yield "| " + " | ".join((heading, *COLUMNS)) + " |"
    yield "| --- | --- |" + " ---: |" * (len(COLUMNS) - 1)
    for name, cases in compared.items():
        counted: dict[str, Counted] = {}
        for reason, true, given in cases:
            counted.setdefault(reason or whole, Counted()).count(true, given)
        yield from (f"| {name} | {reason} | {counted[reason].row()} |" for reason in sorted(counted))


def kinds_of(events: Sequence[Mapping[str, Any]]) -> set[str]:
    """The kinds of the events."""
    return {event["type"].split(".")[3] for event in events}


def untold_by_any(events: Sequence[Mapping[str, Any]], truth: Mapping[str, Any]) -> str:
    """What of the case neither a gateway nor a table has words for."""
    if any(event["data"].get("procedure", {}).get("days") == "calendar" for event in events):
        return "calendar days"
    return "clicked late" if truth["fate"] in {"late-entry", "unproven"} else ""
