"""What the sender is told of the events of one request."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Field

from tiendo_contracts.problems import Language, Problem, Refusal, problem_document

LISTED_WHOLLY_MAX = 10_000
LISTED_MAX = 1_000


class Status(StrEnum):
    """What became of an event."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Stored:
    """The event is in the log at `position`; `first` unless it was there before."""

    index: int
    id: str
    position: int
    first: bool

    @property
    def status(self) -> Status:
        """Accepted or duplicate."""
        return Status.ACCEPTED if self.first else Status.DUPLICATE


@dataclass(frozen=True, slots=True)
class Refused:
    """The event was refused, and is kept as the rejection of that number."""

    index: int
    id: str | None
    refusal: Refusal
    rejection: int

    @property
    def status(self) -> Status:
        """Rejected."""
        return Status.REJECTED


Receipt = Stored | Refused


class EventReceipt(BaseModel):
    """What became of one event."""

    index: int = Field(description="place of the event in the request, from 0; blank lines have none")
    id: str | None = Field(description="the event's id, null where it cannot be told")
    status: Status
    position: int | None = Field(default=None, description="where it stands in the log; absent when rejected")
    rejection: int | None = Field(default=None, description="its number in GET /v1/rejections; only when rejected")
    problem: Problem | None = Field(default=None, description="why it was rejected; only then")


class BatchReceipt(BaseModel):
    """What became of the events of a batch or stream.

    Of a stream of over 10,000 lines only what is not accepted is listed, at most 1,000 entries, rejections before duplicates.
    """

    accepted: int
    duplicates: int
    rejected: int
    request: str = Field(description="names this request in GET /v1/rejections?request=")
    first_position: int | None = Field(description="lowest position among the accepted events, null if there are none")
    last_position: int | None = Field(description="highest position among the accepted events, null if there are none")
    events: list[EventReceipt]


@dataclass(slots=True)
class Tally:
    """Counts the receipts of one request and keeps those that its answer will list, in bounded memory."""

    request: str
    counts: dict[Status, int] = field(default_factory=lambda: dict.fromkeys(Status, 0))
    first_position: int | None = None
    last_position: int | None = None
    _stored: list[Stored] = field(default_factory=list)
    _refused: list[Refused] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many events were counted."""
        return sum(self.counts.values())

    def add(self, receipts: Iterable[Receipt]) -> None:
        """Takes the receipts of further events, in the order in which they were sent."""
        for receipt in receipts:
            self.counts[receipt.status] += 1
            if isinstance(receipt, Refused):
                self._refused.append(receipt)
                continue
            self._stored.append(receipt)
            if receipt.first:
                self.first_position = self.first_position or receipt.position
                self.last_position = receipt.position
        if self.total > LISTED_WHOLLY_MAX:
            self._stored = [receipt for receipt in self._stored if not receipt.first][:LISTED_MAX]
            self._refused = self._refused[:LISTED_MAX]

    def answer(self, language: Language) -> dict[str, Any]:
        """The JSON-ready `BatchReceipt`."""
        stored = self._stored
        if self.total > LISTED_WHOLLY_MAX:
            stored = stored[: LISTED_MAX - len(self._refused)]
        listed: list[Receipt] = sorted([*stored, *self._refused], key=lambda receipt: receipt.index)
        return {
            **self.figures(),
            "events": [entry(receipt, language) for receipt in listed],
        }

    def figures(self) -> dict[str, Any]:
        """The answer without its list."""
        return {
            "accepted": self.counts[Status.ACCEPTED],
            "duplicates": self.counts[Status.DUPLICATE],
            "rejected": self.counts[Status.REJECTED],
            "request": self.request,
            "first_position": self.first_position,
            "last_position": self.last_position,
        }


def entry(receipt: Receipt, language: Language) -> dict[str, Any]:
    """The JSON-ready `EventReceipt`."""
    told: dict[str, Any] = {"index": receipt.index, "id": receipt.id, "status": receipt.status.value}
    if isinstance(receipt, Stored):
        return {**told, "position": receipt.position}
    document = problem_document(receipt.refusal, language, index=receipt.index)
    return {**told, "rejection": receipt.rejection, "problem": document}
