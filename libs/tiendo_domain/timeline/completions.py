"""Which of several completions counts (rule H7)."""

from collections.abc import Iterable, Sequence

from tiendo_domain.facts import Completed, Declined, Reopened, ResultDelivered, Withdrawn
from tiendo_domain.timeline.placed import Placed
from tiendo_domain.timeline_types import AnomalyKind

_Ending = Completed | Declined | Withdrawn | ResultDelivered


def uncounted_completions(events: Sequence[Placed], began: Placed | None) -> dict[int, AnomalyKind]:
    """Place -> anomaly of every completion that does not count: of each stretch between reopenings all but the first recorded."""
    if began is None or sum(isinstance(one.fact, Completed) for one in events) < 2:  # noqa: PLR2004 - nothing to choose
        return {}
    uncounted: dict[int, AnomalyKind] = {}
    for completions in _by_stretch(one for one in events if one.place >= began.place):
        if not completions:
            continue
        counting = min(completions, key=lambda one: (one.recorded_at.at, -one.event.occurred_at.at.timestamp()))
        for one in completions:
            if one is not counting:
                earlier = one.event.occurred_at.at < counting.event.occurred_at.at
                uncounted[one.place] = AnomalyKind.FINISH_MOVED_BACK if earlier else AnomalyKind.OUT_OF_ORDER
    return uncounted


def _by_stretch(events: Iterable[Placed]) -> list[list[Placed]]:
    """The completions of each stretch; a reopening divides only where something ended the case before it."""
    stretches: list[list[Placed]] = [[]]
    ended = False
    for one in events:
        if isinstance(one.fact, Completed):
            stretches[-1].append(one)
        if isinstance(one.fact, _Ending):
            ended = True
        elif isinstance(one.fact, Reopened) and ended:
            stretches.append([])
            ended = False
    return stretches
