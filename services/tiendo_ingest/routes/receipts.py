"""What the sender is told of the events of one request."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Field

from tiendo_contracts.problems.problem_documents import Language, Problem, ProblemKind, Refusal, problem_document

LISTED_WHOLLY_MAX = 10_000
LISTED_MAX = 1_000
FAULTS_LISTED_MAX = 10_000
"""How many faults beside the first of each event one answer tells: an answer stays bounded whatever is sent."""

RETRY_SECONDS = 60


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
    """The event was refused, and is kept as the rejection of that number; None where too much of the key was kept within the hour."""

    index: int
    id: str | None
    refusal: Refusal
    rejection: int | None

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
    kept: bool | None = Field(
        default=None,
        description="false where so much of the key was refused within the hour that it is not listed; only when rejected",
    )
    problem: Problem | None = Field(default=None, description="why it was rejected; only then")


class BatchReceipt(BaseModel):
    """What became of the events of a batch or stream.

    Of a stream of over 10,000 lines only what is not accepted is listed, at most 1,000 entries, rejections before duplicates.
    """

    accepted: int
    duplicates: int
    rejected: int
    not_kept: int = Field(description="how many of the rejected are not kept in GET /v1/rejections")
    request: str = Field(description="names this request in GET /v1/rejections?request=")
    first_position: int | None = Field(description="lowest position among the accepted events, null if there are none")
    last_position: int | None = Field(description="highest position among the accepted events, null if there are none")
    events: list[EventReceipt]


@dataclass(slots=True)
class ReceiptTally:
    """Counts the receipts of one request and keeps those that its answer will list, in bounded memory."""

    request: str
    counts: dict[Status, int] = field(default_factory=lambda: dict.fromkeys(Status, 0))
    first_position: int | None = None
    last_position: int | None = None
    not_kept: int = 0
    _faults_left: int = FAULTS_LISTED_MAX
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
                self.not_kept += receipt.rejection is None
                self._refused.append(self._shortened(receipt))
                continue
            self._stored.append(receipt)
            if receipt.first:
                self.first_position = self.first_position or receipt.position
                self.last_position = receipt.position
        if self.total > LISTED_WHOLLY_MAX:
            self._stored = [receipt for receipt in self._stored if not receipt.first][:LISTED_MAX]
            self._refused = self._refused[:LISTED_MAX]

    def _shortened(self, receipt: Refused) -> Refused:
        """The same with as many faults as the answer has room for, but at least one."""
        faults = receipt.refusal.others[: max(self._faults_left, 0)]
        self._faults_left -= len(faults)
        first = receipt.refusal
        if len(faults) == len(first.others):
            return receipt
        return replace(receipt, refusal=Refusal(first.kind, field=first.field, values=first.values, others=faults))

    @property
    def first_not_kept(self) -> Refusal | None:
        """Why the first event was refused that was not kept, if nothing of the request was taken."""
        if self.counts[Status.ACCEPTED] or self.counts[Status.DUPLICATE] or not self.not_kept:
            return None
        return next(
            (receipt.refusal for receipt in self._refused if receipt.rejection is None), self._refused[0].refusal
        )

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
            "not_kept": self.not_kept,
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
    return {**told, **kept_as(receipt), "problem": document}


def kept_as(refused: Refused) -> dict[str, Any]:
    """Whether a refused event is kept, and as which rejection."""
    return {"kept": False} if refused.rejection is None else {"kept": True, "rejection": refused.rejection}


def not_kept(refusal: Refusal) -> Refusal:
    """The refusal of a request of which nothing was taken and something is not kept: what was wrong is told with it."""
    faults = (refusal, *refusal.others)
    return Refusal(ProblemKind.TOO_MANY_REJECTIONS, headers={"Retry-After": str(RETRY_SECONDS)}, others=faults)
