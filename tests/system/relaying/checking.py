"""A checker of topics: from what ingest acknowledged and what the log answers, everything that messages on Kafka must never do.

It knows nothing of the relay, its tables or its code, nor of the client: messages are JSON to it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiokafka.partitioner import DefaultPartitioner

CASE_PREFIX = "vn.tiendo.case."
DIRECTORY_PREFIX = "vn.tiendo.directory."
_PLACE = ("logid", "position", "previousposition", "ingestedat", "digest")
_partition_of = DefaultPartitioner()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A record as a plain consumer reads it."""

    topic: str
    partition: int
    offset: int
    key: str
    value: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        return f"{self.topic}/{self.partition} at {self.offset}"

    @property
    def position(self) -> int:
        return int(self.value["position"])

    @property
    def previous(self) -> int:
        return int(self.value["previousposition"])

    @property
    def version(self) -> tuple[int, int, int]:
        """Of a state: which of two is the later."""
        return int(self.value["build"]), int(self.value["position"]), int(self.value["revision"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the log as the query API answers it."""

    position: int
    ingested_at: str
    event: Mapping[str, Any]

    @property
    def of_case(self) -> bool:
        return str(self.event["type"]).startswith(CASE_PREFIX)

    @property
    def of_directory(self) -> bool:
        return str(self.event["type"]).startswith(DIRECTORY_PREFIX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """An event that ingest said it holds, and where."""

    position: int
    event: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event that a consumer handed to its user; `number` rises in the order in which it did."""

    number: int
    log_id: str
    position: int
    case_id: str
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """What the topics of events hold, read from their beginnings; `partitions` is the number of those of case events."""

    case_events: Sequence[Message]
    directory: Sequence[Message]
    partitions: int


def log_complaints(acknowledged: Collection[Acknowledged], log: Sequence[Entry]) -> list[str]:
    """Everything that was acknowledged and is not in the log as it was sent, and every gap in the log's positions."""
    entries = {entry.position: entry for entry in log}
    found = [] if sorted(entries) == list(range(1, len(log) + 1)) else ["the log's positions have gaps or repeats"]
    for each in acknowledged:
        entry = entries.get(each.position)
        if entry is None or entry.event != each.event:
            found.append(
                f"{_name(each.event)} was acknowledged at {each.position}, where {entry and _name(entry.event)} is"
            )
    return found


def event_complaints(log_id: str, log: Sequence[Entry], topics: Topics) -> list[str]:
    """Everything that is wrong with the topics of events, in words; empty when they hold the log, no more and no less."""
    found: list[str] = []
    of_cases = {entry.position: entry for entry in log if entry.of_case}
    # Facts of the house are in no topic.
    of_directory = {entry.position: entry for entry in log if entry.of_directory}
    found += _topic(log_id, of_cases, topics.case_events, topics.partitions)
    found += _topic(log_id, of_directory, topics.directory, 1)
    return found


def _topic(log_id: str, entries: Mapping[int, Entry], messages: Sequence[Message], partitions: int) -> Iterator[str]:
    by_partition: defaultdict[int, list[Message]] = defaultdict(list)
    for message in sorted(messages, key=lambda message: (message.partition, message.offset)):
        if message.value["logid"] == log_id:
            by_partition[message.partition].append(message)
            yield from _content(message, entries.get(message.position), partitions)
        else:
            yield f"{message.where} is of the log {message.value['logid']}"
    for there in by_partition.values():
        yield from _repeats(there)
        yield from _chain(there)
    held = {message.position for message in messages}
    for position in sorted(entries.keys() - held):
        yield f"position {position} ({_name(entries[position].event)}) is in no message"


def _content(message: Message, entry: Entry | None, partitions: int) -> Iterator[str]:
    """The message holds the log's event, unaltered, and lies where its key belongs."""
    if entry is None:
        yield f"{message.where} holds position {message.position}, which the log does not have there"
        return
    event = {name: member for name, member in message.value.items() if name not in _PLACE}
    if event != entry.event:
        yield f"{message.where} holds another event than the log at position {message.position}"
    if message.value["digest"] != digest(event):
        yield f"{message.where}: the digest is not that of the event"
    if datetime.fromisoformat(message.value["ingestedat"]) != datetime.fromisoformat(entry.ingested_at):
        yield f"{message.where}: ingested at {message.value['ingestedat']}, in the log {entry.ingested_at}"
    if message.key != event["subject"]:
        yield f"{message.where}: the key {message.key} is not the subject {event['subject']}"
    if message.partition != _partition_of(message.key.encode(), range(partitions), range(partitions)):
        yield f"{message.where}: the key {message.key} belongs in another partition"
    for name, text in message.value.items():
        if name not in {"data", "datacontenttype"} and message.headers.get(f"ce_{name}") != text:
            yield f"{message.where}: the header ce_{name} says {message.headers.get(f'ce_{name}')}, not {text}"


def _repeats(messages: Iterable[Message]) -> Iterator[str]:
    """A position that comes again comes as it was: by position and digest nobody can take it for another event."""
    first: dict[int, Message] = {}
    for message in messages:
        before = first.setdefault(message.position, message)
        if before.value != message.value:
            yield f"{message.where} repeats position {message.position} of {before.where}, but says something else"


def _chain(messages: Sequence[Message]) -> Iterator[str]:
    """Without the repeats the messages are one chain, and the strictest of readers gets it all: one that keeps nothing back."""
    tail = 0
    for position, previous in sorted({(message.position, message.previous) for message in messages}):
        if previous != tail:
            yield f"partition {messages[0].partition}: position {position} is said to follow {previous}, but follows {tail}"
        tail = position
    reached = 0
    for message in messages:
        if message.previous == reached:
            reached = message.position
    if reached != tail:
        yield f"partition {messages[0].partition}: who keeps nothing back comes to {reached} and never to {tail}"


def delivery_complaints(log_id: str, log: Sequence[Entry], deliveries: Sequence[Delivery]) -> list[str]:
    """What a consumer's user was handed other than every case event exactly once, each case's in the order of the log."""
    entries = {entry.position: entry for entry in log if entry.of_case}
    found: list[str] = []
    times: defaultdict[int, int] = defaultdict(int)
    last: defaultdict[str, int] = defaultdict(int)
    for delivery in sorted(deliveries, key=lambda delivery: delivery.number):
        entry = entries.get(delivery.position)
        if entry is None or delivery.log_id != log_id or delivery.event_id != entry.event["id"]:
            found.append(
                f"position {delivery.position} was delivered as {delivery.event_id}, which the log does not have there"
            )
        times[delivery.position] += 1
        if delivery.position <= last[delivery.case_id]:
            found.append(
                f"{delivery.case_id}: position {delivery.position} was delivered after {last[delivery.case_id]}"
            )
        last[delivery.case_id] = max(last[delivery.case_id], delivery.position)
    found += [f"position {position} was delivered {count} times" for position, count in times.items() if count > 1]
    found += [f"position {position} was never delivered" for position in sorted(entries.keys() - times.keys())]
    return found


def state_complaints(log_id: str, answers: Mapping[str, Mapping[str, Any]], messages: Sequence[Message]) -> list[str]:
    """What is wrong with a topic of states, by what the query API answers of each case at the state's own instant.

    The highest version of a case says what the answer says; compaction, which keeps the last message, keeps that one.
    """
    by_case: defaultdict[str, list[Message]] = defaultdict(list)
    for message in sorted(messages, key=lambda message: (message.partition, message.offset)):
        by_case[message.key].append(message)
    found = [f"{case_id}: no state" for case_id in sorted(answers.keys() - by_case.keys())]
    found += [f"{case_id}: a state of a case that nobody knows" for case_id in sorted(by_case.keys() - answers.keys())]
    for case_id in sorted(by_case.keys() & answers.keys()):
        found += _states(log_id, answers[case_id], by_case[case_id])
    return found


def _states(log_id: str, answer: Mapping[str, Any], messages: Sequence[Message]) -> Iterator[str]:
    versions: dict[tuple[int, int, int], Message] = {}
    for message in messages:
        if message.value["logid"] != log_id or message.value["subject"] != message.key:
            yield f"{message.where}: a state of {message.value['subject']} in the log {message.value['logid']}"
        if versions.setdefault(message.version, message).value != message.value:
            yield f"{message.where}: says something else of the same version {message.version}"
        yield from _sum(message)
    highest = versions[max(versions)]
    if messages[-1].version != highest.version:
        yield f"{messages[-1].where}: compaction would keep {messages[-1].version} and throw away {highest.version}"
    data = highest.value["data"]
    differing = [name for name in sorted(data.keys() & answer.keys()) if not _same(data[name], answer[name])]
    if differing:
        name = differing[0]
        yield f"{highest.where}: {highest.key} differs in {differing}; {name}: {data[name]}, answered: {answer[name]}"


def _sum(message: Message) -> Iterator[str]:
    """Whatever else it says, a state blames nobody for more minutes, or fewer, than the case is late."""
    data = message.value["data"]
    shares = sum(share["minutes"] for share in data["attributions"])
    if shares != (data["lateness_minutes"] or 0):
        yield f"{message.where}: shares sum to {shares}, the lateness is {data['lateness_minutes']}"


def _same(told: Any, answered: Any) -> bool:
    """Whether all that both say is the same; either may say more."""
    if isinstance(told, dict) and isinstance(answered, dict):
        return all(_same(told[name], answered[name]) for name in told.keys() & answered.keys())
    if isinstance(told, list) and isinstance(answered, list):
        return len(told) == len(answered) and all(map(_same, told, answered))
    return bool(told == answered)


def digest(event: Mapping[str, Any]) -> str:
    """The SHA-256 of an event's canonical form; enough for the plain events that are sent here."""
    text = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _name(event: Mapping[str, Any]) -> str:
    return f"{event['source']}#{event['id']}"
