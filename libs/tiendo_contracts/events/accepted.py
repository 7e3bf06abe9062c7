"""What the log gets of an event that was accepted."""

from datetime import datetime

from msgspec import Struct

from tiendo_domain.facts import EventKey


class AcceptedEvent(Struct, frozen=True, kw_only=True, gc=False):
    """An event that may be stored: its key, its case, its moments, and the text to be stored with the digest of its canonical form.

    `annuls` is the key of the event that a `corrected` annuls. `recorded_at` is None when the source did not say.
    """

    source: str
    id: str
    case_id: str
    type: str
    occurred_at: datetime
    recorded_at: datetime | None
    annuls: EventKey | None
    digest: bytes
    text: str
