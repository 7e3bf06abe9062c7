"""How an outcome of the log becomes a refusal, and a refusal an entry of the list: the same for HTTP and files."""

from typing import Any

import structlog

from tiendo_contracts.problem_kinds import Language, ProblemKind, Refusal
from tiendo_contracts.problems import problem_document
from tiendo_event_store.outcomes import Conflict, Unstorable
from tiendo_event_store.rejections import NewRejection

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
    refusal: Refusal, *, raw: bytes | str, index: int, request: str, key_id: str | None = None
) -> NewRejection:
    """The entry to keep of a refused event, which says why in every language: who reads it later may read another than who sent it."""
    return NewRejection(
        key_id=key_id,
        request=request,
        index=index,
        raw=raw if isinstance(raw, bytes) else raw.encode(),
        problem={language.value: problem_document(refusal, language, index=index) for language in Language},
    )


def problem_in(language: Language, kept: dict[str, Any]) -> dict[str, Any]:
    """The problem document in one language, of those that were kept of an entry."""
    found = kept.get(language.value, kept)
    return found if isinstance(found, dict) else kept
