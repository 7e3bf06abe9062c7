"""Event by event: what each does to the holds, the dues and the end of a case, and what is irregular about it (rules H, D3)."""

from collections.abc import Sequence

from msgspec import Struct, field

from tiendo_domain.facts import (
    Claimed,
    ConsultationRequested,
    DeadlineExtended,
    DeadlineRestated,
    PaymentReceived,
    Received,
    Reopened,
    ResultDelivered,
    Resumed,
    Step,
    SupplementReceived,
    Worked,
)
from tiendo_domain.rules import PauseMode
from tiendo_domain.timeline.completions import uncounted_completions
from tiendo_domain.timeline.course import Course, step_name
from tiendo_domain.timeline.due_steps import Begun, DueStep, PauseBegun, PauseDueStated, PauseEnded, Restated
from tiendo_domain.timeline.dues import DueTrack
from tiendo_domain.timeline.instant import PASSED_ON
from tiendo_domain.timeline.parties import NamedParty
from tiendo_domain.timeline.placed import Finding, Placed
from tiendo_domain.timeline.stretches import Stretches, Work
from tiendo_domain.timeline.subject import Subject
from tiendo_domain.timeline_types import AnomalyKind, PartyKind, StepName

_PauseAnswer = SupplementReceived | PaymentReceived | Resumed
_TellsDue = DeadlineRestated | DeadlineExtended
_MayTellDue = Received | _PauseAnswer | Reopened
_Handover = Received | PASSED_ON | Claimed


