"""What the events of a case say of units and officers, beside the timeline."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tiendo_domain.facts import CaseEvent, Level, Person
from tiendo_domain.timeline import named_units, standing_events, unit_parents

StatementKey = tuple[datetime, str, str]
"""`time`, source, id: of two statements the one with the greater key holds."""

_UnitMembers = tuple[str | None, str | None, str | None, Level | None]
_NOTHING = (None, None, None)


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
        if _later(other.name_key, other.name, merged.name_key, merged.name):
            merged = replace(merged, name=other.name, name_key=other.name_key)
        if _later(other.parent_key, other.parent, merged.parent_key, merged.parent):
            merged = replace(merged, parent=other.parent, parent_key=other.parent_key)
        if _later(other.level_key, other.level, merged.level_key, merged.level):
            merged = replace(merged, level=other.level, level_key=other.level_key)
        return merged


def _later(new: StatementKey | None, said: str | None, present: StatementKey | None, present_said: str | None) -> bool:
    """Whether the new statement holds; of two in one event the greater, as in the timeline."""
    if new is None or said is None:
        return False
    return present is None or present_said is None or (new, said) > (present, present_said)


def sortable(key: StatementKey | None) -> str | None:
    """The key as one text that sorts by code point as the tuple does (sources and ids hold no control characters)."""
    if key is None:
        return None
    return f"{key[0].astimezone(UTC).isoformat(timespec='microseconds')}\t{key[1]}\t{key[2]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the events of a case say beside its timeline.

    `units`: what they say of each unit that they name with more than its id. `parents`: child unit id -> parent unit id (rule T6), of each the
    latest statement of an event that nothing annuls, as the timeline reads it. `holder_names`: the names of holders as sent, each once, sorted:
    what another placeholder list may turn into nobody, or back (rule H3). `officer_ids`: the ids of holders and actors, each once, sorted: whose
    absences and joins concern the case (rules H10, H11). To all but `parents` annulled events speak too: an annulment is about the case, not
    about how a unit is called.
    """

    units: tuple[UnitStatement, ...]
    parents: Mapping[str, str]
    holder_names: Sequence[str]
    officer_ids: Sequence[str]


def said_by(events: Sequence[CaseEvent]) -> Said:
    """What the events of one case say of units and officers."""
    latest: dict[_UnitMembers, StatementKey] = {}
    names: set[str] = set()
    officers: set[str] = set()
    for event in events:
        key: StatementKey | None = None
        for unit in named_units(event):
            said = (unit.id, unit.name, unit.parent, unit.level)
            if unit.id is None or said[1:] == _NOTHING:
                continue
            key = key or (event.occurred_at.at, event.source, event.id)
            if said not in latest or key > latest[said]:
                latest[said] = key
        holder: Person | None = getattr(event.fact, "holder", None)
        if holder is not None and holder.name is not None:
            names.add(holder.name)
        officers.update(_officer_ids(event))
    units = merge_statements(_statement(said, key) for said, key in latest.items())
    standing = standing_events(events)
    parents = {unit.unit_id: unit.parent for unit in units if unit.parent is not None}
    return Said(
        units=units,
        parents=parents if standing is events else unit_parents(standing),
        holder_names=sorted(names),
        officer_ids=sorted(officers),
    )


def _officer_ids(event: CaseEvent) -> Iterator[str]:
    for role in ("actor", "holder"):
        person: Person | None = getattr(event.fact, role, None)
        if person is not None and person.id is not None:
            yield person.id


def merge_statements(statements: Iterator[UnitStatement]) -> tuple[UnitStatement, ...]:
    """One statement a unit, by unit id."""
    units: dict[str, UnitStatement] = {}
    for statement in statements:
        present = units.get(statement.unit_id)
        units[statement.unit_id] = statement if present is None else present.merged(statement)
    return tuple(units[unit_id] for unit_id in sorted(units))


def _statement(said: _UnitMembers, key: StatementKey) -> UnitStatement:
    unit_id, name, parent, level = said
    return UnitStatement(
        unit_id=unit_id or "",
        name=name,
        name_key=None if name is None else key,
        parent=parent,
        parent_key=None if parent is None else key,
        level=None if level is None else level.value,
        level_key=None if level is None else key,
    )
