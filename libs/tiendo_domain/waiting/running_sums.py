"""Sums over the first members of a list of which single members grow (a Fenwick tree)."""

from typing import Final

_LOWEST: Final = 1


class RunningSums:
    """`length` numbers, 0 at first: one of them grows, and the sum of some that lie together is had, each in O(log length)."""

    __slots__ = ("_tree",)

    def __init__(self, length: int) -> None:
        self._tree = [0] * (length + 1)

    def add(self, index: int, amount: int) -> None:
        """Let the number at `index` grow by `amount`."""
        at = index + _LOWEST
        while at < len(self._tree):
            self._tree[at] += amount
            at += at & -at

    def between(self, start: int, end: int) -> int:
        """The sum of the numbers at [start, end); 0 where that is empty."""
        return self._before(end) - self._before(start) if start < end else 0

    def _before(self, end: int) -> int:
        total, at = 0, end
        while at > 0:
            total += self._tree[at]
            at -= at & -at
        return total
