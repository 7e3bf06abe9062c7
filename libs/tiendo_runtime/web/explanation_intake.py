"""How a page hands what somebody explains or decides to the service that takes events: by the same way as `POST /v1/events`."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from fastapi import Request

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_runtime.authentication import Caller


class ExplanationIntake(Protocol):
    """Judges an event, and keeps it for ever."""

    async def take(self, caller: Caller, event: Mapping[str, Any], *, address: str) -> int:
        """The event's position in the log, also if it stood there before; raises the `Refusal` that `POST /v1/events` would answer."""

    async def take_all(
        self, caller: Caller, events: Sequence[Mapping[str, Any]], *, address: str
    ) -> Sequence[int | Refusal]:
        """Of each event its position, or why it is refused; where one is refused by itself or by the caller's rights, none is kept."""


def explanation_intake_of(request: Request) -> ExplanationIntake:
    """The intake of this process; raises `Refusal` (503) in one that takes no events (`tiendo serve query`)."""
    intake: ExplanationIntake | None = getattr(request.app.state, "explanation_intake", None)
    if intake is None:
        raise Refusal(ProblemKind.NOT_TAKEN_HERE)
    return intake
