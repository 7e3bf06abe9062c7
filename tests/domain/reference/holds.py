"""A hold, and when adjacent ones are one (rule H5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tests.domain.reference.parties import Party
from tests.domain.reference.reading import Event

Step = tuple[str, str | None]


@dataclass
class Segment:
    """A hold, or a piece of one between two events: [start, end), `end` None while open.

    The events that began and ended it; `era` counts the restarts before it; `unclaimed`: only a `worked` said that nobody holds from here on.
    """

    party: Party
    step: Step | None
    paused: bool
    start: datetime
    begun_by: Event
    end: datetime | None = None
    ended_by: Event | None = None
    era: int = 0
    inferred: bool = False
    absent: bool = False
    unclaimed: bool = False

    @property
    def events(self) -> list[Event]:
        """The events that began and ended it."""
        return [self.begun_by, *([self.ended_by] if self.ended_by else [])]

    def close(self, end: datetime, event: Event) -> None:
        """It ends with the event."""
        self.end, self.ended_by = end, event


def merged(segments: Sequence[Segment]) -> list[Segment]:
    """Adjacent holds of the same party in the same step are one (rule H5), divided where the clock stops or starts."""
    holds: list[Segment] = []
    for segment in segments:
        last = holds[-1] if holds else None
        if last is None or not _one_hold(last, segment):
            holds.append(replace(segment))
            continue
        last.end, last.ended_by = segment.end, segment.ended_by
        last.inferred = last.inferred or segment.inferred
    return holds


def _one_hold(last: Segment, segment: Segment) -> bool:
    same_step = (last.step or (None,))[0] == (segment.step or (None,))[0]
    return last.party.identity == segment.party.identity and same_step and last.paused == segment.paused
