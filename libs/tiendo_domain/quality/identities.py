"""Officers who cannot be told apart: one id that bears several names, one name that several ids bear in a unit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tiendo_domain.names import name_key
from tiendo_domain.rules import RuleBook


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedOfficer:
    """How a hold names an officer; `unit` is the id of the unit, or without one its name."""

    id: str
    name: str
    unit: str | None


def several_names(named: Iterable[NamedOfficer], rules: RuleBook) -> Mapping[str, tuple[str, ...]]:
    """Officer id -> `names_told_apart`, of the ids that have any."""
    found: dict[str, set[str]] = {}
    for one in named:
        found.setdefault(one.id, set()).add(one.name)
    told = {officer: names_told_apart(officer, names, rules) for officer, names in sorted(found.items())}
    return {officer: names for officer, names in told.items() if names}


def names_told_apart(officer_id: str, names: Iterable[str], rules: RuleBook) -> tuple[str, ...]:
    """The names that an id bears, sorted, where rule H3 tells several apart; none where it is one person's.

    Of names that are compared as equal the first by code point is shown. An id of which the directory has every one of the names, on whatever day,
    is one person's who was respelled.
    """
    kept: dict[str, str] = {}
    for name in names:
        _keep_first(kept, name)
    listed = {name_key(rule.name) for rule in rules.officers.get(officer_id, ()) if rule.name is not None}
    return tuple(sorted(kept.values())) if len(kept) > 1 and not listed.issuperset(kept) else ()


def shared_names(named: Iterable[NamedOfficer]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """(unit, name) -> the ids of the officers of that name in the unit, where they are more than one, sorted."""
    ids: dict[tuple[str, str], set[str]] = {}
    shown: dict[str, str] = {}
    for one in named:
        if one.unit is not None:
            _keep_first(shown, one.name)
            ids.setdefault((one.unit, name_key(one.name)), set()).add(one.id)
    return {
        (unit, shown[key]): tuple(sorted(officers))
        for (unit, key), officers in sorted(ids.items())
        if len(officers) > 1
    }


def _keep_first(names: dict[str, str], name: str) -> None:
    key = name_key(name)
    names[key] = min(name, names.get(key, name))
