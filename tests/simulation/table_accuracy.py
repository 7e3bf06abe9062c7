"""The figures that an office's table of cases and steps gives, held against the truth: each case written as rows, read, folded and compared."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from tests.marked_tables import with_table
from tests.simulation.answers import AS_OF, INGESTED_AT, Answer, given_answer, rule_book, true_answer
from tests.simulation.channel_tables import SCALE_MAX, ByWay, channel_table, counted_by_way, kinds_of, untold_by_any
from tests.simulation.conftest import VIETNAM

from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_contracts.events.decoding import case_event
from tiendo_domain.timeline import case_timeline
from tiendo_simulation import Simulation, rules_text
from tiendo_simulation.story_lines import event_lines
from tiendo_sources.formats import Entry
from tiendo_sources.tables.cells import TableRow
from tiendo_sources.tables.entries import table_entries
from tiendo_sources.tables.mapping import parse_table_mapping
from tiendo_sources.tables.told_rows import (
    NO_DEFECTS,
    USUAL_DEFECTS,
    TableDefects,
    mapping_text,
    table_heads,
    told_rows,
)

KINDS: Mapping[str, TableDefects] = {"as it happened": NO_DEFECTS, "with the usual defects": USUAL_DEFECTS}
MARKS = "<!-- accuracy of tables: begin -->", "<!-- accuracy of tables: end -->"
MAPPING = parse_table_mapping(mapping_text("/simulation/table"))
WHOLE = "all that a table can tell"
_UNTOLD = (
    ("consultation-requested", "consultation"),
    ("supplement-requested", "pause"),
    ("payment-requested", "pause"),
    ("suspended", "pause"),
    ("reopened", "pause"),
    ("deadline-extended", "extension"),
)


class TableComparison:
    """Compares every case of kontum-2022 at a scale with what its rows say."""

    def __init__(self, scale: float) -> None:
        self._simulation = Simulation("kontum-2022", scale=scale)
        self._rules = rule_book(rules_text(self._simulation.province), [VIETNAM])

    def cases(self, defects: TableDefects) -> Iterator[tuple[str, Answer, Answer]]:
        """Of each case that was received why a table cannot tell it whole (empty: it can), the truth, and the answer."""
        for told in self._simulation.cases(defects=False):
            events = [json.loads(line) for line in event_lines(told.story)]
            truth = json.loads(told.truth)
            texts = [entry.raw.decode() for entry in self._taken(list(told_rows(events, defects)))]
            if "policy" not in truth or not texts:
                continue
            facts = [case_event(text, position=at, ingested_at=INGESTED_AT) for at, text in enumerate(texts, start=1)]
            timeline = case_timeline(facts, self._rules, as_of=AS_OF)
            true, given = (without_codes_of_units(one) for one in (true_answer(truth), given_answer(timeline)))
            yield untold(events, truth), true, given

    def _taken(self, rows: Sequence[Sequence[str]]) -> Iterator[Entry]:
        """The entries that the log would take: each key once."""
        numbers = count(1)
        table = (TableRow(number=next(numbers), cells=tuple(row)) for row in [*table_heads(), *rows])
        seen: set[str] = set()
        for entry in table_entries(table, MAPPING, self._rules, place="line"):
            if isinstance(entry, Entry) and isinstance(entry.content, AcceptedEvent) and entry.content.id not in seen:
                seen.add(entry.content.id)
                yield entry


def without_codes_of_units(answer: Answer) -> Answer:
    """The answer with every unit that only held a case known by no code: a table has the units of officers by their names alone."""
    held: Counter[tuple[str, str | None, str | None]] = Counter()
    for (kind, party, step), minutes in answer.held.items():
        held[kind, None if kind == "unit" else party, step] += minutes
    shares: Counter[tuple[str, str | None]] = Counter()
    for (kind, party), minutes in answer.shares.items():
        shares[kind, None if kind == "unit" else party] += minutes
    return replace(answer, held=dict(held), shares=dict(shares))


def untold(events: Sequence[Mapping[str, Any]], truth: Mapping[str, Any]) -> str:
    """What of the case a table has no words for."""
    if untold_too := untold_by_any(events, truth):
        return untold_too
    if not any(event["data"].get("due_at") for event in events):
        return "no due told"
    dues = {event["data"]["due_at"][:16] for event in events if event["data"].get("due_at")}
    if any(event["time"][:16] in dues for event in events if event["type"].split(".")[3] == "completed"):
        return "completed in the minute of the due"
    minutes = [event["time"][:16] for event in events if event["data"].get("holder")]
    if len(set(minutes)) < len(minutes):
        return "several steps in one minute"
    kinds = kinds_of(events)
    return next((words for kind, words in _UNTOLD if kind in kinds), "")


def table_counts(scale: float) -> ByWay:
    """What is counted of tables as it happened, and with their defects."""
    comparison = TableComparison(min(scale, SCALE_MAX))
    return counted_by_way(WHOLE, {name: comparison.cases(defects) for name, defects in KINDS.items()})


def with_table_of_tables(page: str, counted: ByWay) -> str:
    """The page with the table between its marks made anew."""
    return with_table(page, MARKS, channel_table("rows", counted))
