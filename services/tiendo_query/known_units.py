"""Which units there are: what decides whether a question about a unit is answered or refused."""

from tiendo_contracts.problem_kinds import ProblemKind, Refusal
from tiendo_query.query_side import Snapshot
from tiendo_read_models.queries.units import holds_anything, unit_tree


async def known_subtree(snapshot: Snapshot, unit_id: str, *, field: str = "unit") -> list[str]:
    """Ids of the unit and of all below it, sorted; `field` asked for it.

    Raises the refusal of a unit that no rule and no event names by this id: it has no figures, not figures of nothing.
    """
    connection, build = snapshot.reader.connection, snapshot.reader.build
    tree = await unit_tree(connection, build, snapshot.rules)
    named = "\x00" not in unit_id and (unit_id in tree.nodes or await holds_anything(connection, build, unit_id))
    if not named:
        raise Refusal(ProblemKind.UNIT_UNKNOWN, field=field)
    return tree.subtree(unit_id)
