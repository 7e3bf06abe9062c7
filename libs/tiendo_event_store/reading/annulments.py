"""What corrections annul in the end, by what the log tells and by what comes along with them."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_domain.facts import EventKey
from tiendo_event_store.reading.event_log import EventLog
from tiendo_event_store.stored import ToldEvent


class Annulments(Struct, frozen=True):
    """What is told under each key that is annulled; `ends`: what it is about in the end, of a correction what that annuls."""

    told: Mapping[EventKey, ToldEvent]
    ends: Mapping[EventKey, ToldEvent]

    def type_annulled(self, event: AcceptedEvent) -> str | None:
        """The type of what a correction annuls in the end; None for another event, and where nothing is told of it."""
        end = None if event.annuls is None else self.ends.get(event.annuls)
        return None if end is None else end.type


async def annulments(log: EventLog, events: Iterable[AcceptedEvent]) -> Annulments:
    """What the corrections among the events annul, which are sent together. Raises LogUnavailable."""
    sent = list(events)
    annulled = [event.annuls for event in sent if event.annuls is not None]
    if not annulled:
        return Annulments({}, {})
    along = {EventKey(source=one.source, id=one.id): _told(one) for one in sent}
    annulled += [event.annuls for event in along.values() if event.annuls is not None]
    told = along | await log.told_under(annulled)
    return Annulments(told, _ends(told))


def _told(event: AcceptedEvent) -> ToldEvent:
    return ToldEvent(case_id=event.case_id, type=event.type, annuls=event.annuls)


def _ends(told: Mapping[EventKey, ToldEvent]) -> Mapping[EventKey, ToldEvent]:
    """Of each event what it is about in the end: of a correction, also of another, what that annuls; of one that ends nowhere, itself."""
    ends: dict[EventKey, ToldEvent] = {}
    for first in told:
        way, key = dict[EventKey, ToldEvent](), first
        while key not in ends and key not in way and (event := told.get(key)) is not None:
            way[key] = event
            key = key if event.annuls is None else event.annuls
        end = ends.get(key) or told.get(key)
        ends |= {passed: end or event for passed, event in way.items()}
    return ends
