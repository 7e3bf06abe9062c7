"""Why a case waited while an officer held it: exculpatory, beside the share and never subtracted from it (docs/waiting.md)."""

from tiendo_domain.waiting.waiting_causes import (
    NOTHING_WAITED,
    HeldStretch,
    WaitingCauses,
    absent_all_along,
    nothing_known,
    summed,
    waiting_causes,
)

__all__ = [
    "NOTHING_WAITED",
    "HeldStretch",
    "WaitingCauses",
    "absent_all_along",
    "nothing_known",
    "summed",
    "waiting_causes",
]
