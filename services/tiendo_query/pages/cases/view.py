"""What the list of cases shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_query.cases.case_pages import AskedCases
from tiendo_query.cases.case_sorts import SortColumn
from tiendo_query.pages.cases.case_rows import CaseRow, case_rows
from tiendo_query.pages.cases.exporting import quality_of, words_of_sums
from tiendo_query.pages.cases.filter_form import FilterField
from tiendo_query.pages.cases.filter_words import words_of_filters
from tiendo_query.pages.cases.parameters import CasesParameters
from tiendo_query.pages.cases.shown_pages import ShownPage, usual_sort
from tiendo_query.pages.looking import text_of
from tiendo_query.pages.rendering import Frame
from tiendo_query.pages.showing import Said
from tiendo_query.pages.sorted_columns import Sorts
from tiendo_read_models.queries.cases.listed_cases import CaseSums

_FALLING: Final = frozenset({str(SortColumn.LATENESS), str(SortColumn.RECEIVED)})


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesView:
    """One page of the list, sorted by one of `sorts`; `unsorted` is whether an order was asked for that is not to be had.

    `total` is how many cases there are on all pages, where that was counted.

    `filters` is what narrows it, in words; `fields` ask for that, and `kept` is what narrows it besides them.
    `first`, `previous` and `following` lead to other pages of it, `csv` and `xlsx` to all of it as a file.
    """

    cases: Sequence[CaseRow]
    sorts: Sorts
    unsorted: bool
    filters: Sequence[Said]
    fields: Sequence[FilterField]
    kept: Sequence[tuple[str, str]]
    is_filtered: bool
    total: int | None
    sums: Sequence[Words]
    sums_href: str | None
    first: str | None
    previous: str | None
    following: str | None
    csv: str
    xlsx: str


def cases_view(
    asked: CasesParameters,
    question: AskedCases,
    shown: ShownPage,
    frame: Frame,
    *,
    fields: Sequence[FilterField],
    sums: CaseSums | None,
) -> CasesView:
    """The page as it was found."""
    found, own = shown.page, asked.own
    if shown.refused:
        own = {name: value for name, value in own.items() if name != "sort"}
    narrowing = {name: value for name, value in own.items() if name != "sums"}
    link = asked.looking.link
    return CasesView(
        cases=case_rows(found.records, names=frame.signed_in),
        sorts=Sorts(
            link=lambda sort: link("/cases", **{**own, "sort": sort}),
            columns=frozenset(SortColumn),
            chosen=shown.sort,
            falling=_FALLING,
            usual=usual_sort(question),
        ),
        unsorted=shown.refused,
        filters=words_of_filters(asked, question, frame.bar.unit_path if frame.bar else None),
        fields=fields,
        kept=[(name, text_of(value)) for name, value in narrowing.items() if name not in {one.name for one in fields}],
        is_filtered=bool(narrowing.keys() - {"sort"}),
        total=found.total,
        sums=() if sums is None else (words_of_sums(sums), quality_of(sums)),
        sums_href=None if sums is not None else link("/cases", **{**own, "sums": True, "cursor": asked.cursor}),
        first=None if found.is_first else link("/cases", **own),
        previous=None if found.previous is None else link("/cases", **own, cursor=found.previous),
        following=None if found.next is None else link("/cases", **own, cursor=found.next),
        csv=link("/cases.csv", **narrowing),
        xlsx=link("/cases.xlsx", **narrowing),
    )
