"""The rule books of a log and of those that it follows: each log's cases go by its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Self
from uuid import UUID

from tiendo_domain.rules import DirectoryFact, RuleBook


class LogFact(NamedTuple):
    """A fact of the directory and the log that accepted it; None is this log."""

    log_id: UUID | None
    fact: DirectoryFact


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRules:
    """Rule books by log."""

    books: Mapping[UUID | None, RuleBook] = field(default_factory=dict)

    @classmethod
    def fold(cls, facts: Iterable[LogFact]) -> Self:
        """The rules after `facts`, each log's in its order."""
        return cls().extended(facts)

    def extended(self, facts: Iterable[LogFact]) -> Self:
        """The rules after further `facts`, each log's in its order."""
        new = {log_id: self.of(log_id).extended(of_log) for log_id, of_log in _by_log(facts).items()}
        return type(self)(books={**self.books, **new})

    def of(self, log_id: UUID | None) -> RuleBook:
        """The rules of a log; none while nothing of its directory has come."""
        return self.books.get(log_id) or RuleBook()


def rules_of_all(facts: Iterable[LogFact]) -> RuleBook:
    """One rule book of all the facts, this log's first and then one log after the other: for what is no single case's."""
    by_log = _by_log(facts)
    in_order = sorted(by_log, key=lambda log_id: (log_id is not None, str(log_id)))
    return RuleBook.fold(fact for log_id in in_order for fact in by_log[log_id])


def _by_log(facts: Iterable[LogFact]) -> dict[UUID | None, list[DirectoryFact]]:
    by_log: dict[UUID | None, list[DirectoryFact]] = {}
    for log_id, fact in facts:
        by_log.setdefault(log_id, []).append(fact)
    return by_log
