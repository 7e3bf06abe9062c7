"""One case, folded from its events for any view of it; also what the command line and the pages show."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Self, TypeVar

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.instants import Instant
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import JoinedCase, case_of, timeline_of
from tiendo_domain.timeline.counted import known_events
from tiendo_domain.timeline_types import Basis, CaseTimeline, Policy
from tiendo_domain.visibility import Viewer
from tiendo_query.cases.case_folding import LARGE_CASE_EVENTS, SMALL_CASE_EVENTS
from tiendo_query.query_side import FoundCase, QuerySide, Snapshot
from tiendo_read_models.folding import StoredText, decoded
from tiendo_read_models.queries.cases.live_case import KnownCase, LiveCase
from tiendo_read_models.rows import is_simulated

_Shown = TypeVar("_Shown")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """How one case is looked at. `as_of_text` is the instant as it was asked for, None when it is now.

    Of what is explained and decided counts what is not later than `explained_by` (None: all; rule E1).

    `supposed` are events that nobody has sent: the case is shown as it would be with them.
    """

    as_of: datetime
    as_of_text: str | None = None
    explained_by: datetime | None = None
    known_at: datetime | None = None
    basis: Basis = Basis.OCCURRED
    policy: Policy | None = None
    supposed: tuple[CaseEvent, ...] = ()

    @classmethod
    def asked(
        cls, *, as_of: Instant | None, known_at: Instant | None, basis: str, policy: str | None, now: datetime
    ) -> Self:
        """The view that was asked for."""
        return cls(
            as_of=now if as_of is None else as_of.at,
            as_of_text=None if as_of is None else as_of.text,
            explained_by=None if as_of is None else as_of.at,
            known_at=None if known_at is None else known_at.at,
            basis=Basis(basis),
            policy=None if policy is None else Policy(policy),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCase:
    """A case's timeline in a view, the events that it was made of, and the rule book; `position` is what the log reflected.

    Not `whole`: the caller sees it in part; the timeline withholds what is of others, and of the events nothing is shown.
    """

    timeline: CaseTimeline
    events: tuple[CaseEvent, ...]
    whole: bool
    rules: RuleBook
    simulated: bool
    as_of_text: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReadCase:
    """What a case is folded from, as it was read; `code` is the one that was asked for."""

    code: str
    stored: Sequence[StoredText]
    rules: RuleBook
    view: CaseView
    as_of: datetime
    position: int
    known: KnownCase
    viewer: Viewer | None

    def seen(self) -> SeenCase:
        """The case in the view; raises the refusal of a case of which nothing was known at `known_at`."""
        view = self.view
        case = self._case(self.stored)
        if case is not None and self.viewer is not None and not case.codes <= {*self.known.codes}:
            # Codes that were joined then name other cases now, which the viewer perhaps does not see.
            case = self._case([event for event in self.stored if event.subject in self.known.codes])
        if case is None:
            raise Refusal(ProblemKind.CASE_NOT_KNOWN_THEN, field="known_at")
        timeline = timeline_of(
            case,
            self.rules,
            as_of=self.as_of,
            basis=view.basis,
            policy=view.policy,
            explained_by=view.explained_by,
        )
        if self.viewer is not None and not self.known.whole:
            timeline = self.viewer.in_part(timeline, self.known.unit_parents)
        return SeenCase(
            timeline=timeline,
            events=tuple(case.events),
            whole=self.known.whole,
            rules=self.rules,
            simulated=is_simulated(case.events),
            as_of_text=view.as_of_text or self.as_of.isoformat(),
            position=self.position,
        )

    def _case(self, stored: Sequence[StoredText]) -> JoinedCase | None:
        return case_of([*known_events(decoded(stored), self.view.known_at), *self.view.supposed], self.code)


async def shown_case(
    side: QuerySide, case_id: str, view: CaseView, show: Callable[[SeenCase], _Shown], *, min_position: int = 0
) -> _Shown:
    """What `show` makes of the case in the view: folded and shown beside the event loop, but for small cases, for which that would take longer.

    Very large cases are read and worked on one at a time, so that they hold up each other and nothing else.
    Raises the refusal of a case that is unknown, not yet projected, or of which nothing was known at `known_at`.
    """
    async with side.found_case(case_id, min_position=min_position) as found:
        known = found.live.known
        is_large = known is not None and known.event_count > LARGE_CASE_EVENTS
        case = None if known is None or is_large else await _read(found, case_id, known, view)
    if known is None:
        raise await side.missing_case(case_id)
    if case is not None:
        return await _worked(side, known, partial(_shown, case, show))
    async with side.place_for_a_large_case():
        async with side.found_case(case_id) as found:
            known = found.live.known
            case = None if known is None else await _read(found, case_id, known, view)
        if known is None or case is None:
            raise await side.missing_case(case_id)
        return await _worked(side, known, partial(_shown, case, show))


async def seen_case(side: QuerySide, snapshot: Snapshot, case_id: str, known: KnownCase, view: CaseView) -> SeenCase:
    """The case in the view, from its events up to the position of the snapshot, which is held meanwhile. Raises as `shown_case` does."""
    live = LiveCase(position=snapshot.reader.position, known=known)
    found = FoundCase(live=live, histories=snapshot.histories, viewer=snapshot.viewer)
    case = await _read(found, case_id, known, view)
    return await _worked(side, known, case.seen)


async def worked_on(side: QuerySide, seen: SeenCase, work: Callable[[], _Shown]) -> _Shown:
    """What further work on a case that was looked at gives, done where its folding was."""
    return await _where_it_belongs(side, len(seen.events), work)


async def _worked(side: QuerySide, known: KnownCase, work: Callable[[], _Shown]) -> _Shown:
    """What the work on the case gives: at once for a small one, beside the event loop for others."""
    return await _where_it_belongs(side, known.event_count, work)


async def _where_it_belongs(side: QuerySide, event_count: int, work: Callable[[], _Shown]) -> _Shown:
    if event_count <= SMALL_CASE_EVENTS:
        return work()
    if event_count <= LARGE_CASE_EVENTS:
        return await asyncio.to_thread(work)
    return await side.folding.alone(work)


def _shown(case: _ReadCase, show: Callable[[SeenCase], _Shown]) -> _Shown:
    return show(case.seen())


async def _read(found: FoundCase, case_id: str, known: KnownCase, view: CaseView) -> _ReadCase:
    position = found.live.position
    up_to = max(known.last_position, position)
    stored, rules = await found.histories.case(known, position, view.known_at, up_to=up_to)
    zone = (await found.histories.rules(position)).default_calendar.zone
    return _ReadCase(
        code=case_id,
        stored=stored,
        rules=rules,
        view=view,
        as_of=view.as_of if view.as_of_text is not None else view.as_of.astimezone(zone),
        position=position,
        known=known,
        viewer=found.viewer,
    )
