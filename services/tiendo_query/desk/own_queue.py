"""What an officer holds now, nearest due first, and what looks finished although nobody has said so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from tiendo_domain.explanations import EffectKind
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline_types import AnomalyKind, CaseTimeline, ExplanationState
from tiendo_query.desk.folded_cases import left_minutes, procedure_name, seen_cases
from tiendo_query.desk.said_of_one import explained_key
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_read_models.queries.cases.relations import Exactness
from tiendo_read_models.queries.held_now import HeldCase, ended_by_delivery, held_by, nearest_first
from tiendo_read_models.queries.officers import held_by_officer, perhaps_held_by_officer
from tiendo_read_models.queries.periods import AsAt

QUEUE_MAX: Final = 50
FORGOTTEN_MAX: Final = 20
_LOOKED_BACK: Final = timedelta(days=92)


class Forgotten(StrEnum):
    """Why a case looks as if a click were missing."""

    DELIVERED = "delivered"
    """The result was delivered and no completion entered."""
    SAID_TO_BE_FINISHED = "said-to-be-finished"
    """It is open, and the officer has explained that it was finished."""
    SILENT = "silent"
    """It is open, and nothing has happened for more than ten working days (rule C, silent-tail)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedCase:
    """A case that the officer holds: its step with the instant by which that is to be done, its due, and what is left in working minutes.

    All its instants are by the province's clock, whatever offset a source wrote them with: they are read beside each other.
    """

    case_id: str
    procedure: str | None
    step: str | None
    step_due_at: datetime | None
    due_at: datetime | None
    left_minutes: int | None
    overdue: bool
    held_since: datetime
    forgotten: Forgotten | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenClick:
    """A case that looks finished although nobody has entered it, and why."""

    case_id: str
    procedure: str | None
    why: Forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnQueue:
    """One page of the queue, how many cases there are, and the forgotten clicks among those and what was delivered lately."""

    cases: Sequence[QueuedCase]
    total: int
    overdue: int
    forgotten: Sequence[ForgottenClick]


async def own_queue(side: QuerySide, snapshot: Snapshot, key: str, now: datetime, *, page: int) -> OwnQueue:
    """What the officer of the key holds at the instant."""
    held, delivered = await _found(snapshot, key, now)
    start = (page - 1) * QUEUE_MAX
    seen = await seen_cases(side, snapshot, [one.case_id for one in held[start : start + QUEUE_MAX]], now)
    cases = [queued(one.timeline, key, snapshot.rules) for one in seen]
    ended = await seen_cases(side, snapshot, delivered[:FORGOTTEN_MAX], now)
    return OwnQueue(
        cases=cases,
        total=len(held),
        overdue=sum(1 for one in held if one.judged_due_at is not None and one.judged_due_at < now),
        forgotten=[
            *(_delivered(one.timeline) for one in ended if _completion_missing(one.timeline)),
            *(
                ForgottenClick(case_id=one.case_id, procedure=one.procedure, why=one.forgotten)
                for one in cases
                if one.forgotten is not None
            ),
        ],
    )


async def _found(snapshot: Snapshot, key: str, now: datetime) -> tuple[list[HeldCase], list[str]]:
    connection, build = snapshot.reader.connection, snapshot.reader.build
    held: list[HeldCase] = []
    delivered: list[str] = []
    async for relation in snapshot.relations(
        AsAt(now),
        Exactness.COUNTS,
        where=held_by_officer(build),
        where_folded=perhaps_held_by_officer(build),
        parameters={"officer_key": key},
        in_part=True,
    ):
        held += await held_by(connection, relation, key)
        delivered += await ended_by_delivery(connection, relation, key, now - _LOOKED_BACK)
    return nearest_first(held), sorted(delivered)


def queued(timeline: CaseTimeline, key: str, rules: RuleBook) -> QueuedCase:
    """The case of a queue: its last hold is the officer's."""
    hold, zone, due = timeline.holds[-1], timeline.calendar.zone, timeline.judged_due_at
    step_due = None
    if hold.allotted_minutes is not None:
        step_due = timeline.calendar.due(hold.started_at.at, hold.allotted_minutes)
    return QueuedCase(
        case_id=timeline.case_id,
        procedure=procedure_name(timeline),
        step=None if hold.step is None else hold.step.name or hold.step.id,
        step_due_at=step_due,
        due_at=None if due is None else due.at.astimezone(zone),
        left_minutes=left_minutes(timeline),
        overdue=timeline.overdue is True,
        held_since=hold.started_at.at.astimezone(zone),
        forgotten=_forgotten(timeline, key, rules),
    )


def _forgotten(timeline: CaseTimeline, key: str, rules: RuleBook) -> Forgotten | None:
    said = (one for one in timeline.explanations if one.state is not ExplanationState.WITHDRAWN)
    if any(one.said.asked_kind is EffectKind.LATE_ENTRY and explained_key(one.said, rules) == key for one in said):
        return Forgotten.SAID_TO_BE_FINISHED
    silent = timeline.silent_from
    return Forgotten.SILENT if silent is not None and silent <= timeline.as_of else None


def _completion_missing(timeline: CaseTimeline) -> bool:
    return any(one.kind is AnomalyKind.MISSING_COMPLETION for one in timeline.anomalies)


def _delivered(timeline: CaseTimeline) -> ForgottenClick:
    return ForgottenClick(
        case_id=timeline.case_id,
        procedure=procedure_name(timeline),
        why=Forgotten.DELIVERED,
    )
