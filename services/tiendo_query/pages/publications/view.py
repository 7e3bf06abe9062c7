"""What the board of a month shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.monthly_list.workflow import ListState, StepKind
from tiendo_domain.months import Month
from tiendo_event_store.monthly_lists.list_steps import MonthlyList
from tiendo_query.pages.list_standing import NOBODY_DRAFTED, next_step, state_words
from tiendo_query.pages.public_lists.view import address_of
from tiendo_query.pages.sent_forms import NO_FAULTS, Faults
from tiendo_query.publications.board import Board, BoardLine, BoardList
from tiendo_query.publications.comparison import ListComparison
from tiendo_query.publications.publishing import window_ends_at
from tiendo_query.questions.periods import shown

_NO_LIST = Words(vi="chưa có danh sách", en="no list yet")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A unit with its list; without one `id` is None. `undecided` of `withheld` would not be named now for an explanation that waits.

    Of the officers of the list `explained` have explained something, and of `decided` of these nothing waits for a decision.
    """

    unit_id: str
    unit_name: str
    id: str | None
    state: Words
    following: Words
    late: int | None = None
    undecided: int | None = None
    withheld: int | None = None
    decided: int | None = None
    explained: int | None = None
    window_ends_at: str | None = None
    days_left: int | None = None
    public: tuple[str, str] | None = None
    may_draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """The month, its rows, and for whoever drafts what was wrong with a draft that was asked for."""

    month: Month
    is_over: bool
    rows: Sequence[BoardRow]
    comparisons: Sequence[ListComparison]
    drafts: bool
    unit: str
    faults: Faults


def board_view(board: Board, *, drafts: bool, unit: str = "", faults: Faults = NO_FAULTS) -> BoardView:
    """The page; `drafts`: whoever looks may draft lists."""
    standing = {
        line.unit_id
        for line in board.lines
        if line.of_list is not None and line.of_list.found.list.state is not ListState.WITHDRAWN
    }
    rows = [
        _row(board, line, may_draft=drafts and board.is_over and line.unit_id not in standing) for line in board.lines
    ]
    return BoardView(
        month=board.month,
        is_over=board.is_over,
        rows=rows,
        comparisons=board.comparisons,
        drafts=drafts,
        unit=unit,
        faults=faults,
    )


def _row(board: Board, line: BoardLine, *, may_draft: bool) -> BoardRow:
    name = line.unit_name or line.unit_id
    if line.of_list is None:
        return BoardRow(
            unit_id=line.unit_id,
            unit_name=name,
            id=None,
            state=_NO_LIST,
            following=NOBODY_DRAFTED,
            may_draft=may_draft,
        )
    return _with_list(board, line.unit_id, name, line.of_list, may_draft=may_draft)


def _with_list(board: Board, unit_id: str, name: str, shown_list: BoardList, *, may_draft: bool) -> BoardRow:
    one, version = shown_list.found.list, shown_list.found.version
    withheld = shown_list.approved["withheld"]
    explained = [row for row in shown_list.approved["officers"] if row["reasons"] or row["explanation_pending"]]
    is_gone = one.state is ListState.WITHDRAWN
    number = one.number(version)
    return BoardRow(
        unit_id=unit_id,
        unit_name=name,
        id=one.id,
        state=state_words(one, version, board.now, board.zone),
        following=next_step(one, withheld, board.now),
        late=None if is_gone else len(shown_list.approved["officers"]),
        undecided=None if is_gone else withheld["undecided"],
        withheld=None if is_gone else withheld["count"],
        decided=None if is_gone else sum(not row["explanation_pending"] for row in explained),
        explained=None if is_gone else len(explained),
        window_ends_at=window_text(one, board.zone),
        days_left=days_left(one, board.now, board.zone),
        public=None if number is None or is_gone else (address_of(str(number)), str(number)),
        may_draft=may_draft,
    )


def window_text(one: MonthlyList, zone: ZoneInfo) -> str | None:
    """Up to when explanations are, or were, taken; None before the list was opened."""
    return shown(window_ends_at(one), zone) if one.last(StepKind.OPENED) is not None else None


def days_left(one: MonthlyList, now: datetime, zone: ZoneInfo) -> int | None:
    """Local days until the window of an open list ends, 0 on its last; None where no window is open."""
    if one.state is not ListState.OPEN or now >= window_ends_at(one):
        return None
    return (window_ends_at(one).astimezone(zone).date() - now.astimezone(zone).date()).days
