"""Which messages of a partition to hand over, and when: each once, in the order of its log. No input or output, no clock.

Every message names the position of the one before it in the same partition (its predecessor). One whose predecessor was handed over last is
handed over; one whose position was handed over already is dropped; one whose predecessor is missing is held back until it comes. So it does
not matter in which order, how often and after which failures the messages were stored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from tiendo_client.errors import ChainContradicted
from tiendo_client.positions import BEGINNING, Positions
from tiendo_contracts.messages import Place

HELD_MAX = 1_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A predecessor that is missing: messages of the log after it have come and are held back."""

    log_id: UUID
    topic: str
    partition: int
    after_position: int
    """The position handed over last: its successor is missing."""
    before_position: int
    """The lowest position held back: what is missing comes before it."""
    held: int
    since: datetime

    def __str__(self) -> str:
        return (
            f"topic {self.topic}, partition {self.partition}, log {self.log_id}: the message after position {self.after_position} "
            f"and before {self.before_position} is missing since {self.since.isoformat()}, {self.held} are held back"
        )


@dataclass(frozen=True, slots=True)
class _Held(Generic[T]):
    position: int
    offset: int
    message: T


@dataclass(slots=True)
class _Forgotten:
    """Messages that there was no room to hold: all beyond those held. They are read again once the others are handed over."""

    position: int
    offset: int


@dataclass(slots=True)
class _Log(Generic[T]):
    """The chain of one log: the last position handed over, and the messages held back by the position of their predecessor."""

    tail: int
    held: dict[int, _Held[T]] = field(default_factory=dict)
    forgotten: _Forgotten | None = None
    since: datetime | None = None


class PartitionChains(Generic[T]):
    """The chains of all logs in one partition of a topic, and the positions to keep."""

    def __init__(self, topic: str, partition: int, positions: Positions = BEGINNING, held_max: int = HELD_MAX) -> None:
        self._topic = topic
        self._partition = partition
        self._held_max = held_max
        self._next_offset = positions.offset
        self._logs: dict[UUID, _Log[T]] = {log_id: _Log(tail) for log_id, tail in positions.tails.items()}

    @property
    def positions(self) -> Positions:
        """What to keep: with these a new object goes on as this one would."""
        waiting = [held.offset for log in self._logs.values() for held in log.held.values()]
        waiting += [log.forgotten.offset for log in self._logs.values() if log.forgotten is not None]
        return Positions(offset=min([self._next_offset, *waiting]), tails=self._tails())

    def has_passed(self, place: Place) -> bool:
        """Whether the message of this place was handed over before."""
        log = self._logs.get(place.log_id)
        return log is not None and place.position <= log.tail

    def offer(self, place: Place, offset: int, message: T, *, now: datetime, newer: bool = False) -> list[T]:
        """The messages to hand over now: this one and those held back that follow it, or none. Raises ChainContradicted.

        `newer`: should the message of this place be held back already, this one takes its place.
        """
        log = self._logs.get(place.log_id)
        if log is None:
            log = self._logs[place.log_id] = _Log(0)
        ready: list[T] = []
        if place.previous_position == log.tail and place.position > log.tail:
            log.tail = place.position
            ready = [message, *_following(log, now)] if log.held else [message]
        elif place.position > log.tail:
            self._hold(log, place, _Held(place.position, offset, message), now, newer=newer)
        self._next_offset = offset + 1
        return ready

    def pass_over(self, offset: int) -> None:
        """Go on after a record that is no message."""
        self._next_offset = offset + 1

    def rewind(self) -> int | None:
        """The offset to read from again, or None: messages that there was no room to hold can be handed over now."""
        due = [log for log in self._logs.values() if log.forgotten is not None and not log.held]
        offsets = [log.forgotten.offset for log in due if log.forgotten is not None]
        if not offsets:
            return None
        for log in due:
            log.forgotten = None
        self._next_offset = min(offsets)
        return self._next_offset

    def gaps(self) -> Iterator[Gap]:
        """The predecessors that are missing now, one a log."""
        for log_id, log in self._logs.items():
            if log.held and log.since is not None:
                yield Gap(
                    log_id=log_id,
                    topic=self._topic,
                    partition=self._partition,
                    after_position=log.tail,
                    before_position=min(held.position for held in log.held.values()),
                    held=len(log.held),
                    since=log.since,
                )

    def _tails(self) -> Mapping[UUID, int]:
        return {log_id: log.tail for log_id, log in self._logs.items() if log.tail}

    def _hold(self, log: _Log[T], place: Place, newcomer: _Held[T], now: datetime, *, newer: bool) -> None:
        there = log.held.get(place.previous_position)
        if there is not None and there.position == place.position:
            if newer:
                log.held[place.previous_position] = _Held(place.position, there.offset, newcomer.message)
            return
        self._check(log, place, newcomer.offset, there)
        log.since = log.since or now
        if log.forgotten is not None and place.position > log.forgotten.position:
            _forget(log, newcomer)
            return
        log.held[place.previous_position] = newcomer
        if len(log.held) > self._held_max:
            _forget(log, log.held.pop(max(log.held)))

    def _check(self, log: _Log[T], place: Place, offset: int, there: _Held[T] | None) -> None:
        reason = None
        if place.previous_position >= place.position:
            reason = f"position {place.position} cannot follow {place.previous_position}"
        elif place.previous_position < log.tail:
            reason = (
                f"position {place.position} is said to follow {place.previous_position}, but {log.tail} stands between"
            )
        elif there is not None:
            reason = (
                f"positions {there.position} and {place.position} are both said to follow {place.previous_position}"
            )
        if reason is not None:
            raise ChainContradicted(
                topic=self._topic, partition=self._partition, offset=offset, log_id=place.log_id, reason=reason
            )


def _following(log: _Log[T], now: datetime) -> Iterator[T]:
    """The held messages that follow the tail, which moves along."""
    while (held := log.held.pop(log.tail, None)) is not None:
        log.tail = held.position
        yield held.message
    # What is still held waits for another predecessor, from now on.
    log.since = now if log.held else None


def _forget(log: _Log[T], message: _Held[T]) -> None:
    """Keep no more of the message than that it has to be read again."""
    if log.forgotten is None:
        log.forgotten = _Forgotten(message.position, message.offset)
    else:
        log.forgotten.position = min(log.forgotten.position, message.position)
        log.forgotten.offset = min(log.forgotten.offset, message.offset)
