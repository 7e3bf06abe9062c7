"""Who holds the case when, as the events are walked one after the other (rules H1 to H9)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.domain.reference.deadlines import Dues, NoDues
from tests.domain.reference.fitting import asked_unit, fits
from tests.domain.reference.holds import Segment, Step, merged
from tests.domain.reference.kinds import BEFORE_HOLDING, DEADLINES, ENDS, HANDOVERS, PAUSE_ENDS, PAUSES, Opened
from tests.domain.reference.parties import (
    SUSPENSION,
    UNKNOWN,
    Names,
    Party,
    names_somebody,
    unit_names,
    unit_party,
)
from tests.domain.reference.reading import Event, Key, instant
from tests.domain.reference.stepping import Steps
from tests.domain.reference.worked import Taken, begins_at


@dataclass
class Walk:
    """The state of a case while its events are walked, and what was seen."""

    names: Names
    has_reception: bool
    has_holding: bool
    dues: Dues | NoDues = field(default_factory=NoDues)
    aside: dict[Key, str] = field(default_factory=dict)
    norm: int | None = None
    submitted: Event | None = None
    ended_unheld: Event | None = None
    begun_by: Event | None = None
    holder: Party = UNKNOWN
    step: Step | None = None
    opened: list[Opened] = field(default_factory=list)
    ended_by: Event | None = None
    ended_in_pause: bool = False
    delivered_by: Event | None = None
    segments: list[Segment] = field(default_factory=list)
    pauses_seen: int = 0
    steps: Steps = field(default_factory=Steps)
    anomalies: list[tuple[str, list[Event]]] = field(default_factory=list)
    last_handover: tuple[Event, Party] | None = None
    # Rule H12: from which piece on the holder is the one set last, when somebody was named last, and the last `worked`.
    set_from: int = 0
    named_at: datetime | None = None
    last_worked: Event | None = None
    left: tuple[datetime, Party, Step | None] | None = None

    @classmethod
    def of(cls, events: Sequence[Event], names: Names) -> "Walk":
        """A walk that only follows who holds, to order the events by (rule T1)."""
        kinds = {event.kind for event in events}
        return cls(names, has_reception="received" in kinds, has_holding=bool(kinds - BEFORE_HOLDING))

    def report(self, kind: str, *events: Event) -> None:
        """An anomaly that the events show."""
        self.anomalies.append((kind, list(events)))

    def meet(self, event: Event) -> None:
        """The next event of the case."""
        if event.kind == "corrected":
            return
        if self.begun_by is not None:
            self._take(event)
        elif self.begins(event):
            self.begun_by = event
            self._begin(event)
        else:
            self._before_holding(event)

    def begins(self, event: Event) -> bool:
        """Whether holding begins with the event (rule H1)."""
        return event.kind == "received" or not (self.has_reception or event.kind in BEFORE_HOLDING)

    def fits_before_holding(self, event: Event) -> bool:
        """Before the holds only the first submission fits; in a case that nobody ever held also one declined or withdrawn."""
        if event.kind == "submitted":
            return self.submitted is None and self.ended_unheld is None
        return event.kind in ENDS and not self.has_holding and self.ended_unheld is None

    def _before_holding(self, event: Event) -> None:
        if not self.fits_before_holding(event):
            self.report("out-of-order", event)
        if event.kind == "submitted":
            self.submitted = self.submitted or event
        elif event.kind in ENDS and not self.has_holding:
            self.ended_unheld = self.ended_unheld or event

    def _begin(self, event: Event) -> None:
        if event.kind == "received":
            due = event.data.get("due_at")
            self.dues.begin(event, event.at, instant(due) if due else None, self.norm)
            self._hold(event, self._must_name(event), takes_over=False)
            self._settle(event)
            return
        self.report("missing-reception", event)
        self.dues.begin(event, begins_at(event), None, None)
        self._take(event)
        if not self.segments:
            self._settle(event)

    def _take(self, event: Event) -> None:
        if event.key in self.aside:
            self.report(self.aside[event.key], event)
        elif self.ended_by is not None:
            self._after_the_end(event)
        else:
            self._before_the_end(event)

    def _before_the_end(self, event: Event) -> None:
        if not fits(event, self):
            self._does_not_fit(event)
        elif event.kind in HANDOVERS or event.kind == "claimed":
            self._hand_over(event)
        elif event.kind in PAUSES:
            self._pause(event)
        elif event.kind in PAUSE_ENDS or event.kind == "resumed":
            self._end_pause(event)
        elif event.kind == "consultation-requested":
            self.opened.append(Opened("consultation", asked_unit(event), self.steps.stated(event)))
        elif event.kind == "consultation-answered":
            self._answer(event)
        elif event.kind in DEADLINES:
            self.dues.moved_by(event, self.report)
        elif event.kind == "worked":
            self._worked(event)
            return
        else:
            self._end(event)
            return
        self._settle(event)

    def _after_the_end(self, event: Event) -> None:
        if event.kind == "result-delivered":
            self.delivered_by = self.delivered_by or event
        elif event.kind == "reopened":
            self._reopen(event)
        else:
            self.report("out-of-order", event)

    def _hand_over(self, event: Event) -> None:
        party = self._must_name(event)
        if self.is_paused():
            self.report("handover-during-pause", event)
        if event.kind != "claimed":
            self._compare_with_the_last(event, party)
        elif not self.opened and self.holder.kind == party.kind == "officer" and self.holder.identity != party.identity:
            self.report("two-holders", event)
        self._name(event, party, takes_over=event.kind == "claimed")
        if event.data.get("due_at"):
            self.dues.moved_by(event, self.report)

    def _compare_with_the_last(self, event: Event, party: Party) -> None:
        """Rule H9: an officer who picks up what is with a unit alone, or with nobody, is no second holder."""
        if self.last_handover is not None:
            last, other = self.last_handover
            picked_up = other.kind in {"unit", "unknown"} and party.kind == "officer"
            if last.at == event.at and other.identity != party.identity and not picked_up:
                self.report("two-holders", last, event)
        self.last_handover = event, party

    def _name(self, event: Event, party: Party, *, takes_over: bool) -> None:
        """The case is with `party` (after an open pause); open consultations are over (rule H4)."""
        self.opened = [opened for opened in self.opened if opened.is_pause]
        self._hold(event, party, takes_over=takes_over)

    def _hold(self, event: Event, party: Party, *, takes_over: bool) -> None:
        """The event sets the holder, or says that nobody is; the step by rule A1.

        Reading: where somebody is named at the instant of a `worked` after it, the present holder is the one before the `worked`.
        """
        if names_somebody(party) and self.left is not None and self.left[0] == event.at:
            _, self.holder, self.step = self.left
        self.left = None
        step = self.steps.stated(event)
        if step is None and (takes_over or party.identity == self.holder.identity):
            step = self.step
        self.holder, self.step = party, step
        self.set_from = len(self.segments)
        if names_somebody(party):
            self.named_at = event.at

    def _pause(self, event: Event) -> None:
        kind, party = PAUSES[event.kind]
        if not self.is_paused():
            self.dues.pause_begins(event.at)
            self.pauses_seen += 1
        self.opened.append(Opened(kind, party))

    def _end_pause(self, event: Event) -> None:
        kind = PAUSE_ENDS.get(event.kind)
        ending = [opened for opened in self.opened if opened.is_pause and kind in {None, opened.kind}]
        self.opened = [opened for opened in self.opened if opened not in ending]
        self._hold(event, self._must_name(event), takes_over=True)
        self.dues.pause_ends(event.at, event, self.report, last=not self.is_paused())

    def _answer(self, event: Event) -> None:
        consultations = [opened for opened in self.opened if not opened.is_pause]
        unit = (event.data.get("actor") or {}).get("unit")
        answering = unit_party("consulted-unit", unit_names(unit) or (None, None))
        own = [opened for opened in consultations if opened.party.identity == answering.identity]
        self.opened.remove((own or consultations)[0])

    def _worked(self, event: Event) -> None:
        """Rule H12. Reading: one that names nobody takes no time from anybody, but from its `time` on the holder is unknown all the same."""
        party = self._must_name(event)
        stated = self.steps.stated(event)
        step = stated or (self.step if party.identity == self.holder.identity else None)
        # Said during a pause it tells of the time before alone; who was named at this very instant keeps the case.
        leaves = not self.is_paused() and self.named_at != event.at
        if leaves:
            self.left = event.at, self.holder, self.step
            self.holder, self.step = UNKNOWN, None
        self._settle(event, unclaimed=leaves and not self.opened)
        if names_somebody(party):
            taken = Taken(party, stated, step)
            if event.data.get("since"):
                taken.since(self.segments, event, before=self.last_worked)
            else:
                taken.what_was_unknown(self.segments[self.set_from :], event)
        if leaves:
            self.set_from = len(self.segments) - 1
        self.last_worked = event

    def _does_not_fit(self, event: Event) -> None:
        self.report("out-of-order", event)
        party = self._named(event)
        if party is not None and self.is_paused():
            self._hold(event, party, takes_over=False)
        elif party is not None:
            self._name(event, party, takes_over=False)
        if event.data.get("due_at"):
            self.dues.moved_by(event, self.report)

    def _end(self, event: Event) -> None:
        if not self.segments:
            self._settle(event)
        self.ended_in_pause = self.is_paused()
        if self.ended_in_pause:
            self.dues.pause_ends(event.at, event, self.report, with_due=False)
        if event.kind == "result-delivered":
            self.report("missing-completion", event)
            self.delivered_by = event
        self.ended_by = event
        self.opened = []
        self.segments[-1].close(event.at, event)

    def _reopen(self, event: Event) -> None:
        end = self.ended_by
        assert end is not None
        self.report("reopened", event)
        self.segments.append(Segment(SUSPENSION, None, True, end.at, end, era=self.dues.restarts))
        self.dues.pause_begins(end.at, "suspend")
        self.pauses_seen += 1
        self.ended_by = self.delivered_by = None
        self.ended_in_pause = False
        self._hold(event, self._must_name(event), takes_over=True)
        self.dues.pause_ends(event.at, event, self.report)
        self._settle(event)

    def is_paused(self) -> bool:
        """Whether the clock stands."""
        return any(opened.is_pause for opened in self.opened)

    def present_holder(self) -> Party | None:
        """Who holds in the state reached: in a pause the applicant, in a consultation the unit asked, before the holds and after an end nobody."""
        if self.begun_by is None or self.ended_by is not None:
            return None
        return self.opened[-1].party if self.opened else self.holder

    def _settle(self, event: Event, *, unclaimed: bool = False) -> None:
        """Who holds after the event: a new piece; where a hold begins is decided when the walk is over."""
        if self.named_at == event.at:
            # Somebody is named at the instant of a `worked`: nobody was without a holder in between (rule H12).
            self.segments = [one for one in self.segments if not (one.unclaimed and one.start == event.at)]
            self.set_from = min(self.set_from, len(self.segments))
        if self.segments:
            # What a `worked` has closed stays closed by it: it says whose that was.
            if self.segments[-1].end is None or self.segments[-1].end < event.at:
                self.segments[-1].close(event.at, event)
        elif begins_at(event) < event.at:
            self.segments.append(Segment(UNKNOWN, None, False, begins_at(event), event, event.at, event))
        party, step = (self.opened[-1].party, self.opened[-1].step) if self.opened else (self.holder, self.step)
        era = self.dues.restarts
        self.segments.append(Segment(party, step, self.is_paused(), event.at, event, era=era, unclaimed=unclaimed))

    def _named(self, event: Event) -> Party | None:
        party, oddities = self.names.named(event.data.get("holder"))
        for oddity in oddities:
            self.report(oddity, event)
        return party

    def _must_name(self, event: Event) -> Party:
        party = self._named(event)
        if party is None:
            self.report("unknown-holder", event)
            return UNKNOWN
        return party

    def holds(self) -> list[Segment]:
        """The holds of the case; where it ended the last is closed, else open."""
        return merged(self.segments)
