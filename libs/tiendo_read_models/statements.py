"""What the events of a case say of units and holders beside the timeline."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tiendo_domain.facts import CaseEvent, Person, Unit

StatementKey = tuple[datetime, str, str]
"""`time`, source, id: of two statements the one with the greater key holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitStatement:
    """The latest that a set of events says of one unit, member by member; a key is None where the member was never stated."""

    unit_id: str
    name: str | None = None
    name_key: StatementKey | None = None
    parent: str | None = None
    parent_key: StatementKey | None = None
    level: str | None = None
    level_key: StatementKey | None = None

    def merged(self, other: "UnitStatement") -> "UnitStatement":
        """The later statement of each member: commutative, associative and idempotent, so that delivery never shows."""
        merged = self
        if _later(other.name_key, merged.name_key):
            merged = replace(merged, name=other.name, name_key=other.name_key)
        if _later(other.parent_key, merged.parent_key):
            merged = replace(merged, parent=other.parent, parent_key=other.parent_key)
        if _later(other.level_key, merged.level_key):
            merged = replace(merged, level=other.level, level_key=other.level_key)
        return merged


def _later(new: StatementKey | None, present: StatementKey | None) -> bool:
    return new is not None and (present is None or new > present)


def sortable(key: StatementKey | None) -> str | None:
    """The key as one text that sorts by code point as the tuple does (sources and ids hold no control characters)."""
    if key is None:
        return None
    return f"{key[0].astimezone(UTC).isoformat(timespec='microseconds')}\t{key[1]}\t{key[2]}"


def unit_statements(events: Sequence[CaseEvent]) -> tuple[UnitStatement, ...]:
    """What the events say of each unit that they name with more than its id.

    Annulled events speak too: an annulment is about the case, and which event was annulled must not depend on what came first.
    """
    latest: dict[tuple[str, str | None, str | None, str | None], StatementKey] = {}
    for event in events:
        key = (event.occurred_at.at, event.source, event.id)
        for unit in named_units(event):
            if unit.id is None or (unit.name is None and unit.parent is None and unit.level is None):
                continue
            said = (unit.id, unit.name, unit.parent, None if unit.level is None else unit.level.value)
            if said not in latest or key > latest[said]:
                latest[said] = key
    return merge_statements(_statement(said, key) for said, key in latest.items())


def merge_statements(statements: Iterator[UnitStatement]) -> tuple[UnitStatement, ...]:
    """One statement a unit, by unit id."""
    units: dict[str, UnitStatement] = {}
    for statement in statements:
        present = units.get(statement.unit_id)
        units[statement.unit_id] = statement if present is None else present.merged(statement)
    return tuple(units[unit_id] for unit_id in sorted(units))


def _statement(said: tuple[str, str | None, str | None, str | None], key: StatementKey) -> UnitStatement:
    unit_id, name, parent, level = said
    return UnitStatement(
        unit_id=unit_id,
        name=name,
        name_key=None if name is None else key,
        parent=parent,
        parent_key=None if parent is None else key,
        level=level,
        level_key=None if level is None else key,
    )


def named_units(event: CaseEvent) -> Iterator[Unit]:
    """Every unit that the event names, wherever it stands in its data."""
    fact = event.fact
    unit: Unit | None = getattr(fact, "unit", None)
    if unit is not None:
        yield unit
    for name in ("actor", "holder"):
        person: Person | None = getattr(fact, name, None)
        if person is not None and person.unit is not None:
            yield person.unit


def unit_parents(events: Sequence[CaseEvent]) -> Mapping[str, str]:
    """Child unit id -> parent unit id as the case's own events name them (rule T6): the latest statement of each holds."""
    found: dict[str, tuple[StatementKey, str]] = {}
    for event in events:
        key = (event.occurred_at.at, event.source, event.id)
        for unit in named_units(event):
            if unit.id is not None and unit.parent is not None:
                candidate = (key, unit.parent)
                if unit.id not in found or candidate > found[unit.id]:
                    found[unit.id] = candidate
    return {unit_id: parent for unit_id, (_, parent) in found.items()}


def holder_names(events: Sequence[CaseEvent]) -> list[str]:
    """The names of holders as sent, each once, sorted: what another placeholder list may turn into nobody, or back (rule H3)."""
    names: set[str] = set()
    for event in events:
        holder: Person | None = getattr(event.fact, "holder", None)
        if holder is not None and holder.name is not None:
            names.add(holder.name)
    return sorted(names)
