"""Events judged one by one, before the log is asked: are they well formed, and may this key send them?"""

from collections.abc import Iterator

from tiendo_contracts.case_events import EVENT_SIZE_MAX, accept, shown_id, too_large
from tiendo_contracts.problem_kinds import ProblemKind, Refusal
from tiendo_contracts.strict_json import Json, decode, elements, parse_text
from tiendo_ingest.entitlement import Sender, entitled
from tiendo_ingest.sent import Sent

BATCH_EVENTS_MAX = 10_000


def checked_text(index: int, raw: bytes, sender: Sender) -> Sent:
    """The event that one JSON text holds."""
    value: Json = None
    try:
        if len(raw) > EVENT_SIZE_MAX:
            raise too_large(len(raw))
        text = decode(raw)
        value = parse_text(text)
        event = entitled(accept(value, text=text), sender)
    except Refusal as refusal:
        return Sent(index, raw[:EVENT_SIZE_MAX], shown_id(value), refusal)
    return Sent(index, raw, event.id, event)


def checked_batch(body: bytes, sender: Sender) -> Iterator[Sent]:
    """The events of a JSON array one by one.

    Raises `Refusal`, and what came before is void, when the text cannot be divided into events or holds too many.
    """
    for index, (text, value) in enumerate(elements(decode(body), length_max=EVENT_SIZE_MAX)):
        if index == BATCH_EVENTS_MAX:
            raise Refusal(ProblemKind.TOO_MANY_EVENTS, values={"limit": BATCH_EVENTS_MAX})
        yield _checked_element(index, text, value, sender)


def _checked_element(index: int, text: str, value: Json | Refusal, sender: Sender) -> Sent:
    try:
        if isinstance(value, Refusal):
            raise value
        if (size := len(text) if text.isascii() else len(text.encode())) > EVENT_SIZE_MAX:
            raise too_large(size)
        event = entitled(accept(value, text=text), sender)
    except Refusal as refusal:
        return Sent(index, text[:EVENT_SIZE_MAX], shown_id(value), refusal)
    return Sent(index, text, event.id, event)
