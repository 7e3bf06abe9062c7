"""The content of a monthly list: the JSON value whose digest stands in the log, and what of it the public sees."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from tiendo_domain.monthly_list.listing import (
    LateOfficer,
    ListedOfficer,
    MonthlyRows,
    OverdueOfficer,
    PunctualOfficer,
    WithheldFor,
)

Content = Mapping[str, Any]
"""Plain JSON: objects, arrays, texts, integers, true, false and null."""

_LATE: Final = (
    "cases",
    "late_cases",
    "late_cases_by_rule",
    "attributed_minutes",
    "attributed_by_rule_minutes",
    "moved_minutes",
    "late_entry_minutes",
    "late_entry_by_rule_minutes",
)
_OVERDUE: Final = ("cases", "held_cases", "attributed_minutes", "attributed_by_rule_minutes", "moved_minutes")
_PUNCTUAL: Final = ("cases",)
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "officers": _LATE,
    "open_overdue": _OVERDUE,
    "officers_without_late_case": _PUNCTUAL,
}
"""The parts of a list that name officers, each with the figures of its rows."""


def parts_of(rows: MonthlyRows) -> dict[str, list[dict[str, Any]]]:
    """The parts of the content that name officers."""
    return {
        "officers": [{**_row(row, _LATE), "reasons": list(row.reasons), **_marks(row)} for row in rows.officers],
        "open_overdue": [{**_row(row, _OVERDUE), "provisional": True, **_marks(row)} for row in rows.open_overdue],
        "officers_without_late_case": [
            {**_row(row, _PUNCTUAL), "withheld": _withheld(row.withheld)} for row in rows.punctual
        ],
    }


def withheld_counts(rows: MonthlyRows) -> dict[str, int]:
    """How many officers are not named in public, and for which reason: each once, by the first part that withholds them."""
    reasons: dict[str, WithheldFor] = {}
    marked: Sequence[LateOfficer | OverdueOfficer | PunctualOfficer] = (
        *rows.officers,
        *rows.open_overdue,
        *rows.punctual,
    )
    for row in marked:
        if row.withheld is not None:
            reasons.setdefault(row.officer.key, row.withheld)
    counted = {reason: sum(found is reason for found in reasons.values()) for reason in WithheldFor}
    return {"count": len(reasons), **{reason.value.replace("-", "_"): count for reason, count in counted.items()}}


def _row(row: LateOfficer | OverdueOfficer | PunctualOfficer, figures: Sequence[str]) -> dict[str, Any]:
    return {"officer": _officer(row.officer), **{name: getattr(row, name) for name in figures}}


def _officer(officer: ListedOfficer) -> dict[str, Any]:
    unit = None
    if officer.unit_id is not None or officer.unit_name is not None:
        unit = {"id": officer.unit_id, "name": officer.unit_name}
    return {
        "key": officer.key,
        "id": officer.id,
        "name": officer.name,
        "position": officer.position,
        "unit": unit,
    }


def _marks(row: LateOfficer | OverdueOfficer) -> dict[str, Any]:
    return {"explanation_pending": row.waits, "withheld": _withheld(row.withheld)}


def _withheld(reason: WithheldFor | None) -> str | None:
    return None if reason is None else reason.value


def differences(before: Content, after: Content) -> list[dict[str, Any]]:
    """What another content says otherwise: `{officer, member, was, now}`, null where the officer, or the figure, is not there.

    Members of the second and third part are named with it (`open_overdue.cases`); those of the unit's figures have no officer.
    """
    found = [
        {"officer": None, "member": f"figures.{name}", "was": was, "now": now}
        for name, was, now in _changed(before["figures"], after["figures"])
    ]
    for part, figures in PARTS.items():
        prefix = "" if part == "officers" else f"{part}."
        for officer, was_row, now_row in _paired(before[part], after[part]):
            named = {name: (was_row or {}).get(name) for name in figures}
            present = {name: (now_row or {}).get(name) for name in figures}
            found += [
                {"officer": officer, "member": f"{prefix}{name}", "was": was, "now": now}
                for name, was, now in _changed(named, present)
            ]
    return found


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[tuple[str, Any, Any]]:
    """What both have otherwise: a figure that lists did not count yet when one was frozen is no change."""
    for name, was in before.items():
        if name in after and after[name] != was:
            yield name, was, after[name]


def _paired(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> Iterable[tuple[Mapping[str, Any], Mapping[str, Any] | None, Mapping[str, Any] | None]]:
    """Officers of either, with their rows of both; in the order of the later list, those who are gone behind."""
    was, now = ({row["officer"]["key"]: row for row in rows} for rows in (before, after))
    for key in dict.fromkeys([*now, *was]):
        shown = now.get(key) or was[key]
        yield shown["officer"], was.get(key), now.get(key)
