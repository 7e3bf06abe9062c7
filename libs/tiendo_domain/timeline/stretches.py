"""Who held the case from when to when, written down event by event (rules H1, H5, H12)."""

from collections.abc import Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from tiendo_domain.facts import Worked
from tiendo_domain.instants import Instant
from tiendo_domain.timeline.course import Course
from tiendo_domain.timeline.parties import SUSPENSION, UNKNOWN, NamedParty
from tiendo_domain.timeline.placed import Placed
from tiendo_domain.timeline_types import PartyKind, StepName


class Stretch(Struct, kw_only=True):
    """A part of the course with one holder while it is being written: [started_at, ended_at), `ended_at` None while it goes on.

    `round` counts the restarts before it (rule A1). The first event's naming stands, whatever lies between (rules A5, H5).
    `holder_set` is the event that had set the holder last when it began. `inferred`, `absent`: see Hold.
    `never_was`: it turned out that somebody was named at its instant.
    """

    holder: NamedParty
    step: StepName | None
    paused: bool
    round: int
    started_at: Instant
    began: Placed
    holder_set: Placed | None
    ended_at: Instant | None = None
    ended: Placed | None = None
    inferred: bool = False
    absent: bool = False
    never_was: bool = False

    @property
    def key(self) -> str:
        """The party's key."""
        return self.holder.party.key

    @property
    def step_id(self) -> str | None:
        """The id of its step."""
        return None if self.step is None else self.step.id

    @property
    def lasts(self) -> bool:
        """Whether it has any length; one of no length bears nothing (rule H5)."""
        return self.ended_at is None or self.ended_at.at > self.started_at.at

    @property
    def may_be_worked_in(self) -> bool:
        """Whether a `worked` may take it: no pause, no gap after an end, no consultation (rule H12)."""
        return not self.paused and self.holder.party.kind is not PartyKind.CONSULTED_UNIT


class Work(Struct, frozen=True, kw_only=True):
    """What a `worked` says (rule H12): `worker` worked on the case from `since` on (None: not said) until the event.

    `stated` is the step that it states, `step` that of the time that becomes theirs: without one the present step of who holds the case (rule A1).
    """

    placed: Placed
    since: Instant | None
    worker: NamedParty
    stated: StepName | None
    step: StepName | None


