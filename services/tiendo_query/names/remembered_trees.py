"""Trees of units, worked out once for what rules and events say of units, and asked again and again."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.rules import RuleBook
from tiendo_read_models.builds import Build
from tiendo_read_models.queries.units import Stated, UnitTrees, stated_units

_REMEMBERED_MAX: Final = 32


class RememberedTrees:
    """The trees of a process: events come all the time, and hardly ever say anything new of units."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[int, int], UnitTrees] = OrderedDict()

    def of(self, stated: Mapping[str, Stated], rules: RuleBook, seen: Mapping[str, str | None] | None) -> UnitTrees:
        """The trees by what is stated and configured, for a reader who sees some units (None: all)."""
        key = id(rules), id(seen)
        known = self._found.pop(key, None)
        if known is None or known.rules is not rules or known.seen is not seen or known.stated != stated:
            known = UnitTrees(rules=rules, stated=stated, days=rules.unit_days, seen=seen)
        self._found[key] = known
        while len(self._found) > _REMEMBERED_MAX:
            self._found.popitem(last=False)
        return known


class TreesOfSnapshot:
    """The trees of one snapshot, whose statements are read once."""

    def __init__(self, remembered: RememberedTrees) -> None:
        self._remembered = remembered
        self._stated: Mapping[str, Stated] | None = None

    async def trees(
        self, connection: AsyncConnection, build: Build, rules: RuleBook, seen: Mapping[str, str | None] | None
    ) -> UnitTrees:
        """The trees as the snapshot shows them over the connection; the rules may be those of another time."""
        if self._stated is None:
            self._stated = await stated_units(connection, build)
        return self._remembered.of(self._stated, rules, seen)
