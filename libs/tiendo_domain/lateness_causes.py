"""What the clocks show as late, by cause."""

from enum import StrEnum
from typing import Final

from tiendo_domain.timeline_types import PartyKind


class LatenessCause(StrEnum):
    """One part of what the clocks show as late; the parts have no minute in common.

    The first seven are shares of the lateness after decisions, by the kind of party that bears them, and sum to it (law 1); the others are no
    lateness: minutes of late entry by the class of the case (rule C), and what the rules counted before a decision said late-sync (rule E3).
    """

    OFFICER = "officer"
    UNIT = "unit"
    UNKNOWN = "unknown"
    CONSULTED_UNIT = "consulted-unit"
    ORGANISATION = "organisation"
    APPLICANT = "applicant"
    SUSPENSION = "suspension"
    LATE_ENTRY = "late-entry"
    UNPROVEN = "unproven"
    LATE_SYNC = "late-sync"


BORNE: Final = tuple(LatenessCause(kind.value) for kind in PartyKind)
"""The causes that are shares of the lateness."""
