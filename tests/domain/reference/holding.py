"""Who holds the case when, as the events are walked one after the other (rules H1 to H9)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.domain.reference.deadlines import Dues
from tests.domain.reference.parties import APPLICANT, SUSPENSION, UNKNOWN, Party, named, text, unit_party
from tests.domain.reference.reading import Event, Key, instant

Step = tuple[str, str | None]

PAUSES = {
    "supplement-requested": ("supplement", APPLICANT),
    "payment-requested": ("payment", APPLICANT),
    "suspended": ("suspension", SUSPENSION),
}
PAUSE_ENDS = {"supplement-received": "supplement", "payment-received": "payment"}
HANDOVERS = {"received", "assigned", "forwarded", "sent-back", "recalled"}
DEADLINES = {"deadline-extended", "deadline-restated"}
ENDS = {"completed", "declined", "withdrawn"}
STATES = {
    "supplement": "waiting-applicant",
    "payment": "waiting-payment",
    "suspension": "suspended",
    "consultation": "consulting",
}


@dataclass
class Opened:
    """An open pause or consultation."""

    kind: str
    party: Party
    step: Step | None = None

    @property
    def is_pause(self) -> bool:
        """Whether the clock stands while it is open."""
        return self.kind != "consultation"


@dataclass
class Segment:
    """A hold: from the event that began it; `ended_by` is None while open or until the finish is known; `era` counts the restarts before it."""

    party: Party
    step: Step | None
    paused: bool
    begun_by: Event
    ended_by: Event | None = None
    era: int = 0


@dataclass
class Walk:
    """The state of a case while its events are walked, and what was seen."""

    dues: Dues
    placeholders: Sequence[str]
    aside: dict[Key, str]
    holder: Party = UNKNOWN
    step: Step | None = None
    opened: list[Opened] = field(default_factory=list)
    ended_by: Event | None = None
    ended_in_pause: bool = False
    delivered_by: Event | None = None
    segments: list[Segment] = field(default_factory=list)
    pauses_seen: int = 0
    allotments: dict[str, int] = field(default_factory=dict)
    anomalies: list[tuple[str, list[Event]]] = field(default_factory=list)
    last_handover: tuple[Event, Party] | None = None

    def __post_init__(self) -> None:
        self.dues.report = self.report

    def report(self, kind: str, *events: Event) -> None:
        """An anomaly that the events show."""
        self.anomalies.append((kind, list(events)))

    def begin(self, event: Event, norm: int | None) -> None:
        """The first event: holding begins."""
        if event.kind != "received":
            self.report("missing-reception", event)
            self.dues.begin(event, None, None)
            self.take(event)
            if not self.segments:
                self._settle(event)
            return
        due = event.data.get("due_at")
        self.dues.begin(event, instant(due) if due else None, norm)
        self.holder = self._must_name(event)
        self.step = self._stated_step(event)
        self._settle(event)

    def take(self, event: Event) -> None:
        """One further event."""
        if event.kind == "corrected":
            return
        if event.key in self.aside:
            self.report(self.aside[event.key], event)
            return
        if self.ended_by is not None:
            self._after_the_end(event)
        else:
            self._before_the_end(event)

    def _before_the_end(self, event: Event) -> None:
        if event.kind in HANDOVERS or event.kind == "claimed":
            self._hand_over(event)
        elif event.kind in PAUSES:
            self._pause(event)
        elif event.kind in PAUSE_ENDS or event.kind == "resumed":
            self._end_pause(event)
        elif event.kind == "consultation-requested":
            self._consult(event)
        elif event.kind == "consultation-answered":
            self._answer(event)
        elif event.kind in DEADLINES:
            self.dues.moved_by(event)
        elif event.kind in ENDS or event.kind == "result-delivered":
            self._end(event)
            return
        else:
            self._does_not_fit(event)
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
            self.dues.moved_by(event)

    def _compare_with_the_last(self, event: Event, party: Party) -> None:
        if self.last_handover is not None:
            last, other = self.last_handover
            if last.at == event.at and other.identity != party.identity:
                self.report("two-holders", last, event)
        self.last_handover = event, party

    def _name(self, event: Event, party: Party, *, takes_over: bool) -> None:
        """The case is with `party` (after an open pause); open consultations are over (rule H4); the step by rule A1."""
        self.opened = [opened for opened in self.opened if opened.is_pause]
        self._hold(event, party, takes_over=takes_over)

    def _hold(self, event: Event, party: Party, *, takes_over: bool) -> None:
        step = self._stated_step(event)
        if step is None and (takes_over or party.identity == self.holder.identity):
            step = self.step
        self.holder, self.step = party, step

    def _pause(self, event: Event) -> None:
        kind, party = PAUSES[event.kind]
        if any(opened.kind == kind for opened in self.opened):
            self.report("out-of-order", event)
            return
        if not self.is_paused():
            self.dues.pause_begins(event.at)
            self.pauses_seen += 1
        self.opened.append(Opened(kind, party))

    def _end_pause(self, event: Event) -> None:
        kind = PAUSE_ENDS.get(event.kind)
        ending = [opened for opened in self.opened if opened.is_pause and kind in {None, opened.kind}]
        if not ending:
            self._does_not_fit(event)
            return
        self.opened = [opened for opened in self.opened if opened not in ending]
        self._hold(event, self._must_name(event), takes_over=True)
        due = event.data.get("due_at")
        self.dues.pause_ends(event.at, event, instant(due) if due else None, last=not self.is_paused())

    def _consult(self, event: Event) -> None:
        party = unit_party("consulted-unit", event.data["unit"])
        if any(opened.party.identity == party.identity for opened in self.opened):
            self.report("out-of-order", event)
            return
        self.opened.append(Opened("consultation", party, self._stated_step(event)))

    def _answer(self, event: Event) -> None:
        consultations = [opened for opened in self.opened if not opened.is_pause]
        if not consultations:
            self.report("out-of-order", event)
            return
        unit = (event.data.get("actor") or {}).get("unit") or {}
        answering = unit_party("consulted-unit", unit)
        own = [opened for opened in consultations if opened.party.identity == answering.identity]
        self.opened.remove((own or consultations)[0])

    def _does_not_fit(self, event: Event) -> None:
        self.report("out-of-order", event)
        party, oddities = named(event.data.get("holder"), self.placeholders)
        if party is not None:
            for oddity in oddities:
                self.report(oddity, event)
            if self.is_paused():
                self._hold(event, party, takes_over=False)
            else:
                self._name(event, party, takes_over=False)
        if event.data.get("due_at"):
            self.dues.moved_by(event)

    def _end(self, event: Event) -> None:
        if not self.segments:
            self._settle(event)
        self.ended_in_pause = self.is_paused()
        if self.ended_in_pause:
            self.dues.pause_ends(event.at, event, None)
        if event.kind == "result-delivered":
            self.report("missing-completion", event)
            self.delivered_by = event
        self.ended_by = event
        self.opened = []

    def _reopen(self, event: Event) -> None:
        end = self.ended_by
        assert end is not None
        self.report("reopened", event)
        self._put(Segment(SUSPENSION, None, True, end))
        self.dues.pause_begins(end.at, "suspend")
        self.pauses_seen += 1
        self.ended_by = self.delivered_by = None
        self.ended_in_pause = False
        self._hold(event, self._must_name(event), takes_over=True)
        due = event.data.get("due_at")
        self.dues.pause_ends(event.at, event, instant(due) if due else None)
        self._settle(event)

    def is_paused(self) -> bool:
        """Whether the clock stands."""
        return any(opened.is_pause for opened in self.opened)

    def _settle(self, event: Event) -> None:
        """Who holds after the event; a new hold where that differs from before (rule H5)."""
        if self.opened:
            self._put(Segment(self.opened[-1].party, self.opened[-1].step, self.is_paused(), event))
        else:
            self._put(Segment(self.holder, self.step, False, event))

    def _put(self, segment: Segment) -> None:
        if self.segments:
            last = self.segments[-1]
            same_step = (last.step or (None,))[0] == (segment.step or (None,))[0]
            if last.party.identity == segment.party.identity and same_step and last.paused == segment.paused:
                return
            last.ended_by = segment.begun_by
        segment.era = len(self.dues.restarted_at)
        self.segments.append(segment)

    def _must_name(self, event: Event) -> Party:
        party, oddities = named(event.data.get("holder"), self.placeholders)
        for oddity in oddities:
            self.report(oddity, event)
        if party is None:
            self.report("unknown-holder", event)
            return UNKNOWN
        return party

    def _stated_step(self, event: Event) -> Step | None:
        """The step that a holder-setting event states; its allotment is the step's if it is the first (rule A1)."""
        step: dict[str, Any] = event.data.get("step") or {}
        identity = text(step.get("id"))
        if identity is None:
            return None
        if step.get("allotted_minutes") is not None:
            self.allotments.setdefault(identity, step["allotted_minutes"])
        return identity, text(step.get("name"))

    def state(self) -> str:
        """Where the case stands (section C)."""
        end = self.ended_by
        if end is None:
            return STATES[self.opened[-1].kind] if self.opened else "in-process"
        if end.kind in {"declined", "withdrawn"}:
            return end.kind
        return "delivered" if self.delivered_by else "completed"

    def close(self, as_of: datetime) -> None:
        """The end of the walk: a pause that is still open counts as if it ended at `as_of` (rule D2)."""
        if self.ended_by is None and self.is_paused():
            self.dues.pause_ends(as_of, None, None)
        if self.segments:
            self.segments[-1].ended_by = self.ended_by
