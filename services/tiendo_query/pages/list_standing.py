"""Where a monthly list stands, in words: its state, what comes next, and who owes it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from tiendo_contracts.explanation import moment_of_text
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.monthly_list.workflow import ListState
from tiendo_event_store.monthly_lists.list_steps import MonthlyList
from tiendo_query.publications.publishing import window_ends_at
from tiendo_query.questions.periods import shown

_DRAFT: Final = Words(vi="dự thảo", en="draft")
_APPROVED: Final = Words(vi="đã phê duyệt", en="approved")
_WITHDRAWN: Final = Words(vi="đã rút", en="withdrawn")

NOBODY_DRAFTED: Final = Words(
    vi="lập dự thảo: người công khai của đơn vị, hoặc Văn phòng",
    en="draft it: the unit's publisher, or the Office",
)
_OPEN_IT: Final = Words(
    vi="mở giải trình: người công khai của đơn vị, hoặc Văn phòng",
    en="open it to explanations: the unit's publisher, or the Office",
)
_EXPLAIN: Final = Words(
    vi="giải trình: công chức, viên chức có tên trong danh sách", en="explain: the officers whom the list names"
)
_APPROVE: Final = Words(
    vi="phê duyệt: người không lập danh sách này", en="approve it: somebody who has not drafted this list"
)
_PUBLISH: Final = Words(
    vi="công khai: người công khai của đơn vị, hoặc Văn phòng", en="publish it: the unit's publisher, or the Office"
)
_NOTHING: Final = Words(
    vi="không còn; đính chính khi có quyết định mới", en="none; correct it when something new is decided"
)
_AGAIN: Final = Words(vi="không còn; có thể lập danh sách mới", en="none; a new list may be drafted")


def state_words(one: MonthlyList, version: int, now: datetime, zone: ZoneInfo) -> Words:
    """Where the list stands; the number is that of the version."""
    match one.state:
        case ListState.DRAFT:
            return _DRAFT
        case ListState.OPEN:
            until = moment_of_text(shown(window_ends_at(one), zone))
            if now < window_ends_at(one):
                return Words(vi=f"đang giải trình đến {until}", en=f"open to explanations until {until}")
            return Words(vi=f"đã hết hạn giải trình lúc {until}", en=f"closed to explanations since {until}")
        case ListState.APPROVED:
            return _APPROVED
        case ListState.PUBLISHED:
            number = one.number(version)
            return Words(vi=f"đã công khai số {number}", en=f"published as {number}")
        case ListState.WITHDRAWN:
            return _WITHDRAWN


def next_step(one: MonthlyList, withheld: Mapping[str, Any], now: datetime) -> Words:
    """What comes next, and who owes it; `withheld` counts who would not be named if the list were approved now."""
    match one.state:
        case ListState.DRAFT:
            return _OPEN_IT
        case ListState.OPEN:
            return _of_an_open_list(withheld["undecided"], is_over=now >= window_ends_at(one))
        case ListState.APPROVED:
            return _PUBLISH
        case ListState.PUBLISHED:
            return _NOTHING
        case ListState.WITHDRAWN:
            return _AGAIN


def _of_an_open_list(undecided: int, *, is_over: bool) -> Words:
    if undecided:
        waiting = Words(
            vi=f"quyết định giải trình của {undecided} người: người đứng đầu đơn vị, hoặc cấp trên",
            en=f"decide on the explanations of {undecided}: the head of the unit, or whoever is above",
        )
        return (
            Words(vi=f"{waiting.vi}; rồi {_APPROVE.vi}", en=f"{waiting.en}; then {_APPROVE.en}") if is_over else waiting
        )
    return _APPROVE if is_over else _EXPLAIN
