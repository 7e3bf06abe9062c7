"""A fact as it stands in the log."""

from datetime import datetime

from msgspec import Struct

from tiendo_domain.explanations import ExplanationFact
from tiendo_domain.facts import CaseFact, Mark
from tiendo_domain.instants import Instant


class CaseEvent(Struct, frozen=True, kw_only=True):
    """One fact of one case, as it stands in the log.

    `occurred_at` is the CloudEvents `time`, `recorded_at` the extension `recordedat` (None when absent: equal to `time`, rule T4).
    `position` and `ingested_at` (UTC) are the log's; they never decide anything inside a case (rule T1). `marks` are shown with the holds.
    `entered_by` is who entered what is explained or decided, as the door says: the id of a key, or who had signed in.
    """

    source: str
    id: str
    case_id: str
    occurred_at: Instant
    recorded_at: Instant | None
    sequence: int | None
    fact: CaseFact | ExplanationFact
    position: int
    ingested_at: datetime
    marks: tuple[Mark, ...] = ()
    entered_by: str | None = None
