"""How answers name events: by their CloudEvents id, with the source where two sources share one (rule A5)."""

from collections.abc import Iterable

from tiendo_domain.case_event import CaseEvent
from tiendo_domain.timeline.placed import Placed, PlacedExplanation


class EventNames:
    """The names of a case's events."""

    __slots__ = ("_shared",)

    def __init__(self, events: Iterable[CaseEvent]) -> None:
        seen: set[str] = set()
        shared: set[str] = set()
        for event in events:
            (shared if event.id in seen else seen).add(event.id)
        self._shared = shared

    def of(self, placed: Placed | PlacedExplanation) -> str:
        """The name of one event."""
        event = placed.event
        return f"{event.source}#{event.id}" if event.id in self._shared else event.id

    def of_all(self, events: Iterable[Placed | PlacedExplanation]) -> tuple[str, ...]:
        """The names of several, by rule T1, each once."""
        by_place = {placed.place: placed for placed in events}
        return tuple([self.of(by_place[place]) for place in sorted(by_place)])
