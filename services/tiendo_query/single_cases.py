"""One case, folded from its events for any view of it; also what the command line and the pages show."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Self, TypeVar

from tiendo_contracts.problem_kinds import ProblemKind, Refusal
from tiendo_domain.facts import CaseEvent
from tiendo_domain.instants import Instant
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline_types import Basis, CaseTimeline, Policy
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_read_models.folding import decoded
from tiendo_read_models.queries.cases import fault_of, known_case
from tiendo_read_models.rows import SIMULATED_SOURCES

RETRY_SECONDS: Final = 1
LARGE_CASE_EVENTS: Final = 2_000
"""From so many events on, work over one case is done one case at a time."""

_Worked = TypeVar("_Worked")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """How one case is looked at. `as_of_text` is the instant as it was asked for, None when it is now."""

    as_of: datetime
    as_of_text: str | None = None
    known_at: datetime | None = None
    basis: Basis = Basis.OCCURRED
    policy: Policy | None = None

    @classmethod
    def asked(
        cls, *, as_of: Instant | None, known_at: Instant | None, basis: str, policy: str | None, now: datetime
    ) -> Self:
        """The view that was asked for."""
        return cls(
            as_of=now if as_of is None else as_of.at,
            as_of_text=None if as_of is None else as_of.text,
            known_at=None if known_at is None else known_at.at,
            basis=Basis(basis),
            policy=None if policy is None else Policy(policy),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCase:
    """A case's timeline in a view, the events that it was made of, and the rule book."""

    timeline: CaseTimeline
    events: tuple[CaseEvent, ...]
    rules: RuleBook
    simulated: bool
    as_of_text: str


async def beside_the_loop(side: QuerySide, events: Sequence[object], work: Callable[[], _Worked]) -> _Worked:
    """What the work gives, done beside the event loop; work over very many events waits for its turn, so that it never adds up."""
    if len(events) > LARGE_CASE_EVENTS:
        return await side.folding.alone(work)
    return await asyncio.to_thread(work)


async def seen_case(side: QuerySide, snapshot: Snapshot, case_id: str, view: CaseView) -> SeenCase:
    """The case in the view, from its events up to the position of the snapshot.

    Raises the refusal of a case that is unknown, not yet projected, or of which nothing was known at `known_at`.
    """
    reader = snapshot.reader
    known = await known_case(reader.connection, reader.build, case_id)
    if known is None:
        raise await missing_case(side, snapshot, case_id)
    up_to = max(known.last_position, reader.position)
    told, rules = await side.telling.case(case_id, reader.position, view.known_at)
    stored = [event for event in told if event.position <= up_to]
    events = await beside_the_loop(side, stored, partial(decoded, stored))
    if not events:
        raise Refusal(ProblemKind.CASE_NOT_KNOWN_THEN, field="known_at")
    as_of = view.as_of if view.as_of_text is not None else view.as_of.astimezone(snapshot.zone)
    fold = partial(
        case_timeline, events, rules, as_of=as_of, known_at=view.known_at, basis=view.basis, policy=view.policy
    )
    timeline = await beside_the_loop(side, events, fold)
    return SeenCase(
        timeline=timeline,
        events=tuple(events),
        rules=rules,
        simulated=any(event.source.startswith(SIMULATED_SOURCES) for event in events),
        as_of_text=view.as_of_text or as_of.isoformat(),
    )


async def missing_case(side: QuerySide, snapshot: Snapshot, case_id: str) -> Refusal:
    """Why there is nothing to show of the case."""
    fault = await fault_of(snapshot.reader.connection, snapshot.reader.build, case_id)
    if fault is not None:
        return Refusal(ProblemKind.CASE_FAULTY, field="case_id", values={"cause": fault.cause})
    if "\x00" not in case_id and await side.telling.has_case(case_id):
        return Refusal(ProblemKind.CASE_NOT_PROJECTED, field="case_id", headers={"Retry-After": str(RETRY_SECONDS)})
    return Refusal(ProblemKind.CASE_UNKNOWN, field="case_id")
