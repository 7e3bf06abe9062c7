"""The three pauses that the format knows, each with the kinds of facts that begin and end it."""

from enum import Enum

from tiendo_domain.facts import (
    Fact,
    PaymentReceived,
    PaymentRequested,
    Resumed,
    SupplementReceived,
    SupplementRequested,
    Suspended,
)


class PauseKind(Enum):
    """A pause: the fact that begins it and the one that ends it."""

    SUPPLEMENT = (SupplementRequested, SupplementReceived)
    PAYMENT = (PaymentRequested, PaymentReceived)
    SUSPENSION = (Suspended, Resumed)

    def __init__(self, begins: type[Fact], ends: type[Fact]) -> None:
        self.begins = begins
        self.ends = ends


BY_BEGINNING = {pause.begins.kind: pause for pause in PauseKind}
"""The pauses by the kind of the fact that begins them."""
BY_END = {pause.ends.kind: pause for pause in PauseKind}
"""The pauses by the kind of the fact that ends them."""
