"""Which cases have to be folded again as at an instant, and folding them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.case_event import CaseEvent
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import JoinedCase, joined_cases, standing_events, timeline_of, unit_parents
from tiendo_domain.timeline.counted import known_events
from tiendo_domain.timeline.joins import events_of_the_course
from tiendo_domain.timeline.placed import recorded_instant
from tiendo_domain.timeline_types import Basis, CaseTimeline
from tiendo_domain.visibility import Viewer
from tiendo_read_models.builds import Build
from tiendo_read_models.errors import CaseNotToBeShown
from tiendo_read_models.folding import StoredText, cause_of, decoded
from tiendo_read_models.queries.cases.relations import Exactness, inexact
from tiendo_read_models.rows import CaseRows, case_rows, is_simulated

Known = Callable[[Sequence[CaseEvent]], Sequence[CaseEvent]]
"""Which of a case's events count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToFold:
    """A case to fold again, from what is told of `told_codes` up to `last_position`: what its row was made of. `codes` are its own.

    Not `whole`: the viewer sees it in part.
    """

    case_id: str
    codes: tuple[str, ...]
    told_codes: tuple[str, ...]
    last_position: int
    event_count: int
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How cases are folded: as at `as_of`, with what was known at `known_at` (None: everything), on `basis`, by `rules`.

    `explained_by`: of what is explained and decided counts what is not later (None: all; rule E1).
    `position`: up to which facts of the directory count; where several logs are in one, each case goes by the rules of its own.
    `figures_alone`: nothing is asked of the cases but figures, which stay the same within a minute unless something happens (rule T2).
    `viewer`: whose the cases are seen by that are seen in part; None sees everything.
    """

    as_of: datetime
    rules: RuleBook
    position: int
    explained_by: datetime | None = None
    known_at: datetime | None = None
    basis: Basis = Basis.OCCURRED
    figures_alone: bool = False
    viewer: Viewer | None = None


async def cases_to_fold(
    connection: AsyncConnection,
    build: Build,
    as_of: datetime,
    exactness: Exactness,
    *,
    where: str = "TRUE",
    parameters: Mapping[str, object] | None = None,
    limit: int | None = None,
    in_part: bool = True,
    also: str = "FALSE",
) -> list[ToFold]:
    """The cases that exist at `as_of` and whose rows do not stand then, by case id; `where` narrows them by columns of `c`.

    `in_part`: also those that the reader sees in part. `also`: the condition for others that are to be folded though their rows stand.
    """
    source, seen_whole = (build.all_cases, build.seen_whole) if in_part else (build.cases, "TRUE")
    statement = f"""
        SELECT {_TO_FOLD}, {seen_whole} AS whole FROM {source} c
        WHERE c.first_event_at <= :as_of AND ({inexact(exactness)} OR {also}) AND ({where})
        ORDER BY c.case_id LIMIT :limit"""
    rows = await connection.execute(text(statement), {"as_of": as_of, "limit": limit, **(parameters or {})})
    return [_to_fold(row) for row in rows]


def _to_fold(row: Any) -> ToFold:  # noqa: ANN401 - a row of the statements here
    return ToFold(
        case_id=row.case_id,
        codes=(row.case_id, *row.aliases),
        told_codes=tuple(row.told_codes) or (row.case_id,),
        last_position=row.last_position,
        event_count=row.event_count,
        whole=row.whole,
    )


_TO_FOLD: Final = "c.case_id, c.aliases, c.told_codes, c.last_position, c.event_count"


async def all_cases(connection: AsyncConnection, build: Build, *, after: str, limit: int) -> list[ToFold]:
    """The next `limit` cases behind the case id `after`, by case id."""
    statement = f"""
        SELECT {_TO_FOLD}, TRUE AS whole FROM {build.cases} c
        WHERE c.case_id > :after ORDER BY c.case_id LIMIT :limit"""
    rows = await connection.execute(text(statement), {"after": after, "limit": limit})
    return [_to_fold(row) for row in rows]


async def cases_concerned(
    connection: AsyncConnection,
    build: Build,
    *,
    start: datetime | None,
    end: datetime,
    units: Sequence[str] | None,
    after: str,
    limit: int,
) -> list[ToFold]:
    """The next `limit` cases behind the case id `after` that may have been open or finished in [start, end), on whichever basis, by case id.

    Left out are those of which nothing is told before the end and, with `start`, those finished of which nothing is told from it on;
    with `units` those for which another unit is responsible.
    """
    conditions = ["c.case_id > :after", "c.first_event_at < :end"]
    if start is not None:
        conditions.append("(c.finished_at IS NULL OR c.last_event_at >= :start)")
    if units is not None:
        conditions.append("c.unit_id = ANY(CAST(:units AS text[]))")
    statement = f"""
        SELECT {_TO_FOLD}, TRUE AS whole FROM {build.cases} c
        WHERE {" AND ".join(conditions)} ORDER BY c.case_id LIMIT :limit"""
    given = {"after": after, "end": end, "start": start, "units": units, "limit": limit}
    wanted = {name: value for name, value in given.items() if f":{name}" in statement}
    rows = await connection.execute(text(statement), wanted)
    return [_to_fold(row) for row in rows]


def fold_timelines(
    cases: Sequence[ToFold], stored: Mapping[str, Sequence[StoredText]], view: View
) -> tuple[list[tuple[CaseTimeline, bool]], dict[str, str]]:
    """The timelines of cases seen whole, each with whether it is simulated, and case id -> cause of those that cannot be folded."""
    found: list[tuple[CaseTimeline, bool]] = []
    faults: dict[str, str] = {}
    for one in cases:
        try:
            events = [event for event in stored.get(one.case_id, ()) if event.position <= one.last_position]
            found += [(timeline, is_simulated(then.events)) for then, timeline in timelines_in(one, events, view)]
        except Exception as error:  # noqa: BLE001 - one poisoned case must never keep the others from being counted
            faults[one.case_id] = cause_of(error)
    return found, faults


def fold_cases(
    cases: Sequence[ToFold], stored: Mapping[str, Sequence[StoredText]], view: View
) -> tuple[dict[ToFold, list[CaseRows]], dict[str, str]]:
    """The rows of the cases as the view shows them, and case id -> cause of those that cannot be folded.

    A case of which nothing is known or has happened in the view has none; one whose codes were not known to be joined then has several.
    """
    folded: dict[ToFold, list[CaseRows]] = {}
    faults: dict[str, str] = {}
    for one in cases:
        events = [event for event in stored.get(one.case_id, ()) if event.position <= one.last_position]
        try:
            folded[one] = _fold(one, events, view)
        except Exception as error:  # noqa: BLE001 - one poisoned case must never keep the others from being shown
            faults[one.case_id] = cause_of(error)
    return folded, faults


def _fold(case: ToFold, stored: Sequence[StoredText], view: View) -> list[CaseRows]:
    return [
        case_rows(then.events, _seen(case, then, timeline, view)) for then, timeline in timelines_in(case, stored, view)
    ]


def timelines_in(
    case: ToFold, stored: Sequence[StoredText], view: View, *, known: Known | None = None
) -> list[tuple[JoinedCase, CaseTimeline]]:
    """The case as the view shows it, or what were several cases then; `known` says which events count, else `view.known_at` does.

    Raises whatever keeps it from being folded.
    """
    events = decoded(stored)
    told = known_events(events, view.known_at) if known is None else known_events(known(events), None)
    # What is one case now may have been several then, and the other way round: each goes with the case that has its first told code now.
    return [
        (then, timeline_of(then, view.rules, as_of=view.as_of, basis=view.basis, explained_by=view.explained_by))
        for then in joined_cases(told)
        if _first_told_code(then) in case.codes
        and any(_effective_at(event, view.basis) <= view.as_of for event in events_of_the_course(then.events))
    ]


def _seen(case: ToFold, then: JoinedCase, timeline: CaseTimeline, view: View) -> CaseTimeline:
    """The timeline as the viewer sees it: of a case seen in part, for figures what is the viewer's own, else all with others withheld."""
    if case.whole:
        return timeline
    if view.viewer is None:
        raise CaseNotToBeShown(case.case_id)
    parents = unit_parents(standing_events(then.events))
    seen = (view.viewer.own_part if view.figures_alone else view.viewer.in_part)(timeline, parents)
    return msgspec.structs.replace(seen, anomalies=())  # as the view of such cases has them


def _first_told_code(case: JoinedCase) -> str:
    """The first of its codes of which something is told: that one names some case whatever comes, other than a code that only a `joined` names."""
    return min(event.case_id for event in case.events if event.case_id in case.codes)


def _effective_at(event: CaseEvent, basis: Basis) -> datetime:
    """When the event counts (rule T4)."""
    return (event.occurred_at if basis is Basis.OCCURRED else recorded_instant(event)).at


async def case_count(connection: AsyncConnection, build: Build) -> int:
    """How many cases the build holds."""
    return int(await connection.scalar(text(f"SELECT count(*) FROM {build.cases}")) or 0)
