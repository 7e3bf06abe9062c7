"""One event of a request, and what became of its check."""

from dataclasses import dataclass

from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_contracts.problems.problem_kinds import Refusal


@dataclass(frozen=True, slots=True)
class Sent:
    """One event as it was sent, and what became of its check.

    `index` is its place in the request, from 0; `raw` its text, cut if it was too long; `id` what it calls itself, if it can be told.
    `annulled_type`: of a correction, also of another, the type of what it annuls in the end, once that was looked up and is known.
    """

    index: int
    raw: bytes | str
    id: str | None
    content: AcceptedEvent | Refusal
    annulled_type: str | None = None
