"""Events as they lie in the log."""

from typing import Any

from pydantic import Field

from tiendo_contracts.answers.common import Answer, InstantText, Position


class LogEntry(Answer):
    """One event at its place in the log."""

    position: int = Field(ge=1)
    ingested_at: InstantText
    event: dict[str, Any] = Field(description="the CloudEvent, member by member the text that was accepted")


class LogPage(Answer):
    """Events in order of position; nothing is ever missing below `next`."""

    events: list[LogEntry]
    next: Position = Field(description="the position to ask after next")
