"""What the events of a case say of units and officers, beside the timeline."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from msgspec import Struct

from tiendo_domain.case_event import CaseEvent
from tiendo_domain.explanations import EXPLANATION_FACTS, persons_named
from tiendo_domain.facts import Person, Unit
from tiendo_domain.timeline import named_units, standing_events, unit_parents

StatementKey = tuple[datetime, str, str]
"""`time`, source, id: of two statements the one with the greater key holds."""


class UnitStatement(Struct, frozen=True, kw_only=True):
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
        name, name_key = _later(self.name, self.name_key, other.name, other.name_key)
        parent, parent_key = _later(self.parent, self.parent_key, other.parent, other.parent_key)
        level, level_key = _later(self.level, self.level_key, other.level, other.level_key)
        return UnitStatement(
            unit_id=self.unit_id,
            name=name,
            name_key=name_key,
            parent=parent,
            parent_key=parent_key,
            level=level,
            level_key=level_key,
        )


def _later(
    present_said: str | None, present: StatementKey | None, said: str | None, new: StatementKey | None
) -> tuple[str | None, StatementKey | None]:
    """What holds of two statements; of two in one event the greater, as in the timeline."""
    if new is None or said is None:
        return present_said, present
    if present is None or present_said is None or (new, said) > (present, present_said):
        return said, new
    return present_said, present


def sortable(key: StatementKey | None) -> str | None:
    """The key as one text that sorts by code point as the tuple does (sources and ids hold no control characters)."""
    if key is None:
        return None
    return f"{key[0].astimezone(UTC).isoformat(timespec='microseconds')}\t{key[1]}\t{key[2]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the events of a case say beside its timeline.

    `units`: what they say of each unit that they name with more than its id. `parents`: child unit id -> parent unit id (rule T6), of each the
    latest statement of an event that nothing annuls, as the timeline reads it. `holder_names`: the names as sent of holders, and of who explains,
    decides or gives minutes away, each once, sorted: what another placeholder list may turn into nobody, or back (rule H3). `officer_ids`: the
    ids of these and of actors, each once, sorted: whose absences and joins concern the case (rules H10, H11). To all but `parents` annulled
    events speak too: an annulment is about the case, not about how a unit is called.
    """

    units: tuple[UnitStatement, ...]
    parents: Mapping[str, str]
    holder_names: Sequence[str]
    officer_ids: Sequence[str]


def said_by(events: Sequence[CaseEvent]) -> Said:
    """What the events of one case say of units and officers."""
    latest: dict[Unit, StatementKey] = {}
    names: set[str] = set()
    officers: set[str] = set()
    for event in events:
        key = (event.occurred_at.at, event.source, event.id)
        for unit in named_units(event):
            present = latest.get(unit)
            if present is None or key > present:
                latest[unit] = key
        fact = event.fact
        if isinstance(fact, EXPLANATION_FACTS):
            persons = persons_named(fact)
        else:
            actor: Person | None = getattr(fact, "actor", None)
            holder: Person | None = getattr(fact, "holder", None)
            if actor is not None and actor.id is not None:
                officers.add(actor.id)
            persons = [] if holder is None else [holder]
        officers.update(person.id for person in persons if person.id is not None)
        names.update(person.name for person in persons if person.name is not None)
    units = merge_statements(_statement(unit, key) for unit, key in latest.items() if _says_anything(unit))
    standing = standing_events(events)
    parents = {unit.unit_id: unit.parent for unit in units if unit.parent is not None}
    return Said(
        units=units,
        parents=parents if standing is events else unit_parents(standing),
        holder_names=sorted(names),
        officer_ids=sorted(officers),
    )


def _says_anything(unit: Unit) -> bool:
    return unit.id is not None and (unit.name is not None or unit.parent is not None or unit.level is not None)


def merge_statements(statements: Iterator[UnitStatement]) -> tuple[UnitStatement, ...]:
    """One statement a unit, by unit id."""
    units: dict[str, UnitStatement] = {}
    for statement in statements:
        present = units.get(statement.unit_id)
        units[statement.unit_id] = statement if present is None else present.merged(statement)
    return tuple(units[unit_id] for unit_id in sorted(units))


def _statement(unit: Unit, key: StatementKey) -> UnitStatement:
    return UnitStatement(
        unit_id=unit.id or "",
        name=unit.name,
        name_key=None if unit.name is None else key,
        parent=unit.parent,
        parent_key=None if unit.parent is None else key,
        level=None if unit.level is None else unit.level.value,
        level_key=None if unit.level is None else key,
    )
