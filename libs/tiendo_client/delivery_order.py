"""What the records of one partition give: of events the chains decide, of states every message counts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Generic, Protocol

from msgspec.structs import replace

from tiendo_client.chains import Gap, PartitionChains
from tiendo_client.deliveries import Delivery, M
from tiendo_client.positions import Positions
from tiendo_contracts.messages import EventMessage


class Sorter(Protocol[M]):
    """Takes the messages of one partition in the order of their offsets, and says which to hand over."""

    @property
    def positions(self) -> Positions:
        """What to keep, to go on as this one would."""

    def offer(self, delivery: Delivery[M], now: datetime) -> list[Delivery[M]]:
        """The messages to hand over now."""

    def pass_over(self, offset: int) -> None:
        """Go on after a record that is no message."""

    def rewind(self) -> int | None:
        """The offset to read from again, or None."""

    def gaps(self) -> Iterator[Gap]:
        """What is missing."""


class EventSorter(Generic[M]):
    """Hands over events in the order of their log, each once."""

    def __init__(self, chains: PartitionChains[Delivery[M]]) -> None:
        self._chains = chains
        self.pass_over = chains.pass_over
        self.rewind = chains.rewind
        self.gaps = chains.gaps

    @property
    def positions(self) -> Positions:
        """The tails of the chains, and the offset of the earliest message held back or else the next."""
        return self._chains.positions

    def offer(self, delivery: Delivery[M], now: datetime) -> list[Delivery[M]]:
        """The event and those that waited for it, or none; of one that was handed over before, what takes its place where it was redacted."""
        message = delivery.message
        if not isinstance(message, EventMessage):
            raise TypeError(f"{type(message).__name__} has no place in a chain")
        redacted = bool(delivery.redacted)
        if redacted and self._chains.has_passed(message.place):
            self._chains.pass_over(delivery.record.offset)
            return [replace(delivery, replaces=True)]
        return self._chains.offer(message.place, delivery.record.offset, delivery, now=now, newer=redacted)


class StateSorter(Generic[M]):
    """Hands over every state that is read; which of two is the later, their versions say."""

    def __init__(self, positions: Positions) -> None:
        self._offset = positions.offset

    @property
    def positions(self) -> Positions:
        """The next offset."""
        return Positions(offset=self._offset)

    def offer(self, delivery: Delivery[M], now: datetime) -> list[Delivery[M]]:  # noqa: ARG002 - the same for all sorters
        """The state."""
        self._offset = delivery.record.offset + 1
        return [delivery]

    def pass_over(self, offset: int) -> None:
        """Go on after a record that is no message."""
        self._offset = offset + 1

    def rewind(self) -> int | None:
        """None: nothing is ever held."""
        return None

    def gaps(self) -> Iterator[Gap]:
        """None: a compacted topic has no chain."""
        return iter(())
