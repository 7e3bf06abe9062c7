"""The time that an officer is away belongs to the unit (rule H10)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time

from msgspec import Struct
from msgspec.structs import replace

from tiendo_domain.calendar import WorkingCalendar
from tiendo_domain.facts import Person, Worked
from tiendo_domain.instants import instant_in_zone
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline.parties import UNKNOWN, NamedParty, named_unit
from tiendo_domain.timeline.placed import Finding, Placed
from tiendo_domain.timeline.stretches import Stretch
from tiendo_domain.timeline.subject import Subject
from tiendo_domain.timeline_types import AnomalyKind, PartyKind

_Interval = tuple[datetime, datetime]


class Divided(Struct, frozen=True, kw_only=True):
    """The stretches with the absences divided off, and the officers who acted while they were away."""

    stretches: Sequence[Stretch]
    findings: Sequence[Finding] = ()


def without_absences(
    stretches: Sequence[Stretch], acts: Sequence[Placed], subject: Subject, *, as_of: datetime
) -> Divided:
    """The stretches of the case, of which the parts that fall into an absence of their officer are held by the unit that was named for them.

    `acts` are all events of the case by which somebody shows to have been there, corrections too. An open stretch runs to `as_of`.
    """
    rules, calendar = subject.rules, subject.calendar
    if not rules.absences:
        return Divided(stretches=stretches)
    findings: list[Finding] = []
    away: dict[str, Sequence[_Interval]] = {}
    acts_of = _acts_of(acts, rules)
    for officer_id in dict.fromkeys([*acts_of, *_officer_ids(stretches)]):
        intervals = []
        for absence in rules.absences_of(officer_id):
            start, end = absence.interval_in(calendar.zone)
            inside = [one for one in acts_of.get(officer_id, ()) if start <= one.at.at < end]
            findings += [Finding(kind=AnomalyKind.ACTED_WHILE_ABSENT, events=(one,)) for one in inside]
            if inside:
                end = _day_start(inside[0].at.at, calendar)
            intervals.append((start, end))
        away[officer_id] = _union(intervals)
    divided = [part for stretch in stretches for part in _parts(stretch, away, calendar, as_of)]
    return Divided(stretches=divided, findings=findings)


def _acts_of(acts: Sequence[Placed], rules: RuleBook) -> dict[str, list[Placed]]:
    """By officer id, the events by which they acted, the earliest first."""
    found: dict[str, list[Placed]] = {}
    for placed in sorted(acts, key=lambda one: (one.at.at, one.place)):
        persons: list[Person | None] = [getattr(placed.fact, "actor", None)]
        if isinstance(placed.fact, Worked):
            persons.append(placed.fact.holder)
        for person in persons:
            if person is not None and person.id is not None:
                found.setdefault(rules.officer_id(person.id), []).append(placed)
    return found


def _officer_ids(stretches: Iterable[Stretch]) -> Iterator[str]:
    for stretch in stretches:
        party = stretch.holder.party
        if party.kind is PartyKind.OFFICER and party.id is not None:
            yield party.id


def _day_start(at: datetime, calendar: WorkingCalendar) -> datetime:
    return datetime.combine(at.astimezone(calendar.zone).date(), time.min, calendar.zone)


def _union(intervals: Iterable[_Interval]) -> Sequence[_Interval]:
    joined: list[_Interval] = []
    for start, end in sorted(intervals):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif start < end:
            joined.append((start, end))
    return joined


def _parts(
    stretch: Stretch, away: dict[str, Sequence[_Interval]], calendar: WorkingCalendar, as_of: datetime
) -> Iterator[Stretch]:
    """The stretch divided where its officer was away; a part of an absence without working minutes is not divided off."""
    party = stretch.holder.party
    end = as_of if stretch.ended_at is None else stretch.ended_at.at
    rest = stretch
    for absent_from, absent_to in away.get(party.id or "", ()) if party.kind is PartyKind.OFFICER else ():
        start = rest.started_at.at
        first, last = max(start, absent_from), min(end, absent_to)
        if first >= last or calendar.working_minutes(first, last) <= 0:
            continue
        began = rest.started_at
        if first > start:
            began = instant_in_zone(first.astimezone(calendar.zone))
            yield replace(rest, ended_at=began)
        absent = replace(rest, holder=_unit_of(stretch), started_at=began, absent=True)
        if last == end:
            yield absent
            return
        back = instant_in_zone(last.astimezone(calendar.zone))
        yield replace(absent, ended_at=back)
        rest = replace(rest, started_at=back)
    yield rest


def _unit_of(stretch: Stretch) -> NamedParty:
    unit = stretch.holder.party.unit
    return UNKNOWN if unit is None else named_unit(PartyKind.UNIT, unit)
