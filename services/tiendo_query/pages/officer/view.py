"""What the page of an officer shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tiendo_contracts.explanation import rule_in_words
from tiendo_contracts.problem_kinds import Words
from tiendo_contracts.quality_words import VERDICT_WORDS
from tiendo_domain.quality import verdict_on
from tiendo_query.pages.paging import Paged, paged
from tiendo_query.ranking import OfficerDelay

ROWS_MAX: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOfAnOfficer:
    """What an officer bears of one case, and by which rule."""

    case_id: str
    attributed_minutes: int
    late_entry_minutes: int
    overrun_minutes: int
    rule: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerView:
    """The totals over the period, both days inclusive, and a page of the cases behind them."""

    officer_id: str
    delay: OfficerDelay
    several_names: Sequence[str]
    quality_word: Words
    start: date
    end: date
    late: bool
    case_count: int
    page: Paged[CaseOfAnOfficer]


def officer_view(officer_id: str, delay: OfficerDelay, start: date, end: date, *, late: bool, page: int) -> OfficerView:
    """The view; with `late` the late cases alone. Raises the refusal of a page that is not there."""
    behind = sorted((one for one in delay.cases if not late or _is_late(one)), key=_most_delay)
    sums = delay.sums
    return OfficerView(
        officer_id=officer_id,
        delay=delay,
        several_names=delay.several_names.get(delay.names.id or officer_id, ()),
        quality_word=VERDICT_WORDS[verdict_on(sums.attributed_minutes, sums.doubtful_minutes)],
        start=start,
        end=end,
        late=late,
        case_count=len(behind),
        page=paged([_row(one) for one in behind], page, ROWS_MAX),
    )


def _row(one: Mapping[str, Any]) -> CaseOfAnOfficer:
    return CaseOfAnOfficer(
        case_id=one["case_id"],
        attributed_minutes=int(one["attributed_minutes"]),
        late_entry_minutes=int(one["late_entry_minutes"]),
        overrun_minutes=int(one["overrun_minutes"]),
        rule=rule_in_words(one["rule"]) if one["rule"] else None,
    )


def _is_late(one: Mapping[str, Any]) -> bool:
    """As `late_cases` counts them."""
    return bool(one["attributed_minutes"] > 0 or one["late_entry_minutes"] > 0)


def _most_delay(one: Mapping[str, Any]) -> tuple[int, int, int, str]:
    """Most attributed minutes first, then most late-entry minutes, then most overrun, as the ranking orders officers."""
    return -one["attributed_minutes"], -one["late_entry_minutes"], -one["overrun_minutes"], one["case_id"]
