"""One officer's holds and cases page by page; the totals are of all of them."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final

from tiendo_query.figures.ranking import OfficerDelay

OFFICER_CURSOR_KINDS: Final = (str, str, int, str)
"""Of the last hold shown the beginning (UTC), the case and its ordinal there; the last case shown."""

_HoldPlace = tuple[str, str, int]
_FIRST_HOLD: Final[_HoldPlace] = ("", "", 0)
_FIRST_CASE: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerEntries:
    """Holds and cases of one page, each list at most as long as was asked; `reached` is where the next page begins, None behind the last."""

    holds: Sequence[Mapping[str, Any]]
    cases: Sequence[Mapping[str, Any]]
    reached: tuple[str | int, ...] | None


def officer_entries(found: OfficerDelay, after: tuple[str | int, ...] | None, *, limit: int) -> OfficerEntries:
    """The first `limit` holds and cases behind `after`, what `reached` of the page before was; None: from the first on."""
    after_hold, after_case = _FIRST_HOLD, _FIRST_CASE
    if after is not None:
        after_hold, after_case = (str(after[0]), str(after[1]), int(after[2])), str(after[3])
    first_hold = bisect_right(found.holds, after_hold, key=_hold_place)
    first_case = bisect_right(found.cases, after_case, key=_case_place)
    holds = found.holds[first_hold : first_hold + limit]
    cases = found.cases[first_case : first_case + limit]
    reached = None
    if first_hold + limit < len(found.holds) or first_case + limit < len(found.cases):
        last_hold = _hold_place(holds[-1]) if holds else after_hold
        reached = (*last_hold, _case_place(cases[-1]) if cases else after_case)
    return OfficerEntries(holds=holds, cases=cases, reached=reached)


def _hold_place(hold: Mapping[str, Any]) -> _HoldPlace:
    return hold["started_at"].astimezone(UTC).isoformat(timespec="microseconds"), hold["case_id"], hold["ordinal"]


def _case_place(case: Mapping[str, Any]) -> str:
    return str(case["case_id"])
