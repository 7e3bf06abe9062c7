"""Whether the list of a unit and those of the units right below it say the same of each officer, and if not, why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.monthly_list.listed_content import Content
from tiendo_domain.names import name_key
from tiendo_query.publications.list_words import change_words

COMPARED: Final = (
    "late_cases",
    "attributed_minutes",
    "attributed_by_rule_minutes",
    "moved_minutes",
    "late_entry_minutes",
)
_BESIDES: Final = tuple(name for name in COMPARED if name != "attributed_minutes")
_Row = Mapping[str, Any]
_Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedOfficer:
    """An officer of whom the lists say different things: minutes attributed in the one of the whole and in those below together; None: not named.

    `unit_id` is that to which the one which names them says they belonged.
    """

    name: str
    unit_id: str | None
    whole_minutes: int | None
    below_minutes: int | None
    besides: Sequence[tuple[Words, int, int]] = ()
    """What differs besides these minutes where both name them: what it is called, and its value in the whole and below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListComparison:
    """What comes of comparing: how many officers the whole names and the minutes that they bear, and of whom the lists below differ.

    `without_list`: the differing officers who belong to no unit below that has a list. `known_at` are the different instants at which the lists
    were frozen, the first that of the whole.
    """

    unit_name: str
    officers: int
    minutes: int
    lists: int
    differing: Sequence[ComparedOfficer]
    without_list: Sequence[ComparedOfficer]
    known_at: Sequence[str]

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return not self.differing and not self.without_list


def compared(whole: Content, below: Sequence[Content], lines: Mapping[str, Sequence[str]]) -> ListComparison:
    """The comparison; `lines` has of each unit itself and the units above it. Who is in several lists below is added up over them."""
    named = {_key(row): row for row in whole["officers"]}
    sums: dict[_Key, dict[str, int]] = {}
    rows: dict[_Key, _Row] = {}
    for content in below:
        for row in content["officers"]:
            key = _key(row)
            rows.setdefault(key, row)
            had = sums.setdefault(key, dict.fromkeys(COMPARED, 0))
            for name in COMPARED:
                had[name] += row[name]
    with_list = {content["unit"] for content in below}
    differing: list[ComparedOfficer] = []
    without_list: list[ComparedOfficer] = []
    for key in sorted({*named, *sums}, key=str):
        one, other = named.get(key), sums.get(key)
        if one is not None and other is not None and all(one[name] == other[name] for name in COMPARED):
            continue
        found = _compared(one or rows[key], one, other)
        has_list = with_list.intersection(lines.get(found.unit_id or "", ()))
        (differing if other is not None or has_list else without_list).append(found)
    known = [whole["known_at"], *(content["known_at"] for content in below)]
    return ListComparison(
        unit_name=whole["unit_name"] or whole["unit"],
        officers=len(named),
        minutes=sum(row["attributed_minutes"] for row in named.values()),
        lists=len(below),
        differing=differing,
        without_list=without_list,
        known_at=list(dict.fromkeys(known)),
    )


def _compared(row: _Row, one: _Row | None, other: Mapping[str, int] | None) -> ComparedOfficer:
    officer = row["officer"]
    return ComparedOfficer(
        name=officer["name"] or officer["id"] or "",
        unit_id=(officer["unit"] or {}).get("id"),
        whole_minutes=None if one is None else one["attributed_minutes"],
        below_minutes=None if other is None else other["attributed_minutes"],
        besides=()
        if one is None or other is None
        else [(change_words(name), one[name], other[name]) for name in _BESIDES if one[name] != other[name]],
    )


def _key(row: _Row) -> _Key:
    """One person: by the id, without one by name and unit, as cases tell them apart (rules H3, H11)."""
    officer = row["officer"]
    if officer["id"] is not None:
        return ("id", officer["id"])
    unit = officer["unit"] or {}
    return ("name", name_key(officer["name"] or ""), unit.get("id") or unit.get("name"))
