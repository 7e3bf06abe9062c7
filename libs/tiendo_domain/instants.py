"""Instants as they were sent, and whole minutes (rules T2, T3)."""

from datetime import date, datetime
from typing import Never, final


class Moment:
    """What a text names in time: an `Instant`, or a `LocalDate` where a document bears no time of day."""

    __slots__ = ()

    def __setattr__(self, name: str, _value: object) -> Never:
        raise AttributeError(f"{name}: what was sent does not change")


@final
class Instant(Moment):
    """A moment, with the text that shows it.

    `at` is aware; comparisons with a due use it uncut (rule T2). `text` is the RFC 3339 text as a source sent it,
    or, for computed instants, the moment written in the calendar's zone.

    No dataclass, so that decoders leave the reading of its text to us.
    """

    __slots__ = __match_args__ = ("at", "text")
    at: datetime
    text: str

    def __init__(self, at: datetime, text: str) -> None:
        _set_at(self, at)
        _set_text(self, text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Instant):
            return NotImplemented
        return self.at == other.at and self.text == other.text

    def __hash__(self) -> int:
        return hash((self.at, self.text))

    def __reduce__(self) -> tuple[type["Instant"], tuple[datetime, str]]:
        return Instant, (self.at, self.text)

    def __repr__(self) -> str:
        return f"Instant(at={self.at!r}, text={self.text!r})"


@final
class LocalDate(Moment):
    """A day of the case's calendar, of which no time of day is known."""

    __slots__ = __match_args__ = ("on",)
    on: date

    def __init__(self, on: date) -> None:
        object.__setattr__(self, "on", on)

    def __eq__(self, other: object) -> bool:
        return self.on == other.on if isinstance(other, LocalDate) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.on)

    def __reduce__(self) -> tuple[type["LocalDate"], tuple[date]]:
        return LocalDate, (self.on,)

    def __repr__(self) -> str:
        return f"LocalDate(on={self.on!r})"


_set_at = vars(Instant)["at"].__set__
_set_text = vars(Instant)["text"].__set__


def instant_in_zone(at: datetime) -> Instant:
    """The computed moment `at`, written with the offset of its own zone."""
    return Instant(at, at.isoformat())
