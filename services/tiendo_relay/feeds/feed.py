"""What the relay asks of a feed: something that sends, in order and from where it left off, what the log or the read models hold."""

from collections.abc import Sequence
from typing import Protocol

from tiendo_relay.sending.batch_sender import BatchSender


class Feed(Protocol):
    """One feed. It lives as long as the relay holds its lock; `open` is called before the first step, and again after every KafkaFault.

    Every method may raise KafkaFault (the sender is closed; after a pause `open` comes again with a new one), RelayRefused (the relay
    stops), LockLost or an error of the database (everything is closed and begins anew with the lock).
    """

    @property
    def name(self) -> str:
        """The feed's name in `relay_feeds`, with its generation: `events:g1`."""
        ...

    @property
    def topics(self) -> Sequence[str]:
        """The topics that it writes to. The sender is opened for them, once they are there."""
        ...

    async def open(self, sender: BatchSender) -> None:
        """Find out where to go on: with `sender`, whose predecessor, or another process, may have left batches under way."""
        ...

    async def step(self) -> int:
        """The number of messages that were sent and acknowledged: 0 when there was nothing to send, then comes a short rest."""
        ...

    async def position(self) -> int:
        """The position of the log up to which everything is acknowledged."""
        ...

    async def settle(self) -> None:
        """Note where it stands, and that nothing is under way any more: the relay ends in order."""
        ...
