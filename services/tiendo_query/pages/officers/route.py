"""The addresses of the list of officers, as a page and as files."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_query.answering.answers import query_side_of
from tiendo_query.figures.ranking import AskedOfficers, RankedOfficer, ranking
from tiendo_query.names.known_units import known_subtree
from tiendo_query.pages.bar import LISTS_ANSWER, ChoiceBar, presets_at, units_of
from tiendo_query.pages.cases.exporting import joined
from tiendo_query.pages.framing import frame_of, seen_period
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.looking_words import words_of_looking
from tiendo_query.pages.officers.columns import ExportedOfficer, officers_table
from tiendo_query.pages.officers.view import OFFICERS_SORTED, OfficersView, officers_listed, officers_page, total_of
from tiendo_query.pages.page_routes import OneVisitor, page_router
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.shown_periods import shown_period
from tiendo_query.pages.sorted_tables import heads_of
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.parameters import PageNumber, TextParameter, TrueParameter
from tiendo_query.questions.periods import AskedPeriod
from tiendo_query.tables.table_answers import table_answer
from tiendo_query.tables.table_files import TableForm
from tiendo_read_models.queries.units import UnitTree
from tiendo_runtime.web import language_of_page

router: Final = page_router()
DEFINITIONS: Final = Words(
    vi="Hồ sơ kết thúc trong kỳ (theo lúc ghi nhận) hoặc còn đang giải quyết khi hết kỳ; phút làm việc theo quy tắc A3, A4; một ngày là 8 giờ",
    en="Cases finished in the period (by the finish as recorded) or open at its end; working minutes by rules A3 and A4; a day has 8 hours",
)


class OfficerListParameters(LookingParameters):
    """Which officers, in which order, and which page of them."""

    text: TextParameter = None
    late: TrueParameter = None
    sort: Annotated[str | None, *OFFICERS_SORTED.parameter] = None
    page: PageNumber = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The whole list, over the days."""

    days: tuple[date, date]
    period: AskedPeriod
    listed: Sequence[RankedOfficer]
    tree: UnitTree
    simulated: bool


async def _found(side: QuerySide, snapshot: Snapshot, asked: OfficerListParameters, now: datetime) -> _Found:
    start, end = await shown_period(snapshot, asked.from_, asked.to, now=now)
    ranked = await ranking(side, snapshot, AskedOfficers(start=start, end=end, as_of=asked.as_of, now=now))
    units = None if asked.unit is None else await known_subtree(snapshot, asked.unit, ranked.period.period)
    officers = ranked.of_units(None if units is None else units.at_the_end())
    return _Found(
        days=(start, end),
        period=ranked.period,
        listed=officers_listed(officers, text=asked.text, late=asked.late is True, sort=asked.sort),
        tree=ranked.tree,
        simulated=ranked.simulated,
    )


def _bar(found: _Found, asked: OfficerListParameters) -> ChoiceBar:
    start, end = found.days
    return ChoiceBar(
        answers=LISTS_ANSWER,
        start=start,
        end=end,
        presets=presets_at(end),
        unit_path=found.tree.path(asked.unit),
        units=units_of(found.tree, asked.unit),
        own=asked.own,
    )


@router.get("/officers")
async def officers(request: Request, session: OneVisitor, asked: Annotated[OfficerListParameters, Query()]) -> Response:
    """Officers who held cases of the period, with what the rules and decisions put to them; by unit and name unless sorted otherwise."""
    side = query_side_of(request, session.sight)
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        found = await _found(side, snapshot, asked, now)
        frame = frame_of(
            snapshot,
            session,
            asked,
            found.period,
            now=now,
            simulated=found.simulated,
            bar=_bar(found, asked),
            text=asked.text or "",
        )
    start, end = found.days
    link, own = asked.looking.link, {**asked.own, "from_": start, "to": end}
    view = OfficersView(
        start=start,
        end=end,
        page=officers_page(found.listed, asked.page),
        count=len(found.listed),
        sums=total_of(found.listed),
        csv=link("/officers.csv", **own),
        xlsx=link("/officers.xlsx", **own),
        shown=_filters(asked),
    )
    heads = heads_of(frame, asked, "/officers", found.days, sort=OFFICERS_SORTED)
    return rendered(request, "officers/page.html", frame, {"view": view, "asked": asked, **heads})


def _filters(asked: OfficerListParameters) -> list[Words]:
    """What narrows the list besides the bar, in words."""
    words = []
    if asked.text is not None:
        words.append(Words(vi=f"tên hoặc mã có “{asked.text}”", en=f"name or id with “{asked.text}”"))
    if asked.late:
        words.append(
            Words(
                vi="có hồ sơ chậm, theo quy tắc hoặc sau quyết định", en="with late cases, by rule or after decisions"
            )
        )
    return words


@router.get("/officers.csv")
async def officers_csv(
    request: Request, session: OneVisitor, asked: Annotated[OfficerListParameters, Query()]
) -> Response:
    """The list for programs, all pages."""
    return await _file(request, query_side_of(request, session.sight), asked, TableForm.CSV)


@router.get("/officers.xlsx")
async def officers_xlsx(
    request: Request, session: OneVisitor, asked: Annotated[OfficerListParameters, Query()]
) -> Response:
    """The list for people, all pages, with what it shows and its definitions at the head."""
    return await _file(request, query_side_of(request, session.sight), asked, TableForm.XLSX)


async def _file(request: Request, side: QuerySide, asked: OfficerListParameters, form: TableForm) -> Response:
    now = side.now()
    language = Language.ENGLISH if form is TableForm.CSV else language_of_page(request)

    def period(snapshot: Snapshot) -> AskedPeriod:
        return seen_period(snapshot, asked, asked.from_, asked.to, now)

    ranked: _Found | None = None

    async def found_in(snapshot: Snapshot) -> _Found:
        """What both the head and the rows are made of: everybody is ranked once."""
        nonlocal ranked
        ranked = ranked or await _found(side, snapshot, asked, now)
        return ranked

    async def rows(snapshot: Snapshot) -> AsyncIterator[ExportedOfficer]:
        for one in (await found_in(snapshot)).listed:
            yield ExportedOfficer(one)

    async def head(snapshot: Snapshot) -> Sequence[Words]:
        found = await found_in(snapshot)
        shown = words_of_looking(_bar(found, asked), asked.looking, found.period.as_of_text)
        return [joined([*shown, *_filters(asked)]), DEFINITIONS]

    return await table_answer(
        officers_table(),
        form,
        side,
        rows,
        period=period,
        language=language,
        min_position=0,
        head=head if form is TableForm.XLSX else None,
    )
