"""What the comparisons of channels with the truth have in common: what no channel can tell, what is counted, and the table in the page."""

from collections.abc import Iterable, Mapping, Sequence
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


ByWay = Mapping[str, Mapping[str, Counted]]
"""Way to tell a channel -> reason why cases cannot be told whole -> what was counted of these cases."""


def counted_by_way(whole: str, compared: Mapping[str, Iterable[tuple[str, Answer, Answer]]]) -> ByWay:
    """What is counted of each way to tell a channel, by the reason why the cases cannot be told whole (`whole`: they can)."""
    found: dict[str, dict[str, Counted]] = {}
    for name, cases in compared.items():
        counted = found.setdefault(name, {})
        for reason, true, given in cases:
            counted.setdefault(reason or whole, Counted()).count(true, given)
    return found


def channel_table(heading: str, counted: ByWay) -> str:
    """The table of a channel."""
    lines = ["| " + " | ".join((heading, *COLUMNS)) + " |", "| --- | --- |" + " ---: |" * (len(COLUMNS) - 1)]
    for name, by_reason in counted.items():
        lines += [f"| {name} | {reason} | {by_reason[reason].row()} |" for reason in sorted(by_reason)]
    return "".join(f"{line}\n" for line in lines)


def errors_of(channel: str, counted: ByWay) -> list[dict[str, Any]]:
    """Of each way to tell the channel the share of the minutes of lateness that stand under another party, in per cent, for a plot."""
    return [
        {
            "channel": f"{channel}, {name}",
            "of": "what the channel can tell" if reason.startswith(_CAN) else "what it has no words for",
            "elsewhere": 100 * one.elsewhere / max(1, sum(each.minutes for each in by_reason.values())),
        }
        for name, by_reason in counted.items()
        for reason, one in by_reason.items()
    ]


_CAN = "all that"


def kinds_of(events: Sequence[Mapping[str, Any]]) -> set[str]:
    """The kinds of the events."""
    return {event["type"].split(".")[3] for event in events}


def untold_by_any(events: Sequence[Mapping[str, Any]], truth: Mapping[str, Any]) -> str:
    """What of the case neither a gateway nor a table has words for."""
    if any(event["data"].get("procedure", {}).get("days") == "calendar" for event in events):
        return "calendar days"
    return "clicked late" if truth["fate"] in {"late-entry", "unproven"} else ""
