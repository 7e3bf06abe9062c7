"""What the list of cases shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from tiendo_query.case_pages import AskedCases, PageOfCases
from tiendo_query.pages.cases.case_rows import CaseRow, case_rows
from tiendo_query.pages.cases.filter_words import words_of_filters
from tiendo_query.pages.cases.parameters import CasesParameters
from tiendo_query.pages.rendering import Frame
from tiendo_query.pages.showing import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesView:
    """One page of the list; `filters` is what narrows it, in words, `total` how many there are on all pages, where that was counted."""

    cases: Sequence[CaseRow]
    filters: Sequence[Said]
    total: int | None
    following: str | None


def cases_view(asked: CasesParameters, question: AskedCases, found: PageOfCases, frame: Frame) -> CasesView:
    """The page as it was found."""
    own = asked.own
    return CasesView(
        cases=case_rows(found.records, names=frame.signed_in),
        filters=words_of_filters(asked, question, frame.bar.unit_path if frame.bar else None),
        total=found.total,
        following=None if found.next is None else asked.looking.link("/cases", **own, cursor=found.next),
    )
