"""Some cases folded as at an instant, for pages that say more of each than its row."""

from collections.abc import Sequence
from datetime import datetime

from tiendo_domain.timeline_types import CaseTimeline
from tiendo_event_store.driver import driver_of
from tiendo_query.cases.single_cases import CaseView, SeenCase, seen_case
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_read_models.queries.cases.live_case import live_case


async def seen_cases(side: QuerySide, snapshot: Snapshot, case_ids: Sequence[str], as_of: datetime) -> list[SeenCase]:
    """The cases as at the instant, as the caller sees them, in the order given; without those that are not there any more.

    Decisions count whatever their time (rule E1), as they do in figures of a period.
    """
    found = []
    for case_id in case_ids:
        live = await live_case(await driver_of(snapshot.reader.connection), snapshot.reader.build, case_id)
        if live is not None and live.known is not None:
            found.append(await seen_case(side, snapshot, case_id, live.known, CaseView(as_of=as_of)))
    return found


def left_minutes(timeline: CaseTimeline) -> int | None:
    """The working minutes from the instant of the timeline to its judged due, negative once it is late; None without a due."""
    due = timeline.judged_due_at
    if due is None:
        return None
    if timeline.overdue:
        return -(timeline.lateness_minutes or 0)
    return timeline.calendar.working_minutes(timeline.as_of, due.at)


def procedure_name(timeline: CaseTimeline) -> str | None:
    """What the procedure is called, by name or else by id; None where the case states none."""
    procedure = timeline.procedure
    return None if procedure is None else procedure.name or procedure.id
