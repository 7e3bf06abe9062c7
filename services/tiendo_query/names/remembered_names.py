"""Which officers bear several names, known from question to question: one comes among them only by a case that was folded since."""

from collections.abc import Collection, Mapping
from typing import Final

from tiendo_domain.rules import RuleBook
from tiendo_read_models.builds import Reader
from tiendo_read_models.queries.cases.changes import Revisions, changed_since, revisions_of
from tiendo_read_models.queries.directory import names_of_officers, officers_in, told_apart

_CHANGED_MAX: Final = 2_000


class RememberedNames:
    """Remembers of a build which officers were ever known by several names, and asks again of these and of who holds in changed cases."""

    def __init__(self) -> None:
        self._build_id = 0
        self._revisions: Revisions = ()
        self._officers: frozenset[str] = frozenset()

    async def of(self, reader: Reader, rules: RuleBook) -> Mapping[str, tuple[str, ...]]:
        """Officer id -> the names under which holds know it, where they are more than one."""
        now = await revisions_of(reader.connection, reader.build)
        officers = await self._to_ask(reader, now)
        found = await names_of_officers(reader.connection, reader.build, officer_ids=officers)
        self._keep(reader.build.build_id, now, found)
        return told_apart(found, rules)

    async def _to_ask(self, reader: Reader, now: Revisions) -> list[str] | None:
        """The officers who may bear several names; None: all of them."""
        before = self._revisions
        if self._build_id != reader.build.build_id or any(map(int.__lt__, now, before)):
            return None
        changed = await changed_since(reader.connection, reader.build, before, limit=_CHANGED_MAX + 1)
        if len(changed) > _CHANGED_MAX:
            return None
        return sorted(self._officers.union(await officers_in(reader.connection, reader.build, changed)))

    def _keep(self, build_id: int, now: Revisions, found: Collection[str]) -> None:
        """Remember what the snapshot showed, unless somebody has seen a later one meanwhile."""
        if self._build_id != build_id:
            self._build_id, self._revisions, self._officers = build_id, now, frozenset(found)
        elif all(map(int.__ge__, now, self._revisions)):
            self._revisions, self._officers = now, self._officers.union(found)
