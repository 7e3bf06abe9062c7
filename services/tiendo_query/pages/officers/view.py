"""What the list of officers shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.vietnamese_order import name_order, text_order
from tiendo_query.figures.ranking import RankedOfficer
from tiendo_query.names.searching import finds_officer
from tiendo_query.pages.paging import Paged, paged
from tiendo_query.pages.sorted_columns import SortedColumns
from tiendo_read_models.queries.officers import NO_SUMS, OfficerNames, OfficerSums

ROWS_MAX: Final = 100
LATE_ONLY: Final = "late"


def _unit(names: OfficerNames) -> str | None:
    return names.unit_name or names.unit_id


OFFICERS_SORTED: Final[SortedColumns[RankedOfficer]] = SortedColumns(
    keys={
        "name": lambda row: name_order(row.names.name or row.names.id),
        "unit": lambda row: text_order(_unit(row.names)) if _unit(row.names) else None,
        "cases": lambda row: row.sums.cases,
        "late": lambda row: row.sums.late_cases,
        "attributed": lambda row: row.sums.attributed_minutes,
        "late_entry": lambda row: row.sums.late_entry_minutes,
        "overrun": lambda row: row.sums.overrun_minutes,
    },
    falling=frozenset({"cases", "late", "attributed", "late_entry", "overrun"}),
)
"""Most minutes first, as the interface has them, unless asked otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficersView:
    """One page of the list over the period, both days inclusive; `sums` are those of all of it, a case once for each officer."""

    start: date
    end: date
    page: Paged[RankedOfficer]
    count: int
    sums: OfficerSums
    csv: str
    xlsx: str
    shown: Sequence[Words]


def officers_listed(
    officers: Sequence[RankedOfficer], *, text: str | None, late: bool, sort: str | None
) -> list[RankedOfficer]:
    """Those whom the text finds, with `late` only who bears something, by unit and name unless `sort` says otherwise: nobody is ranked unasked."""
    found = [
        one
        for one in officers
        if (text is None or finds_officer(text, one.names))
        and (not late or one.sums.late_cases > 0 or one.sums.late_cases_by_rule > 0)
    ]
    by_name = sorted(found, key=lambda row: (text_order(_unit(row.names)), name_order(row.names.name), row.key))
    return OFFICERS_SORTED.in_order(by_name, sort)


def total_of(officers: Sequence[RankedOfficer]) -> OfficerSums:
    """What they come to."""
    return sum((one.sums for one in officers), start=NO_SUMS)


def officers_page(listed: Sequence[RankedOfficer], page: int) -> Paged[RankedOfficer]:
    """The page of the list; raises the refusal of one that is not there."""
    return paged(listed, page, ROWS_MAX)
