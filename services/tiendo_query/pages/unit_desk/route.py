"""The address of the page of the head of a unit."""

from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_domain.months import Month
from tiendo_query.answering.answers import query_side_of
from tiendo_query.desk.unit_work import unit_work
from tiendo_query.names.known_units import known_trees
from tiendo_query.pages.desk_visitors import decider
from tiendo_query.pages.framing import frame_of_now
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import OneVisitor, page_router
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.unit_desk.view import unit_desk_view
from tiendo_query.query_side import Snapshot
from tiendo_query.questions.parameters import MonthParameter
from tiendo_runtime.authentication.people import SignedInPerson

router: Final = page_router()


class UnitDeskParameters(LookingParameters):
    """The unit, and the month that is told of; how other pages were looked at otherwise changes nothing here."""

    month: MonthParameter = None


@router.get("/desk/unit")
async def unit_desk(request: Request, session: OneVisitor, asked: Annotated[UnitDeskParameters, Query()]) -> Response:
    """What has to be prevented in the unit now, and what the month says of it; without a unit, the choice among the caller's own."""
    person = decider(session)
    side = query_side_of(request, person.sight)
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        own = await own_units(snapshot, person)
        unit_id = asked.unit or (own[0][0] if len(own) == 1 else None)
        month = None if asked.month is None else Month.read(asked.month)
        work = None if unit_id is None else await unit_work(side, snapshot, unit_id, month, now=now)
    frame = frame_of_now(snapshot, session, now, simulated=work is not None and work.simulated)
    if work is None:
        return rendered(request, "unit_desk/choose.html", frame, {"units": own})
    return rendered(request, "unit_desk/page.html", frame, unit_desk_view(work))


async def own_units(snapshot: Snapshot, person: SignedInPerson) -> list[tuple[str, str]]:
    """The units that the caller answers for, with their names; for who answers for all, those above which there is none."""
    trees = await known_trees(snapshot)
    nodes = trees.of_span(len(trees.days)).nodes
    ids = person.units if person.units is not None else {one.id for one in nodes.values() if one.parent is None}
    return sorted((unit_id, nodes[unit_id].name or unit_id if unit_id in nodes else unit_id) for unit_id in ids)
