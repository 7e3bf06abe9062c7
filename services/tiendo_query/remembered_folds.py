"""What cases showed as at instants of the past: that stays, until another event of the case is projected or other rules hold."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline_types import Basis
from tiendo_read_models.queries.refolding import ToFold, View
from tiendo_read_models.queries.relations import FoldedCase

BYTES_MAX: Final = 48 * 2**20
_BYTES_OF_AN_ENTRY: Final = 600
"""About what it takes besides the bytes that it shows."""

_JUST_NOW: Final = timedelta(minutes=2)
"""Whoever asks as at the present moment never asks for the same one again, but for the next pages."""

_Key = tuple[ToFold, datetime]


class RememberedFolds:
    """Folded cases by case and instant, `bytes_max` of them; what was of use longest ago goes first. A case that was not there yet shows nothing."""

    def __init__(self, bytes_max: int = BYTES_MAX) -> None:
        self._bytes_max = bytes_max
        self._bytes = 0
        self._rules: RuleBook | None = None
        self._found: OrderedDict[_Key, tuple[FoldedCase, ...]] = OrderedDict()

    def known(self, cases: Sequence[ToFold], view: View) -> dict[ToFold, tuple[FoldedCase, ...]]:
        """What is remembered of the cases in the view; nothing of what was folded by other rules."""
        if view.rules is not self._rules:
            return {}
        keys = {case: (case, view.as_of) for case in cases}
        found = {case: self._found[key] for case, key in keys.items() if _is_kept(view) and key in self._found}
        for case in found:
            self._found.move_to_end(keys[case])
        return found

    def remember(self, cases: dict[ToFold, tuple[FoldedCase, ...]], view: View) -> None:
        """Remember what the cases show in the view; what was folded by other rules is forgotten."""
        if not _is_kept(view):
            return
        if view.rules is not self._rules:
            self._rules, self._bytes = view.rules, 0
            self._found.clear()
        for case, folded in cases.items():
            if (case, view.as_of) not in self._found:
                self._found[case, view.as_of] = folded
                self._bytes += _size(folded)
        while self._bytes > self._bytes_max:
            self._bytes -= _size(self._found.popitem(last=False)[1])


def _size(folded: tuple[FoldedCase, ...]) -> int:
    return _BYTES_OF_AN_ENTRY + sum(one.size for one in folded)


def _is_kept(view: View) -> bool:
    """Whether the view is that of lists and figures, as at an instant that may be asked for again."""
    return view.known_at is None and view.basis is Basis.OCCURRED and view.as_of < datetime.now(UTC) - _JUST_NOW
