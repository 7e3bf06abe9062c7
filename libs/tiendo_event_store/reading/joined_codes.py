"""Which codes were ever said to name one case (rule N4), kept beside the log: what a fold of any of them has to read.

Codes are only ever brought together here: whether what joined them was annulled is decided by whoever reads their events.
"""

from collections.abc import Collection, Iterable

import asyncpg

from tiendo_contracts.events.case_events import joined_alias
from tiendo_domain.timeline.joins import connected_codes

_INSERT = """
INSERT INTO tiendo.joined_codes (position, code, alias)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[])
"""

_REACHED = """
WITH RECURSIVE reached (code) AS (
    SELECT code COLLATE "C" FROM unnest($1::text[]) AS asked (code)
    UNION
    SELECT next.code FROM reached CROSS JOIN LATERAL (
        SELECT joined.alias AS code FROM tiendo.joined_codes AS joined WHERE joined.code = reached.code AND joined.position <= $2
        UNION ALL
        SELECT joined.code FROM tiendo.joined_codes AS joined WHERE joined.alias = reached.code AND joined.position <= $2) AS next
)
SELECT pair.code, pair.alias FROM reached CROSS JOIN LATERAL (
    SELECT joined.code, joined.alias FROM tiendo.joined_codes AS joined WHERE joined.code = reached.code AND joined.position <= $2) AS pair
"""


async def note_joins(driver: asyncpg.Connection, told: Iterable[tuple[int, str, str, str]]) -> None:
    """Keep which codes are joined by the events that are being appended, each given as position, type, subject and text."""
    joins = [
        (position, subject, alias)
        for position, event_type, subject, event_text in told
        if (alias := joined_alias(event_type, event_text)) is not None
    ]
    if joins:
        await driver.execute(_INSERT, *(list(column) for column in zip(*joins, strict=True)))


async def groups_of(driver: asyncpg.Connection, codes: Collection[str], *, up_to: int) -> list[frozenset[str]]:
    """The codes given, each with all that were ever joined with it by what was told up to a position; each group once, by the order of `codes`."""
    asked = dict.fromkeys(codes)
    pairs = [(code, alias) for code, alias in await driver.fetch(_REACHED, list(asked), up_to)]
    groups = connected_codes(asked, pairs)
    place = {code: number for number, group in enumerate(groups) for code in group}
    return [frozenset(groups[number]) for number in dict.fromkeys(place[code] for code in asked)]
