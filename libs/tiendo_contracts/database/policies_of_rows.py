"""What a policy of row-level security says, and whether one that a database has says the same."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(r"'(?:[^']|'')*'|::\s*\w+(?:\[\])?|\"?\w+\"?(?:\.\w+)*|[^\s()]")
_NAMED_BY_POSTGRESQL: Final = frozenset({"unnest", '"nullif"'})
"""What PostgreSQL calls a column that was given no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPolicy:
    """A permissive policy; `using` says which rows are seen, `check` which may be written, where both are not the same question."""

    table: str
    name: str
    roles: frozenset[str]
    using: str
    check: str | None = None
    command: str = "SELECT"
    permissive: bool = True

    def statement(self, schema: str) -> str:
        """The statement that makes the policy on a table of the schema."""
        command = "" if self.command == "ALL" else f" FOR {self.command}"
        check = "" if self.check is None else f" WITH CHECK ({self.check})"
        return f"CREATE POLICY {self.name} ON {schema}.{self.table}{command} TO {', '.join(sorted(self.roles))} USING ({self.using}){check}"

    @property
    def meaning(self) -> tuple[object, ...]:
        """What two policies have in common that say the same of the same table.

        Conditions count word by word: PostgreSQL keeps none as it was written, but sets brackets, casts and names of its own,
        which are passed over.
        """
        heading = (self.table, self.name, self.command, self.permissive, self.roles)
        return (*heading, _words(self.using), _words(self.check))


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSecurity:
    """The policies of a schema, and the tables on which they hold: `enabled` for all but the owner, `forced` for the owner too."""

    policies: tuple[RowPolicy, ...]
    enabled: frozenset[str]
    forced: frozenset[str] = frozenset()


def stated_security(policies: Iterable[RowPolicy]) -> RowSecurity:
    """The policies, which hold on each of their tables; forced on no owner: it is the owner who writes there."""
    stated = tuple(policies)
    return RowSecurity(policies=stated, enabled=frozenset(policy.table for policy in stated))


def security_differences(stated: RowSecurity, found: RowSecurity) -> Iterator[str]:
    """What a schema has otherwise than stated, each in words."""
    for table in sorted(stated.enabled - found.enabled):
        yield f"row-level security of {table} is switched off: whoever may read it sees every row"
    for table in sorted(found.enabled - stated.enabled):
        yield f"row-level security of {table} is switched on, and nobody stated it"
    for table in sorted(found.forced):
        yield f"row-level security of {table} is forced on its owner"
    known, there = ({(one.table, one.name): one for one in security.policies} for security in (stated, found))
    for table, name in sorted(known.keys() - there.keys()):
        yield f"the policy {name} of {table} is missing"
    for table, name in sorted(there.keys() - known.keys()):
        yield f"the policy {name} of {table} was added"
    for key in sorted(known.keys() & there.keys()):
        if known[key].meaning != there[key].meaning:
            yield f"the policy {key[1]} of {key[0]} is another than was made"


def _words(condition: str | None) -> tuple[str, ...]:
    """The words of a condition, texts as they are and all else in small letters."""
    found: list[str] = []
    before = ""
    for token in _TOKEN.findall(condition or ""):
        word = token if token.startswith("'") else token.lower()
        is_name_given = before == "as" and word in _NAMED_BY_POSTGRESQL
        if word != "as" and not word.startswith("::") and not is_name_given:
            found.append(word)
        before = word
    return tuple(found)
