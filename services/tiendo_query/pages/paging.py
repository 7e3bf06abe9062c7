"""Numbered pages of what is worked out as a whole anyway."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_query.questions.parameter_refusals import refused

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged(Generic[_Item]):
    """One page; `start` is the place of its first item among all, from 0."""

    items: Sequence[_Item]
    page: int
    page_count: int
    start: int


def page_of(items: Sequence[_Item], page: int, total: int, size: int) -> Paged[_Item]:
    """The page whose items are known already, of `total`; raises as `paged` does."""
    page_count = max(1, -(-total // size))
    if page > page_count:
        raise refused("page", Words(en=f"at most {page_count} here", vi=f"số trang không quá {page_count}"))
    return Paged(items=items, page=page, page_count=page_count, start=(page - 1) * size)


def paged(items: Sequence[_Item], page: int, size: int) -> Paged[_Item]:
    """The page, counted from 1; raises the refusal of one behind the last, also where there is nothing to show on the first."""
    start = (page - 1) * size
    return page_of(items[start : start + size], page, len(items), size)