class Walker(Struct, kw_only=True):
    """One walk over the events of a case in their order: what `run` leaves behind is the answer.

    `due_steps` are what it told the dues. `tail` is the last event that counted before the end, if no pause was open then.
    `allotments` has what is first stated for each step id.
    """

    subject: Subject
    course: Course
    due: DueTrack
    stretches: Stretches = field(default_factory=Stretches)
    findings: list[Finding] = field(default_factory=list)
    due_steps: list[DueStep] = field(default_factory=list)
    allotments: dict[str, int] = field(default_factory=dict)
    round: int = 0
    tail: Placed | None = None
    last_counted: Placed | None = None
    last_handover: tuple[Placed, NamedParty] | None = None
    last_worked: Placed | None = None

    def run(self, events: Sequence[Placed], began: Placed | None) -> None:
        """Follow the case from its first event to the last, and an open one on to `as_of`; its holds begin at `began`."""
        uncounted = uncounted_completions(events, began)
        for placed in events:
            if placed is began and not isinstance(placed.fact, Received):
                self._find(AnomalyKind.MISSING_RECEPTION, placed)
            if placed.place in uncounted:
                self._find(uncounted[placed.place], placed)
                if placed is began:
                    self.course.begin(placed)
                    self.stretches.note(placed, self.course, self.round)
            else:
                self._take(placed)
        if self.course.ended is None and began is not None:
            self._run_on()

    def _run_on(self) -> None:
        """An open pause counts as if it ended at `as_of` (rule D2)."""
        if not self.course.paused:
            self.tail = self.last_counted
        else:
            self._step(PauseEnded(by=None))

    def _find(self, kind: AnomalyKind, *events: Placed) -> None:
        self.findings.append(Finding(kind=kind, events=events))

    def _take(self, placed: Placed) -> None:
        """The course takes the event; what was before it and what is after it say what it means."""
        course, fact = self.course, placed.fact
        fits, was_paused, ended = course.fits(fact), course.paused, course.ended
        present, before = course.current, (course.holder, course.step, course.holder_set)
        named = course.take(placed, fits=fits)
        if not fits:
            self._find(AnomalyKind.OUT_OF_ORDER, placed)
        if course.began is None or (ended is not None and course.ended is not None):
            return
        first = course.began is placed
        if named is not None:
            self._remark(placed, named, present, was_paused=was_paused)
        if named is not None or (fits and isinstance(fact, ConsultationRequested)):
            self._note_allotment(getattr(fact, "step", None))
        if first:
            self._begin(placed)
        if ended is not None:
            self._reopen(placed, ended)
        elif course.ended is not None:
            self._end(placed, was_paused=was_paused)
        else:
            self._tell_due(placed, was_paused=was_paused, fits=fits, first=first)
        if course.ended is None:
            if fits or first:
                self.last_counted = placed
            self._note(placed, named, before)

    def _begin(self, placed: Placed) -> None:
        fact = placed.fact
        if isinstance(fact, Received):
            self._step(Begun(placed, fact.due_at, self.subject.norm_minutes))
        elif isinstance(fact, Worked) and fact.since is not None and fact.since.at < placed.at.at:
            self.stretches.begin(placed, fact.since, self.round)

    def _note(
        self, placed: Placed, named: NamedParty | None, before: tuple[NamedParty, StepName | None, Placed | None]
    ) -> None:
        """Write down who holds; `before` are holder, step and the event that had set them before the event."""
        fact = placed.fact
        if isinstance(fact, Worked) and named is not None:
            holder, step, holder_set = before
            work = Work(
                placed=placed,
                since=fact.since,
                worker=named,
                stated=step_name(fact.step),
                step=step_name(fact.step) or (step if named.key == holder.key else None),
            )
            self.stretches.work(work, holder_set=holder_set, after=self.last_worked)
            self.last_worked = placed
        self.stretches.note(placed, self.course, self.round)

    def _note_allotment(self, step: Step | None) -> None:
        """Of each step the first allotment that is stated for it (rule A1)."""
        if step is not None and step.id is not None and step.allotted_minutes is not None:
            self.allotments.setdefault(step.id, step.allotted_minutes)

    def _remark(self, placed: Placed, named: NamedParty, present: NamedParty | None, *, was_paused: bool) -> None:
        """What is irregular about the holder that the event names."""
        fact = placed.fact
        if named.anomaly is not None:
            self._find(named.anomaly, placed)
        if not isinstance(fact, _Handover) or (isinstance(fact, Received) and self.course.began is placed):
            return
        if was_paused:
            self._find(AnomalyKind.HANDOVER_DURING_PAUSE, placed)
        if isinstance(fact, Claimed):
            if present is not None and _is_officer(present) and _is_officer(named) and present.key != named.key:
                self._find(AnomalyKind.TWO_HOLDERS, placed)
            return
        if self.last_handover is not None:
            before, other = self.last_handover
            if (
                before.at.at == placed.at.at
                and other.key != named.key
                and (_is_officer(other) or not _is_officer(named))
            ):
                self._find(AnomalyKind.TWO_HOLDERS, before, placed)
        self.last_handover = (placed, named)

    def _tell_due(self, placed: Placed, *, was_paused: bool, fits: bool, first: bool) -> None:
        """What the event says of pauses and dues while the case is open (rules D1 to D3)."""
        fact, paused = placed.fact, self.course.paused
        if paused and not was_paused:
            self._step(PauseBegun(placed))
        if isinstance(fact, _PauseAnswer) and fits:
            if not paused:
                self._step(PauseEnded(placed, fact.due_at))
            elif fact.due_at is not None:
                self._step(PauseDueStated(placed, fact.due_at))
        elif isinstance(fact, _TellsDue):
            self._step(Restated(placed, fact))
        elif isinstance(fact, _MayTellDue) and fact.due_at is not None and not (first and isinstance(fact, Received)):
            # A further reception, or what does not fit: its due is a restatement (rules H1, H6).
            reason = fact.reason if isinstance(fact, Resumed | Reopened) else None
            self._step(Restated(placed, DeadlineRestated(due_at=fact.due_at, reason=reason)))

    def _step(self, step: DueStep) -> None:
        """Tell the dues, and note what they were told."""
        self.due_steps.append(step)
        if self.due.take(step):
            self.round += 1

    def _end(self, placed: Placed, *, was_paused: bool) -> None:
        if isinstance(placed.fact, ResultDelivered):
            self._find(AnomalyKind.MISSING_COMPLETION, placed)
        self.tail = None if was_paused else self.last_counted
        if was_paused:
            self._step(PauseEnded(placed))
        self.stretches.end(placed, self.round)

    def _reopen(self, placed: Placed, ended: Placed) -> None:
        """Rule H6: between the end and now the clock stood, as in a pause of mode suspend."""
        due_at = placed.fact.due_at if isinstance(placed.fact, Reopened) else None
        self._find(AnomalyKind.REOPENED, placed)
        self.stretches.stand_still(ended, self.round)
        self._step(PauseBegun(ended))
        self._step(PauseEnded(placed, due_at, PauseMode.SUSPEND))
        self.tail = None


def _is_officer(named: NamedParty) -> bool:
    return named.party.kind is PartyKind.OFFICER
