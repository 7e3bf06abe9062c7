"""The triggers that let the log and what proves it only grow: whether they are as the migrations made them, and no others beside."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final, NamedTuple

import asyncpg


class Guard(NamedTuple):
    """A trigger of a table, and the function that it calls."""

    table: str
    trigger: str
    function: str


_APPEND_ONLY: Final = "refuse_change"
GUARDS: Final = (
    Guard("events", "events_append_only", "refuse_event_change"),
    Guard("events", "events_append_only_row", "only_redact"),
    Guard("log_tiles", "log_tiles_kept", _APPEND_ONLY),
    Guard("log_tiles", "log_tiles_kept_row", _APPEND_ONLY),
    Guard("log_tiles", "log_tiles_only_grow", "refuse_shrinking"),
    Guard("log_checkpoints", "log_checkpoints_append_only", _APPEND_ONLY),
    Guard("log_checkpoints", "log_checkpoints_append_only_row", _APPEND_ONLY),
    Guard("access_log", "access_log_only_grows", "refuse_access_change"),
    Guard("access_log", "access_log_only_grows_row", "refuse_access_change"),
    Guard("publication_steps", "publication_steps_only_grows", "refuse_publication_change"),
    Guard("publication_steps", "publication_steps_only_grows_row", "refuse_publication_change"),
    Guard("publication_contents", "publication_contents_only_grows", "refuse_publication_change"),
    Guard("publication_contents", "publication_contents_only_grows_row", "refuse_publication_change"),
    Guard("publication_people", "publication_people_only_grows", "refuse_publication_change"),
    Guard("publication_people", "publication_people_only_grows_row", "refuse_publication_change"),
)
FUNCTIONS: Final = {
    "refuse_change": "16fac994b42210d8b9ea3180a74482d710aa1c48b9f9c53632f016b5dd4a9223",
    "refuse_event_change": "409a04420f9b0fbf49d1ad51743629d41f04a6475f880c29ebbe1492a4ac613b",
    "only_redact": "ab28cfc382dbe9d76b08b89d4febd1aa7f91f7b1953a8aa39618920f7a47e180",
    "refuse_access_change": "e9e56a1659820f165b53fdf4f995367738efa9514204fc0dd7152723c6859ebc",
    "refuse_publication_change": "d59077d419309d99b1f7524feb51c008b91c27b332d58dcbfba773d0b599ff5c",
    "refuse_shrinking": "eb7d0744c923c703ffe70819b0ffbd2c54da24c16032ac03ffc37ebc96b4668c",
}
"""The SHA-256 of the body of each function; a test holds them against what the migrations make."""
INDEXES: Final = ("events_pkey", "events_by_key", "events_by_origin", "log_tiles_pkey", "log_checkpoints_pkey")
"""What keeps a position, a key or a tile from standing twice."""

_TRIGGERS: Final = """
SELECT class.relname, trigger.tgname, function.proname, trigger.tgenabled = 'A', function.prosrc
  FROM pg_trigger AS trigger
  JOIN pg_class AS class ON class.oid = trigger.tgrelid
  JOIN pg_proc AS function ON function.oid = trigger.tgfoid
 WHERE class.relnamespace = to_regnamespace('tiendo') AND function.pronamespace = class.relnamespace AND NOT trigger.tgisinternal
"""
_FOREIGN: Final = """
WITH ours AS (
    SELECT oid, relname, relkind, relnamespace = to_regnamespace('tiendo') AS of_the_log FROM pg_class
     WHERE relnamespace = to_regnamespace('tiendo') OR relnamespace::regnamespace::text ~ '^build_[0-9]+$'
)
SELECT 'trigger' AS kind, ours.relname AS table, trigger.tgname AS name
  FROM pg_trigger AS trigger JOIN ours ON ours.oid = trigger.tgrelid
 WHERE NOT trigger.tgisinternal
   AND NOT (of_the_log AND (ours.relname::text, trigger.tgname::text) IN (SELECT * FROM unnest($1::text[], $2::text[])))
UNION ALL
SELECT 'rule', ours.relname, rule.rulename
  FROM pg_rewrite AS rule JOIN ours ON ours.oid = rule.ev_class
 WHERE ours.relkind <> 'v'
 ORDER BY 2, 3
"""
"""Triggers and rules of tables that nobody here has made: they would change what is written, or let it fall."""
_INDEXES: Final = """
SELECT class.relname FROM pg_index AS index JOIN pg_class AS class ON class.oid = index.indexrelid
 WHERE class.relnamespace = to_regnamespace('tiendo') AND index.indisunique AND index.indisvalid AND index.indisready
"""


async def missing_guards(driver: asyncpg.Connection) -> list[str]:
    """What is not as it was made, each in words."""
    triggers = {Guard(*row[:3]): (row[3], row[4]) for row in await driver.fetch(_TRIGGERS)}
    foreign = await driver.fetch(_FOREIGN, [one.table for one in GUARDS], [one.trigger for one in GUARDS])
    indexes = {row[0] for row in await driver.fetch(_INDEXES)}
    return [
        *_of_triggers(triggers),
        *(f"the {row['kind']} {row['name']} of {row['table']} is of nobody here" for row in foreign),
        *(f"the unique index {name} is missing" for name in INDEXES if name not in indexes),
    ]


def _of_triggers(triggers: dict[Guard, tuple[bool, str]]) -> Iterator[str]:
    for guard in GUARDS:
        if guard not in triggers:
            yield f"the trigger {guard.trigger} of {guard.table} is missing, or calls another function"
            continue
        always, body = triggers[guard]
        if not always:
            yield f"the trigger {guard.trigger} of {guard.table} does not fire always"
        if sha256(body.encode()).hexdigest() != FUNCTIONS[guard.function]:
            yield f"the function {guard.function}, which the trigger {guard.trigger} calls, is another than was made"
