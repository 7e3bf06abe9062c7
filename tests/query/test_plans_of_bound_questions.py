"""What a bound caller asks of one case is planned once a connection, and everything else by its values."""

from sqlalchemy import text
from tests.query.serving import Asked

from tiendo_query.query_side import Snapshot
from tiendo_query.sight.bound_side import _BoundSide
from tiendo_runtime.authentication import Sight

PLANNED_ANEW = ("force_custom_plan", "on")
PLANNED_ONCE = ("force_generic_plan", "off")


async def planning(snapshot: Snapshot) -> tuple[str, str]:
    """How statements of this transaction are planned, and whether a table may be read whole."""
    asked = text("SELECT current_setting('plan_cache_mode'), current_setting('enable_seqscan')")
    mode, whole = (await snapshot.reader.connection.execute(asked)).one()
    return mode, whole


async def test_only_what_is_asked_of_one_case_is_planned_once(service: Asked) -> None:
    side = service.app.state.query_sides.seeing(Sight(units=frozenset({"H34"})))
    assert isinstance(side, _BoundSide)
    for _ in range(2):
        async with side.snapshot() as snapshot:
            assert await planning(snapshot) == PLANNED_ANEW
        async with side._seen(min_position=0, heavy=False, of_one_case=True) as snapshot:
            assert await planning(snapshot) == PLANNED_ONCE
