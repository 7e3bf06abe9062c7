"""What truly happened in a case, and the acts by which source systems were told of it."""

from dataclasses import dataclass, field

from tiendo_simulation.catalogue import PauseMode, Procedure, Step
from tiendo_simulation.organisation import Office, Party
from tiendo_simulation.quotas import Fate

_LAST_SECOND = 59


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One event before it is written down. `recorded` are seconds from the first day (None: the source does not say).

    `actor` is a JSON object or empty; `more` are further members of `data`, each with its comma before it.
    """

    kind: str
    minute: int
    second: int
    recorded: int | None = None
    actor: str = ""
    holder: str = ""
    step: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueStretch:
    """The minutes [start, end) during which one party truly had the case in one step; `era` counts restarts of the clock."""

    party: Party
    step: Step | None
    start: int
    end: int
    paused: bool
    era: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """The clock stood from `start` (with `second`) to `end`; `stated_due` is the due told at its end, if one was."""

    start: int
    second: int
    end: int
    mode: PauseMode
    stated_due: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """At `minute` (with `second`) the citizen was told a later due, with reason and apology."""

    minute: int
    second: int
    due: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """When the case ended, and when that was recorded."""

    minute: int
    second: int
    recorded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """The whole truth of a case that was received. `due` is the due first stated, `ending` None while the case is open."""

    received: int
    due: int
    stretches: tuple[TrueStretch, ...]
    pauses: tuple[Pause, ...]
    extensions: tuple[Extension, ...]
    ending: Ending | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A case with its truth (None: it was never received) and with the acts that are told of it."""

    case_id: str
    office: Office
    procedure: Procedure
    fate: Fate
    conduct: Conduct | None
    acts: tuple[Act, ...]
    numbered: bool
    defects: tuple[str, ...] = ()


def event_id(case_id: str, index: int) -> str:
    """The id of the act at `index` of a case."""
    return f"{case_id}.{index + 1:02}"


@dataclass(slots=True)
class Journal:
    """Collects acts and stretches in the order of time."""

    lag: int | None
    acts: list[Act] = field(default_factory=list)
    stretches: list[TrueStretch] = field(default_factory=list)
    era: int = 0
    _minute: int = -1
    _second: int = 0
    _open: tuple[Party, Step | None, bool, int] | None = None

    def act(
        self,
        kind: str,
        minute: int,
        second: int,
        *,
        actor: str = "",
        holder: str = "",
        step: str = "",
        more: str = "",
        recorded: int | None = None,
    ) -> Act:
        """The act, written down at `second` of `minute`, or right after the last one where that is later."""
        if minute <= self._minute:
            minute, second = self._minute, min(max(second, self._second + 1), _LAST_SECOND)
        self._minute, self._second = minute, second
        if recorded is None and self.lag is not None:
            recorded = minute * 60 + second + self.lag
        told = Act(
            kind=kind,
            minute=minute,
            second=second,
            recorded=recorded,
            actor=actor,
            holder=holder,
            step=step,
            more=more,
        )
        self.acts.append(told)
        return told

    def hold(self, minute: int, party: Party, step: Step | None, *, paused: bool = False) -> None:
        """From `minute` on `party` has the case."""
        self.close(minute)
        self._open = (party, step, paused, minute)

    def close(self, minute: int) -> None:
        """Whoever has the case has it until `minute`."""
        if self._open is not None:
            party, step, paused, start = self._open
            self.stretches.append(
                TrueStretch(party=party, step=step, start=start, end=minute, paused=paused, era=self.era)
            )
            self._open = None
