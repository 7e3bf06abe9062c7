"""What the list of procedures shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tiendo_contracts.answers.reports import Figures
from tiendo_domain.vietnamese_order import text_order
from tiendo_query.breakdowns.procedures import CountedProcedure
from tiendo_query.figures.counting import figures
from tiendo_query.names.searching import finds_thing
from tiendo_query.pages.paging import Paged, paged
from tiendo_query.pages.sorted_columns import COUNTED_FALLING, SortedColumns, counted_columns

ROWS_MAX: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureRow:
    """A procedure with its figures; the id is None for cases that name none."""

    id: str | None
    name: str | None
    counts: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceduresView:
    """One page of the list."""

    start: date
    end: date
    simulated: bool
    page: Paged[ProcedureRow]
    count: int


SORTED: Final[SortedColumns[ProcedureRow]] = SortedColumns(
    keys={
        "procedure": lambda row: text_order(row.name or row.id),
        **counted_columns(lambda row: row.counts),
    },
    falling=COUNTED_FALLING,
    usual="-overdue",
)


def procedures_view(
    found: Sequence[CountedProcedure], days: tuple[date, date], *, text: str | None, sort: str | None, page: int
) -> ProceduresView:
    """The page of those that the text finds by a part of the code or by name, those with most overdue cases first unless `sort` says otherwise.

    Raises the refusal of a page that is not there.
    """
    start, end = days
    rows = [
        ProcedureRow(id=one.id, name=one.name, counts=Figures.model_validate(figures(one.counts, "")))
        for one in found
        if text is None or finds_thing(text, one.id, one.name)
    ]
    ordered = sorted(rows, key=lambda row: (-row.counts.resolved_overdue, -row.counts.open_overdue, row.id or ""))
    simulated = any(one.counts["simulated"] for one in found)
    return ProceduresView(
        start=start,
        end=end,
        simulated=simulated,
        page=paged(SORTED.in_order(ordered, sort), page, ROWS_MAX),
        count=len(ordered),
    )
