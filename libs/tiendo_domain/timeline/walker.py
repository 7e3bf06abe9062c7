"""Event by event: what each does to the holder, the pauses, the dues and the end of a case (rules H, D3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from tiendo_domain.facts import (
    Assigned,
    Claimed,
    Completed,
    ConsultationAnswered,
    ConsultationRequested,
    Corrected,
    DeadlineExtended,
    DeadlineRestated,
    Declined,
    Forwarded,
    PaymentReceived,
    PaymentRequested,
    Person,
    Recalled,
    Received,
    Reopened,
    ResultDelivered,
    Resumed,
    SentBack,
    Submitted,
    SupplementReceived,
    SupplementRequested,
    Suspended,
    Withdrawn,
    Worked,
)
from tiendo_domain.instants import Instant, instant_in_zone
from tiendo_domain.rules import PauseMode, RuleBook
from tiendo_domain.timeline.completions import uncounted_completions
from tiendo_domain.timeline.counted import Finding, Placed
from tiendo_domain.timeline.dues import DueTrack
from tiendo_domain.timeline.holding import Holding, Interruption
from tiendo_domain.timeline.parties import (
    APPLICANT,
    SUSPENSION,
    Named,
    named_holder,
    named_unit,
    names_somebody,
    unit_name,
)
from tiendo_domain.timeline.subject import Subject
from tiendo_domain.timeline_types import AnomalyKind, PartyKind

_PAUSES: dict[str, Named] = {
    SupplementRequested.kind: APPLICANT,
    PaymentRequested.kind: APPLICANT,
    Suspended.kind: SUSPENSION,
}
_ENDED_BY = {SupplementReceived.kind: SupplementRequested.kind, PaymentReceived.kind: PaymentRequested.kind}
_ENDS_WITHOUT_RECEPTION = Declined | Withdrawn
_HolderNamed = Received | Assigned | Forwarded | SentBack | Recalled | Claimed


@dataclass(slots=True, kw_only=True)
class Walker:
    """The state of one walk: what `run` leaves behind is the answer.

    `ended` is the event that ended the case, unless it was reopened after it. `tail` is the last event that counted before it, if no pause was
    open then.
    """

    subject: Subject
    rules: RuleBook
    due: DueTrack
    holding: Holding = field(default_factory=Holding)
    findings: list[Finding] = field(default_factory=list)
    submitted: Placed | None = None
    ended: Placed | None = None
    delivered: Placed | None = None
    tail: Placed | None = None
    last_counted: Placed | None = None
    last_handover: tuple[Placed, Named] | None = None

    def run(self, events: Sequence[Placed], began: Placed | None, as_of: datetime) -> None:
        """Follow the case from its first event to the last, and an open one on to `as_of`; its holds begin at `began`."""
        uncounted = uncounted_completions(events, began)
        for placed in events:
            if placed is began and not isinstance(placed.fact, Received):
                self._find(AnomalyKind.MISSING_RECEPTION, placed)
            if placed.place in uncounted:
                self._find(uncounted[placed.place], placed)
                if placed is began:
                    self.holding.settle(placed)
            elif began is None or placed.place < began.place:
                self._before_reception(placed, received_later=began is not None)
            else:
                self._step(placed, first=placed is began)
        if self.ended is None and began is not None:
            self._run_on(as_of)

    def _run_on(self, as_of: datetime) -> None:
        """An open pause counts as if it ended at `as_of` (rule D2)."""
        if not self.holding.paused:
            self.tail = self.last_counted
        elif self.due.pause_ends(instant_in_zone(as_of), placed=None, due_at=None):
            self.holding.round += 1

    def _find(self, kind: AnomalyKind, *events: Placed) -> None:
        self.findings.append(Finding(kind=kind, events=events))

    def _before_reception(self, placed: Placed, *, received_later: bool) -> None:
        """Rule H1: a submission counts, and what ends a case that is never received; all else comes too early."""
        if isinstance(placed.fact, Submitted) and self.submitted is None:
            self.submitted = placed
            if self.ended is not None:
                self._find(AnomalyKind.OUT_OF_ORDER, placed)
        elif isinstance(placed.fact, _ENDS_WITHOUT_RECEPTION) and not received_later and self.ended is None:
            self.ended = placed
        else:
            self._find(AnomalyKind.OUT_OF_ORDER, placed)

    def _step(self, placed: Placed, *, first: bool) -> None:
        fitted = self._after_end(placed) if self.ended is not None else self._before_end(placed, first=first)
        if not fitted:
            self._find(AnomalyKind.OUT_OF_ORDER, placed)
        if self.ended is None and (fitted or first):
            self.last_counted = placed
        if self.ended is None:
            self.holding.settle(placed)

    def _after_end(self, placed: Placed) -> bool:
        """Rule H6: only a delivery and a reopening still count."""
        match placed.fact:
            case ResultDelivered():
                self.delivered = self.delivered or placed
                return True
            case Reopened() as fact:
                return self._reopen(placed, fact)
            case _:
                return False

    def _before_end(self, placed: Placed, *, first: bool) -> bool:  # noqa: C901, PLR0911, PLR0912 - a line for each kind of event
        """Whether the event fits the state of the open case; it has had its effect then."""
        match fact := placed.fact:
            case Received():
                return self._receive(placed, fact, first=first)
            case Assigned() | Forwarded() | SentBack() | Recalled() | Claimed():
                return self._hand_over(placed, fact)
            case SupplementRequested() | PaymentRequested() | Suspended():
                return self._begin_pause(placed, fact.kind)
            case SupplementReceived() | PaymentReceived() | Resumed():
                return self._answer(placed, fact)
            case ConsultationRequested():
                return self._consult(fact)
            case ConsultationAnswered():
                return self._consultation_answered(fact)
            case DeadlineRestated():
                self.due.restate(placed, fact.due_at, fact.reason)
            case DeadlineExtended():
                self.due.restate(placed, fact.due_at, fact.reason, extension=True, apology=fact.apology)
            case Completed() | Declined() | Withdrawn():
                self._end(placed)
            case ResultDelivered():
                self._find(AnomalyKind.MISSING_COMPLETION, placed)
                self._end(placed)
                self.delivered = placed
            case Reopened():
                return self._out_of_order(placed, fact)
            case Submitted() | Corrected() | Worked():
                return False
            case _:
                assert_never(fact)
        return True

    def _receive(self, placed: Placed, fact: Received, *, first: bool) -> bool:
        if first:
            self.due.begin(placed, fact.due_at, self.subject.norm_minutes)
            self.holding.name(self._named(placed, fact.holder), fact.step, takes_over=False)
            return True
        self._hand_over(placed, fact)
        if fact.due_at is not None:
            self.due.restate(placed, fact.due_at, None)
        return True

    def _hand_over(self, placed: Placed, fact: _HolderNamed) -> bool:
        holder = self._named(placed, fact.holder)
        claimed = isinstance(fact, Claimed)
        self._two_holders(placed, holder, claimed=claimed)
        if self.holding.paused:
            self._find(AnomalyKind.HANDOVER_DURING_PAUSE, placed)
        self._end_consultations()
        self.holding.name(holder, fact.step, takes_over=claimed)
        return True

    def _two_holders(self, placed: Placed, holder: Named, *, claimed: bool) -> None:
        """Rule H9."""
        if claimed:
            present = self.holding.current
            officers = present.party.kind is holder.party.kind is PartyKind.OFFICER
            if officers and present.key != holder.key:
                self._find(AnomalyKind.TWO_HOLDERS, placed)
            return
        if self.last_handover is not None:
            before, other = self.last_handover
            if before.at.at == placed.at.at and other.key != holder.key:
                self._find(AnomalyKind.TWO_HOLDERS, before, placed)
        self.last_handover = (placed, holder)

    def _begin_pause(self, placed: Placed, kind: str) -> bool:
        if self.holding.is_open(kind):
            return False
        self.holding.interrupt(Interruption(kind=kind, holder=_PAUSES[kind]))
        self.due.pause_begins(placed.at)
        return True

    def _answer(self, placed: Placed, fact: SupplementReceived | PaymentReceived | Resumed) -> bool:
        pauses = [one for one in self.holding.interruptions if one.pauses]
        ended = pauses if isinstance(fact, Resumed) else [one for one in pauses if one.kind == _ENDED_BY[fact.kind]]
        if not ended:
            return self._out_of_order(placed, fact)
        self.holding.name(self._named(placed, fact.holder), fact.step, takes_over=True)
        self.holding.close(ended)
        if not self.holding.paused:
            self._end_pause(placed.at, placed=placed, due_at=fact.due_at)
        elif fact.due_at is not None:
            self.due.part_of_pause_ends(placed.at, placed=placed, due_at=fact.due_at)
        return True

    def _end_pause(
        self, at: Instant, *, placed: Placed | None, due_at: Instant | None, mode: PauseMode | None = None
    ) -> None:
        if self.due.pause_ends(at, placed=placed, due_at=due_at, mode=mode):
            self.holding.round += 1

    def _consult(self, fact: ConsultationRequested) -> bool:
        unit = unit_name(fact.unit)
        if unit is None:
            return False
        asked = named_unit(PartyKind.CONSULTED_UNIT, unit)
        if any(one.holder.key == asked.key for one in self.holding.interruptions):
            return False
        step = self.holding.stated_step(fact.step)
        self.holding.interrupt(Interruption(kind=fact.kind, holder=asked, step=step))
        return True

    def _consultation_answered(self, fact: ConsultationAnswered) -> bool:
        consultations = [one for one in self.holding.interruptions if not one.pauses]
        if not consultations:
            return False
        unit = unit_name(fact.actor.unit) if fact.actor is not None else None
        key = None if unit is None else named_unit(PartyKind.CONSULTED_UNIT, unit).key
        answered = next((one for one in consultations if one.holder.key == key), consultations[0])
        self.holding.close([answered])
        return True

    def _end_consultations(self) -> None:
        self.holding.close([one for one in self.holding.interruptions if not one.pauses])

    def _end(self, placed: Placed) -> None:
        self.tail = None if self.holding.paused else self.last_counted
        if self.holding.paused:
            self._end_pause(placed.at, placed=placed, due_at=None)
        self.holding.end(placed)
        self.ended = placed

    def _reopen(self, placed: Placed, fact: Reopened) -> bool:
        """Rule H6: between the end and now the clock stood, as in a pause of mode suspend."""
        if self.ended is None or not self.holding.stretches:
            return False
        self._find(AnomalyKind.REOPENED, placed)
        self.holding.stand_still(self.ended)
        self.due.pause_begins(self.ended.at)
        self._end_pause(placed.at, placed=placed, due_at=fact.due_at, mode=PauseMode.SUSPEND)
        self.holding.name(self._named(placed, fact.holder), fact.step, takes_over=True)
        self.ended = self.delivered = self.tail = None
        return True

    def _out_of_order(self, placed: Placed, fact: SupplementReceived | PaymentReceived | Resumed | Reopened) -> bool:
        """Rule H6: the holder that it names holds from then on, its due is a restatement; False, since it does not fit."""
        if names_somebody(fact.holder):
            self.holding.name(self._named(placed, fact.holder), fact.step, takes_over=False)
            if not self.holding.paused:
                self._end_consultations()
        if fact.due_at is not None:
            self.due.restate(placed, fact.due_at, fact.reason)
        return False

    def _named(self, placed: Placed, person: Person | None) -> Named:
        holder = named_holder(person, self.rules)
        if holder.anomaly is not None:
            self._find(holder.anomaly, placed)
        return holder
