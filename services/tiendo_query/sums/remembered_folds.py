"""What cases showed as at instants of the past, and what their figures are in the present minute and the coming one.

Both stay until another event of the case is projected or other rules hold, each with room of its own: minutes go by, and what a month showed stays of
use. They are kept packed, so that all cases of a large province that were unfinished at an instant have room: of what is asked for in the same order
again and again nothing is of use once some of it has to go.
"""

import zlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from tiendo_domain.calendar import floor_minute
from tiendo_domain.calendar.minutes import MINUTE
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline_types import Basis
from tiendo_read_models.queries.cases.refolding import ToFold, View
from tiendo_read_models.queries.cases.relations import FoldedCase

BYTES_MAX: Final = 48 * 2**20
"""Of the past, and as much of the minutes."""
_BYTES_OF_AN_ENTRY: Final = 600
"""About what it takes besides the bytes that it shows."""

_BETWEEN: Final = b"\0"
"""Stands in no JSON."""
_PACKING_LEVEL: Final = 1

_JUST_NOW: Final = timedelta(minutes=2)
"""Whoever asks as at the present moment never asks for the same one again, but for the next pages."""


class _Key(NamedTuple):
    """A case as at an instant, with what is explained and decided until another, or its figures throughout the minute that begins then."""

    case: ToFold
    at: datetime
    explained_by: datetime | None
    of_the_minute: bool


class _PackedCase(NamedTuple):
    """A folded case with the bytes that it shows packed, by a dictionary."""

    case: FoldedCase
    shown: bytes
    dictionary: bytes

    @classmethod
    def of(cls, folded: FoldedCase, dictionary: bytes) -> "_PackedCase":
        """The case, packed."""
        packing = zlib.compressobj(_PACKING_LEVEL, zdict=dictionary)
        shown = packing.compress(_shown(folded)) + packing.flush()
        return cls(replace(folded, case=b"", holds=b"", shares=b"", explanations=b""), shown, dictionary)

    def unpacked(self) -> FoldedCase:
        """The case as it was."""
        shown = zlib.decompressobj(zdict=self.dictionary).decompress(self.shown)
        case, holds, shares, explanations = shown.split(_BETWEEN)
        return replace(self.case, case=case, holds=holds, shares=shares, explanations=explanations)


def _shown(folded: FoldedCase) -> bytes:
    return _BETWEEN.join((folded.case, folded.holds, folded.shares, folded.explanations))


Wanted = Callable[[FoldedCase], bool]
"""Whether a case is asked for, by what of it is not packed."""


def any_case(_: FoldedCase) -> bool:
    """All of them."""
    return True


class _Shelf:
    """Packed cases, `bytes_max` of them; what was of use longest ago goes first."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._bytes = 0
        self._found: OrderedDict[_Key, tuple[_PackedCase, ...]] = OrderedDict()

    def __contains__(self, key: _Key) -> bool:
        return key in self._found

    def of(self, key: _Key) -> tuple[_PackedCase, ...] | None:
        """What is kept under the key, which is of use."""
        found = self._found.get(key)
        if found is not None:
            self._found.move_to_end(key)
        return found

    def keep(self, key: _Key, packed: tuple[_PackedCase, ...]) -> None:
        """Keep it, for which others may have to go."""
        self._found[key] = packed
        self._bytes += _size(packed)
        while self._bytes > self._bytes_max:
            self._forget_first()

    def forget_before(self, minute: datetime) -> None:
        """Forget what is of an earlier minute and was of use longest ago."""
        while self._found and next(iter(self._found)).at < minute:
            self._forget_first()

    def clear(self) -> None:
        """Forget everything."""
        self._found.clear()
        self._bytes = 0

    def _forget_first(self) -> None:
        self._bytes -= _size(self._found.popitem(last=False)[1])


class RememberedFolds:
    """Folded cases by case and instant. A case that was not there yet shows nothing."""

    def __init__(self, now: Callable[[], datetime], bytes_max: int = BYTES_MAX) -> None:
        self._now = now
        self._rules: RuleBook | None = None
        self._dictionary = b""
        self._past = _Shelf(bytes_max)
        self._minutes = _Shelf(bytes_max)

    def known(
        self, cases: Sequence[ToFold], view: View, wanted: Wanted = any_case
    ) -> dict[ToFold, tuple[FoldedCase, ...]]:
        """What is remembered of the cases in the view, and is `wanted`; nothing of what was folded by other rules."""
        if view.rules is not self._rules or not _is_of_lists_and_figures(view):
            return {}
        found: dict[ToFold, tuple[FoldedCase, ...]] = {}
        is_of_the_past = self._is_of_the_past(view)
        if not view.figures_alone and not is_of_the_past:
            return found
        shelf = self._past if is_of_the_past else self._minutes
        for case in cases:
            packed = shelf.of(_key(case, view, of_the_minute=not is_of_the_past))
            if packed is not None:
                found[case] = tuple(one.unpacked() for one in packed if wanted(one.case))
        return found

    def remember(self, cases: dict[ToFold, tuple[FoldedCase, ...]], view: View) -> None:
        """Remember what the cases show in the view; what was folded by other rules is forgotten."""
        if not _is_of_lists_and_figures(view):
            return
        if view.rules is not self._rules:
            self._rules = view.rules
            self._past.clear()
            self._minutes.clear()
        is_of_the_past = self._is_of_the_past(view)
        shelf = self._past if is_of_the_past else self._minutes
        self._minutes.forget_before(floor_minute(self._now()) - MINUTE)
        for case, folded in cases.items():
            key = _key(case, view, of_the_minute=not is_of_the_past)
            if key not in shelf and (is_of_the_past or _is_of_the_minute(folded, view)):
                shelf.keep(key, self._packed(folded))

    def _packed(self, folded: tuple[FoldedCase, ...]) -> tuple[_PackedCase, ...]:
        """What is kept of it; cases are like each other: by the first one the others become small."""
        if not self._dictionary and folded:
            self._dictionary = _shown(folded[0])
        return tuple(_PackedCase.of(one, self._dictionary) for one in folded)

    def _is_of_the_past(self, view: View) -> bool:
        return view.as_of < self._now() - _JUST_NOW


def _key(case: ToFold, view: View, *, of_the_minute: bool) -> _Key:
    return _Key(case, floor_minute(view.as_of) if of_the_minute else view.as_of, view.explained_by, of_the_minute)


def _size(packed: tuple[_PackedCase, ...]) -> int:
    return _BYTES_OF_AN_ENTRY + sum(len(one.shown) for one in packed)


def _is_of_lists_and_figures(view: View) -> bool:
    return view.known_at is None and view.basis is Basis.OCCURRED


def _is_of_the_minute(folded: tuple[FoldedCase, ...], view: View) -> bool:
    """Whether the figures hold throughout the minute; that a case was not there yet does not."""
    begin = floor_minute(view.as_of)
    return (
        view.figures_alone
        and bool(folded)
        and all(one.says_the_same_throughout(begin, begin + MINUTE) for one in folded)
    )
