"""Errors of the client.

ClientError
├── ConsumerError
│   ├── TopicMissing         the cluster has no such topic, or does not show it to this user
│   ├── MessageUnreadable    a record is no message of its topic: it is neither handed over nor passed over
│   ├── ChainContradicted    two messages of one log cannot both stand in the partition
│   ├── BatchNotSaved        the next batch was asked for before the one in hand was saved
│   ├── PositionsMoved       somebody else has taken over the partitions: nothing of the batch may stand, roll back
│   └── PositionsUnusable    the positions cannot be kept where they should be
│       └── PositionsInUse   another process keeps its positions in the same file
└── ApiError
    ├── ApiUnreachable       no answer came, or none that can be read
    ├── ApiProblem           the service refused, with a problem document (RFC 9457)
    │   ├── AccessDenied     401, 403: no key, a bad one, or one without the scope
    │   ├── NotFound         404: there is no such thing
    │   ├── NotYet           404, 503, 504 and the word to come again later: it did not come within the limit
    │   └── RequestInvalid   400, 422: a parameter cannot be used, or this combination is not to be had
    └── StubUnresolved       what the service gives for a stub is not what its digest or its place says
"""

from pathlib import Path
from typing import Any
from uuid import UUID


class ClientError(Exception):
    """Any error of the client."""


class ConsumerError(ClientError):
    """Any error of a consumer of topics."""


class TopicMissing(ConsumerError):  # noqa: N818 - a state of the cluster
    """The cluster has no such topic, or this user may not see it."""

    def __init__(self, topic: str, bootstrap_servers: str) -> None:
        super().__init__(
            f"there is no topic {topic} at {bootstrap_servers}, or this user may not see it: "
            "check the name, or ask who runs tiendo to create it or to let you read it"
        )
        self.topic = topic


class MessageUnreadable(ConsumerError):  # noqa: N818 - it says what the message is
    """A record is no message of its topic. The consumer stands before it until it is put right or named in `pass_over`."""

    def __init__(self, topic: str, partition: int, offset: int, reason: str) -> None:
        super().__init__(
            f"topic {topic}, partition {partition}, offset {offset}: no message that can be read ({reason}); tell who runs tiendo. "
            "To go on without it name it in the consumer's pass_over"
        )
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.reason = reason


class ChainContradicted(ConsumerError):  # noqa: N818 - it says what the chain is
    """Two messages of one log cannot both stand in the partition: one names a predecessor that the other rules out."""

    def __init__(self, *, topic: str, partition: int, offset: int, log_id: UUID, reason: str) -> None:
        super().__init__(
            f"topic {topic}, partition {partition}, offset {offset}, log {log_id}: {reason}; tell who runs tiendo"
        )
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.log_id = log_id


class BatchNotSaved(ConsumerError):  # noqa: N818 - a mistake of the caller, told by what it left undone
    """The next batch was asked for before the one in hand was saved."""

    def __init__(self) -> None:
        super().__init__("the batch in hand was not saved: call `await batch.save(…)` before the next one is asked for")


class PositionsMoved(ConsumerError):  # noqa: N818 - it says what happened
    """The positions are not those that the batch began at: somebody else took over the partitions. Roll back; the next batch begins at theirs."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"{detail}: another consumer has taken over; roll back and go on with the next batch")


class PositionsUnusable(ConsumerError):  # noqa: N818 - a state of the store
    """The positions cannot be kept where they should be."""


class PositionsInUse(PositionsUnusable):
    """Another process keeps its positions in the same file."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is in use by another process: stop it, or name another file")
        self.path = path


class ApiError(ClientError):
    """Any error of the HTTP client."""


class ApiUnreachable(ApiError):  # noqa: N818 - a state of the service
    """No answer came, or none that can be read."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url


class ApiProblem(ApiError):  # noqa: N818 - RFC 9457's own word
    """The service refused. `type` is stable, and a page that explains it; `document` has everything that was said."""

    def __init__(self, url: str, document: dict[str, Any]) -> None:
        self.url = url
        self.document = document
        self.type = str(document.get("type", "about:blank"))
        self.title = str(document.get("title", ""))
        self.status = int(document.get("status", 0))
        self.detail = str(document.get("detail", ""))
        self.field: str | None = document.get("field")
        self.remedy: str | None = document.get("remedy")
        said = " ".join(filter(None, [self.title, self.detail, self.remedy]))
        super().__init__(f"{url}: {self.status} {said} ({self.type})")


class AccessDenied(ApiProblem):
    """No key, a bad one, or one without the scope."""


class NotFound(ApiProblem):
    """There is no such thing."""


class NotYet(ApiProblem):
    """The answer is to be had later, and did not come within the limit."""


class RequestInvalid(ApiProblem):
    """A parameter cannot be used, or this combination is not to be had."""


class StubUnresolved(ApiError):  # noqa: N818 - it says what the stub is
    """What the service gives for a stub is not what its digest or its place says."""

    def __init__(self, dataref: str, reason: str) -> None:
        super().__init__(f"{dataref}: {reason}")
        self.dataref = dataref
