"""What is known of one dossier from one source, and what is new: the facts in the log and those that are added to them."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from tiendo_contracts.events.case_events import AcceptedEvent, accept_text
from tiendo_contracts.events.event_types import event_type
from tiendo_contracts.texts.instant_texts import read_instant
from tiendo_domain.facts import (
    Completed,
    Corrected,
    Declined,
    Fact,
    Mark,
    PaymentRequested,
    ResultDelivered,
    SupplementRequested,
    Suspended,
    Withdrawn,
)
from tiendo_sources.national.dates import written
from tiendo_sources.national.keys import annulled, annulment_id, parts_of, row_key
from tiendo_sources.national.stated_dues import StatedDues

Event = Mapping[str, Any]
"""A CloudEvent as JSON has it."""

Judge = Callable[[AcceptedEvent], AcceptedEvent]
"""Answers an event that its sender may send; raises `Refusal` for another."""

_AFTER_WORK: Final = {
    SupplementRequested: "1",
    PaymentRequested: "1",
    Suspended: "1",
    Completed: "2",
    Declined: "3",
    Withdrawn: "3",
    ResultDelivered: "4",
}
"""The `sequence` of what happens after the work of its instant, whichever was recorded first: whoever finishes a case had it until then (rule T1)."""

_BEGINNING_MAX: Final = 4
_OTHERWISE_SAID: Final = "Nội dung này đã được bản tin hồ sơ hoặc dòng tiến độ khác cùng nguồn cho biết"


class NewFact(Struct, frozen=True, kw_only=True):
    """A fact to be told under its id, of the `code` that it names, else of that of the record being read."""

    id: str
    kind: type[Fact]
    at: datetime
    said: Mapping[str, Any]
    recorded_at: str
    marks: Iterable[Mark] = ()
    code: str | None = None


class KnownDossier:
    """The facts of a dossier under their ids, of all codes that it has, in the order of the log, those that were just told last.

    `code` is the one that the record being read names. `rows` has a fact of the work of each row, told or only noted, under the row's id,
    `dues` the dues that were told.
    """

    def __init__(self, source: str, known: Iterable[Event], judge: Judge) -> None:
        self.source = source
        self.code = ""
        self.fresh: list[AcceptedEvent] = []
        self.rows: dict[str, Event] = {}
        self._judge = judge
        self._facts: dict[str, Event] = {}
        self._by_beginning: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        self._annulments: dict[str, int] = {}
        self.dues = StatedDues()
        for event in known:
            self._add(event)

    def counts(self, identity: str) -> bool:
        """Whether the fact was told and is not annulled."""
        return identity in self._facts and self._annulments.get(identity, 0) % 2 == 0

    def facts(self, *beginning: str) -> Iterator[tuple[list[str], Event]]:
        """The parts of the id behind the code, and the fact, of all that count and whose parts begin so (at most four are asked for)."""
        for identity in self._by_beginning.get(beginning, ()):
            if self.counts(identity):
                event = self._facts[identity]
                yield parts_of(event["subject"], identity), event

    def tell(self, fact: NewFact) -> bool:
        """Whether the fact is new; raises `Refusal` for one that cannot be stored. What was told once stays as it was."""
        if fact.id in self._facts:
            return False
        event = self._event(fact)
        self.fresh.append(self._accepted(event))
        self._add(event)
        return True

    def note_row(self, work: NewFact) -> None:
        """Note the work of a new row, to be told with all others; raises `Refusal` for one that cannot be stored."""
        event = self._event(work)
        self._accepted(event)
        self.rows[work.id] = event

    def let_count(self, identity: str, at: datetime, *, counts: bool) -> None:
        """Annul the fact, or its annulment, so that it `counts` from now on or does not."""
        if self.counts(identity) == counts:
            return
        number = self._annulments.get(identity, 0) + 1
        before = identity if number == 1 else annulment_id(identity, number - 1)
        said = {"annuls": {"source": self.source, "id": before}, "reason": _OTHERWISE_SAID}
        self.tell(
            NewFact(
                id=annulment_id(identity, number),
                kind=Corrected,
                at=at,
                said=said,
                recorded_at=written(at),
                code=self._facts[identity]["subject"],
            )
        )

    def mark(self) -> tuple[int, int]:
        """A place to go back to."""
        return len(self.fresh), len(self.rows)

    def go_back(self, mark: tuple[int, int]) -> None:
        """Forget what was told and noted after the mark; nothing of it was an annulment."""
        facts, rows = mark
        if len(self.fresh) > facts:
            for told in reversed(self.fresh[facts:]):
                self._forget(self._facts.pop(told.id))
            del self.fresh[facts:]
            self.dues = StatedDues()
            for parts, event in self.facts():
                self.dues.add(parts, event)
        while len(self.rows) > rows:
            self.rows.popitem()

    def _event(self, fact: NewFact) -> Event:
        marks = list(dict.fromkeys(fact.marks))
        data = {**fact.said, "marks": marks} if marks else dict(fact.said)
        sequence = _AFTER_WORK.get(fact.kind)
        return {
            "specversion": "1.0",
            "id": fact.id,
            "source": self.source,
            "type": event_type(fact.kind),
            "subject": self.code if fact.code is None else fact.code,
            "time": written(fact.at),
            "recordedat": fact.recorded_at,
            **({} if sequence is None else {"sequence": sequence}),
            "datacontenttype": "application/json",
            "data": data,
        }

    def _accepted(self, event: Event) -> AcceptedEvent:
        return self._judge(accept_text(json.dumps(event, ensure_ascii=False, separators=(",", ":"))))

    def _add(self, event: Event) -> None:
        self._facts[event["id"]] = event
        parts = parts_of(event["subject"], event["id"])
        for beginning in _beginnings(parts):
            self._by_beginning[beginning].append(event["id"])
        self.dues.add(parts, event)
        if (line := annulled(event["id"])) is not None:
            identity, number = line
            self._annulments[identity] = max(number, self._annulments.get(identity, 0))
        elif (key := row_key(event["subject"], event["id"])) is not None and key.is_work:
            self.rows.setdefault(key.row, event)

    def _forget(self, event: Event) -> None:
        """Take the fact that was added last out of what is found by the beginning of its id."""
        for beginning in _beginnings(parts_of(event["subject"], event["id"])):
            self._by_beginning[beginning].pop()


def _beginnings(parts: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(parts[:length]) for length in range(min(len(parts), _BEGINNING_MAX) + 1))


def time_of(event: Event) -> datetime:
    """When it happened."""
    return read_instant(event["time"])


def data_of(event: Event) -> Mapping[str, Any]:
    """What the event says."""
    return event.get("data") or {}


def kind_of(event: Event) -> str:
    """The kind of its fact."""
    return str(event["type"]).split(".")[-2]
