"""The state of a case from event to event: who holds it, what interrupts that, whether it has ended (rules H1, H2, H4, H6, H12).

The order of events of one instant (`ordering`) and the walk go by it alike. It knows nothing of minutes and dues.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import assert_never

from msgspec import Struct, field

from tiendo_domain.facts import (
    Assigned,
    CaseFact,
    Claimed,
    Completed,
    ConsultationAnswered,
    ConsultationRequested,
    Corrected,
    DeadlineExtended,
    DeadlineRestated,
    Declined,
    Forwarded,
    Joined,
    PaymentReceived,
    PaymentRequested,
    Person,
    Recalled,
    Received,
    Reopened,
    ResultDelivered,
    Resumed,
    SentBack,
    Step,
    Submitted,
    SupplementReceived,
    SupplementRequested,
    Suspended,
    Withdrawn,
    Worked,
)
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline.parties import (
    APPLICANT,
    SUSPENSION,
    UNKNOWN,
    NamedParty,
    named_holder,
    named_unit,
    names_somebody,
    unit_name,
)
from tiendo_domain.timeline.placed import Placed
from tiendo_domain.timeline_types import PartyKind, State, StepName

_PAUSES: dict[str, NamedParty] = {
    SupplementRequested.kind: APPLICANT,
    PaymentRequested.kind: APPLICANT,
    Suspended.kind: SUSPENSION,
}
_ANSWERED_BY = {SupplementReceived.kind: SupplementRequested.kind, PaymentReceived.kind: PaymentRequested.kind}
_STATES = {
    SupplementRequested.kind: State.WAITING_APPLICANT,
    PaymentRequested.kind: State.WAITING_PAYMENT,
    Suspended.kind: State.SUSPENDED,
    ConsultationRequested.kind: State.CONSULTING,
}

_PauseAnswer = SupplementReceived | PaymentReceived | Resumed
_EndsWithoutReception = Declined | Withdrawn
_NeverBegins = Submitted | Declined | Withdrawn | Corrected


class Interruption(Struct, frozen=True, kw_only=True):
    """An open pause or consultation, under the kind of the event that began it."""

    kind: str
    holder: NamedParty
    step: StepName | None = None

    @property
    def pauses(self) -> bool:
        """Whether the clock stands; a consultation is not a pause (rule H4)."""
        return self.holder.party.kind is not PartyKind.CONSULTED_UNIT


def begins_holds(fact: CaseFact) -> bool:
    """Whether holds may begin with such an event where nothing was received (rule H1)."""
    return not isinstance(fact, _NeverBegins)


class Course(Struct, kw_only=True):
    """Where one case stands after the events taken so far, in their order.

    `awaits_reception`: a `received` is among all its events, so that nothing begins before it; `begins`: some event begins the holds at all.
    `holder` and `step` are those outside of pauses and consultations, `ended` the event that ended the case unless it was reopened after it.
    `holder_set` is the event that set the holder last, or said that nobody is; `named_at` when somebody was named last (rule H12).
    """

    rules: RuleBook
    awaits_reception: bool
    begins: bool
    began: Placed | None = None
    ended: Placed | None = None
    submitted: Placed | None = None
    delivered: Placed | None = None
    holder: NamedParty = UNKNOWN
    step: StepName | None = None
    holder_set: Placed | None = None
    named_at: datetime | None = None
    interruptions: list[Interruption] = field(default_factory=list)
    # The holder and step before a `worked`, for an event of the same instant that names one after it.
    _before_worked: tuple[datetime, NamedParty, StepName | None] | None = None

    @classmethod
    def of(cls, events: Sequence[Placed], rules: RuleBook) -> "Course":
        """The course of a case before the first of all its counted `events`."""
        received = any(isinstance(one.fact, Received) for one in events)
        return cls(rules=rules, awaits_reception=received, begins=any(begins_holds(one.fact) for one in events))

    @property
    def paused(self) -> bool:
        """Whether the clock stands."""
        return bool(self.interruptions) and any(one.pauses for one in self.interruptions)

    @property
    def current(self) -> NamedParty | None:
        """Who holds the case now: the interruption opened last, else the holder; None before its holds began and after its end."""
        if self.began is None or self.ended is not None:
            return None
        return self.interruptions[-1].holder if self.interruptions else self.holder

    @property
    def state(self) -> State:
        """Where a case stands whose holds began and that has not ended."""
        return _STATES[self.interruptions[-1].kind] if self.interruptions else State.IN_PROCESS

    def fits(self, fact: CaseFact) -> bool:
        """Whether the event fits the state reached; one that does not is `out-of-order` (rules H1, H6)."""
        if isinstance(fact, Corrected):
            return True
        if self.ended is not None:
            return isinstance(fact, ResultDelivered) or (isinstance(fact, Reopened) and self.began is not None)
        if self.began is None:
            return self._fits_before_holds(fact)
        return self._fits_open(fact)

    def _fits_before_holds(self, fact: CaseFact) -> bool:
        if isinstance(fact, Submitted):
            return self.submitted is None
        if isinstance(fact, _EndsWithoutReception):
            return not self.begins
        return isinstance(fact, Received) or (not self.awaits_reception and self._fits_open(fact))

    def _fits_open(self, fact: CaseFact) -> bool:
        match fact:
            case Submitted() | Reopened():
                return False
            case SupplementRequested() | PaymentRequested() | Suspended():
                return not any(one.kind == fact.kind for one in self.interruptions)
            case SupplementReceived() | PaymentReceived() | Resumed():
                return bool(self._answered(fact))
            case ConsultationRequested():
                asked = _asked(fact)
                return asked is not None and all(one.holder.key != asked.key for one in self.interruptions)
            case ConsultationAnswered():
                return any(not one.pauses for one in self.interruptions)
            case (
                Received()
                | Assigned()
                | Forwarded()
                | SentBack()
                | Recalled()
                | Claimed()
                | Worked()
                | Completed()
                | ResultDelivered()
                | Declined()
                | Withdrawn()
                | DeadlineExtended()
                | DeadlineRestated()
                | Corrected()
                | Joined()
            ):
                return True
            case _:
                assert_never(fact)

    def begin(self, placed: Placed) -> None:
        """The holds begin with the event."""
        self.began = placed

    def take(self, placed: Placed, *, fits: bool) -> NamedParty | None:
        """The event, which `fits` the state or not, has its effect; who holds by it, where it is one that names the holder."""
        if self.began is None and not self._has_begun(placed, fits=fits):
            return None
        if self.ended is not None:
            return self._take_after_end(placed, fits=fits)
        return self._take_open(placed, fits=fits)

    def _has_begun(self, placed: Placed, *, fits: bool) -> bool:
        """Whether the holds begin with the event; what comes before only submits, or ends what never began."""
        fact = placed.fact
        if isinstance(fact, Received) or (not self.awaits_reception and begins_holds(fact)):
            if self.ended is not None:
                return False
            self.begin(placed)
            return True
        if isinstance(fact, Submitted):
            self.submitted = self.submitted or placed
        elif isinstance(fact, _EndsWithoutReception) and fits:
            self.ended = placed
        return False

    def _take_after_end(self, placed: Placed, *, fits: bool) -> NamedParty | None:
        """Rule H6: only a delivery and a reopening still count."""
        fact = placed.fact
        if isinstance(fact, ResultDelivered):
            self.delivered = self.delivered or placed
        elif isinstance(fact, Reopened) and fits:
            self.ended = self.delivered = None
            return self._name(placed, fact.holder, fact.step, takes_over=True)
        return None

    def _take_open(self, placed: Placed, *, fits: bool) -> NamedParty | None:
        match fact := placed.fact:
            case Received() | Assigned() | Forwarded() | SentBack() | Recalled() | Claimed():
                self._close_consultations()
                return self._name(placed, fact.holder, fact.step, takes_over=isinstance(fact, Claimed))
            case Worked():
                return self._worked(placed, fact)
            case SupplementReceived() | PaymentReceived() | Resumed() | Reopened():
                return self._answer(placed, fact)
            case SupplementRequested() | PaymentRequested() | Suspended() | ConsultationRequested():
                if fits:
                    self.interruptions.append(_interruption(fact))
            case ConsultationAnswered():
                if fits:
                    self._close([self._answered_consultation(fact)])
            case Completed() | Declined() | Withdrawn() | ResultDelivered():
                self._end(placed)
            case Submitted() | DeadlineExtended() | DeadlineRestated() | Corrected() | Joined():
                pass
            case _:
                assert_never(fact)
        return None

    def _end(self, placed: Placed) -> None:
        self.ended = placed
        self.interruptions = []
        if isinstance(placed.fact, ResultDelivered):
            self.delivered = placed

    def _answer(self, placed: Placed, fact: _PauseAnswer | Reopened) -> NamedParty | None:
        """The end of a pause; what answers nothing only names who holds from then on, if it names one (rule H6)."""
        answered = [] if isinstance(fact, Reopened) else self._answered(fact)
        if answered:
            named = self._name(placed, fact.holder, fact.step, takes_over=True)
            self._close(answered)
            return named
        if not names_somebody(fact.holder):
            return None
        if not self.paused:
            self._close(self.interruptions)
        return self._name(placed, fact.holder, fact.step, takes_over=False)

    def _answered(self, fact: _PauseAnswer) -> list[Interruption]:
        pauses = [one for one in self.interruptions if one.pauses]
        return pauses if isinstance(fact, Resumed) else [one for one in pauses if one.kind == _ANSWERED_BY[fact.kind]]

    def _answered_consultation(self, fact: ConsultationAnswered) -> Interruption:
        """The open one of `actor.unit`, else the oldest (rule H4)."""
        consultations = [one for one in self.interruptions if not one.pauses]
        unit = None if fact.actor is None else unit_name(fact.actor.unit)
        key = None if unit is None else named_unit(PartyKind.CONSULTED_UNIT, unit).key
        return next((one for one in consultations if one.holder.key == key), consultations[0])

    def _name(self, placed: Placed, person: Person | None, step: Step | None, *, takes_over: bool) -> NamedParty:
        """`person` holds from now on, in a pause or consultation after it; without a step of its own by rule A1."""
        named = named_holder(person, self.rules)
        if named.party.kind is not PartyKind.UNKNOWN:
            self.named_at = placed.at.at
            self._forget_worked(placed)
        stated = step_name(step)
        if stated is not None:
            self.step = stated
        elif named.key != self.holder.key and not takes_over:
            self.step = None
        self.holder, self.holder_set = named, placed
        return named

    def _worked(self, placed: Placed, fact: Worked) -> NamedParty:
        """From its time on nobody is known to hold, unless an event of the same instant names one; a pause goes on as it was (rule H12)."""
        if not self.paused and self.named_at != placed.at.at:
            self._before_worked = (placed.at.at, self.holder, self.step)
            self.holder, self.step, self.holder_set = UNKNOWN, None, placed
        return named_holder(fact.holder, self.rules)

    def _forget_worked(self, placed: Placed) -> None:
        """An event of the instant of a `worked` that names one: then the holder never was unknown."""
        if self._before_worked is not None and self.holder_set is not None and isinstance(self.holder_set.fact, Worked):
            at, holder, step = self._before_worked
            if at == placed.at.at:
                self.holder, self.step = holder, step

    def _close_consultations(self) -> None:
        if self.interruptions:
            self._close([one for one in self.interruptions if not one.pauses])

    def _close(self, closed: Iterable[Interruption]) -> None:
        """Pauses or consultations end."""
        gone = list(closed)
        self.interruptions = [one for one in self.interruptions if not any(one is other for other in gone)]


def step_name(step: Step | None) -> StepName | None:
    """The step that an event states; a step without id is no step (rule A1)."""
    return None if step is None or step.id is None else StepName(id=step.id, name=step.name)


def _interruption(
    fact: SupplementRequested | PaymentRequested | Suspended | ConsultationRequested,
) -> Interruption:
    """What the event opens; a consultation that names no unit asks nobody known, and fits no state."""
    if isinstance(fact, ConsultationRequested):
        return Interruption(kind=fact.kind, holder=_asked(fact) or UNKNOWN, step=step_name(fact.step))
    return Interruption(kind=fact.kind, holder=_PAUSES[fact.kind])


def _asked(fact: ConsultationRequested) -> NamedParty | None:
    unit = unit_name(fact.unit)
    return None if unit is None else named_unit(PartyKind.CONSULTED_UNIT, unit)
