"""How an outcome of the log becomes a refusal, and a refusal an entry of the list: the same for HTTP and files."""

from collections.abc import Mapping
from typing import Final

import structlog

from tiendo_contracts.kept_refusals import kept_refusal
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_event_store.outcomes import Conflict, Unstorable
from tiendo_event_store.rejected.rejections import NewRejection

POLLED: Final = "polled"
"""The format, in the origin of a rejection, of what was not sent but fetched."""
TABLE: Final = "table"
"""The same of a row of a table, of which the named columns were kept."""

_journal = structlog.get_logger("tiendo.event_store")


def refusal_of(outcome: Conflict | Unstorable, *, event_id: str | None) -> Refusal:
    """Why the log did not take an event; a fault of ours is told in the journal."""
    match outcome:
        case Conflict(position=position):
            return Refusal(ProblemKind.CONFLICT, field="id", values={"position": position})
        case Unstorable(reason=reason):
            _journal.error("an event that was checked cannot be stored", event_id=event_id, reason=reason)
            return Refusal(ProblemKind.INTERNAL_ERROR)


def rejection_of(
    refusal: Refusal,
    *,
    raw: bytes | str,
    index: int,
    request: str,
    key_id: str | None = None,
    origin: Mapping[str, str] | None = None,
) -> NewRejection:
    """The entry to keep of a refused event, which says why in whatever language it is read later."""
    return NewRejection(
        key_id=key_id,
        request=request,
        index=index,
        raw=raw if isinstance(raw, bytes) else raw.encode(),
        problem=kept_refusal(refusal, index=index),
        origin=origin,
    )
