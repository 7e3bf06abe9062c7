"""Sums by whatever is counted for: added, and taken out of one another."""

from collections.abc import Hashable, Mapping

Sums = Mapping[Hashable, tuple[int, ...]]
"""What is counted, by whatever it is counted for; nothing that is 0 throughout."""


def added(one: Sums, other: Sums) -> Sums:
    """Both together."""
    return _together(one, other, 1)


def subtracted(one: Sums, other: Sums) -> Sums:
    """The one without the other, which is a part of it."""
    return _together(one, other, -1)


def _together(one: Sums, other: Sums, sign: int) -> Sums:
    if not other:
        return one
    found = dict(one)
    for key, values in other.items():
        present = found.get(key)
        total = tuple(sign * value for value in values)
        if present is not None:
            total = tuple(map(int.__add__, present, total))
        if any(total):
            found[key] = total
        else:
            found.pop(key, None)
    return found
