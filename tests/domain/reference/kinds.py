"""The kinds of events, and what they open and end (rules T1, H4)."""

from dataclasses import dataclass

from tests.domain.reference.holds import Step
from tests.domain.reference.parties import APPLICANT, SUSPENSION, Party

GROUPS = [
    {"submitted"},
    {"received"},
    {"resumed", "supplement-received", "payment-received", "consultation-answered"},
    {"worked"},
    {"assigned", "forwarded", "sent-back", "recalled"},
    {"claimed"},
    {"deadline-restated", "deadline-extended"},
    {"consultation-requested", "supplement-requested", "payment-requested", "suspended"},
    {"completed"},
    {"declined"},
    {"withdrawn"},
    {"result-delivered"},
    {"reopened"},
    {"corrected", "joined"},
]
PASSED_ON = {"assigned", "forwarded", "sent-back", "recalled"}
HANDOVERS = {"received", *PASSED_ON}
PAUSES = {
    "supplement-requested": ("supplement", APPLICANT),
    "payment-requested": ("payment", APPLICANT),
    "suspended": ("suspension", SUSPENSION),
}
PAUSE_ENDS = {"supplement-received": "supplement", "payment-received": "payment"}
DEADLINES = {"deadline-extended", "deadline-restated"}
ENDS = {"completed", "declined", "withdrawn"}
BEFORE_HOLDING = {"submitted", "declined", "withdrawn", "corrected"}
STATES = {
    "supplement": "waiting-applicant",
    "payment": "waiting-payment",
    "suspension": "suspended",
    "consultation": "consulting",
}


@dataclass
class Opened:
    """An open pause or consultation."""

    kind: str
    party: Party
    step: Step | None = None

    @property
    def is_pause(self) -> bool:
        """Whether the clock stands while it is open."""
        return self.kind != "consultation"
