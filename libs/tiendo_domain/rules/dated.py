"""Rules that hold from one local date on, or up to one (section R)."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar


class _Dated(Protocol):
    @property
    def valid_from(self) -> date | None: ...


class _Bounded(_Dated, Protocol):
    @property
    def valid_to(self) -> date | None: ...


DatedRule = TypeVar("DatedRule", bound=_Dated)
BoundedRule = TypeVar("BoundedRule", bound=_Bounded)


def newest_first(rules: Sequence[DatedRule], added: DatedRule) -> tuple[DatedRule, ...]:
    """`rules` with `added` in place of the one of the same first day, newest first."""
    others = [rule for rule in rules if rule.valid_from != added.valid_from]
    return tuple(sorted([*others, added], key=lambda rule: rule.valid_from or date.min, reverse=True))


def begun(rules: Sequence[DatedRule], on: date) -> DatedRule | None:
    """The newest of `rules`, which stand newest first, that had begun on the local date `on`."""
    return next((rule for rule in rules if rule.valid_from is None or rule.valid_from <= on), None)


def valid_on(rules: Sequence[BoundedRule], on: date | None) -> BoundedRule | None:
    """The newest of `rules`, which stand newest first, that is valid on `on`: from its first day on, up to the one before its `valid_to`.

    Where none is, the nearest in time: the newest that had begun, before the first day of all the first. For None the newest of all.
    None only where there is no rule.
    """
    if not rules or on is None:
        return next(iter(rules), None)
    return next((rule for rule in rules if _holds(rule, on)), None) or begun(rules, on) or rules[-1]


def valid_or_ended(rules: Sequence[BoundedRule], on: date) -> BoundedRule | None:
    """The newest of `rules`, which stand newest first, that is valid on `on`, else the newest that had begun by then; None where none had."""
    return next((rule for rule in rules if _holds(rule, on)), begun(rules, on))


def _holds(rule: _Bounded, on: date) -> bool:
    return (rule.valid_from is None or rule.valid_from <= on) and (rule.valid_to is None or on < rule.valid_to)
