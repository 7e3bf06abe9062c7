"""What a policy of attribution is, and what it is about."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tiendo_domain.timeline.accounts import Row
from tiendo_domain.timeline.measured import MeasuredHold
from tiendo_domain.timeline_types import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredCase:
    """What is shared out: the lateness of a case in whole working minutes (None: not to be told), its holds and each one's row, in their order.

    `last_round`: holds of it came after the last restart.
    """

    lateness_minutes: int | None
    holds: Sequence[MeasuredHold]
    rows: Sequence[Row]
    last_round: int

    def takes_part(self, hold: MeasuredHold) -> bool:
        """Whether the hold counts where shares follow overruns: the clock runs, and no restart came after it (rules A1, A3)."""
        return not hold.stretch.paused and hold.stretch.round == self.last_round

    def taking_part(self) -> Iterator[tuple[MeasuredHold, Row]]:
        """The holds that do, with their rows."""
        for hold, row in zip(self.holds, self.rows, strict=True):
            if self.takes_part(hold):
                yield hold, row


def by_party(minutes: Iterable[tuple[MeasuredHold, int]]) -> dict[str, int]:
    """The sum of the minutes of each party's holds, by its key; parties in the order of their first hold."""
    sums: dict[str, int] = {}
    for hold, of_hold in minutes:
        sums[hold.stretch.key] = sums.get(hold.stretch.key, 0) + of_hold
    return sums


class HoldFigures(NamedTuple):
    """What a hold says under a policy, in whole working minutes; None where it is not to be told (rules A2, A6)."""

    overrun_minutes: int | None
    lateness_in_minutes: int | None
    lateness_out_minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionPolicy:
    """A policy with all that tells it from others.

    `rule_numbers`: the rules that a share names. `applies`: whether the case states what the policy needs. `overruns`: party -> its own overrun.
    `shares`: party -> its minutes, of the case and these overruns; they sum to the lateness. `rests_on`: whether a share may rest on the hold's
    events. `hold_figures`: what each hold says, in their order. Minutes are whole working minutes, parties are keys.
    """

    name: Policy
    rule_numbers: tuple[str, ...]
    applies: Callable[[MeasuredCase], bool]
    overruns: Callable[[MeasuredCase], Mapping[str, int]]
    shares: Callable[[MeasuredCase, Mapping[str, int]], Mapping[str, int]]
    rests_on: Callable[[MeasuredCase, MeasuredHold], bool]
    hold_figures: Callable[[MeasuredCase], Sequence[HoldFigures]]

    @property
    def rule(self) -> str:
        """The policy with its rule numbers, as a share names it."""
        return self.rule_with()

    def rule_with(self, *more: str) -> str:
        """The same, with further rules that changed the share."""
        return f"{self.name} ({', '.join((*self.rule_numbers, *more))})"
