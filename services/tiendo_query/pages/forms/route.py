"""The addresses of the statistical forms, and of the cases behind each figure."""

from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_contracts.answers.official_forms import FormFigures, StatisticalForm
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_query.answering.answers import query_side_of
from tiendo_query.cases.case_pages import one_case
from tiendo_query.names.known_units import tree_of
from tiendo_query.official_forms.statistics import AskedForm, FormCell, cases_of_cell, statistical_table
from tiendo_query.pages.bar import Choice, ChoiceBar, presets_at, units_of
from tiendo_query.pages.cases.case_rows import case_rows
from tiendo_query.pages.forms.view import FIGURES, FormCasesView, FormView, form_view
from tiendo_query.pages.framing import frame_of
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import OneVisitor, page_router, sight_of
from tiendo_query.pages.paging import paged
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.shown_periods import shown_period
from tiendo_query.query_side import Snapshot
from tiendo_query.questions.parameters import PageNumber, TextParameter, TrueParameter, one_of
from tiendo_query.questions.periods import asked_period
from tiendo_read_models.queries.units import UnitTree

router: Final = page_router()
ROWS_MAX: Final = 50
_ANSWERS: Final = frozenset({Choice.PERIOD, Choice.UNIT})
FigureParameter = Annotated[str, one_of(*FormFigures.model_fields)]


class FormPageParameters(LookingParameters):
    """How the form is looked at, and which page of its rows."""

    page: PageNumber = 1


class CellParameters(LookingParameters):
    """The figure, and whose row it stands in: by id, without one by name, or of what nobody named; none of these: the total."""

    figure: FigureParameter = "received"
    row: TextParameter = None
    row_name: TextParameter = None
    row_unnamed: TrueParameter = None
    page: PageNumber = 1

    @property
    def cell(self) -> FormCell:
        """What is asked for."""
        if self.row_unnamed:
            return FormCell(figure=self.figure, row=(None, None))
        if self.row is None and self.row_name is None:
            return FormCell(figure=self.figure)
        return FormCell(figure=self.figure, row=(self.row, self.row_name))


@router.get("/forms/{form}")
async def form_page(
    request: Request, form: str, session: OneVisitor, asked: Annotated[FormPageParameters, Query()]
) -> Response:
    """The form of the unit over the period, by default of the highest unit that is seen."""
    which = _form(form)
    side = query_side_of(request, sight_of(session))
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        start, end = await shown_period(snapshot, asked.from_, asked.to, now=now)
        period = asked_period(start, end, as_of=None, now=now, zone=snapshot.zone)
        tree = await tree_of(snapshot, period.period)
        unit = asked.unit or _highest(snapshot, tree)
        table = None
        if unit is not None:
            table = await statistical_table(side, snapshot, AskedForm(form=which, unit=unit, start=start, end=end))
        bar = ChoiceBar(
            answers=_ANSWERS,
            start=start,
            end=end,
            presets=presets_at(end),
            unit_path=None if unit is None else tree.path(unit),
            units=units_of(tree, unit),
        )
        simulated = table is not None and table.simulated
        frame = frame_of(snapshot, session, asked, period, now=now, simulated=simulated, bar=bar)
    view: FormView = form_view(which, unit, table, start, end, page=asked.page)
    return rendered(request, "forms/page.html", frame, view)


@router.get("/forms/{form}/cases")
async def cases_page(
    request: Request, form: str, session: OneVisitor, asked: Annotated[CellParameters, Query()]
) -> Response:
    """The cases that the figure counts, as they are at the period's end."""
    which = _form(form)
    if asked.unit is None or asked.from_ is None or asked.to is None:
        raise Refusal(ProblemKind.NOT_FOUND)
    side = query_side_of(request, sight_of(session))
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        question = AskedForm(form=which, unit=asked.unit, start=asked.from_, end=asked.to)
        period = asked_period(asked.from_, asked.to, as_of=None, now=now, zone=snapshot.zone)
        found = paged(await cases_of_cell(side, snapshot, question, asked.cell), asked.page, ROWS_MAX)
        records = [await one_case(side, snapshot, case_id, period.period.as_at) for case_id in found.items]
        simulated = any(record["simulated"] for record in records)
        frame = frame_of(snapshot, session, asked, period, now=now, simulated=simulated)
    view = FormCasesView(
        form=which,
        figure=FIGURES[asked.figure],
        row=asked.row or asked.row_name,
        start=asked.from_,
        end=asked.to,
        page=found,
        rows=case_rows(records, names=True),
        own=asked.own,
    )
    return rendered(request, "forms/cases.html", frame, view)


def _form(name: str) -> StatisticalForm:
    try:
        return StatisticalForm(name)
    except ValueError:
        raise Refusal(ProblemKind.NOT_FOUND) from None


def _highest(snapshot: Snapshot, tree: UnitTree) -> str | None:
    """The one unit above which the caller sees no figures; None where there are several."""
    inside = tree.nodes.keys() if snapshot.sight is None else snapshot.sight.units.inside
    tops = [one.id for one in tree.nodes.values() if one.id in inside and one.parent not in inside]
    return tops[0] if len(tops) == 1 else None
