"""What a case would show with an event that nobody has sent: both foldings are the one fold, of the events of the case with it and without it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tiendo_domain.case_event import CaseEvent
from tiendo_domain.timeline_types import (
    Attribution,
    CaseTimeline,
    DecisionMark,
    LateEntryShare,
    Party,
)
from tiendo_event_store.driver import driver_of
from tiendo_query.cases.single_cases import CaseView, SeenCase, seen_case
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_read_models.queries.cases.live_case import KnownCase, live_case


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """What one party bears, in whole working minutes: of the lateness and of a late entry, as it is and as it would be."""

    party: Party
    share_now: int
    share_then: int
    late_entry_now: int
    late_entry_then: int

    @property
    def changes(self) -> bool:
        """Whether anything of it would be another."""
        return (self.share_now, self.late_entry_now) != (self.share_then, self.late_entry_then)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The case as it is, as it would be, who would bear what, and what would be wrong with the decision (rules E1, E2, E4, E5)."""

    now: CaseTimeline
    then: CaseTimeline
    bearings: Sequence[Bearing]
    marks: Sequence[DecisionMark]

    @property
    def changes_nothing(self) -> bool:
        """Whether no figure and no class would be another."""
        same_class = (self.now.case_class, self.now.accepted) == (self.then.case_class, self.then.accepted)
        return same_class and not any(one.changes for one in self.bearings)


async def case_with(
    side: QuerySide, snapshot: Snapshot, case_id: str, supposed: Sequence[CaseEvent], now: datetime
) -> SeenCase:
    """The case at the instant as the caller sees it, with events that nobody has sent; raises the refusal of a case that is not there."""
    known = await known_case(snapshot, case_id)
    if known is None:
        raise await side.missing_case_in(snapshot, case_id)
    return await seen_case(side, snapshot, case_id, known, CaseView(as_of=now, supposed=tuple(supposed)))


async def known_case(snapshot: Snapshot, case_id: str) -> KnownCase | None:
    """The case that the code names, as the caller sees it; None where there is none for them."""
    if "\x00" in case_id:
        return None
    live = await live_case(await driver_of(snapshot.reader.connection), snapshot.reader.build, case_id)
    return None if live is None else live.known


async def preview(side: QuerySide, snapshot: Snapshot, case_id: str, event: CaseEvent, now: datetime) -> Preview:
    """What the event would make of the case."""
    before = (await case_with(side, snapshot, case_id, (), now)).timeline
    after = (await case_with(side, snapshot, case_id, (event,), now)).timeline
    key = (event.source, event.id)
    marks = [mark for one in after.decisions if (one.source, one.id) == key for mark in one.marks]
    return Preview(now=before, then=after, bearings=_bearings(before, after), marks=marks)


def _bearings(before: CaseTimeline, after: CaseTimeline) -> list[Bearing]:
    """Who bears something in either, in the order of the shares as they are, then of those that would come."""
    share_now, share_then = _minutes(before.attributions), _minutes(after.attributions)
    entry_now, entry_then = _minutes(before.late_entries), _minutes(after.late_entries)
    found = [
        *_parties([*before.attributions, *before.late_entries]).values(),
        *_parties([*after.attributions, *after.late_entries]).values(),
    ]
    return [
        Bearing(
            party=party,
            share_now=share_now.get(key, 0),
            share_then=share_then.get(key, 0),
            late_entry_now=entry_now.get(key, 0),
            late_entry_then=entry_then.get(key, 0),
        )
        for key, party in {party.key: party for party in found}.items()
    ]


def _parties(rows: Iterable[Attribution | LateEntryShare]) -> Mapping[str, Party]:
    return {row.party.key: row.party for row in rows}


def _minutes(rows: Iterable[Attribution | LateEntryShare]) -> Mapping[str, int]:
    return {row.party.key: row.minutes for row in rows}
