"""The chain of positions in one partition, walked as the strictest of consumers would: one that keeps nothing back."""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class ChainWalk:
    """Where the unbroken chain of a log in a partition ends.

    `position` is that of its last message (0: there is none), `record_offset` the offset at which it was first met. `whole` says that
    the chain up to where this walk began is known to be whole. `skipped`: messages met behind a break, which have to come again.
    """

    position: int = 0
    record_offset: int | None = None
    whole: bool = True
    skipped: int = 0

    def take(self, record_offset: int, position: int, previous_position: int) -> None:
        """Go on to the next message of the log in the partition: a repeat, the chain's next, or one behind a break."""
        if position <= self.position:
            return
        if previous_position == self.position:
            self.position = position
            self.record_offset = record_offset
        else:
            self.skipped += 1
