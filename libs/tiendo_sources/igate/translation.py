"""The difference between what was seen last of a dossier and what is seen now, as facts.

Who holds the case follows from the tasks (`handovers`), pauses and ends from the status. Instants are those that the contract names: a task's
`created_at` is when its holder got it, a claim its `updated_at`, a change of status the dossier's, the finish that of the last task; only where the
gateway gives none it is our receipt. The difference is one of content: no instant that jumps makes a fact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from tiendo_sources.igate.dossier_facts import (
    UNMAPPED,
    At,
    CloudEvent,
    Telling,
    application,
    in_hands,
    queue,
    reception,
)
from tiendo_sources.igate.dossiers import Dossier, Task
from tiendo_sources.igate.handovers import Handovers
from tiendo_sources.igate.seen import Seen, SeenTask
from tiendo_sources.igate.statuses import ENDS, PAUSES, Statuses, StatusKind, stage_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is new of a dossier, as CloudEvents, and what is to be remembered of it."""

    events: Sequence[CloudEvent]
    seen: Seen


def difference(
    dossier: Dossier, before: Seen | None, *, source: str, statuses: Statuses, received_at: datetime
) -> Difference:
    """What changed since `before` (None: never seen). `received_at` is when we got the answer; the same arguments give the same facts."""
    if before is not None and _is_older(dossier, before):
        return Difference(events=(), seen=before)
    return _Comparison(dossier, before or Seen(case_id=dossier.case_id), source, statuses, received_at).run()


def _is_older(dossier: Dossier, before: Seen) -> bool:
    """Whether the gateway answered from a copy that lags behind: tasks that were there are not there yet, and nothing is new."""
    now = {task.id for task in dossier.tasks}
    if dossier.updated_at is None or before.updated_at is None or dossier.updated_at >= before.updated_at:
        return False
    return now < set(before.tasks)


