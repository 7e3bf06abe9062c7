"""From the stored events of a case to its rows: decode, fold, describe. A case that cannot be folded is a fault of its own."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tiendo_contracts.events.decoding import case_event
from tiendo_contracts.shards import shard_of
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import JoinedCase, joined_cases, timeline_of
from tiendo_domain.timeline.counted import known_events
from tiendo_read_models.errors import UnreadableEvent
from tiendo_read_models.rows import CaseRows, case_rows, latest_event_at

_CAUSE_LENGTH_MAX = 500


class StoredText(Protocol):
    """What is needed of an event as the log stores it."""

    @property
    def position(self) -> int:
        """Its place in the log."""
        ...

    @property
    def ingested_at(self) -> datetime:
        """When the log took it, UTC."""
        ...

    @property
    def source(self) -> str:
        """Its source."""
        ...

    @property
    def id(self) -> str:
        """Its id, unique within the source."""
        ...

    @property
    def subject(self) -> str:
        """The code of the case that it names."""
        ...

    @property
    def text(self) -> str:
        """The CloudEvent as it was accepted."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldFault:
    """A case whose events could not be folded, and why."""

    case_id: str
    shard: int
    event_count: int
    last_position: int
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedGroup:
    """What became of codes that were ever joined: the rows or faults of the cases that they name. Most groups are one code and one case."""

    codes: frozenset[str]
    cases: Sequence[CaseRows | FoldFault]

    @property
    def faults(self) -> list[FoldFault]:
        """The faults among them."""
        return [one for one in self.cases if isinstance(one, FoldFault)]


def decoded(stored: Sequence[StoredText]) -> list[CaseEvent]:
    """The stored texts as facts, in the order given. Raises UnreadableEvent, which names the event."""
    try:
        return [case_event(event.text, position=event.position, ingested_at=event.ingested_at) for event in stored]
    except Exception as error:
        raise _unreadable(stored) from error


def _unreadable(stored: Sequence[StoredText]) -> UnreadableEvent:
    """Of the events that cannot be read the first by source and id, so that the order of delivery does not show."""
    found: list[UnreadableEvent] = []
    for event in stored:
        try:
            case_event(event.text, position=event.position, ingested_at=event.ingested_at)
        except Exception as error:  # noqa: BLE001 - whatever makes it unreadable is named
            found.append(UnreadableEvent(event.source, event.id, f"{type(error).__name__}: {error}"))
    return min(found, key=lambda unreadable: (unreadable.source, unreadable.id))


def fold_group(
    codes: Collection[str], stored: Sequence[StoredText], rules_of: Callable[[Collection[str]], RuleBook]
) -> FoldedGroup:
    """The rows of the case, or where joins were annulled the cases, of codes that were ever joined, from all that is told of them (`stored`).

    `rules_of` gives the rules that the case of some codes goes by. Each is folded at the latest instant of its events.
    Where that is not possible, each code has a Fault: any error counts, one poisoned case must never keep the others from being shown, and what
    went wrong is kept beside its name.
    """
    try:
        told = sorted(codes) if len(codes) > 1 else ()
        cases = joined_cases(known_events(decoded(stored), None))
        return FoldedGroup(codes=frozenset(codes), cases=[_rows(case, rules_of(case.codes), told) for case in cases])
    except Exception as error:  # noqa: BLE001 - the fault is recorded against the case, see above
        sizes = Counter(event.subject for event in stored)
        return faulty_group(codes, error, sizes, max(event.position for event in stored))


def _rows(case: JoinedCase, rules: RuleBook, told_codes: Sequence[str]) -> CaseRows:
    return case_rows(case.events, timeline_of(case, rules, as_of=latest_event_at(case.events)), told_codes)


def faulty_group(
    codes: Collection[str], error: BaseException, sizes: Mapping[str, int], last_position: int
) -> FoldedGroup:
    """The same with a fault of each code of which something is told: `sizes` has the number of its events."""
    faults = [
        FoldFault(
            case_id=code,
            shard=shard_of(code),
            event_count=sizes[code],
            last_position=last_position,
            cause=cause_of(error),
        )
        for code in sorted(sizes)
    ]
    return FoldedGroup(codes=frozenset(codes), cases=faults)


def cause_of(error: BaseException) -> str:
    """What went wrong, on one line that can be stored and shown."""
    text = str(error) if isinstance(error, UnreadableEvent) else f"{type(error).__name__}: {error}"
    return " ".join(text.replace("\x00", "").encode(errors="replace").decode().split())[:_CAUSE_LENGTH_MAX]
