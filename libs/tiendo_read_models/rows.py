"""The rows of one case, from its events and its timeline. Pure: the same facts give the same rows, whatever the order of delivery."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tiendo_contracts.shards import shard_of
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.names import all_searched_by
from tiendo_domain.overdue import is_open
from tiendo_domain.quality import NO_DOUBTS, ShareDoubts, closing_officer, doubts_of, irregularities_of
from tiendo_domain.timeline.joins import events_of_the_course
from tiendo_domain.timeline.placed import recorded_instant
from tiendo_domain.timeline_types import AnomalyKind, CaseTimeline, Party, PartyKind
from tiendo_read_models.burdens import Burden, burdens
from tiendo_read_models.explanation_rows import explanation_rows
from tiendo_read_models.members import Row
from tiendo_read_models.statements import Said, UnitStatement, said_by
from tiendo_read_models.tables import ATTRIBUTION, CASE, HOLD
from tiendo_read_models.unit_places import CasePlaces, UnitPlace

ROWS_VERSION = 10
"""Raised whenever the same facts and rules give other rows: builds of another version are made anew when a projector starts."""

_SIMULATED_SOURCES = "/simulation/"
_ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRows:
    """Everything that the read models hold of one case; the tuples are in the order of `names` of CASE, HOLD, ATTRIBUTION and EXPLANATION.

    `places` are those that the rows name.
    `units` is what its events say of units, each with the shard of the code that the events name: there it stays whatever the code is joined with.
    """

    case_id: str
    shard: int
    case: Row
    holds: tuple[Row, ...]
    attributions: tuple[Row, ...]
    explanations: tuple[Row, ...]
    units: tuple[tuple[int, UnitStatement], ...]
    places: tuple[UnitPlace, ...]
    event_count: int
    last_position: int
    aliases: tuple[str, ...]


def latest_event_at(events: Sequence[CaseEvent]) -> datetime:
    """The latest instant that the events name as their `time` or `recordedat`: the one at which a row is folded.

    So the row depends on the facts alone, and is final on both bases once the case has finished. That it has another code too is no instant of it.
    """
    return max(recorded_instant(event).at for event in events_of_the_course(events))


def is_simulated(events: Sequence[CaseEvent]) -> bool:
    """Whether simulated events are among them: then everything that rests on them says so."""
    return any(event.source.startswith(_SIMULATED_SOURCES) for event in events)


def case_rows(events: Sequence[CaseEvent], timeline: CaseTimeline, told_codes: Collection[str] = ()) -> CaseRows:
    """The rows of the case that `timeline` is about, folded at the latest instant of `events`.

    `told_codes` are all codes whose events decide which codes are this case, where these are more than one.
    """
    said = said_by(events)
    places = CasePlaces(said.parents)
    besides = _Besides(
        shard=shard_of(timeline.case_id),
        said=said,
        doubts=doubts_of(timeline),
        burdens=burdens(timeline),
        places=places,
        place_id=places.of_unit(timeline.unit),
    )
    return CaseRows(
        case_id=timeline.case_id,
        shard=besides.shard,
        case=_case_row(events, timeline, besides, told_codes),
        holds=_hold_rows(timeline, besides),
        attributions=_share_rows(timeline, besides),
        explanations=explanation_rows(timeline, besides.places, besides.place_id),
        units=tuple(_units(events, timeline, said)),
        places=places.used(),
        event_count=timeline.event_count,
        last_position=timeline.last_position,
        aliases=timeline.aliases,
    )


def _units(events: Sequence[CaseEvent], timeline: CaseTimeline, said: Said) -> Iterator[tuple[int, UnitStatement]]:
    if not timeline.aliases:
        shard = shard_of(timeline.case_id)
        yield from ((shard, statement) for statement in said.units)
        return
    by_code: dict[str, list[CaseEvent]] = {}
    for event in events:
        by_code.setdefault(event.case_id, []).append(event)
    for code, own in sorted(by_code.items()):
        yield from ((shard_of(code), statement) for statement in said_by(own).units)


def needs_fold(timeline: CaseTimeline) -> bool:
    """Whether the row changes as time goes on in a way that no closed form tells.

    An open case's judged due still moves: the clock stands since the judged due or before (rule D2). A pause that begins later moves nothing;
    the minute's distance covers the cutting of instants (rule T2). Or the case is not open, but has no finish in the order in which its events
    were recorded (rule T4), so that its system lateness grows.
    """
    if not is_open(timeline):
        return timeline.system_provisional and timeline.system_lateness_minutes is not None
    if timeline.judged_due_at is None:
        return False
    began_at: datetime | None = None
    for hold in reversed(timeline.holds):
        if not hold.paused:
            break
        began_at = hold.started_at.at
    return began_at is not None and began_at - _ONE_MINUTE <= timeline.judged_due_at.at


def _overdue_after(timeline: CaseTimeline) -> datetime | None:
    if not is_open(timeline) or needs_fold(timeline) or timeline.judged_due_at is None:
        return None
    return timeline.judged_due_at.at


@dataclass(frozen=True, slots=True, kw_only=True)
class _Besides:
    """What the rows of a case say beside its timeline, worked out once for all of them; `place_id` is that of the responsible unit."""

    shard: int
    said: Said
    doubts: Sequence[ShareDoubts]
    burdens: Sequence[Burden]
    places: CasePlaces
    place_id: int | None


def _hold_rows(timeline: CaseTimeline, besides: _Besides) -> tuple[Row, ...]:
    return tuple(
        HOLD.row(
            hold,
            case_id=timeline.case_id,
            ordinal=ordinal,
            case_place_id=besides.place_id,
            party_place_id=besides.places.of_party(hold.party),
        )
        for ordinal, hold in enumerate(timeline.holds)
    )


def _share_rows(timeline: CaseTimeline, besides: _Besides) -> tuple[Row, ...]:
    # The first burdens are the shares; who bears none has nothing that could be doubted.
    found = [*besides.doubts, *[NO_DOUBTS] * (len(besides.burdens) - len(besides.doubts))]
    return tuple(
        ATTRIBUTION.row(
            burden,
            case_id=timeline.case_id,
            ordinal=ordinal,
            case_place_id=besides.place_id,
            party_place_id=besides.places.of_party(burden.party),
            doubtful_minutes=found[ordinal].minutes,
            doubts=found[ordinal].by_kind,
        )
        for ordinal, burden in enumerate(besides.burdens)
    )


def _silent_from(timeline: CaseTimeline) -> datetime | None:
    is_silent = any(anomaly.kind is AnomalyKind.SILENT_TAIL for anomaly in timeline.anomalies)
    return timeline.silent_from if is_open(timeline) and not is_silent else None


def _names_of_things(timeline: CaseTimeline) -> Iterator[str | None]:
    yield from (thing.name for thing in (timeline.procedure, timeline.field, timeline.unit) if thing is not None)
    for party in (hold.party for hold in timeline.holds):
        if party.kind is not PartyKind.OFFICER:
            yield party.name
        if party.unit is not None:
            yield party.unit.name


def _current_holder(timeline: CaseTimeline) -> Party | None:
    return timeline.holds[-1].party if timeline.holds and is_open(timeline) else None


def _case_row(
    events: Sequence[CaseEvent], timeline: CaseTimeline, besides: _Besides, told_codes: Collection[str]
) -> Row:
    said, places, holder = besides.said, besides.places, _current_holder(timeline)
    parties = [hold.party for hold in timeline.holds] + [burden.party for burden in besides.burdens]
    return CASE.row(
        timeline,
        shard=besides.shard,
        simulated=is_simulated(events),
        overdue_after=_overdue_after(timeline),
        needs_fold=needs_fold(timeline),
        holder=holder,
        place_id=besides.place_id,
        party_places=places.of_parties([*parties, timeline.late_entry_party]),
        holder_place_id=places.of_party(holder),
        late_entry_place_id=places.of_party(timeline.late_entry_party),
        first_event_at=min(event.occurred_at.at for event in events_of_the_course(events)),
        last_event_at=latest_event_at(events),
        doubtful_minutes=sum(of_share.minutes for of_share in besides.doubts),
        irregularities=irregularities_of(timeline),
        silent_from=_silent_from(timeline),
        closing_officer=closing_officer(timeline),
        calendar_days=timeline.calendar.counts_every_minute,
        first_position=min(event.position for event in events),
        unit_parents=said.parents,
        holder_names=said.holder_names,
        officer_ids=said.officer_ids,
        search_key=all_searched_by(_names_of_things(timeline)),
        people_search_key=all_searched_by(
            hold.party.name for hold in timeline.holds if hold.party.kind is PartyKind.OFFICER
        ),
        told_codes=list(told_codes),
    )
