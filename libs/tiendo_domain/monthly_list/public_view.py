"""What the public sees of a monthly list: names, positions, units and figures; no id, no case, no text, no decision."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from tiendo_domain.monthly_list.listed_content import PARTS, Content
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

    Minutes of a unit are those of all its officers, withheld ones too; where one alone is withheld they are shown without theirs
    (`without_one_withheld`), since the difference would be what that one bears.
    """
    view: dict[str, Any] = {"unit": content["unit_name"], **{name: content[name] for name in _COPIED}}
    view["units"] = _units(content["officers"])
    for part, figures in PARTS.items():
        rows = _shown(content[part]) if named else ()
        view[part] = [_row(row, figures) for row in rows]
    view["differences"] = list(_differences(content)) if named else []
    view["named"] = named
    return view


def _shown(rows: Iterable[Row]) -> Iterable[Row]:
    return (row for row in rows if row.get("withheld") is None)


def _row(row: Row, figures: Sequence[str]) -> dict[str, Any]:
    return {**_person(row["officer"]), **{name: row[name] for name in figures}}


def _person(officer: Row) -> dict[str, Any]:
    unit = officer["unit"] or {}
    return {"name": officer["name"], "position": officer["position"], "unit": unit.get("name")}


def _units(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The units in which somebody answers for minutes, each with the minutes of its officers."""
    by_unit: dict[tuple[str | None, str | None], list[Row]] = {}
    for row in rows:
        unit = row["officer"]["unit"] or {}
        by_unit.setdefault((unit.get("id"), unit.get("name")), []).append(row)
    return [
        _unit(name, by_unit[unit_id, name])
        for unit_id, name in sorted(by_unit, key=lambda unit: (text_order(unit[1]), unit[0] or ""))
    ]


def _unit(name: str | None, rows: Sequence[Row]) -> dict[str, Any]:
    shown = list(_shown(rows))
    without_one = len(rows) - len(shown) == 1
    counted = shown if without_one else rows
    return {
        "name": name,
        "officers": len(shown),
        "withheld": len(rows) - len(shown),
        "without_one_withheld": without_one,
        **{member: sum(row[member] for row in counted) for member in _MINUTES},
    }


def _differences(content: Content) -> Iterable[dict[str, Any]]:
    """What a correction changed of those who are named, or were: never of one who is withheld because an explanation waits."""
    waiting = {row["officer"]["key"] for part in ("officers", "open_overdue") for row in content[part] if _waits(row)}
    named_before = set(content.get("named_before", ()))
    named = named_before.union(row["officer"]["key"] for part in PARTS for row in _shown(content[part]))
    if not named_before:
        return
    for change in content["differences"]:
        officer = change["officer"]
        if officer is None:
            yield {"name": None, "position": None, "unit": None, **_said(change)}
        elif officer["key"] in named and officer["key"] not in waiting:
            yield {**_person(officer), **_said(change)}


def _waits(row: Row) -> bool:
    return bool(row["withheld"] == WithheldFor.UNDECIDED.value)


def _said(change: Row) -> dict[str, Any]:
    return {name: change[name] for name in ("member", "was", "now")}