class Stretches(Struct, kw_only=True):
    """The stretches of one case while they are being written, each as short as the events make it; `holds` joins them."""

    written: list[Stretch] = field(default_factory=list)
    _gaps: list[Stretch] = field(default_factory=list)

    def begin(self, placed: Placed, at: Instant, round_: int) -> None:
        """Nobody is known to hold the case from its beginning at `at` on, of which the event tells."""
        nobody = Stretch(
            holder=UNKNOWN, step=None, paused=False, round=round_, started_at=at, began=placed, holder_set=None
        )
        self.written.append(nobody)

    def note(self, placed: Placed, course: Course, round_: int) -> None:
        """Write down who holds after the event: the same stretch goes on, or a new one begins."""
        holder, step = course.holder, course.step
        if course.interruptions:
            holder, step = course.interruptions[-1].holder, course.interruptions[-1].step
        begun = Stretch(
            holder=holder,
            step=step,
            paused=course.paused,
            round=round_,
            started_at=placed.at,
            began=placed,
            holder_set=course.holder_set,
        )
        last = self.written[-1] if self.written else None
        if last is not None and last.ended is None:
            if _alike(last, begun) and last.holder_set is begun.holder_set:
                return
            self._close(placed)
        if course.holder_set is placed and course.holder.party.kind is not PartyKind.UNKNOWN:
            self._close_gaps(placed)
        elif _is_gap(begun):
            self._gaps.append(begun)
        self.written.append(begun)

    def work(self, work: Work, *, holder_set: Placed | None, after: Placed | None) -> None:
        """What a `worked` says of the time until it (rule H12), before the state after it is noted.

        `holder_set` is the event that set the holder last before it, `after` the `worked` before it.
        """
        self._close(work.placed)
        if work.worker.party.kind is PartyKind.UNKNOWN:
            return
        if work.since is not None:
            self._take_since(work, after.at if after is not None and after.at.at > work.since.at else work.since)
            return
        for stretch in reversed(self.written):
            if stretch.holder_set is not holder_set:
                break
            unknown = stretch.may_be_worked_in and stretch.holder.party.kind is PartyKind.UNKNOWN
            if unknown and stretch.started_at.at < work.placed.at.at:
                stretch.holder, stretch.step, stretch.inferred = work.worker, work.step, True

    def _take_since(self, work: Work, start: Instant) -> None:
        """All from `start` on, which is not before the `worked` before it."""
        if start.at >= work.placed.at.at:
            return
        taken: list[Stretch] = []
        while self.written:
            stretch = self.written[-1]
            if stretch.started_at.at < start.at and _end(stretch).at <= start.at:
                break
            taken.append(self.written.pop())
        for stretch in reversed(taken):
            if not stretch.may_be_worked_in or stretch.started_at.at >= work.placed.at.at:
                self.written.append(stretch)
                continue
            theirs = replace(stretch, holder=work.worker, step=work.step, inferred=False)
            if stretch.key == work.worker.key:
                theirs = replace(theirs, holder=stretch.holder, step=work.stated or stretch.step)
            if stretch.started_at.at < start.at:
                self.written.append(replace(stretch, ended_at=start, ended=work.placed))
                theirs = replace(theirs, started_at=start, began=work.placed)
            self.written.append(theirs)

    def end(self, placed: Placed, round_: int) -> None:
        """The case ends with the event; a case that nobody held yet was held by nobody known for no time."""
        if not self.written:
            self.begin(placed, placed.at, round_)
        self._close(placed)

    def stand_still(self, since: Placed, round_: int) -> None:
        """The case is held by `suspension` from its end on, until it is reopened (rule H6)."""
        gap = Stretch(
            holder=SUSPENSION,
            step=None,
            paused=True,
            round=round_,
            started_at=since.at,
            began=since,
            holder_set=None,
        )
        self.written.append(gap)

    def holds(self) -> Sequence[Stretch]:
        """Adjacent stretches of the same party in the same step as one, `inferred` where a part of it is (rule H5)."""
        joined: list[Stretch] = []
        for stretch in self.written:
            if stretch.never_was:
                continue
            if joined and _alike(joined[-1], stretch):
                last = joined[-1]
                last.ended_at, last.ended = stretch.ended_at, stretch.ended
                last.inferred |= stretch.inferred
            else:
                joined.append(stretch)
        return joined

    def _close_gaps(self, placed: Placed) -> None:
        """An event of the instant of a `worked` names one: then nobody was without a holder in between (rule H12)."""
        for gap in self._gaps:
            gap.never_was |= gap.started_at.at == placed.at.at
        self._gaps.clear()

    def _close(self, placed: Placed) -> None:
        if self.written and self.written[-1].ended is None:
            last = self.written[-1]
            last.ended_at, last.ended = placed.at, placed


def _alike(one: Stretch, other: Stretch) -> bool:
    """Whether two adjacent stretches are parts of one hold."""
    return (
        one.holder.party.key == other.holder.party.key and one.paused is other.paused and one.step_id == other.step_id
    )


def _is_gap(stretch: Stretch) -> bool:
    """Whether nobody is known to hold since a `worked` (rule H12)."""
    worked = isinstance(stretch.began.fact, Worked) and stretch.holder_set is stretch.began
    return worked and stretch.may_be_worked_in and stretch.holder.party.kind is PartyKind.UNKNOWN


def _end(stretch: Stretch) -> Instant:
    return stretch.started_at if stretch.ended_at is None else stretch.ended_at
