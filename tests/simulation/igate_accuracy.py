"""The figures that a polled gateway of iGate gives, held against the truth: each case shown, looked at so often, translated, folded and compared."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.simulation.answers import AS_OF, INGESTED_AT, Answer, given_answer, true_answer
from tests.simulation.conftest import VIETNAM

from tiendo_contracts.decoding import case_event
from tiendo_contracts.rules_file import definitions_to_append, parse
from tiendo_domain.facts import CaseEvent
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import case_timeline
from tiendo_simulation import Simulation, rules_text
from tiendo_simulation.story_lines import event_lines
from tiendo_sources.igate.configuration import GatewayConfiguration
from tiendo_sources.igate.dossier_changes import Compared, compared
from tiendo_sources.igate.dossier_states import STATUS_IDS, DossierState, dossier_states

EVERY_CHANGE = timedelta(0)
INTERVALS: Mapping[str, timedelta] = {
    "every change seen": EVERY_CHANGE,
    "a minute apart": timedelta(minutes=1),
    "an hour apart": timedelta(hours=1),
    "a day apart": timedelta(days=1),
}
CONFIGURATION = GatewayConfiguration(
    source="/simulation/kontum-2022/igate",
    base_url="https://gateway.example",
    token_url="https://sso.example/token",  # noqa: S106 - an address
    client_id="tiendo",
    client_secret_file="secret",  # noqa: S106 - the name of a file
    status={str(number): kind.value for kind, number in STATUS_IDS.items()},
)


class ChannelComparison:
    """Compares every case of kontum-2022 at a scale with what comes of looks at it."""

    def __init__(self, scale: float) -> None:
        self._simulation = Simulation("kontum-2022", scale=scale)
        rules = RuleBook().with_definitions([VIETNAM])
        rules_of_province = definitions_to_append(parse(rules_text(self._simulation.province)), rules)
        self._rules = rules.with_definitions(rules_of_province)

    def cases(self, interval: timedelta) -> Iterator[tuple[str, Answer, Answer]]:
        """Of each case why the channel cannot tell it whole (empty: it can), the truth, and the answer."""
        for told in self._simulation.cases(defects=False):
            events = [json.loads(line) for line in event_lines(told.story)]
            facts = translated(looked_at(list(dossier_states(events)), interval))
            truth = json.loads(told.truth)
            given = given_answer(case_timeline(facts, self._rules, as_of=AS_OF))
            yield untold(events, truth), true_answer(truth), given


def looked_at(states: Sequence[DossierState], interval: timedelta) -> Iterator[DossierState]:
    """The states that looks find that are so far apart: of those between two looks the last."""
    for number, state in enumerate(states):
        following = states[number + 1].at if number + 1 < len(states) else None
        if interval == EVERY_CHANGE or following is None or _look(state.at, interval) < following:
            yield state


def _look(at: datetime, interval: timedelta) -> datetime:
    """The first look not before the instant."""
    since = at - AS_OF
    return AS_OF + interval * -(-since // interval)


def translated(states: Iterator[DossierState]) -> list[CaseEvent]:
    """The facts that come of the looks."""
    seen: str | None = None
    texts: list[str] = []
    for state in states:
        found = compared(state.dossier, seen, CONFIGURATION, state.at)
        assert isinstance(found, Compared), found.refusal
        seen = found.seen.text
        texts += [event.text for event in found.events]
    return [case_event(text, position=number, ingested_at=INGESTED_AT) for number, text in enumerate(texts, 1)]


def untold(events: Sequence[Mapping[str, Any]], truth: Mapping[str, Any]) -> str:
    """What of the case a gateway has no words for."""
    kinds = {event["type"].split(".")[3] for event in events}
    if any(event["data"].get("procedure", {}).get("days") == "calendar" for event in events):
        return "calendar days"
    if truth["fate"] in {"late-entry", "unproven"}:
        return "clicked late"
    return "consultation" if "consultation-requested" in kinds else ""


BEGIN, END = "<!-- accuracy of iGate: begin -->", "<!-- accuracy of iGate: end -->"
SCALE_MAX = 0.02
"""Of more cases the shares say nothing new."""
COLUMNS = (
    "polls",
    "of what",
    "cases",
    "agree in everything",
    "same class and lateness",
    "of the minutes of lateness with another party",
)


def with_igate_table(page: str, scale: float) -> str:
    """The page with the table between its marks made anew."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{_table(min(scale, SCALE_MAX))}\n{END}{rest.partition(END)[2]}"


def _table(scale: float) -> str:
    comparison = ChannelComparison(scale)
    rows = ["| " + " | ".join(COLUMNS) + " |", "| --- | --- |" + " ---: |" * (len(COLUMNS) - 2)]
    for name, interval in INTERVALS.items():
        counted: dict[str, Counted] = {}
        for reason, true, given in comparison.cases(interval):
            counted.setdefault(reason or "all that a gateway can tell", Counted()).count(true, given)
        rows += [f"| {name} | {reason} | {counted[reason].row()} |" for reason in sorted(counted)]
    return "\n".join(rows)


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
