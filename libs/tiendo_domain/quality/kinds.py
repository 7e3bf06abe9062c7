"""What can be irregular: every anomaly of a timeline (rule C), and what shows beside or across timelines."""

from enum import StrEnum
from typing import Final

from tiendo_domain.timeline_types import AnomalyKind


class OtherKind(StrEnum):
    """What is irregular without being an anomaly of a timeline."""

    UNPROVEN = "unproven"
    INFERRED_HOLDER = "inferred-holder"
    SENDER_REPAIR = "sender-repair"
    STATUS_UNMAPPED = "status-unmapped"
    IMPOSSIBLE_DURATION = "impossible-duration"
    STEP_WITHOUT_ALLOTMENT = "step-without-allotment"
    OFFICER_WITHOUT_UNIT = "officer-without-unit"
    BURST_CLICKING = "burst-clicking"
    SYNC_GAP = "sync-gap"
    ROW_DISAPPEARED = "row-disappeared"
    SEVERAL_NAMES = "several-names"
    SHARED_NAME = "shared-name"


QualityKind = AnomalyKind | OtherKind
QUALITY_KINDS: Final[tuple[QualityKind, ...]] = (*AnomalyKind, *OtherKind)
ACROSS_CASES: Final = frozenset(
    {
        OtherKind.BURST_CLICKING,
        OtherKind.SYNC_GAP,
        OtherKind.ROW_DISAPPEARED,
        OtherKind.SEVERAL_NAMES,
        OtherKind.SHARED_NAME,
    }
)
"""What no case shows by itself. All others stand among the irregularities of a case's row."""
