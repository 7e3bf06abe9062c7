"""Units: the figures of their subtrees and their own."""

from typing import Annotated, Final

from fastapi import Query, Response
from pydantic import Field, WithJsonSchema

from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.answers.reports import UnitAbove, UnitAnswer, UnitPage
from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_domain.facts import Level
from tiendo_query.answering.answers import QuerySideParameter, UnitId, documented, mark, query_router
from tiendo_query.breakdowns.borne_in_units import borne_by, borne_by_itself, borne_sums
from tiendo_query.breakdowns.period_sums import AskedTime
from tiendo_query.figures.counting import figures
from tiendo_query.figures.reporting import unit_figures
from tiendo_query.names.known_units import is_above, is_inside, known_subtree, known_trees
from tiendo_query.names.searching import finds_unit
from tiendo_query.quality.quality_marks import quality_path
from tiendo_query.questions import cursors
from tiendo_query.questions.cursors import Cursor
from tiendo_query.questions.parameters import ListParameters, PageParameters, PeriodParameters, TextParameter, one_of
from tiendo_query.sums.tallies import AskedTally, found_tally

router: Final = query_router("units")

_LEVELS: Final = tuple(level.value for level in Level)
LevelParameter = Annotated[str | None, one_of(*_LEVELS), WithJsonSchema({"type": "string", "enum": list(_LEVELS)})]


class UnitsParameters(PeriodParameters, PageParameters):
    """Which units, over which period."""

    level: LevelParameter = Field(default=None, description="units of this level")
    parent: TextParameter = Field(default=None, description="id: units directly below this one")
    text: TextParameter = Field(
        default=None,
        description="the beginnings of words of the name, without diacritics, its initials, or part of the id",
    )


class UnitParameters(PeriodParameters, ListParameters):
    """Over which period."""


@router.get("/units", summary="Units with their figures", responses=documented(404, 504), operation_id="list_units")
async def list_units(
    side: QuerySideParameter, response: Response, asked: Annotated[UnitsParameters, Query()]
) -> UnitPage:
    """Every unit that a rule or an event names by id, by id, with the figures of its subtree over the period."""
    question: dict[str, object] = {
        "from": asked.from_,
        "to": asked.to,
        "as_of": asked.as_of,
        "level": asked.level,
        "parent": asked.parent,
        "text": asked.text,
    }
    cursor = None if asked.cursor is None else cursors.read(asked.cursor, question, kinds=(str,))
    now = None if cursor is None else parse_instant(cursor.as_of)
    async with side.snapshot(min_position=asked.min_position, heavy=True) as snapshot:
        found = await found_tally(
            side, snapshot, AskedTally(start=asked.from_, end=asked.to, as_of=asked.as_of, now=now)
        )
        if asked.parent is not None:
            await known_subtree(snapshot, asked.parent, found.period.period, field="parent")
    after = "" if cursor is None else str(cursor.after[0])
    units = [
        node.id
        for node in sorted(found.tally.tree.nodes.values(), key=lambda node: node.id)
        if node.id > after
        and is_inside(snapshot, node.id)
        and (asked.level is None or node.level == asked.level)
        and (asked.parent is None or node.parent == asked.parent)
        and (asked.text is None or finds_unit(asked.text, node))
    ]
    page, following = units[: asked.limit], None
    if len(units) > asked.limit:
        following = cursors.written(Cursor(after=(page[-1],), as_of=found.now.isoformat()), question)
    mark(response, snapshot, simulated=found.tally.simulated)
    return UnitPage.model_validate(
        {
            "simulated": found.tally.simulated,
            "notice": notice_of(simulated=found.tally.simulated),
            "from": found.period.from_text,
            "to": found.period.to_text,
            "as_of": found.period.as_of_text,
            "items": [unit_figures(found.tally, (unit_id, None), found.period) for unit_id in page],
            "next": following,
        }
    )


@router.get(
    "/units/{unit_id}",
    summary="One unit",
    responses=documented(404, 504),
    operation_id="read_unit",
    response_model=UnitAnswer | UnitAbove,
)
async def read_unit(
    unit_id: UnitId, side: QuerySideParameter, response: Response, asked: Annotated[UnitParameters, Query()]
) -> UnitAnswer | UnitAbove:
    """The figures of the unit's subtree over the period, and of the unit itself in `own`; of a unit above those that the caller sees the name."""
    async with side.snapshot(min_position=asked.min_position, heavy=True) as snapshot:
        if is_above(snapshot, unit_id):
            trees = await known_trees(snapshot)
            return UnitAbove(id=unit_id, name=trees.of_span(len(trees.days)).nodes[unit_id].name)
        found = await found_tally(side, snapshot, AskedTally(start=asked.from_, end=asked.to, as_of=asked.as_of))
        units = await known_subtree(snapshot, unit_id, found.period.period, field="unit_id")
        time = AskedTime(start=asked.from_, end=asked.to, as_of=asked.as_of, now=found.now)
        borne = await borne_sums(side, snapshot, time)
    tally = found.tally
    simulated = tally.by_unit[unit_id, None]["simulated"] > 0
    mark(response, snapshot, simulated=simulated)
    return UnitAnswer.model_validate(
        {
            **unit_figures(tally, (unit_id, None), found.period).model_dump(),
            **borne_by(borne, units),
            "simulated": simulated,
            "notice": notice_of(simulated=simulated),
            "own": {
                **figures(tally.by_own_unit[unit_id, None], quality_path(found.period, unit_id)),
                **borne_by_itself(borne, unit_id),
            },
            "children": list(tally.tree.children.get(unit_id, ())),
            "from": found.period.from_text,
            "to": found.period.to_text,
            "as_of": found.period.as_of_text,
        }
    )
