"""What the ids of a dossier's status mean: the list of them is not public, so it is configuration."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class StatusKind(StrEnum):
    """What a status says of the dossier that has it: the kind of the event that brings it about, or that it is being worked on."""

    IN_PROCESS = "in-process"
    SUBMITTED = "submitted"
    RECEIVED = "received"
    SUPPLEMENT_REQUESTED = "supplement-requested"
    SUPPLEMENT_RECEIVED = "supplement-received"
    PAYMENT_REQUESTED = "payment-requested"
    PAYMENT_RECEIVED = "payment-received"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    REOPENED = "reopened"
    ASSIGNED = "assigned"
    CLAIMED = "claimed"
    FORWARDED = "forwarded"
    SENT_BACK = "sent-back"
    RECALLED = "recalled"
    WORKED = "worked"
    COMPLETED = "completed"
    RESULT_DELIVERED = "result-delivered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


PAUSES: Final[Mapping[StatusKind, StatusKind]] = {
    StatusKind.SUPPLEMENT_REQUESTED: StatusKind.SUPPLEMENT_RECEIVED,
    StatusKind.PAYMENT_REQUESTED: StatusKind.PAYMENT_RECEIVED,
    StatusKind.SUSPENDED: StatusKind.RESUMED,
}
"""The kinds during which the clock stands, and by what each ends."""

ENDS: Final = frozenset({StatusKind.COMPLETED, StatusKind.RESULT_DELIVERED, StatusKind.DECLINED, StatusKind.WITHDRAWN})
"""The kinds after which nobody holds the case."""

STAGES: Final = frozenset({StatusKind.IN_PROCESS, StatusKind.SUBMITTED, *PAUSES, *ENDS})
"""The kinds that last; of any other the dossier is being worked on once it has come about."""

Statuses = Mapping[str, StatusKind]
"""The kind of each status, by its id as text."""


def stage_of(kind: StatusKind) -> StatusKind:
    """Where a dossier stands whose status is of the kind."""
    return kind if kind in STAGES else StatusKind.IN_PROCESS
