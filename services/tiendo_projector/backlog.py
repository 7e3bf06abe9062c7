"""What a process that follows other logs still brings into its own, and does not project before."""

from dataclasses import dataclass

EVENTS_MAX = 200_000
"""So many events are stored before the cases that they touch are folded, each once."""


@dataclass(slots=True)
class Backlog:
    """How much was stored since the projection was last level, and whether more is waiting to be stored."""

    stored: int = 0
    more: bool = False

    @property
    def grows(self) -> bool:
        """Whether to let it grow before it is projected."""
        return self.more and self.stored < EVENTS_MAX

    def projected(self) -> None:
        """The projection is level with what was stored."""
        self.stored = 0
