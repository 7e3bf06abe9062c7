"""The rows of a monthly list, summed up over its cases."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from tiendo_domain.monthly_list.frozen import FrozenCase, OfficerInCase
from tiendo_domain.vietnamese_order import name_order, text_order

CASES_LEAST: Final = 10
"""So many cases somebody has held who is named for having none late."""


class WithheldFor(StrEnum):
    """Why an officer of the list is not named in public."""

    UNDECIDED = "undecided"
    """An explanation of theirs came before the window's end and was not decided at the approval."""
    BELOW_LEAST_MINUTES = "below-least-minutes"
    """They bear less than what is published, or after decisions nothing."""
    UNNAMED = "unnamed"
    """No event and no directory says their name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedOfficer:
    """An officer as shown in a list: by the directory, on the day on which their latest hold began."""

    key: str
    id: str | None
    name: str | None
    position: str | None
    unit_id: str | None
    unit_name: str | None

    @property
    def order(self) -> tuple[object, ...]:
        """Units by name, in each the officers the Vietnamese way."""
        return (text_order(self.unit_name), self.unit_id or "", name_order(self.name), self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateOfficer:
    """An officer who bears something in cases finished in the month, after decisions or by rule; minutes are whole working minutes."""

    officer: ListedOfficer
    cases: int
    late_cases: int
    late_cases_by_rule: int
    attributed_minutes: int
    attributed_by_rule_minutes: int
    moved_minutes: int
    late_entry_minutes: int
    late_entry_by_rule_minutes: int
    reasons: tuple[str, ...]
    waits: bool
    """An explanation of theirs, filed before the window's end, waits for its decision."""
    withheld: WithheldFor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueOfficer:
    """An officer who holds, or bears something in, cases that were open and overdue at the month's end: provisional, added to nothing."""

    officer: ListedOfficer
    cases: int
    held_cases: int
    attributed_minutes: int
    attributed_by_rule_minutes: int
    moved_minutes: int
    waits: bool
    withheld: WithheldFor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PunctualOfficer:
    """An officer who held at least `CASES_LEAST` cases finished in the month, and bears nothing in any of them after decisions."""

    officer: ListedOfficer
    cases: int
    withheld: WithheldFor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyRows:
    """The three parts of a list, each by unit and name."""

    officers: tuple[LateOfficer, ...]
    open_overdue: tuple[OverdueOfficer, ...]
    punctual: tuple[PunctualOfficer, ...]


def monthly_rows(cases: Sequence[FrozenCase], *, window_ends_at: datetime | None) -> MonthlyRows:
    """The rows over the cases; `window_ends_at`: up to when an explanation makes its officer wait, None: any that waits."""
    finished = _by_officer(case for case in cases if not case.open)
    still_open = _by_officer(case for case in cases if case.open)
    late = [_late(parts, window_ends_at) for parts in finished if any(part.answers for part in parts)]
    punctual = [
        PunctualOfficer(officer=_shown(parts), cases=len(parts))
        for parts in finished
        if len(parts) >= CASES_LEAST and not any(part.is_late for part in parts)
    ]
    overdue = [
        _overdue(concerned, window_ends_at)
        for parts in still_open
        if (concerned := [part for part in parts if part.holding or part.answers])
    ]
    return MonthlyRows(
        officers=tuple(sorted(late, key=lambda row: row.officer.order)),
        open_overdue=tuple(sorted(overdue, key=lambda row: row.officer.order)),
        punctual=tuple(sorted(punctual, key=lambda row: row.officer.order)),
    )


