"""The history of a case: all of its events, each once, whichever logs took them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from tiendo_event_store.stored import StoredEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHistory:
    """All events of a case, each once, and the log whose rules it is folded by: the one that took its earliest event (None: this log)."""

    log_id: UUID | None
    events: Sequence[StoredEvent]

    def log_of(self, codes: Collection[str]) -> UUID | None:
        """The log that took the earliest event of those codes, where several cases are told of (a join was annulled)."""
        return next((event.log_id for event in self.events if event.subject in codes), self.log_id)


def history_of(stored: Sequence[StoredEvent]) -> CaseHistory:
    """The history that `stored` (at least one event, by position) tells.

    Of one log the events stand in its order. What several logs tell stands in the order in which it was taken; of an event that several of
    them took (a log restored from a backup goes on under another name) the first counts.
    """
    if all(event.log_id == stored[0].log_id for event in stored):
        return CaseHistory(log_id=stored[0].log_id, events=stored)
    in_order = list(_once(sorted(stored, key=lambda event: (event.ingested_at, str(event.log_id), event.position))))
    return CaseHistory(log_id=in_order[0].log_id, events=in_order)


def _once(stored: Iterable[StoredEvent]) -> Iterable[StoredEvent]:
    by_key: dict[tuple[str, str], StoredEvent] = {}
    for event in stored:
        by_key.setdefault((event.source, event.id), event)
    return by_key.values()
