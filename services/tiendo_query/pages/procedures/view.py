"""What the list of procedures shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tiendo_contracts.answers.reports import Figures
from tiendo_query.breakdowns.procedures import CountedProcedure
from tiendo_query.counting import figures
from tiendo_query.pages.paging import Paged, paged

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


def procedures_view(found: Sequence[CountedProcedure], start: date, end: date, *, page: int) -> ProceduresView:
    """The page; raises the refusal of a page that is not there."""
    rows = [
        ProcedureRow(id=one.id, name=one.name, counts=Figures.model_validate(figures(one.counts, ""))) for one in found
    ]
    ordered = sorted(rows, key=lambda row: (-row.counts.resolved_overdue, -row.counts.open_overdue, row.id or ""))
    simulated = any(one.counts["simulated"] for one in found)
    return ProceduresView(
        start=start, end=end, simulated=simulated, page=paged(ordered, page, ROWS_MAX), count=len(ordered)
    )
