"""Why cases waited with officers: of one case hold by hold, and of one officer over a period (docs/waiting.md)."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from tiendo_domain.calendar import WorkingCalendar
from tiendo_domain.instants import Instant
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline_types import Attribution, Basis, CaseTimeline, Hold, Party, PartyKind
from tiendo_domain.waiting import (
    HeldStretch,
    WaitingCauses,
    absent_all_along,
    nothing_known,
    summed,
    waiting_causes,
)
from tiendo_query.cases.single_cases import CaseView, SeenCase, shown_case
from tiendo_query.figures.ranking import OfficerDelay
from tiendo_query.query_side import QuerySide
from tiendo_read_models.queries.waiting import OFFICERS_MAX, HoldPlace, OfficersHolds, ended_holds

_ONE_MINUTE: Final = timedelta(minutes=1)
_NOBODYS: Final = OfficersHolds({})


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerWaiting:
    """What one officer's holds of a case come to, beside the officer's share of its lateness."""

    party: Party
    attributed_minutes: int
    attributed_by_rule_minutes: int
    causes: WaitingCauses


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWaiting:
    """A case with the causes of each hold, None where nothing is told of why it waited: nobody by name held it, or nobody whom the caller sees."""

    seen: SeenCase
    causes: tuple[WaitingCauses | None, ...]

    @property
    def officers(self) -> tuple[OfficerWaiting, ...]:
        """The officers of whose holds something is told, in the order of their first."""
        timeline = self.seen.timeline
        told: dict[str, list[WaitingCauses]] = {}
        parties: dict[str, Party] = {}
        for hold, causes in zip(timeline.holds, self.causes, strict=True):
            if causes is not None and not hold.absent:
                told.setdefault(hold.party.key, []).append(causes)
                parties[hold.party.key] = hold.party
        return tuple(
            OfficerWaiting(
                party=parties[key],
                attributed_minutes=_minutes(timeline.attributions, key),
                attributed_by_rule_minutes=_minutes(timeline.attributions_by_rule, key),
                causes=summed(causes),
            )
            for key, causes in told.items()
        )


async def case_waiting(
    side: QuerySide, case_id: str, *, as_of: Instant | None = None, min_position: int = 0
) -> CaseWaiting:
    """Why the case waited with each officer, as at `as_of` (None: now). Raises the refusals that `shown_case` raises."""
    view = CaseView.asked(as_of=as_of, known_at=None, basis=Basis.OCCURRED.value, policy=None, now=side.now())
    seen = await shown_case(side, case_id, view, lambda case: case, min_position=min_position)
    return await waiting_of(side, seen)


async def waiting_of(side: QuerySide, seen: SeenCase) -> CaseWaiting:
    """The same of a case that was looked at already."""
    told = [hold for hold in seen.timeline.holds if _is_told(hold)]
    ends = [hold.ended_at.at if hold.ended_at is not None else seen.timeline.as_of for hold in told]
    keys = [hold.party.key for hold in told]
    held = await _ended_holds(side, keys, min((hold.started_at.at for hold in told), default=None), ends)
    return await asyncio.to_thread(_causes_in_case, seen, held)


async def officer_waiting(
    side: QuerySide, rules: RuleBook, found: OfficerDelay, as_of: datetime
) -> tuple[WaitingCauses, ...]:
    """The causes of each of the officer's holds that were found, in their order; open ones run to `as_of`."""
    ends = [hold["ended_at"] or as_of for hold in found.holds]
    since = min((hold["started_at"] for hold in found.holds), default=None)
    held = await _ended_holds(side, [found.key], since, ends)
    return await asyncio.to_thread(_causes_of_rows, found.holds, held[found.key], rules, as_of)


async def _ended_holds(
    side: QuerySide, keys: Sequence[str], since: datetime | None, ends: Sequence[datetime]
) -> OfficersHolds:
    """What these officers ended from `since` to the latest of `ends`, whatever the case and whoever asks."""
    if since is None:
        return _NOBODYS
    async with side.of_everything.snapshot() as snapshot:
        reader = snapshot.reader
        return await ended_holds(reader.connection, reader.build, keys, since, max(ends) + _ONE_MINUTE)


