"""Who holds a case by its tasks: what is told of those that are new, were claimed, were finished, or became the current one again."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from tiendo_sources.igate.dossier_facts import At, Telling, in_hands, queue
from tiendo_sources.igate.dossiers import Dossier, Task
from tiendo_sources.igate.seen import Seen, SeenTask
from tiendo_sources.igate.statuses import ENDS, PAUSES, StatusKind, stage_of

_SAID_BY_STATUS: Final = frozenset({StatusKind.SENT_BACK, StatusKind.RECALLED})
_STANDS_STILL: Final = ENDS.union(PAUSES)


class Handovers:
    """Compares the tasks of a dossier with those seen before; `at` is when the dossier changed.

    `floor`: what began before counts from then on. `kind`: what the status says. `folded`: the task that the reception, told in this very look,
    has named already; those that were over by then are nobody's (rule H1).
    """

    def __init__(
        self,
        now: Dossier,
        before: Seen,
        telling: Telling,
        at: At,
        *,
        floor: datetime | None,
        folded: Task | None,
        kind: StatusKind,
    ) -> None:
        self._tasks, self._before, self._telling, self._at = now.tasks, before, telling, at
        self._floor, self._folded, self._status = floor, folded, kind
        self._holder = before.holder
        if folded is not None and self._holder is None:
            self._holder = folded.id

    def tell(self) -> str | None:
        """Tell what moved; the id of the task that has the case."""
        for number, task in enumerate(self._tasks):
            known = self._before.tasks.get(task.id)
            if known is not None:
                self._tell_known(task, known)
            elif task is self._folded:
                self._tell_after_reception(task)
            elif not self._was_over(task):
                self._tell_new(number, task)
        self._tell_what_remains()
        return self._holder

    def _was_over(self, task: Task) -> bool:
        """Whether the task was over when the case was received, which is told in this very look."""
        return self._floor is not None and self._before.received_at is None and task.created_at <= self._floor

    def _tell_after_reception(self, task: Task) -> None:
        """Of the task that had the case at its reception: whether an officer took it up after."""
        if task.officer is None or not self._was_claimed(task):
            self._tell_gap(task)
        elif task.current:
            self._telling.tell("claimed", self._touched(task), in_hands(task))
        else:
            self._tell_worked(task)

    def _tell_new(self, number: int, task: Task) -> None:
        held = self._found(self._holder)
        self._holder = task.id
        kind, start = self._kind(number, task), At(instant=self._start(task))
        if task.officer is None or not self._was_claimed(task):
            self._telling.tell(kind, start, in_hands(task))
            self._tell_gap(task)
        elif task.current:
            self._telling.tell(kind, start, queue(task))
            self._telling.tell("claimed", self._touched(task), in_hands(task))
        else:
            self._tell_worked(task)
        if held is not None and held.created_at > task.created_at:
            # What comes to light late had the case before the task that has it now.
            self._holder = held.id

    def _tell_known(self, task: Task, known: SeenTask) -> None:
        officer = None if task.officer is None else task.officer.key
        if task.current and not known.current:
            self._tell_back(task)
        elif not (task.current or known.current):
            return  # what happens to a task that is over says nothing of who holds the case
        elif officer == known.officer:
            self._tell_gap(task)
        elif known.officer is not None:
            self._telling.tell("assigned", self._touched(task), in_hands(task))
            self._tell_gap(task)
        elif task.current:
            self._telling.tell("claimed", self._touched(task), in_hands(task))
        else:
            self._tell_worked(task)

    def _tell_worked(self, task: Task) -> None:
        """A claim that came and went between two looks: all the time of the task is its officer's."""
        self._telling.tell("worked", self._end(task), in_hands(task) | {"since": task.created_at.isoformat()})

    def _tell_gap(self, task: Task) -> None:
        """Where an officer's task is over and no other began: from then on nobody is known to have the case."""
        if task.current or task.officer is None or self._holder != task.id:
            return
        end = self._end(task)
        is_last = task is self._tasks[-1]
        goes_on = any(other.current and other.created_at <= end.instant for other in self._tasks)
        following = self._following(task)
        passed_on = following is not None and _minute(following.created_at) <= _minute(end.instant)
        if not (goes_on or passed_on or (is_last and stage_of(self._status) in _STANDS_STILL)):
            self._telling.tell("worked", end, in_hands(task))

    def _tell_back(self, task: Task) -> None:
        """A task that was over is the current one again."""
        left = self._found(self._before.holder)
        touched = task.updated_at
        is_later = touched is not None and (left is None or touched >= left.created_at)
        at = At(instant=touched) if touched is not None and is_later else self._at
        self._telling.tell(self._back(left), at, in_hands(task))
        self._holder = task.id

    def _tell_what_remains(self) -> None:
        """Where the task that had the case is over or gone, and one that was known before still goes on: the case is with that one."""
        current = [task for task in self._tasks if task.current]
        if self._holder is None or not current or any(task.id == self._holder for task in current):
            return
        left = self._found(self._holder)
        kind, at = ("recalled", self._at) if left is None else ("assigned", self._end(left))
        self._telling.tell(kind, at, in_hands(current[-1]))
        self._holder = current[-1].id

    def _kind(self, number: int, task: Task) -> str:
        """How the case came to a task: a step that was there before, with another in between, is a step back."""
        earlier = self._tasks[:number]
        if not earlier:
            return "assigned"
        between: list[Task | SeenTask] = [*self._vanished(task), *earlier[-1:]]
        was_there = task.step_id is not None and any(other.step_id == task.step_id for other in earlier)
        if was_there and (gone := [other for other in between if _step_of(other) != task.step_id]):
            return self._back(gone[0] if isinstance(gone[0], Task) else None)
        if task.current and self._status in _SAID_BY_STATUS:
            return self._status
        return "assigned" if was_there else "forwarded"

    def _vanished(self, task: Task) -> Iterator[SeenTask]:
        """The tasks that had the case, of another step, and are gone without a trace."""
        there = {other.id for other in self._tasks}
        for task_id, known in self._before.tasks.items():
            if known.current and task_id not in there and known.step != task.step_id:
                yield known

    def _back(self, left: Task | None) -> str:
        """Whether who had the case sent it back, or it was recalled from where nobody had taken it up."""
        if self._status in _SAID_BY_STATUS:
            return self._status
        return "recalled" if left is None or left.officer is None else "sent-back"

    def _was_claimed(self, task: Task) -> bool:
        """Whether the task waited in a queue before its officer had it, as far as is known."""
        return task.queued and task.updated_at is not None and task.updated_at > self._start(task)

    def _start(self, task: Task) -> datetime:
        return task.created_at if self._floor is None else max(task.created_at, self._floor)

    def _touched(self, task: Task) -> At:
        return self._at if task.updated_at is None else At(instant=max(task.updated_at, self._start(task)))

    def _end(self, task: Task) -> At:
        """When the task was over: not after the next had begun, though it may have been touched since."""
        following = self._following(task)
        if following is None:
            return self._touched(task)
        touched = following.created_at if task.updated_at is None else min(task.updated_at, following.created_at)
        return At(instant=max(touched, self._start(task)))

    def _following(self, task: Task) -> Task | None:
        return next((other for other in self._tasks if other.created_at > task.created_at), None)

    def _found(self, task_id: str | None) -> Task | None:
        return next((task for task in self._tasks if task.id == task_id), None)


def _step_of(task: Task | SeenTask) -> str | None:
    return task.step_id if isinstance(task, Task) else task.step


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)
