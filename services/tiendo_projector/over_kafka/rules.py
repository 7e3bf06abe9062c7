"""The rule books of the logs that are followed, and the lock between those who fold with them and those who change them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_contracts.advisory_locks import FOLLOWED_RULES
from tiendo_domain.rules import DirectoryFact, RuleBook
from tiendo_event_store.followed import followed_directory
from tiendo_event_store.followed_positions import FollowedPlace, FollowedTopic, read_places

DIRECTORY_PARTITION = 0

Books = Mapping[UUID, RuleBook]
NO_RULES = RuleBook()
"""Those of a log whose facts have not come yet: what was folded by them is folded again when they do."""


def books_of(facts: Mapping[UUID, Sequence[DirectoryFact]]) -> Books:
    """The rule book of each log, of its facts in its order."""
    return {log_id: RuleBook.fold(of_log) for log_id, of_log in facts.items()}


async def share_rules(connection: AsyncConnection) -> None:
    """Keep the rules, and the live build, as they are until the caller's transaction ends; others may do so too."""
    await connection.execute(text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": FOLLOWED_RULES.key})


async def change_rules(connection: AsyncConnection) -> None:
    """Wait until nobody folds, and let nobody begin to until the caller's transaction ends."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": FOLLOWED_RULES.key})


class RuleBooks:
    """The rule book of each log by the directory facts stored here, read again only when there are more of them."""

    def __init__(self, directory: FollowedTopic) -> None:
        self._directory = directory
        self._read_at: dict[int, FollowedPlace] | None = None
        self._books: Books = {}

    async def current(self, connection: AsyncConnection) -> Books:
        """The books as they stand, for a transaction that shares or changes the rules."""
        places = await read_places(connection, self._directory, [DIRECTORY_PARTITION])
        if places != self._read_at:
            facts = await followed_directory(connection)
            self._books = books_of(facts)
            self._read_at = places
        return self._books
