"""The figures that a polled gateway of iGate gives, held against the truth: each case shown, looked at so often, translated, folded and compared."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.marked_tables import with_table
from tests.simulation.answers import AS_OF, INGESTED_AT, Answer, given_answer, rule_book, true_answer
from tests.simulation.channel_tables import SCALE_MAX, ByWay, channel_table, counted_by_way, kinds_of, untold_by_any
from tests.simulation.conftest import VIETNAM

from tiendo_contracts.events.decoding import case_event
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.timeline import case_timeline
from tiendo_simulation import Simulation, rules_text
from tiendo_simulation.story_lines import event_lines
from tiendo_sources.igate.configuration import GatewayConfiguration
from tiendo_sources.igate.dossier_changes import Compared, compared
from tiendo_sources.igate.writing import STATUS_IDS, DossierState, dossier_states

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
        self._rules = rule_book(rules_text(self._simulation.province), [VIETNAM])

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
    consulted = "consultation-requested" in kinds_of(events)
    return untold_by_any(events, truth) or ("consultation" if consulted else "")


MARKS = "<!-- accuracy of iGate: begin -->", "<!-- accuracy of iGate: end -->"


def igate_counts(scale: float) -> ByWay:
    """What is counted of polls that are so far apart."""
    comparison = ChannelComparison(min(scale, SCALE_MAX))
    polls = {name: comparison.cases(interval) for name, interval in INTERVALS.items()}
    return counted_by_way("all that a gateway can tell", polls)


def with_igate_table(page: str, counted: ByWay) -> str:
    """The page with the table between its marks made anew."""
    return with_table(page, MARKS, channel_table("polls", counted))
