"""A record of a topic in one line that a person can read."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tiendo_cli.terminal import visible
from tiendo_contracts.messages.decoding import MessageInvalid, decode_message
from tiendo_contracts.messages.states import DelayAttributionsState, PartyOfCase, StateMessage
from tiendo_contracts.messages.topics import TopicKind

_PREFIX: Final = "vn.tiendo."
_LENGTH_MAX: Final = 100
_SHARES_MAX: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedRecord:
    """A record as the consumer got it; `sent_at` in milliseconds since 1970."""

    topic: str
    kind: TopicKind | None
    partition: int
    offset: int
    sent_at: int
    key: bytes | None
    value: bytes | None


def line_of(received: WatchedRecord) -> str:
    """When it was sent, topic and partition, position or version, type, key, and minutes; never two lines, whatever the record holds."""
    sent = datetime.fromtimestamp(received.sent_at / 1000, UTC).astimezone()
    what = _readable(received) if received.kind is not None else "of no known kind"
    return f"{sent:%Y-%m-%d %H:%M:%S} {received.topic} {received.partition}:{received.offset} {what}"


def _readable(received: WatchedRecord) -> str:
    key = shown((received.key or b"").decode(errors="replace"))
    if received.value is None:
        return f"deleted {key}"
    assert received.kind is not None  # noqa: S101 - the caller has looked
    try:
        message = decode_message(received.kind, received.value)
    except MessageInvalid as error:
        return f"cannot be read ({shown(str(error))}) {key}"
    kind = shown(message.type.removeprefix(_PREFIX))
    if isinstance(message, StateMessage):
        version = message.version
        place = f"version {version.build}.{version.position}.{version.revision}"
    else:
        place = f"position {message.position} after {message.previousposition}"
    if message.is_stub:
        return f"{place} {kind} {key} stub: {shown(message.dataref or '')}"
    minutes = _minutes(message.data) if isinstance(message, StateMessage) else ""
    return f"{place} {kind} {key}{minutes}"


def _minutes(state: object) -> str:
    """How late the case is, and for states of attributions the largest shares."""
    fault, late = getattr(state, "fault", False), getattr(state, "lateness_minutes", None)
    if fault:
        return " fault: nothing is said of the case"
    if isinstance(state, DelayAttributionsState) and state.outside:
        return " outside: no concern of this agency any more"
    if not late:
        return " not late" if late == 0 else ""
    shares = sorted(getattr(state, "attributions", []), key=lambda share: -share.minutes)
    said = [f"{_party(share.party)} {share.minutes}" for share in shares[:_SHARES_MAX]]
    said += ["…"] if len(shares) > _SHARES_MAX else []
    return f" late {late} min" + (f": {', '.join(said)}" if said else "")


def _party(party: PartyOfCase) -> str:
    return "withheld" if party.withheld else shown(party.name or party.id or party.kind)


def shown(text: str) -> str:
    """The text without anything that a terminal would obey, of bounded length."""
    plain = visible(text)
    return plain if len(plain) <= _LENGTH_MAX else f"{plain[:_LENGTH_MAX]}…"
