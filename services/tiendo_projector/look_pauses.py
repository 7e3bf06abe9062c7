"""How long a projector rests before it looks for new events again."""

from dataclasses import dataclass

BUSY_SECONDS = 0.02
REST_SECONDS = 0.05
LOOKS_BEFORE_REST = 100


@dataclass(slots=True)
class LookPauses:
    """Pauses after looks that found nothing: short ones while events have come lately, longer ones after LOOKS_BEFORE_REST looks in vain."""

    _in_vain: int = LOOKS_BEFORE_REST

    def found(self) -> None:
        """Note that a look found something."""
        self._in_vain = 0

    def next_seconds(self) -> float:
        """The seconds of the pause after one more look in vain."""
        if self._in_vain >= LOOKS_BEFORE_REST:
            return REST_SECONDS
        self._in_vain += 1
        return BUSY_SECONDS
