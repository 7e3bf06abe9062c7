"""Whether an event fits the state that a case has reached (rules H1, H4, H6, H12); one that does not is `out-of-order`."""

from typing import TYPE_CHECKING

from tests.domain.reference.kinds import PAUSE_ENDS, PAUSES, Opened
from tests.domain.reference.parties import Party, unit_names, unit_party
from tests.domain.reference.reading import Event

if TYPE_CHECKING:
    from tests.domain.reference.holding import Walk


def fits(event: Event, walk: "Walk") -> bool:
    """Whether the event would not be out of order in the state reached. A correction fits every state: it is none of the walk."""
    if event.kind == "corrected":
        return True
    if walk.begun_by is None and not walk.begins(event):
        return walk.fits_before_holding(event)
    if walk.ended_by is not None:
        return event.kind in {"reopened", "result-delivered"}
    return _fits_open_case(event, walk.opened)


def _fits_open_case(event: Event, opened: list[Opened]) -> bool:
    kinds, kind = {one.kind for one in opened}, event.kind
    if kind in PAUSES:
        return PAUSES[kind][0] not in kinds
    if kind in PAUSE_ENDS:
        return PAUSE_ENDS[kind] in kinds
    if kind == "resumed":
        return bool(kinds - {"consultation"})
    if kind == "consultation-requested":
        return asked_unit(event).identity not in {one.party.identity for one in opened}
    if kind == "consultation-answered":
        return "consultation" in kinds
    return kind not in {"submitted", "reopened"}


def asked_unit(event: Event) -> Party:
    """The unit that a consultation asks."""
    return unit_party("consulted-unit", unit_names(event.data["unit"]) or (None, None))