def with_withheld(
    rows: MonthlyRows, least_minutes: int, person_of: Callable[[str | None, str], str] = lambda _, key: key
) -> MonthlyRows:
    """The rows with those marked who are not named in public: for whom an explanation waits in one part, in all.

    `person_of`: an officer's id and key -> what tells the person from others; several keys may be one person's (rule H11).
    """
    marked: Sequence[LateOfficer | OverdueOfficer] = (*rows.officers, *rows.open_overdue)
    everybody = (*marked, *rows.punctual)
    people = {row.officer.key: person_of(row.officer.id, row.officer.key) for row in everybody}
    persons = {people[row.officer.key] for row in marked if row.waits}
    waiting = {key for key, person in people.items() if person in persons}
    return replace(
        rows,
        officers=tuple(
            replace(
                row,
                withheld=_withheld(
                    row.officer, row.attributed_minutes + row.late_entry_minutes, waiting, least_minutes
                ),
            )
            for row in rows.officers
        ),
        open_overdue=tuple(
            replace(row, withheld=_withheld(row.officer, row.attributed_minutes, waiting, least_minutes))
            for row in rows.open_overdue
        ),
        punctual=tuple(
            replace(row, withheld=WithheldFor.UNDECIDED if row.officer.key in waiting else None)
            for row in rows.punctual
        ),
    )


def _withheld(officer: ListedOfficer, minutes: int, waiting: Collection[str], least_minutes: int) -> WithheldFor | None:
    if officer.key in waiting:
        return WithheldFor.UNDECIDED
    if minutes < max(1, least_minutes):
        return WithheldFor.BELOW_LEAST_MINUTES
    return WithheldFor.UNNAMED if officer.name is None else None


def _by_officer(cases: Iterable[FrozenCase]) -> list[list[OfficerInCase]]:
    """What each officer has in the cases, one entry a case."""
    found: dict[str, list[OfficerInCase]] = {}
    for case in cases:
        for part in case.officers:
            found.setdefault(part.key, []).append(part)
    return list(found.values())


def _late(parts: Sequence[OfficerInCase], window_ends_at: datetime | None) -> LateOfficer:
    return LateOfficer(
        officer=_shown(parts),
        cases=len(parts),
        late_cases=sum(part.is_late for part in parts),
        late_cases_by_rule=sum(part.is_late_by_rule for part in parts),
        attributed_minutes=_sum(parts, lambda part: part.minutes),
        attributed_by_rule_minutes=_sum(parts, lambda part: part.by_rule_minutes),
        moved_minutes=_sum(parts, lambda part: part.moved_minutes),
        late_entry_minutes=_sum(parts, lambda part: part.late_entry_minutes),
        late_entry_by_rule_minutes=_sum(parts, lambda part: part.late_entry_by_rule_minutes),
        reasons=tuple(sorted({reason for part in parts for reason in part.reasons})),
        waits=_waits(parts, window_ends_at),
    )


def _overdue(parts: Sequence[OfficerInCase], window_ends_at: datetime | None) -> OverdueOfficer:
    return OverdueOfficer(
        officer=_shown(parts),
        cases=len(parts),
        held_cases=sum(part.holding for part in parts),
        attributed_minutes=_sum(parts, lambda part: part.minutes),
        attributed_by_rule_minutes=_sum(parts, lambda part: part.by_rule_minutes),
        moved_minutes=_sum(parts, lambda part: part.moved_minutes),
        waits=_waits(parts, window_ends_at),
    )


def _shown(parts: Sequence[OfficerInCase]) -> ListedOfficer:
    """The officer as in the hold that began last; of holds of one instant the greatest by what they say, so that no order decides."""
    last = max(parts, key=lambda part: (part.held_at, part.unit_id or "", part.name or "", part.position or ""))
    return ListedOfficer(
        key=last.key,
        id=last.id,
        name=last.name,
        position=last.position,
        unit_id=last.unit_id,
        unit_name=last.unit_name,
    )


def _sum(parts: Iterable[OfficerInCase], minutes: Callable[[OfficerInCase], int]) -> int:
    return sum(map(minutes, parts))


def _waits(parts: Iterable[OfficerInCase], window_ends_at: datetime | None) -> bool:
    # An explanation of a case in which somebody bears nothing says nothing of what is listed.
    filed = (one for part in parts if part.answers or part.holding for one in part.pending)
    return any(window_ends_at is None or one.came_before(window_ends_at) for one in filed)
