"""What the public sees of a monthly list: names, positions, units and figures; no id, no case, no text, no decision."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from tiendo_domain.monthly_list.listed_content import PARTS, Content, differences
from tiendo_domain.monthly_list.listing import WithheldFor
from tiendo_domain.vietnamese_order import text_order

_COPIED: Final = (
    "superior_name",
    "period",
    "version",
    "simulated",
    "known_at",
    "decided_until",
    "as_of",
    "window_working_days",
    "window_ended_at",
    "least_minutes",
    "figures",
    "withheld",
)
_MINUTES: Final = ("attributed_minutes", "attributed_by_rule_minutes", "moved_minutes", "late_entry_minutes")

Row = Mapping[str, Any]


def public_view(content: Content, *, named: bool = True) -> dict[str, Any]:
    """The public list, as plain JSON; not `named`: after its time, when names have left it.

    It is made of what named rows say and of how many are withheld, and of nothing else: whatever those bear who are withheld, the public sees the
    same. So the minutes of a unit are those of its named officers (`without_withheld`, where there are others): a sum with the others in it would tell,
    set against another version or another list that names one of them, what the last of them bears.
    """
    view: dict[str, Any] = {
        "unit": content["unit_name"],
        **{name: content[name] for name in _COPIED if name in content},
    }
    units = _UnitsOfList(content)
    view["units"] = [_unit(unit, rows) for unit, rows in units.in_order()]
    for part, figures in PARTS.items():
        rows = named_rows(content, part) if named else ()
        view[part] = [{**units.person(row["officer"]), **{name: row[name] for name in figures}} for row in rows]
    view["differences"] = list(_differences(content, units)) if named else []
    view["named"] = named
    return view


def named_rows(content: Content, part: str) -> list[Row]:
    """The rows of a part whose officers are named in public: nobody in any part for whom an explanation waits."""
    waiting = _waiting(content)
    return [row for row in _shown(content[part]) if row["officer"]["key"] not in waiting]


def _waiting(content: Content) -> set[str]:
    """The keys of the officers who are withheld because an explanation waits."""
    undecided = WithheldFor.UNDECIDED.value
    return {row["officer"]["key"] for part in PARTS for row in content[part] if row.get("withheld") == undecided}


def _shown(rows: Iterable[Row]) -> Iterable[Row]:
    return (row for row in rows if row.get("withheld") is None)


class _UnitsOfList:
    """The units of a list's officers, told apart by id and shown without it: by the names that lead down to each, and by a number from 1 on."""

    def __init__(self, content: Content) -> None:
        self._paths: Mapping[str, str] = content.get("unit_paths", {})
        self._late: dict[_Unit, list[Row]] = {}
        for row in content["officers"]:
            self._late.setdefault(_unit_of(row["officer"]), []).append(row)
        everywhere = {_unit_of(row["officer"]) for part in PARTS for row in content[part]}
        self._numbers = {unit: number for number, unit in enumerate(sorted(everywhere, key=self._order), start=1)}

    def in_order(self) -> Iterator[tuple[dict[str, Any], Sequence[Row]]]:
        """The units in which somebody answers for minutes, with those who do."""
        for unit, number in self._numbers.items():
            if unit in self._late:
                yield {"name": self._name(unit), "number": number}, self._late[unit]

    def person(self, officer: Row) -> dict[str, Any]:
        """An officer as everybody sees them."""
        unit = _unit_of(officer)
        told = {"name": officer["name"], "position": officer["position"], "unit": self._name(unit)}
        return {**told, "unit_number": self._numbers.get(unit)}

    def _name(self, unit: "_Unit") -> str | None:
        unit_id, name = unit
        return name if unit_id is None else self._paths.get(unit_id, name)

    def _order(self, unit: "_Unit") -> tuple[object, ...]:
        return (text_order(self._name(unit)), unit[0] or "")


_Unit = tuple[str | None, str | None]
"""Id and name."""


def _unit_of(officer: Row) -> _Unit:
    unit = officer["unit"] or {}
    return unit.get("id"), unit.get("name")


def _unit(unit: Row, rows: Sequence[Row]) -> dict[str, Any]:
    """A unit with the minutes of its officers who are named."""
    shown = list(_shown(rows))
    withheld = len(rows) - len(shown)
    return {
        **unit,
        "officers": len(shown),
        "withheld": withheld,
        "without_withheld": withheld > 0,
        **{member: sum(row[member] for row in shown) for member in _MINUTES},
    }


def public_differences(before: Content, after: Content) -> list[dict[str, Any]]:
    """What the public sees otherwise than in the version before, as `differences`: null where the officer was, or is, not named in that part."""
    return differences(_as_named(before), _as_named(after))


def _as_named(content: Content) -> Content:
    return {"figures": content["figures"], **{part: named_rows(content, part) for part in PARTS}}


def _differences(content: Content, units: _UnitsOfList) -> Iterable[dict[str, Any]]:
    for change in content.get("public_differences", _of_figures(content)):
        officer = change["officer"]
        nobody = {"name": None, "position": None, "unit": None, "unit_number": None}
        yield {**(nobody if officer is None else units.person(officer)), **_said(change)}


def _of_figures(content: Content) -> list[Row]:
    """Of a correction frozen before contents had `public_differences`, what changed in the unit's figures, which name nobody."""
    told = content["differences"] if content.get("named_before") else ()
    return [change for change in told if change["officer"] is None]


def _said(change: Row) -> dict[str, Any]:
    return {name: change[name] for name in ("member", "was", "now")}
