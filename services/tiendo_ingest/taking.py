"""Checked events of a request into the log: first judged by what the log tells, then stored, counted and noted."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_event_store import LogUnavailable
from tiendo_ingest.ingest_state import Ingest
from tiendo_ingest.intake import log_unavailable
from tiendo_ingest.judging.checked_event import Sent
from tiendo_ingest.judging.checking import checked_text
from tiendo_ingest.judging.entitlement import Sender, with_annulments_judged
from tiendo_ingest.judging.explaining import access_entry, concerns_explanations, with_explanations_judged
from tiendo_ingest.routes.receipts import Receipt, Refused, Stored
from tiendo_runtime.authentication import Caller, Key
from tiendo_runtime.authentication.people import SignedInPerson

EVENTS_ADDRESS = "/v1/events"


async def judged_by_the_log(ingest: Ingest, sent: Sequence[Sent], sender: Sender) -> list[Sent]:
    """The same, but refused what the sender may not send by what the log tells; raises `Refusal` (503)."""
    try:
        judged = await with_annulments_judged(sent, sender, ingest.log)
        return await with_explanations_judged(judged, sender, ingest.cases)
    except LogUnavailable as error:
        raise log_unavailable(error) from None


async def take_events(
    ingest: Ingest,
    sender: Sender,
    sent: Sequence[Sent],
    *,
    request: str,
    address: str = EVENTS_ADDRESS,
    busy_seconds_max: float = 0.0,
) -> list[Receipt]:
    """One receipt per event, in the same order; raises `Refusal` (503) when the log cannot be read or written."""
    judged = await judged_by_the_log(ingest, sent, sender)
    receipts = await ingest.intake.take(
        judged, key_id=sender.entered_by, request=request, busy_seconds_max=busy_seconds_max
    )
    ingest.count(receipts)
    for each, receipt in zip(judged, receipts, strict=True):
        if isinstance(receipt, Stored) and receipt.first:
            note_taken(ingest, each, sender, address)
    return receipts


def note_taken(ingest: Ingest, sent: Sent, sender: Sender, address: str) -> None:
    """Note in the access log what is new in the log, if it is explained or decided, or annuls what was."""
    if isinstance(sent.content, AcceptedEvent) and concerns_explanations(sent):
        ingest.access.note(access_entry(sent.content, sender, address))


class PagesIntake:
    """The way into the log for what people explain and decide on pages: judged as what comes to `POST /v1/events`."""

    def __init__(self, ingest: Ingest) -> None:
        self._ingest = ingest

    async def take(self, caller: Caller, event: Mapping[str, Any], *, address: str) -> int:
        """The position of the event in the log, also if it stood there before. Raises the `Refusal` that `POST /v1/events` would answer."""
        [taken] = await self.take_all(caller, [event], address=address)
        if isinstance(taken, Refusal):
            raise taken
        return taken

    async def take_all(
        self, caller: Caller, events: Sequence[Mapping[str, Any]], *, address: str
    ) -> Sequence[int | Refusal]:
        """Of each event its position, or why it is refused: where several are sent and one may not be said, none is kept. Raises `Refusal` (503)."""
        if not isinstance(caller, Key | SignedInPerson):
            raise Refusal(ProblemKind.UNAUTHENTICATED)
        sent = [checked_text(place, orjson.dumps(event), caller) for place, event in enumerate(events)]
        if len(sent) > 1:
            judged = await judged_by_the_log(self._ingest, sent, caller)
            refused = {each.index: each.content for each in judged if isinstance(each.content, Refusal)}
            if refused:
                return [refused.get(each.index, 0) for each in judged]
        receipts = await take_events(self._ingest, caller, sent, request=address, address=address)
        return [one.refusal if isinstance(one, Refused) else one.position for one in receipts]
