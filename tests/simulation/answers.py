"""The ground truth and the product's answer, each in the same plain shape, to be compared."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tiendo_contracts.events.case_events import accept_text
from tiendo_contracts.events.decoding import case_event
from tiendo_contracts.rules_file import definitions_to_append, parse
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.rules import CalendarDefinition, RuleBook
from tiendo_domain.timeline_types import CaseTimeline, Party
from tiendo_simulation import Simulation, Story, rules_text
from tiendo_simulation.story_lines import event_lines

AS_OF = datetime.fromisoformat("2022-08-26T00:00:00+07:00")
INGESTED_AT = datetime(2022, 9, 1, tzinfo=UTC)
CLASSES = frozenset({"on-time", "actual", "late-entry", "unproven"})

Shares = Mapping[tuple[str, str | None], int]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What must agree. Parties are told apart by kind and id."""

    unit: str | None
    case_class: str | None
    overdue: bool | None
    judged_due_at: datetime | None
    lateness_minutes: int | None
    late_entry_minutes: int
    late_entry_party: tuple[str, str | None] | None
    policy: str | None
    shares: Shares
    held: Mapping[tuple[str, str | None, str | None], int]


@dataclass(frozen=True, kw_only=True)
class World:
    """A simulation as the log would hold it: of each case the events in the order of delivery, and its ground truth."""

    lines: tuple[str, ...]
    events: Mapping[str, list[CaseEvent]]
    truths: Mapping[str, Mapping[str, Any]]
    rules: RuleBook
    simulation: Simulation


def world(simulation: Simulation, defaults: Iterable[CalendarDefinition]) -> World:
    """Everything of one simulation; each event once, as the log would keep it."""
    truths: dict[str, Mapping[str, Any]] = {}

    def stories() -> Iterator[Story]:
        for told in simulation.cases():
            truth = json.loads(told.truth)
            truths[truth["case_id"]] = truth
            yield told.story

    lines = tuple(simulation.delivery().lines(stories()))
    rules = rule_book(rules_text(simulation.province), defaults)
    return World(lines=lines, events=_as_kept(lines), truths=truths, rules=rules, simulation=simulation)


def rule_book(text: str, defaults: Iterable[CalendarDefinition]) -> RuleBook:
    """The rules of a rules file, over the calendars that a new log is seeded with."""
    rules = RuleBook().with_definitions(defaults)
    return rules.with_definitions(definitions_to_append(parse(text), rules))


def _as_kept(lines: Iterable[str]) -> dict[str, list[CaseEvent]]:
    events: dict[str, list[CaseEvent]] = {}
    kept: set[tuple[str, str]] = set()
    for position, line in enumerate(lines, start=1):
        accepted = accept_text(line)
        if (accepted.source, accepted.id) not in kept:
            kept.add((accepted.source, accepted.id))
            decoded = case_event(line, position=position, ingested_at=INGESTED_AT)
            events.setdefault(accepted.case_id, []).append(decoded)
    return events


def events_of(story: Story) -> list[CaseEvent]:
    """The events of one story, in the order in which they were entered."""
    return [
        case_event(line, position=position, ingested_at=INGESTED_AT)
        for position, line in enumerate(event_lines(story), start=1)
    ]


def true_answer(truth: Mapping[str, Any]) -> Answer:
    """What the ground truth says of a case."""
    if "policy" not in truth:
        return Answer(
            unit=truth["unit"],
            case_class=None,
            overdue=None,
            judged_due_at=None,
            lateness_minutes=None,
            late_entry_minutes=0,
            late_entry_party=None,
            policy=None,
            shares={},
            held={},
        )
    party = truth["late_entry_party"]
    return Answer(
        unit=truth["unit"],
        case_class=truth["fate"] if truth["fate"] in CLASSES else None,
        overdue=truth["overdue"],
        judged_due_at=datetime.fromisoformat(truth["judged_due_at"]),
        lateness_minutes=truth["lateness_minutes"],
        late_entry_minutes=truth["late_entry_minutes"],
        late_entry_party=None if party is None else (party["kind"], party["id"]),
        policy=truth["policy"],
        shares={(share["kind"], share["id"]): share["minutes"] for share in truth["shares"]},
        held={(hold["kind"], hold["id"], hold["step"]): hold["minutes"] for hold in truth["held"]},
    )


def given_answer(timeline: CaseTimeline) -> Answer:
    """What the product says of a case."""
    held: Counter[tuple[str, str | None, str | None]] = Counter()
    for hold in timeline.holds:
        step = None if hold.step is None or hold.paused else hold.step.id
        held[*_key(hold.party), step] += hold.working_minutes
    return Answer(
        unit=None if timeline.unit is None else timeline.unit.id,
        case_class=None if timeline.case_class is None else timeline.case_class.value,
        overdue=timeline.overdue,
        judged_due_at=None if timeline.judged_due_at is None else timeline.judged_due_at.at,
        lateness_minutes=timeline.lateness_minutes,
        late_entry_minutes=timeline.late_entry_minutes,
        late_entry_party=None if timeline.late_entry_party is None else _key(timeline.late_entry_party),
        policy=timeline.policy.value if timeline.holds else None,
        shares={_key(share.party): share.minutes for share in timeline.attributions},
        held={party: minutes for party, minutes in held.items() if minutes},
    )


def _key(party: Party) -> tuple[str, str | None]:
    return (party.kind.value, party.id)
