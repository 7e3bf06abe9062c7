"""The cases behind the figures of quality, found by what counted them."""

from datetime import date, datetime
from typing import Protocol

from tiendo_domain.instants import Instant
from tiendo_domain.quality import ACROSS_CASES, OtherKind
from tiendo_query.quality.quality_sums import AskedQuality, begun_at, conditions_together, quality_sum, together
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_read_models.queries.cases.conditions import (
    CaseCondition,
    GroupAsked,
    irregular_in,
    late_entry_candidate,
    of_group,
    resting_on_doubts,
)


class AskedOfQuality(Protocol):
    """What a list of cases may be asked about quality."""

    @property
    def from_(self) -> date | Instant | None:
        """The beginning of the period."""
        ...

    @property
    def to(self) -> date | Instant | None:
        """Its end."""
        ...

    @property
    def as_of(self) -> Instant | None:
        """When the cases are looked at."""
        ...

    @property
    def quality(self) -> str | None:
        """The kind in which they are irregular."""
        ...

    @property
    def doubtful(self) -> bool | None:
        """Whether minutes of theirs rest on doubtful facts, on those of the kind if one is asked for."""
        ...

    @property
    def late_entry_candidate(self) -> bool | None:
        """Whether they may be late entries, and nobody has decided so."""
        ...

    @property
    def source(self) -> str | None:
        """Who told of them."""
        ...

    @property
    def responsible(self) -> str | None:
        """The one unit responsible."""
        ...

    @property
    def began_at(self) -> Instant | None:
        """When the burst or silence began of which they are."""
        ...

    @property
    def month(self) -> str | None:
        """The month of their finish as recorded."""
        ...


async def quality_conditions(
    side: QuerySide, snapshot: Snapshot, asked: AskedOfQuality, *, officer_key: str | None, now: datetime
) -> tuple[CaseCondition, ...]:
    """The conditions that were asked for; `officer_key` tells whose minutes are meant where the doubtful ones are."""
    group = GroupAsked(source=asked.source, responsible=asked.responsible, month=asked.month)
    conditions = of_group(group, snapshot.zone.key)
    if asked.doubtful:
        conditions.append(resting_on_doubts(asked.quality, officer_key))
    elif asked.quality in ACROSS_CASES:
        conditions.append(await _across(side, snapshot, asked, officer_key, now))
    elif asked.quality is not None:
        conditions.append(irregular_in(asked.quality))
    if asked.late_entry_candidate:
        conditions.append(await _candidates(side, snapshot, asked, now))
    return tuple(conditions)


async def _candidates(side: QuerySide, snapshot: Snapshot, asked: AskedOfQuality, now: datetime) -> CaseCondition:
    found = await quality_sum(side, snapshot, AskedQuality(start=asked.from_, end=asked.to, as_of=asked.as_of, now=now))
    across = conditions_together(await together(snapshot, found))
    kinds = (OtherKind.BURST_CLICKING, OtherKind.SYNC_GAP)
    return late_entry_candidate([across[kind] for kind in kinds if kind in across])


async def _across(
    side: QuerySide, snapshot: Snapshot, asked: AskedOfQuality, officer_key: str | None, now: datetime
) -> CaseCondition:
    """The cases that the kind is about, which shows only in several of them together; of one burst or silence, if that is asked for."""
    question = AskedQuality(start=asked.from_, end=asked.to, as_of=asked.as_of, now=now)
    found = await quality_sum(side, snapshot, question)
    seen = await together(snapshot, found)
    if asked.began_at is not None:
        seen = begun_at(seen, asked.began_at.at, officer=officer_key, source=asked.source)
    conditions = conditions_together(seen)
    return conditions.get(OtherKind(str(asked.quality)), CaseCondition(where="FALSE", parameters={}))
