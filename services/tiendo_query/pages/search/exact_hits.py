"""What a text names exactly, of what the caller sees."""

from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_domain.names import is_found
from tiendo_event_store.driver import driver_of
from tiendo_query.names.known_officers import known_officer, officer_key
from tiendo_query.names.known_units import is_inside, known_trees
from tiendo_query.pages.showing import in_path
from tiendo_query.query_side import Snapshot
from tiendo_read_models.queries.cases.live_case import live_case
from tiendo_read_models.queries.procedures import is_known_procedure
from tiendo_read_models.queries.units import UnitTree


async def exact_hit(snapshot: Snapshot, text: str, *, people: bool) -> str | None:
    """The address of the one thing that has this code, or of the one unit that bears this name; None where there is none, or none that is seen."""
    if "\x00" in text:
        return None
    found = await live_case(await driver_of(snapshot.reader.connection), snapshot.reader.build, text)
    if found is not None and found.known is not None:
        return f"/cases/{in_path(text)}"
    if people and await _is_officer(snapshot, text):
        return f"/officers/{in_path(text)}"
    tree = (await known_trees(snapshot)).of_span(len(snapshot.rules.unit_days))
    unit = text if text in tree.nodes else _unit_named(tree, text)
    if unit is not None and is_inside(snapshot, unit):
        return f"/units/{in_path(unit)}"
    known = await is_known_procedure(snapshot.reader.connection, snapshot.reader.build, text)
    return f"/procedures/{in_path(text)}" if known else None


async def _is_officer(snapshot: Snapshot, text: str) -> bool:
    try:
        await known_officer(snapshot, officer_key(text, snapshot.rules), field="text")
    except Refusal:
        return False
    return True


def _unit_named(tree: UnitTree, text: str) -> str | None:
    """The one unit whose whole name this is, however it is written."""
    wanted = text.casefold()
    named = [
        unit
        for unit, node in tree.nodes.items()
        if node.name is not None
        and len(node.name) == len(text)
        and node.name.casefold() == wanted
        and is_found(text, node.name)
    ]
    return named[0] if len(named) == 1 else None