def _is_told(hold: Hold) -> bool:
    """Whether an officer held it whom the caller may know; of others nothing is said."""
    party = hold.party
    return party.kind is PartyKind.OFFICER and (party.id is not None or party.name is not None)


def _causes_in_case(seen: SeenCase, held: OfficersHolds) -> CaseWaiting:
    timeline = seen.timeline
    told: dict[int, WaitingCauses] = {}
    officers = list(dict.fromkeys(hold.party.key for hold in timeline.holds if _is_told(hold)))
    for key in officers[:OFFICERS_MAX]:
        others = held[key]
        if others is not None:
            told |= _of_officer(timeline, key, others)
    causes = (told.get(ordinal, _without_others(hold)) for ordinal, hold in enumerate(timeline.holds))
    return CaseWaiting(seen=seen, causes=tuple(causes))


def _of_officer(timeline: CaseTimeline, key: str, others: Mapping[HoldPlace, HeldStretch]) -> dict[int, WaitingCauses]:
    """Ordinal -> causes of the officer's holds of the case."""
    codes = {timeline.case_id, *timeline.aliases}
    own = [(ordinal, hold) for ordinal, hold in enumerate(timeline.holds) if hold.party.key == key]
    stretches = [_stretch(hold, others.get((timeline.case_id, ordinal))) for ordinal, hold in own]
    stretches += [stretch for (case_id, _), stretch in others.items() if case_id not in codes]
    found = waiting_causes(stretches, timeline.calendar, timeline.as_of)
    return {ordinal: causes for (ordinal, _), causes in zip(own, found, strict=False)}


def _stretch(hold: Hold, stored: HeldStretch | None) -> HeldStretch:
    return HeldStretch(
        started_at=hold.started_at.at,
        ended_at=None if hold.ended_at is None else hold.ended_at.at,
        step=None if hold.step is None else hold.step.id,
        allotted_minutes=hold.allotted_minutes,
        acted=stored is None or stored.acted,
    )


def _without_others(hold: Hold) -> WaitingCauses | None:
    """What is said of a hold without looking at others: it is one of an officer who was away, or nothing."""
    return absent_all_along(hold.working_minutes) if hold.absent else None


def _causes_of_rows(
    rows: Sequence[Mapping[str, Any]],
    others: Mapping[HoldPlace, HeldStretch] | None,
    rules: RuleBook,
    as_of: datetime,
) -> tuple[WaitingCauses, ...]:
    if others is None:
        return tuple(nothing_known(row["working_minutes"]) for row in rows)
    shown = {(row["case_id"], row["ordinal"]) for row in rows}
    unseen = [stretch for place, stretch in others.items() if place not in shown]
    held = [*(_row_stretch(row, others.get((row["case_id"], row["ordinal"]))) for row in rows), *unseen]
    by_calendar: dict[WorkingCalendar, tuple[WaitingCauses, ...]] = {}
    found = []
    for index, row in enumerate(rows):
        calendar = _calendar_of(row, rules, as_of)
        if calendar is None:
            found.append(nothing_known(row["working_minutes"]))
            continue
        if calendar not in by_calendar:
            by_calendar[calendar] = waiting_causes(held, calendar, as_of)
        found.append(by_calendar[calendar][index])
    return tuple(found)


def _calendar_of(row: Mapping[str, Any], rules: RuleBook, as_of: datetime) -> WorkingCalendar | None:
    """The calendar of the hold's case; None where the rules here do not give the hold the minutes that it has."""
    calendar = rules.calendar_version(row["calendar_version"], calendar_days=row["calendar_days"])
    if calendar is None:
        return None
    minutes = calendar.working_minutes(row["started_at"], row["ended_at"] or as_of)
    return calendar if minutes == row["working_minutes"] else None


def _row_stretch(row: Mapping[str, Any], stored: HeldStretch | None) -> HeldStretch:
    return HeldStretch(
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        step=row["step_id"],
        allotted_minutes=row["allotted_minutes"],
        acted=stored is None or stored.acted,
    )


def _minutes(shares: Iterable[Attribution], key: str) -> int:
    return sum(share.minutes for share in shares if share.party.key == key)
