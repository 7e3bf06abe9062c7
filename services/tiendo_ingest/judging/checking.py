"""Events judged one by one, before the log is asked: are they well formed, and may this key send them?"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from tiendo_contracts.events.case_events import EVENT_SIZE_MAX, accept, shown_id, too_large
from tiendo_contracts.events.plain_events import plain_event
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_contracts.texts.strict_json import Json, decode, elements, parse_text
from tiendo_ingest.judging.checked_event import Sent
from tiendo_ingest.judging.entitlement import Sender, entitled

BATCH_EVENTS_MAX = 10_000

_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])


def checked_text(index: int, raw: bytes, sender: Sender) -> Sent:
    """The event that one JSON text holds."""
    return _plain(index, raw, sender) or _checked(index, raw, sender)


def _plain(index: int, raw: bytes, sender: Sender) -> Sent | None:
    """The event, if it is plainly in order and this key may send it."""
    event = plain_event(raw) if len(raw) <= EVENT_SIZE_MAX else None
    if event is None:
        return None
    try:
        return Sent(index, raw, event.id, entitled(event, sender))
    except Refusal as refusal:
        return Sent(index, raw, event.id, refusal)


def _checked(index: int, raw: bytes, sender: Sender) -> Sent:
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


def checked_batch(body: bytes, sender: Sender) -> list[Sent]:
    """The events of a JSON array, each judged by itself.

    Raises `Refusal` when the text cannot be divided into events or holds too many.
    """
    text = decode(body)
    plain = [_plain(index, raw, sender) for index, raw in enumerate(_divided(body))]
    if plain and None not in plain:
        return [sent for sent in plain if sent is not None]
    return list(_carefully(text, plain, sender))


def _divided(body: bytes) -> Iterable[bytes]:
    """The texts of the elements; none where there are too many, or something is to be refused by name."""
    try:
        raws = _ARRAY.decode(body)
    except (msgspec.MsgspecError, RecursionError):
        return ()
    return map(bytes, raws) if len(raws) <= BATCH_EVENTS_MAX else ()


def _carefully(text: str, plain: Sequence[Sent | None], sender: Sender) -> Iterator[Sent]:
    """The events of a batch that is not plainly in order as a whole; `plain` are those of its elements that are, if it could be divided."""
    for index, (element, value) in enumerate(elements(text, length_max=EVENT_SIZE_MAX)):
        if index == BATCH_EVENTS_MAX:
            raise Refusal(ProblemKind.TOO_MANY_EVENTS, values={"limit": BATCH_EVENTS_MAX})
        known = plain[index] if index < len(plain) else None
        yield known or _checked_element(index, element, value, sender)


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
