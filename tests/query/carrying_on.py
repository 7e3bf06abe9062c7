"""Logs of two provinces in one, and every figure that is kept, for the tests of what is carried on from question to question."""

import itertools
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine
from tests.projector.logs import STARTED_AT, event_text, received_text

from tiendo_contracts.directory import directory_event
from tiendo_contracts.events.case_events import accept_text
from tiendo_domain.calendar import OverrideKind
from tiendo_domain.instants import Instant
from tiendo_domain.rules import CalendarDefinition, Override
from tiendo_event_store.followed.followed_appending import FollowedEvent, append_followed
from tiendo_event_store.stored import Candidate, case_candidate, directory_candidate
from tiendo_query.cases.case_pages import AskedCases
from tiendo_query.cases.late_pages import late_page
from tiendo_query.figures.figure_lists import Figure
from tiendo_query.figures.ranking import AskedOfficers, ranking
from tiendo_query.quality.quality_figures import period_quality
from tiendo_query.quality.quality_sums import AskedQuality, quality_sum
from tiendo_query.query_side import QuerySide
from tiendo_query.sums.tallies import AskedTally, found_tally

OTHER_LOG: Final = UUID(int=7)
SEEN_AT: Final = STARTED_AT + timedelta(days=60)
PERIODS: Final = [
    (date(2022, 1, 1), date(2022, 12, 31), None),
    (date(2022, 3, 5), date(2022, 4, 10), None),
    (None, None, Instant(at=SEEN_AT, text=SEEN_AT.isoformat())),
    (None, None, None),
]

_positions = itertools.count(1)


def a_day_off(chance: random.Random) -> CalendarDefinition:
    """The calendar of everybody, with some day of the course of the cases off."""
    day = (STARTED_AT + timedelta(days=chance.randrange(120))).date()
    return CalendarDefinition(
        id="vn", time_zone="Asia/Ho_Chi_Minh", overrides=(Override(on=day, kind=OverrideKind.OFF),)
    )


async def follow(engine: AsyncEngine, texts: Sequence[str], *definitions: CalendarDefinition) -> None:
    """Append what another log has accepted: facts of its configuration, and events of cases."""
    now = datetime.now(UTC)
    stated = [directory_candidate(directory_event(definition, at=STARTED_AT)) for definition in definitions]
    told = [case_candidate(accept_text(text)) for text in texts]
    async with engine.begin() as connection:
        await append_followed(connection, [_followed(candidate, now) for candidate in (*stated, *told)])


def _followed(candidate: Candidate, at: datetime) -> FollowedEvent:
    members = {name: getattr(candidate, name) for name in Candidate.__struct_fields__}
    return FollowedEvent(log_id=OTHER_LOG, position=next(_positions), ingested_at=at, **members)


def told_together() -> list[str]:
    """A burst of completions at the end of a day, by an officer who elsewhere has another name, and one by somebody else of the same name."""
    unit, texts = {"id": "H34.1", "name": "Sở H34.1"}, []
    for number in range(12):
        case_id, at = f"BURST-{number}", STARTED_AT + timedelta(minutes=number)
        texts.append(
            received_text(case_id, unit=unit, officer=("CB-9" if number == 11 else "CB-1", "Lê Văn Vội"), at=at)
        )
        completed_at = STARTED_AT + timedelta(hours=8, minutes=45, seconds=20 * number)
        texts.append(event_text(case_id, f"{case_id}-end", "completed", completed_at))
    return texts


async def figures(side: QuerySide, now: datetime) -> list[object]:
    """Every figure that is kept, over each of the periods, as at `now`."""
    found: list[object] = []
    async with side.snapshot(heavy=True) as snapshot:
        for start, end, as_of in PERIODS:
            tally = (await found_tally(side, snapshot, AskedTally(start=start, end=end, as_of=as_of, now=now))).tally
            ranked = await ranking(side, snapshot, AskedOfficers(start=start, end=end, as_of=as_of, now=now))
            found += [+tally.total, {unit: +counts for unit, counts in tally.by_unit.items()}, tally.unit_names]
            found += [*ranked.officers, ranked.tree.nodes, tally.tree.nodes]
            found.append({one.names.id: ranked.several_names.get(one.names.id or "") for one in ranked.officers})
            quality = AskedQuality(start=start, end=end, as_of=as_of, now=now)
            sums = await quality_sum(side, snapshot, quality)
            found += [dict(sums.total), await period_quality(side, snapshot, quality, sums, None)]
            for unit in (None, "H34.1"):
                asked = AskedCases(limit=500, from_=start, to=end, as_of=as_of, figure=Figure.OVERDUE, unit=unit)
                page = await late_page(side, snapshot, asked)
                found.append((page.total, [(one["case_id"], one["lateness_minutes"]) for one in page.records]))
    return found
