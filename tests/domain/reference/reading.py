"""Which events of a case count, and in which order (rules T1, T4, T5, H7, H8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Plain = dict[str, Any]
Key = tuple[str, str]

KINDS = [
    *["submitted", "received"],
    *["resumed", "supplement-received", "payment-received", "consultation-answered"],
    *["assigned", "forwarded", "sent-back", "recalled"],
    *["claimed"],
    *["deadline-restated", "deadline-extended"],
    *["consultation-requested", "supplement-requested", "payment-requested", "suspended"],
    *["completed", "declined", "withdrawn", "result-delivered", "reopened", "corrected"],
]
FUTURE_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Event:
    """One CloudEvent as the reference sees it; `at` is its instant on the basis asked for."""

    key: Key
    kind: str
    at: datetime
    time: datetime
    recorded: datetime
    sequence: int | None
    data: Plain
    received_at: datetime
    from_the_future: bool

    @property
    def id(self) -> str:
        """The CloudEvents id."""
        return self.key[1]


def instant(text: str) -> datetime:
    """The aware instant of an RFC 3339 text."""
    return datetime.fromisoformat(text)


def read(entry: Plain, *, basis: str) -> Event:
    """One entry of the log `{"position", "ingested_at", "event"}` as an event."""
    event = entry["event"]
    time = instant(event["time"])
    sent = instant(event["recordedat"]) if "recordedat" in event else None
    recorded = time if sent is None or sent < time else sent
    late = (sent is not None and time > sent + FUTURE_TOLERANCE) or time > entry["ingested_at"] + FUTURE_TOLERANCE
    return Event(
        key=(event["source"], event["id"]),
        kind=event["type"].removeprefix("vn.tiendo.case.").removesuffix(".v1"),
        at=recorded if basis == "recorded" else time,
        time=time,
        recorded=recorded,
        sequence=int(event["sequence"]) if "sequence" in event else None,
        data=event.get("data") or {},
        received_at=entry["ingested_at"],
        from_the_future=late,
    )


def place(event: Event) -> tuple[Any, ...]:
    """What events are sorted by (rule T1); `at` first makes basis recorded `by recordedat first, then as here`."""
    sequence = (0, 0) if event.sequence is None else (1, event.sequence)
    return (event.at, event.time, sequence, event.recorded, KINDS.index(event.kind), *event.key)


def target(event: Event) -> Key:
    """The key of what a `corrected` annuls."""
    return event.data["annuls"]["source"], event.data["annuls"]["id"]


def counting_corrections(events: Sequence[Event]) -> list[Event]:
    """The corrections that count (rule H8): those that no counting one annuls; of a cycle none."""
    corrections = [event for event in events if event.kind == "corrected"]
    counts: dict[Key, bool] = {}
    while True:
        for event in corrections:
            against = [other.key for other in corrections if target(other) == event.key]
            if event.key not in counts and any(counts.get(key) is True for key in against):
                counts[event.key] = False
                break
            if event.key not in counts and all(counts.get(key) is False for key in against):
                counts[event.key] = True
                break
        else:
            return [event for event in corrections if counts.get(event.key)]


@dataclass(frozen=True)
class Selection:
    """The events that count, by T1; the keys of all known ones; the corrections without a target; those from the future that we have seen."""

    events: list[Event]
    keys: set[Key]
    without_target: list[Event]
    from_the_future: list[Event]


def select(entries: Sequence[Plain], *, as_of: datetime, known_at: datetime | None, basis: str) -> Selection:
    """The events that count at `as_of`, of those that were known at `known_at`."""
    known = [read(entry, basis=basis) for entry in entries if known_at is None or entry["ingested_at"] <= known_at]
    corrections = counting_corrections(known)
    annulled = {target(event) for event in corrections}
    standing = [event for event in known if event.key not in annulled]
    counted = [event for event in standing if event.at <= as_of or event.kind == "corrected"]
    keys = {event.key for event in known}
    return Selection(
        events=sorted(counted, key=place),
        keys=keys,
        without_target=[event for event in corrections if target(event) not in keys],
        from_the_future=[
            event for event in standing if event.from_the_future and (event in counted or event.received_at <= as_of)
        ],
    )


def beginning(events: Sequence[Event]) -> int | None:
    """The index of the event with which holding begins (rule H1): the first `received`, else the first that supposes one."""
    for index, event in enumerate(events):
        if event.kind == "received":
            return index
    for index, event in enumerate(events):
        if event.kind not in {"submitted", "declined", "withdrawn", "corrected"}:
            return index
    return None


def set_aside(events: Sequence[Event]) -> dict[Key, str]:
    """The completions that do not count, each with its anomaly (rule H7); `events` from the beginning on."""
    aside: dict[Key, str] = {}
    stretch: list[Event] = []
    ended = False
    for event in events:
        if event.kind == "reopened" and ended:
            aside |= _all_but_one(stretch)
            stretch, ended = [], False
        if event.kind == "completed":
            stretch.append(event)
        ended = ended or event.kind in {"completed", "declined", "withdrawn", "result-delivered"}
    return aside | _all_but_one(stretch)


def _all_but_one(completions: Sequence[Event]) -> dict[Key, str]:
    if not completions:
        return {}
    # The earliest recorded; of those the latest time; of those the first by T1.
    earliest = min(event.recorded for event in completions)
    counted = max((event for event in completions if event.recorded == earliest), key=lambda event: event.time)
    return {
        event.key: "finish-moved-back" if event.time < counted.time else "out-of-order"
        for event in completions
        if event.key != counted.key
    }
