"""The page of the list, in the order that was asked for where that can be had."""

from dataclasses import dataclass, replace
from datetime import datetime

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_query.cases.case_pages import AskedCases, PageOfCases
from tiendo_query.cases.late_pages import is_by_lateness
from tiendo_query.cases.sorted_pages import page_of_list
from tiendo_query.query_side import QuerySide, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPage:
    """A page of the list; `sort` is the order that it is in, None the usual one, and `refused` whether another was asked for."""

    page: PageOfCases
    sort: str | None
    refused: bool = False

    @property
    def total(self) -> int | None:
        """How many cases there are on all pages, where that was counted."""
        return self.page.total


async def shown_page(side: QuerySide, snapshot: Snapshot, asked: AskedCases, now: datetime) -> ShownPage:
    """The page as at `now`; where the order would cost too much, the first one in the usual order, since people are better served by that than by a refusal."""
    try:
        return ShownPage(page=await page_of_list(side, snapshot, asked, both_ways=True, now=now), sort=asked.sort)
    except Refusal as refusal:
        if refusal.kind is not ProblemKind.SORT_UNAVAILABLE:
            raise
    usual = replace(asked, sort=None, cursor=None)
    return ShownPage(page=await page_of_list(side, snapshot, usual, both_ways=True, now=now), sort=None, refused=True)


def usual_sort(asked: AskedCases) -> str:
    """The order of the list where none is asked for."""
    return "-lateness_minutes" if is_by_lateness(asked) else "case_id"
