"""The figures that the national format gives, held against the truth: each case told through the channel, translated, folded and compared."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.marked_tables import with_table
from tests.simulation.answers import AS_OF, Answer, given_answer, rule_book, true_answer
from tests.simulation.conftest import VIETNAM

from tiendo_cli.simulating.national_simulation import SOURCE, envelopes_of
from tiendo_contracts.events.decoding import case_event
from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.timeline import case_timeline
from tiendo_simulation import Simulation, directory_text, rules_text
from tiendo_simulation.channel_defects import chance_of_case
from tiendo_simulation.minute_calendar import office_calendar
from tiendo_sources.national.arrival import Arrival
from tiendo_sources.national.directory import NameDirectory
from tiendo_sources.national.reader import read_message
from tiendo_sources.national.translation import read_record, translate

WITHOUT_DEFECT = "none"
RECEIVED_AT = AS_OF + timedelta(days=1)


@dataclass(slots=True)
class ChannelTally:
    """Of a group of cases: how many, how many agree in class and lateness, and how many minutes of lateness stand under another party."""

    cases: int = 0
    same_class_and_lateness: int = 0
    late_minutes: int = 0
    minutes_elsewhere: int = 0
    minutes_unnamed: int = 0
    minutes_against_officers: int = 0

    def count(self, true: Answer, given: Answer) -> None:
        """Add one case."""
        self.cases += 1
        self.same_class_and_lateness += (given.case_class, given.lateness_minutes) == (
            true.case_class,
            true.lateness_minutes,
        )
        self.late_minutes += true.lateness_minutes or 0
        parties = {*true.shares, *given.shares}
        more = {one: given.shares.get(one, 0) - true.shares.get(one, 0) for one in parties}
        self.minutes_elsewhere += sum(max(-minutes, 0) for minutes in more.values())
        self.minutes_unnamed += sum(max(minutes, 0) for (_, party), minutes in more.items() if party is None)
        self.minutes_against_officers += sum(
            max(minutes, 0) for (kind, party), minutes in more.items() if kind == "officer" and party is not None
        )


@dataclass(slots=True)
class ChannelAccuracy:
    """The tallies of one channel by defect."""

    scale: float
    by_defect: dict[str, ChannelTally] = field(default_factory=dict)

    @property
    def whole(self) -> ChannelTally:
        """All cases."""
        total = ChannelTally()
        for tally in self.by_defect.values():
            total.cases += tally.cases
            total.same_class_and_lateness += tally.same_class_and_lateness
            total.late_minutes += tally.late_minutes
            total.minutes_elsewhere += tally.minutes_elsewhere
            total.minutes_unnamed += tally.minutes_unnamed
            total.minutes_against_officers += tally.minutes_against_officers
        return total


def national_accuracy(scale: float, *, defects: bool = True) -> ChannelAccuracy:
    """All cases of kontum-2022 at that scale, through the channel, with a directory that knows everybody."""
    simulation = Simulation("kontum-2022", scale=scale)
    configured = rules_text(simulation.province) + "\n" + directory_text(simulation.province)
    rules = rule_book(configured, [VIETNAM])
    directory, hours = NameDirectory(rules), office_calendar()
    accuracy = ChannelAccuracy(scale=scale)
    for number, told in enumerate(simulation.cases(defects=False)):
        messages, defect = envelopes_of(told.story, hours, chance_of_case(1, number), defects=defects)
        truth = json.loads(told.truth)
        events = list(translated(messages, directory))
        given = given_answer(case_timeline(events, rules, as_of=AS_OF))
        name = WITHOUT_DEFECT if defect is None else defect.value
        accuracy.by_defect.setdefault(name, ChannelTally()).count(true_answer(truth), given)
    return accuracy


def translated(messages: list[dict[str, Any]], directory: NameDirectory) -> Iterator[CaseEvent]:
    """The facts of a case, whose messages come one by one."""
    known: list[dict[str, Any]] = []
    for sent in messages:
        message = read_message(json.dumps(sent).encode())
        [record] = message.records
        read = read_record(message.service, record)
        assert not isinstance(read, Refusal), read
        arrival = Arrival(
            source=f"{SOURCE}/national",
            unit=message.unit,
            received_at=RECEIVED_AT,
            sent_at=message.sent_at,
            history_until=None,
            directory=directory,
        )
        told = translate([read], known, arrival, lambda event: event)
        known += [json.loads(event.text) for event in told.events]
    for position, event in enumerate(known, start=1):
        yield case_event(json.dumps(event), position=position, ingested_at=RECEIVED_AT)


MARKS = "<!-- accuracy of the national format: begin -->", "<!-- accuracy of the national format: end -->"
_COLUMNS = (
    "cases",
    "same class and lateness",
    "minutes of lateness",
    "of them with another party",
    "with nobody named",
    "with an officer who did not cause them",
)


def with_national_table(page: str, accuracy: ChannelAccuracy) -> str:
    """The page with the table of the channel in its place."""
    return with_table(page, MARKS, table(accuracy))


def table(accuracy: ChannelAccuracy) -> str:
    """The figures of the channel by defect, and of all cases."""
    rows = [*sorted(accuracy.by_defect.items()), ("all cases", accuracy.whole)]
    head = f"| defect | {' | '.join(_COLUMNS)} |\n| --- {'| ---: ' * len(_COLUMNS)}|\n"
    return head + "".join(f"| {name} | {_cells(tally)} |\n" for name, tally in rows)


def national_errors(accuracy: ChannelAccuracy) -> list[dict[str, Any]]:
    """The share of the minutes of lateness under another party, in per cent, without the channel's defects and by them, for a plot."""
    return [
        {
            "channel": f"national format, {name}",
            "of": "what it has no words for",
            "elsewhere": 100 * tally.minutes_elsewhere / max(1, tally.late_minutes),
        }
        for name, tally in (
            ("without defects", accuracy.by_defect[WITHOUT_DEFECT]),
            ("with its defects", accuracy.whole),
        )
    ]


def _cells(tally: ChannelTally) -> str:
    return " | ".join(
        (
            f"{tally.cases:,}",
            f"{tally.same_class_and_lateness / tally.cases:.1%}",
            f"{tally.late_minutes:,}",
            *(
                f"{minutes:,} ({minutes / max(tally.late_minutes, 1):.1%})"
                for minutes in (tally.minutes_elsewhere, tally.minutes_unnamed, tally.minutes_against_officers)
            ),
        )
    )
