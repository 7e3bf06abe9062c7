"""A checker of histories: from what senders were told and what readers saw alone, everything that a log must never do.

It knows nothing of the log, its tables or its code. Instants are nanoseconds of one clock that all processes of the machine share.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any


class Answer(StrEnum):
    """What a sender is told of one event."""

    APPENDED = "appended"
    ALREADY_APPENDED = "already-appended"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One event as it was sent: its key, and a name for its content."""

    key: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The answer for one event."""

    answer: Answer
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a sender; `told` and `ended` are None where no answer came, and then nothing is claimed."""

    begun: int
    events: Sequence[Sent]
    ended: int | None = None
    told: Sequence[Told] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One entry of the log as a reader saw it; `by_the_service` if the service wrote it of itself, which no sender can."""

    position: int
    key: str
    content: str
    by_the_service: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One answer to a reader that asked at `begun` for at most `limit` entries after a position."""

    begun: int
    after: int
    limit: int
    seen: Sequence[Seen]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What all senders and readers remember; `base` positions were in the log before, and were sent by nobody here."""

    calls: Sequence[Call]
    readers: Sequence[Sequence[Read]]
    base: int = 0


def complaints(history: History) -> list[str]:
    """Everything that the log did wrong, in words; empty when it did nothing wrong.

    The readers must between them have read the log from `base` to its end after the last answer.
    """
    log: dict[int, Seen] = {}
    found = list(_reading(history, log))
    found += _contents(history, log)
    for call in history.calls:
        if call.told is not None:
            found += _answers(call.events, call.told, log)
    found += _appended_twice(history.calls)
    found += _order(history.calls)
    found += _freshness(history)
    return found


def _reading(history: History, log: dict[int, Seen]) -> Iterator[str]:
    """No position missing, none out of order, and the same entry at a position for everybody, always. Fills `log`."""
    for number, reads in enumerate(history.readers):
        reached = history.base
        for read in reads:
            if read.after > reached:
                yield f"reader {number} went from {reached} on to {read.after}"
            expected = read.after
            for entry in read.seen:
                expected += 1
                if entry.position != expected:
                    yield f"reader {number} saw position {entry.position} where {expected} was to come"
                    expected = entry.position
                if log.setdefault(entry.position, entry) != entry:
                    yield f"position {entry.position} was {log[entry.position]}, and later {entry}"
            reached = max(reached, expected)


def _contents(history: History, log: dict[int, Seen]) -> Iterator[str]:
    """Every entry was sent by somebody, unless the service wrote it of itself, and no key stands twice."""
    sent = {(event.key, event.content) for call in history.calls for event in call.events}
    positions: defaultdict[str, list[int]] = defaultdict(list)
    for position, entry in sorted(log.items()):
        positions[entry.key].append(position)
        was_sent = (entry.key, entry.content) in sent
        if position > history.base and not was_sent and not entry.by_the_service:
            yield f"position {position} holds {entry.key} with content {entry.content}, which nobody sent"
    for key, places in positions.items():
        if len(places) > 1:
            yield f"{key} stands at the positions {places}"


def _answers(events: Sequence[Sent], told: Sequence[Told], log: dict[int, Seen]) -> Iterator[str]:
    """Nothing acknowledged is lost or another thing, and the events of a call have rising positions."""
    if len(events) != len(told):
        yield f"{len(events)} events were answered by {len(told)} outcomes"
    for event, answer in zip(events, told, strict=False):
        entry = log.get(answer.position)
        if entry is None:
            yield f"{event.key} was said to be {answer.answer} at {answer.position}, where nothing is"
        elif entry.key != event.key:
            yield f"{event.key} was said to be {answer.answer} at {answer.position}, where {entry.key} is"
        elif (entry.content == event.content) == (answer.answer is Answer.CONFLICT):
            yield f"{event.key} was said to be {answer.answer}, but the contents are {event.content}, {entry.content}"
    appended = [answer.position for answer in told if answer.answer is Answer.APPENDED]
    for first, second in pairwise(appended):
        if second <= first:
            yield f"an event sent after the one at {first} stands at {second}"


def _appended_twice(calls: Iterable[Call]) -> Iterator[str]:
    """Of all the senders of an event one at most was told that it was new."""
    seen: set[int] = set()
    for call in calls:
        for answer in call.told or ():
            if answer.answer is Answer.APPENDED:
                if answer.position in seen:
                    yield f"two senders were told that position {answer.position} is theirs"
                seen.add(answer.position)


def _order(calls: Iterable[Call]) -> Iterator[str]:
    """What was sent after another event was acknowledged stands after it."""
    placed = [
        (answer.position, call.begun, call.ended)
        for call in calls
        if call.told is not None and call.ended is not None
        for answer in call.told
        if answer.answer is Answer.APPENDED
    ]
    earliest_end: float = float("inf")
    for position, begun, ended in sorted(placed, reverse=True):
        if earliest_end < begun:
            yield f"the event at {position} was sent after a later position had been acknowledged"
        earliest_end = min(earliest_end, ended)


def _freshness(history: History) -> Iterator[str]:
    """Who reads to the end sees everything that was acknowledged before."""
    acknowledged = sorted(
        (call.ended, answer.position)
        for call in history.calls
        if call.told is not None and call.ended is not None
        for answer in call.told
    )
    for number, reads in enumerate(history.readers):
        index, highest = 0, 0
        for read in sorted(reads, key=lambda read: read.begun):
            while index < len(acknowledged) and acknowledged[index][0] < read.begun:
                highest = max(highest, acknowledged[index][1])
                index += 1
            reached = max([read.after, *(entry.position for entry in read.seen)])
            if len(read.seen) < read.limit and reached < highest:
                yield f"reader {number} came to the end at {reached}, when {highest} had been acknowledged"


def calls_in(file: Path) -> list[Call]:
    """The calls that a sender wrote down: a line before each (`begun`, `events`), and one after it (`ended`, `told`)."""
    open_calls: dict[str, dict[str, Any]] = {}
    for line in _whole_lines(file):
        open_calls.setdefault(line["call"], {}).update(line)
    return [
        Call(
            begun=line["begun"],
            events=[Sent(key=key, content=content) for key, content in line["events"]],
            ended=line.get("ended"),
            told=[Told(answer=Answer(answer), position=position) for answer, position in line["told"]]
            if "told" in line
            else None,
        )
        for line in open_calls.values()
    ]


def reads_in(file: Path) -> list[Read]:
    """The reads that a reader wrote down, in their order."""
    return [
        Read(
            begun=line["begun"],
            after=line["after"],
            limit=line["limit"],
            seen=[Seen(position=position, key=key, content=content) for position, key, content in line["seen"]],
        )
        for line in _whole_lines(file)
    ]


def _whole_lines(file: Path) -> Iterator[dict[str, Any]]:
    """The lines that were written to their end: a killed process may leave half a line."""
    if not file.exists():
        return
    for line in file.read_bytes().split(b"\n")[:-1]:
        yield json.loads(line)
