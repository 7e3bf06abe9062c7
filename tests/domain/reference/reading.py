"""Which events of a case count, and what each says of its instants (rules T4, T5, H8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Plain = dict[str, Any]
Key = tuple[str, str]

FUTURE_TOLERANCE = timedelta(minutes=5)
DATE_LENGTH = len("2022-08-20")


@dataclass(frozen=True)
class Event:
    """One CloudEvent as the reference sees it; `at` is its instant on the basis asked for, `alarms_from` when a future instant shows (rule T5)."""

    key: Key
    kind: str
    at: datetime
    time: datetime
    recorded: datetime
    sequence: int | None
    data: Plain
    alarms_from: datetime | None

    @property
    def id(self) -> str:
        """The CloudEvents id."""
        return self.key[1]

    @property
    def marks(self) -> list[str]:
        """What its translator says of it."""
        return self.data.get("marks") or []


def instant(text: str) -> datetime:
    """The aware instant of an RFC 3339 text."""
    return datetime.fromisoformat(text)


def is_date(text: str) -> bool:
    """Whether the text is a date without a time of day."""
    return len(text) == DATE_LENGTH


def signed_by(document: Plain | None, due: datetime, zone: ZoneInfo) -> bool:
    """Whether the document says that it was signed not after `due`; a date by the local date of `due` (rules C, E2)."""
    signed_at = (document or {}).get("signed_at")
    if signed_at is None:
        return False
    if is_date(signed_at):
        return date.fromisoformat(signed_at) <= due.astimezone(zone).date()
    return instant(signed_at) <= due


def read(entry: Plain, *, basis: str) -> Event:
    """One entry of the log `{"position", "ingested_at", "event"}` as an event."""
    event = entry["event"]
    time = instant(event["time"])
    sent = instant(event["recordedat"]) if "recordedat" in event else None
    recorded = time if sent is None or sent < time else sent
    seen = [entry["ingested_at"], *([sent] if sent is not None else [])]
    return Event(
        key=(event["source"], event["id"]),
        kind=event["type"].removeprefix("vn.tiendo.case.").removesuffix(".v1"),
        at=recorded if basis == "recorded" else time,
        time=time,
        recorded=recorded,
        sequence=int(event["sequence"]) if "sequence" in event else None,
        data=event.get("data") or {},
        alarms_from=min(seen) if any(time > instant + FUTURE_TOLERANCE for instant in seen) else None,
    )


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
    """The events that count, in no order; the keys of all known ones; the corrections without a target; those from the future that show."""

    events: list[Event]
    keys: set[Key]
    without_target: list[Event]
    from_the_future: list[Event]


def select(entries: Sequence[Plain], *, as_of: datetime, known_at: datetime | None, basis: str) -> Selection:
    """The events that count at `as_of`, of those that were known at `known_at`; on basis recorded `as_of` leaves out by `recordedat`."""
    known = [read(entry, basis=basis) for entry in entries if known_at is None or entry["ingested_at"] <= known_at]
    corrections = counting_corrections(known)
    annulled = {target(event) for event in corrections}
    standing = [event for event in known if event.key not in annulled and event.kind != "joined"]
    keys = {event.key for event in known}
    return Selection(
        events=[event for event in standing if event.at <= as_of or event.kind == "corrected"],
        keys=keys,
        without_target=[event for event in corrections if target(event) not in keys],
        from_the_future=[event for event in standing if event.alarms_from and event.alarms_from <= as_of],
    )
