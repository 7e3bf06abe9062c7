"""Who holds the case as it goes on: the holder, and what interrupts him (rules H1, H4, H5)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tiendo_domain.facts import Step
from tiendo_domain.instants import Instant
from tiendo_domain.timeline.counted import Placed
from tiendo_domain.timeline.parties import SUSPENSION, UNKNOWN, Named
from tiendo_domain.timeline_types import PartyKind, State, StepName


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """An open pause or consultation, under the kind of the event that began it."""

    kind: str
    holder: Named
    step: StepName | None = None

    @property
    def pauses(self) -> bool:
        """Whether the clock stands; a consultation is not a pause (rule H4)."""
        return self.holder.party.kind is not PartyKind.CONSULTED_UNIT


@dataclass(slots=True, kw_only=True)
class Stretch:
    """One hold while it is being written: [started_at, ended_at), `ended_at` None while it goes on.

    `round` counts the restarts before it (rule A1). The first event's naming stands, whatever lies between (rules A5, H5).
    """

    holder: Named
    step: StepName | None
    paused: bool
    round: int
    started_at: Instant
    began: Placed
    ended_at: Instant | None = None
    ended: Placed | None = None

    @property
    def key(self) -> str:
        """The party's key."""
        return self.holder.key

    @property
    def step_id(self) -> str | None:
        """The id of its step."""
        return None if self.step is None else self.step.id


@dataclass(slots=True, kw_only=True)
class Holding:
    """The holder of one case, event by event. `holder` and `step` are those outside of pauses and consultations.

    `allotments` has the first allotment stated for each step id.
    """

    holder: Named = UNKNOWN
    step: StepName | None = None
    interruptions: list[Interruption] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    allotments: dict[str, int] = field(default_factory=dict)
    round: int = 0

    @property
    def paused(self) -> bool:
        """Whether the clock stands."""
        return any(one.pauses for one in self.interruptions)

    @property
    def current(self) -> Named:
        """Who holds the case now: the interruption opened last, else the holder."""
        return self.interruptions[-1].holder if self.interruptions else self.holder

    @property
    def state(self) -> State:
        """Where the open case stands."""
        return _STATES[self.interruptions[-1].kind] if self.interruptions else State.IN_PROCESS

    def is_open(self, kind: str) -> bool:
        """Whether a pause of the kind is open."""
        return any(one.kind == kind for one in self.interruptions)

    def name(self, holder: Named, step: Step | None, *, takes_over: bool) -> None:
        """`holder` holds from now on, in a pause or consultation after it; without a step of its own by rule A1."""
        stated = self.stated_step(step)
        if stated is not None:
            self.step = stated
        elif holder.key != self.holder.key and not takes_over:
            self.step = None
        self.holder = holder

    def stated_step(self, step: Step | None) -> StepName | None:
        """The step as stated, its allotment taken down if it is the first of its id; a step without id is no step."""
        if step is None or step.id is None:
            return None
        if step.allotted_minutes is not None:
            self.allotments.setdefault(step.id, step.allotted_minutes)
        return StepName(id=step.id, name=step.name)

    def interrupt(self, interruption: Interruption) -> None:
        """A pause or consultation opens."""
        self.interruptions.append(interruption)

    def close(self, closed: Iterable[Interruption]) -> None:
        """Pauses or consultations end."""
        gone = list(closed)
        self.interruptions = [one for one in self.interruptions if not any(one is other for other in gone)]

    def settle(self, placed: Placed) -> None:
        """Write down who holds after the event: the same hold goes on, or a new one begins."""
        if self.interruptions:
            last = self.interruptions[-1]
            self._hold(last.holder, last.step, placed, paused=self.paused)
        else:
            self._hold(self.holder, self.step, placed, paused=False)

    def end(self, placed: Placed) -> None:
        """The case ends with the event; a case that nobody held yet was held by nobody known for no time."""
        if not self.stretches:
            self.settle(placed)
        self.interruptions = []
        self._close_last(placed)

    def stand_still(self, since: Placed) -> None:
        """The case is held by `suspension` from its end on, until it is reopened (rule H6)."""
        self._hold(SUSPENSION, None, since, paused=True)

    def _hold(self, holder: Named, step: StepName | None, placed: Placed, *, paused: bool) -> None:
        last = self.stretches[-1] if self.stretches else None
        step_id = None if step is None else step.id
        if last is not None:
            if (last.key, last.step_id, last.paused) == (holder.key, step_id, paused):
                last.ended_at = last.ended = None
                return
            if last.ended is None:
                self._close_last(placed)
        begun = Stretch(holder=holder, step=step, paused=paused, round=self.round, started_at=placed.at, began=placed)
        self.stretches.append(begun)

    def _close_last(self, placed: Placed) -> None:
        last = self.stretches[-1]
        last.ended_at, last.ended = placed.at, placed


_STATES = {
    "supplement-requested": State.WAITING_APPLICANT,
    "payment-requested": State.WAITING_PAYMENT,
    "suspended": State.SUSPENDED,
    "consultation-requested": State.CONSULTING,
}
