"""What cases showed as at instants of the past, and what their figures are in the present minute.

Both stay until another event of the case is projected or other rules hold.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from tiendo_domain.calendar import floor_minute
from tiendo_domain.calendar.minutes import MINUTE
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline_types import Basis
from tiendo_read_models.queries.refolding import ToFold, View
from tiendo_read_models.queries.relations import FoldedCase

BYTES_MAX: Final = 48 * 2**20
_BYTES_OF_AN_ENTRY: Final = 600
"""About what it takes besides the bytes that it shows."""

_JUST_NOW: Final = timedelta(minutes=2)
"""Whoever asks as at the present moment never asks for the same one again, but for the next pages."""


class _Key(NamedTuple):
    """A case as at an instant, with what is explained and decided until another, or its figures throughout the minute that begins then."""

    case: ToFold
    at: datetime
    explained_by: datetime | None
    of_the_minute: bool


class RememberedFolds:
    """Folded cases by case and instant, `bytes_max` of them; what was of use longest ago goes first. A case that was not there yet shows nothing."""

    def __init__(self, now: Callable[[], datetime], bytes_max: int = BYTES_MAX) -> None:
        self._now = now
        self._bytes_max = bytes_max
        self._bytes = 0
        self._rules: RuleBook | None = None
        self._found: OrderedDict[_Key, tuple[FoldedCase, ...]] = OrderedDict()

    def known(self, cases: Sequence[ToFold], view: View) -> dict[ToFold, tuple[FoldedCase, ...]]:
        """What is remembered of the cases in the view; nothing of what was folded by other rules."""
        if view.rules is not self._rules or not _is_of_lists_and_figures(view):
            return {}
        found: dict[ToFold, tuple[FoldedCase, ...]] = {}
        if not view.figures_alone and not self._is_of_the_past(view):
            return found
        for case in cases:
            key = self._key(case, view)
            if key in self._found:
                found[case] = self._found[key]
                self._found.move_to_end(key)
        return found

    def remember(self, cases: dict[ToFold, tuple[FoldedCase, ...]], view: View) -> None:
        """Remember what the cases show in the view; what was folded by other rules is forgotten."""
        if not _is_of_lists_and_figures(view):
            return
        if view.rules is not self._rules:
            self._rules, self._bytes = view.rules, 0
            self._found.clear()
        for case, folded in cases.items():
            key = self._key(case, view)
            if key not in self._found and (self._is_of_the_past(view) or _is_of_the_minute(folded, view)):
                self._found[key] = folded
                self._bytes += _size(folded)
        while self._bytes > self._bytes_max:
            self._bytes -= _size(self._found.popitem(last=False)[1])

    def _key(self, case: ToFold, view: View) -> _Key:
        if self._is_of_the_past(view):
            return _Key(case, view.as_of, view.explained_by, of_the_minute=False)
        return _Key(case, floor_minute(view.as_of), view.explained_by, of_the_minute=True)

    def _is_of_the_past(self, view: View) -> bool:
        return view.as_of < self._now() - _JUST_NOW


def _size(folded: tuple[FoldedCase, ...]) -> int:
    return _BYTES_OF_AN_ENTRY + sum(one.size for one in folded)


def _is_of_lists_and_figures(view: View) -> bool:
    return view.known_at is None and view.basis is Basis.OCCURRED


def _is_of_the_minute(folded: tuple[FoldedCase, ...], view: View) -> bool:
    """Whether the figures hold throughout the minute, of a case that every question as at the present moment folds."""
    begin = floor_minute(view.as_of)
    return (
        view.figures_alone
        and any(one.moves_with_time for one in folded)
        and all(one.says_the_same_throughout(begin, begin + MINUTE) for one in folded)
    )
