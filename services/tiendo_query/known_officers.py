"""Which officers there are: whom nothing names is refused, never answered with an empty success."""

from tiendo_contracts.problem_kinds import ProblemKind, Refusal
from tiendo_query.query_side import Snapshot
from tiendo_read_models.queries.officers import is_known_officer


async def known_officer(snapshot: Snapshot, key: str, *, field: str) -> None:
    """Raise the refusal of an officer whom no case names as a holder; `key` tells the officer apart, `field` asked for them."""
    reader = snapshot.reader
    if "\x00" in key or not await is_known_officer(reader.connection, reader.build, key):
        raise Refusal(ProblemKind.OFFICER_UNKNOWN, field=field)
