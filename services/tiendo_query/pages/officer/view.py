"""What the page of an officer shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tiendo_contracts.explanation import CLASS_WORDS, STATE_WORDS, rule_in_words
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_contracts.quality_words import VERDICT_WORDS
from tiendo_domain.quality import verdict_on
from tiendo_domain.timeline_types import CaseClass, State
from tiendo_domain.vietnamese_order import text_order
from tiendo_query.figures.ranking import OfficerDelay
from tiendo_query.pages.charts import Chart
from tiendo_query.pages.officer.own_holds import CourseOfACase, courses_of_cases
from tiendo_query.pages.paging import Paged, paged
from tiendo_query.pages.sorted_columns import SortedColumns

ROWS_MAX: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOfAnOfficer:
    """What an officer bears of one case, and by which rule."""

    case_id: str
    procedure: str | None
    state: Words
    case_class: Words | None
    course: CourseOfACase | None
    attributed_minutes: int
    attributed_by_rule_minutes: int
    late_entry_minutes: int
    late_entry_by_rule_minutes: int
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
    holds: Chart
    peers: Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerPictures:
    """The pictures of the page."""

    holds: Chart
    peers: Chart


SORTED: Final[SortedColumns[CaseOfAnOfficer]] = SortedColumns(
    keys={
        "case": lambda row: row.case_id,
        "procedure": lambda row: text_order(row.procedure),
        "held": lambda row: None if row.course is None else row.course.began_at,
        "attributed": lambda row: row.attributed_minutes,
        "late_entry": lambda row: row.late_entry_minutes,
        "overrun": lambda row: row.overrun_minutes,
    },
    falling=frozenset({"attributed", "late_entry", "overrun"}),
    usual="-attributed",
)


def officer_view(
    officer_id: str,
    delay: OfficerDelay,
    days: tuple[date, date],
    pictures: OfficerPictures,
    *,
    late: bool,
    sort: str | None,
    page: int,
) -> OfficerView:
    """The view, most attributed minutes first unless `sort` says otherwise; with `late` the late cases alone.

    Raises the refusal of a page that is not there.
    """
    start, end = days
    courses = courses_of_cases(delay.holds)
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
        page=paged(SORTED.in_order((_row(one, courses.get(one["case_id"])) for one in behind), sort), page, ROWS_MAX),
        holds=pictures.holds,
        peers=pictures.peers,
    )


def _row(one: Mapping[str, Any], course: CourseOfACase | None) -> CaseOfAnOfficer:
    return CaseOfAnOfficer(
        case_id=one["case_id"],
        procedure=one["procedure_name"] or one["procedure_id"],
        state=STATE_WORDS[State(one["state"])],
        case_class=None if one["case_class"] is None else CLASS_WORDS[CaseClass(one["case_class"])],
        course=course,
        attributed_minutes=int(one["attributed_minutes"]),
        attributed_by_rule_minutes=int(one["attributed_by_rule_minutes"]),
        late_entry_minutes=int(one["late_entry_minutes"]),
        late_entry_by_rule_minutes=int(one["late_entry_by_rule_minutes"]),
        overrun_minutes=int(one["overrun_minutes"]),
        rule=rule_in_words(one["rule"]) if one["rule"] else None,
    )


def _is_late(one: Mapping[str, Any]) -> bool:
    """As `late_cases` counts them."""
    return bool(one["attributed_minutes"] > 0 or one["late_entry_minutes"] > 0)


def _most_delay(one: Mapping[str, Any]) -> tuple[int, int, int, str]:
    """Most attributed minutes first, then most late-entry minutes, then most overrun, as the ranking orders officers."""
    return -one["attributed_minutes"], -one["late_entry_minutes"], -one["overrun_minutes"], one["case_id"]
