"""Which facts of a case a frozen list knows: all until it was frozen, and of what came later only what explains and decides."""

from collections.abc import Sequence

from tiendo_domain.case_event import CaseEvent
from tiendo_domain.explanations import EXPLANATION_FACTS
from tiendo_domain.facts import Corrected, EventKey


def known_to_list(events: Sequence[CaseEvent], *, frozen: int, decided: int) -> list[CaseEvent]:
    """The events up to the position `frozen`, and of those up to `decided` what is explained and decided, and what corrects that.

    A later correction of an event of the course is left out, and so is a correction of such a correction.
    """
    later = [event for event in events if frozen < event.position <= decided]
    kept = [event for event in later if isinstance(event.fact, EXPLANATION_FACTS)]
    explained = [event for event in events if event.position <= decided and isinstance(event.fact, EXPLANATION_FACTS)]
    keys = {_key(event) for event in explained}
    # A correction counts here if what it annuls does, also by a chain of corrections among which one is earlier.
    corrections = [event for event in events if event.position <= decided and isinstance(event.fact, Corrected)]
    while found := [event for event in corrections if _key(event) not in keys and _annuls(event) in keys]:
        keys.update(map(_key, found))
    kept += [event for event in later if isinstance(event.fact, Corrected) and _key(event) in keys]
    return [event for event in events if event.position <= frozen] + kept


def _key(event: CaseEvent) -> EventKey:
    return EventKey(source=event.source, id=event.id)


def _annuls(event: CaseEvent) -> EventKey | None:
    return event.fact.annuls if isinstance(event.fact, Corrected) else None