class _Comparison:
    """One comparison; `_at` is the instant of a change of status."""

    def __init__(self, dossier: Dossier, before: Seen, source: str, statuses: Statuses, received_at: datetime) -> None:
        self._now, self._before = dossier, before
        kind = None if dossier.status is None else statuses.get(dossier.status.id)
        self._kind = kind or StatusKind.IN_PROCESS
        now_unmapped = dossier.status is not None and kind is None
        # What ends with an unknown status is marked as what begins with it: a hold shows the marks of its first and last event.
        was_unmapped = before.status is not None and before.status not in statuses
        marks = (UNMAPPED,) if now_unmapped or was_unmapped else ()
        # A dossier's facts stay with the case that it was first told as; another code is joined to it.
        self._telling = Telling(source=source, case_id=before.case_id, untimed=before.untimed, marks=marks)
        updated_at = dossier.updated_at
        self._at = At(instant=received_at, ours=True) if updated_at is None else At(instant=updated_at)
        self._is_unmapped = now_unmapped
        # An unknown status of an ended dossier that nobody works on may be one of the archive: it reopens nothing.
        is_ended = now_unmapped and before.stage in ENDS and self._current() is None
        self._stage = before.stage if is_ended and before.stage is not None else stage_of(self._kind)
        self._received_at = before.received_at
        self._due_at = before.due_at
        self._submitted = before.submitted
        self._holder = before.holder

    def run(self) -> Difference:
        self._join()
        self._submit()
        floor, folded = self._floor()
        if self._hands_move():
            self._holder = Handovers(
                *(self._now, self._before, self._telling, self._at), floor=floor, folded=folded, kind=self._kind
            ).tell()
        self._change_status()
        self._restate_due()
        self._mark()
        return Difference(events=tuple(self._telling.events), seen=self._seen())

    def _join(self) -> None:
        """A code that was given anew is one of the same case (rule N4)."""
        if self._now.case_id not in {self._before.case_id, self._before.code}:
            self._telling.tell("joined", self._at, {"alias": self._now.case_id})

    def _submit(self) -> None:
        if not self._submitted and self._now.applied_at is not None:
            self._telling.tell("submitted", At(instant=self._now.applied_at), application(self._now))
            self._submitted = True

    @property
    def _awaits_reception(self) -> bool:
        """Whether the case was not received yet, whatever is done with it: that time is the acceptance clock's alone (rule H1)."""
        told = self._received_at is not None or self._before.stage not in {None, StatusKind.SUBMITTED}
        return not told and (self._stage is StatusKind.SUBMITTED or self._stage in PAUSES)

    def _hands_move(self) -> bool:
        return not self._awaits_reception and self._before.stage not in ENDS

    def _floor(self) -> tuple[datetime | None, Task | None]:
        """The instant before which no handover counts, and the task that an event of this look told to have the case then."""
        at = self._reception_at()
        if at is None:
            return self._received_at, None
        held = _held_at(self._now.tasks, at.instant)
        self._received_at, self._due_at = at.instant, self._now.due_at
        named = queue(held, otherwise=self._now.agency)
        if held is not None and held.officer is not None and _has_had_it(held, at.instant):
            named = in_hands(held)
        self._telling.tell("received", at, reception(self._now) | named)
        return at.instant, held

    def _reception_at(self) -> At | None:
        """When the case was received, if that is new; a status that says so stands in for the instant."""
        if self._received_at is not None:
            return None
        if self._now.accepted_at is not None:
            return At(instant=self._now.accepted_at)
        return self._at if self._kind is StatusKind.RECEIVED else None

    def _change_status(self) -> None:
        before, now = self._before.stage or StatusKind.IN_PROCESS, self._stage
        if self._awaits_reception or now is before:
            return
        if before in ENDS and now not in ENDS:
            self._goes_on("reopened")
        elif before in PAUSES and now not in ENDS:
            self._goes_on(PAUSES[before] if self._kind not in PAUSES.values() else self._kind)
        if now in PAUSES:
            self._telling.tell(now, self._at, {})
        elif now in ENDS:
            self._end(before, now)

    def _goes_on(self, kind: str) -> None:
        """The case goes on with whoever had it then, by a new due where one is stated; a claim after a reopening is told beside."""
        current = self._current()
        said, had_it = self._holder_then()
        if self._is_due_new():
            said["due_at"] = self._stated_due()
        self._telling.tell(kind, self._at, said)
        if current is not None:
            self._holder = current.id
            if not (had_it or self._hands_move()) and current.officer is not None and current.updated_at is not None:
                self._telling.tell("claimed", At(instant=current.updated_at), in_hands(current))

    def _holder_then(self) -> tuple[dict[str, Any], bool]:
        """Who had the case at the instant of the change, and whether that is the officer of the task rather than its queue."""
        going_on = [task for task in self._now.tasks if not self._was_over(task)]
        held = (_held_at(going_on, self._at.instant) if self._hands_move() else None) or self._current()
        if held is None:
            return {}, False
        had_it = self._was_known_to_have(held) or _has_had_it(held, self._at.instant)
        return (in_hands(held) if had_it else queue(held)), had_it

    def _was_over(self, task: Task) -> bool:
        """Whether the task was over when it was seen before: it may have been touched since."""
        known = self._before.tasks.get(task.id)
        return known is not None and not (known.current or task.current)

    def _was_known_to_have(self, task: Task) -> bool:
        known = self._before.tasks.get(task.id)
        return task.officer is not None and known is not None and known.officer == task.officer.key

    def _end(self, before: StatusKind, now: StatusKind) -> None:
        finish = self._finish()
        finished = {StatusKind.COMPLETED, StatusKind.RESULT_DELIVERED}
        if now in finished and before not in finished:
            self._telling.tell("completed", finish, {})
        if now is StatusKind.RESULT_DELIVERED:
            later = max((self._at, finish), key=lambda at: at.instant)
            self._telling.tell("result-delivered", later, {})
        elif now not in finished:
            self._telling.tell(now, self._at, {})

    def _finish(self) -> At:
        touched = self._now.tasks[-1].updated_at if self._now.tasks else None
        return self._at if touched is None else At(instant=touched)

    def _is_due_new(self) -> bool:
        return self._now.due_at is not None and self._now.due_at != self._due_at

    def _stated_due(self) -> str | None:
        self._due_at = self._now.due_at
        return None if self._due_at is None else self._due_at.isoformat()

    def _restate_due(self) -> None:
        if self._received_at is not None and self._is_due_new():
            self._telling.tell("deadline-restated", self._at, {"due_at": self._stated_due()})

    def _mark(self) -> None:
        """An unknown status is work, and shows with whoever has the case: the holder is named again if nothing else names one."""
        current, status = self._current(), self._now.status
        is_new = self._is_unmapped and status is not None and status.id != self._before.status
        if is_new and not self._telling.marked and self._hands_move() and current is not None:
            # Not before they had it: a gateway may change a task without a word in the dossier's own instant.
            since = max(self._at.instant, current.updated_at or current.created_at)
            self._telling.tell("assigned", At(instant=since, ours=self._at.ours), in_hands(current))

    def _current(self) -> Task | None:
        current = [task for task in self._now.tasks if task.current]
        return current[-1] if current else None

    def _seen(self) -> Seen:
        tasks = () if self._awaits_reception else self._now.tasks
        return msgspec.structs.replace(
            self._before,
            code=self._before.code if self._now.case_id == self._before.case_id else self._now.case_id,
            stage=StatusKind.SUBMITTED if self._awaits_reception else self._stage,
            status=None if self._now.status is None else self._now.status.id,
            submitted=self._submitted,
            received_at=self._received_at,
            due_at=self._due_at,
            holder=self._holder,
            untimed=self._telling.untimed,
            updated_at=self._now.updated_at or self._before.updated_at,
            tasks={task.id: _seen_task(task) for task in tasks},
        )


def _held_at(tasks: Sequence[Task], at: datetime) -> Task | None:
    """The task that had the case at the instant: the last of those begun that had not been finished."""
    begun = [task for task in tasks if task.created_at <= at]
    going_on = [task for task in begun if task.current or task.updated_at is None or task.updated_at > at]
    return going_on[-1] if going_on else None


def _has_had_it(task: Task, at: datetime) -> bool:
    """Whether the officer had the task already at the instant: it never waited in a queue, or was claimed before."""
    claimed_later = task.updated_at is not None and task.updated_at > max(at, task.created_at)
    return not (task.queued and claimed_later)


def _seen_task(task: Task) -> SeenTask:
    return SeenTask(
        created_at=task.created_at,
        officer=None if task.officer is None else task.officer.key,
        current=task.current,
        step=task.step_id,
    )
