"""The addresses of the pages."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from tiendo_contracts.explanation import rule_in_words
from tiendo_contracts.quality_words import VERDICT_WORDS
from tiendo_domain.quality import verdict_on
from tiendo_query.answers import query_side_of
from tiendo_query.bound_side import EVERYTHING
from tiendo_query.case_pages import AskedCases, case_page
from tiendo_query.figures import Figure
from tiendo_query.known_officers import officer_key
from tiendo_query.known_units import tree_of
from tiendo_query.late_pages import is_by_lateness, late_page
from tiendo_query.pages.case_rows import case_rows
from tiendo_query.pages.case_view import case_values
from tiendo_query.pages.filter_words import words_of_filters
from tiendo_query.pages.first_page import first_page, shown_period
from tiendo_query.pages.page_routes import PageRoute, no_null_character
from tiendo_query.pages.paging import paged
from tiendo_query.pages.parameters import CasePageParameters, CasesParameters, FirstParameters, OfficerParameters
from tiendo_query.pages.rendering import Frame, rendered
from tiendo_query.pages.showing import kept_as_of
from tiendo_query.pages.whole_codes import code_form, has_figures, to_the_case
from tiendo_query.periods import asked_period
from tiendo_query.query_side import Snapshot
from tiendo_query.ranking import officer_delay
from tiendo_query.single_cases import CaseView, SeenCase, shown_case
from tiendo_query.strict_routes import each_parameter_once
from tiendo_read_models.queries.periods import Period
from tiendo_runtime.authentication import Caller, Sight
from tiendo_runtime.web import SignInNeeded, visitor_of_a_case, visitor_of_one_person

ROWS_MAX: Final = 50
_STATIC: Final = files("tiendo_query.pages") / "static"
_KEPT: Final = {"Cache-Control": "max-age=300"}
_STYLE: Final = (_STATIC / "tiendo.css").read_bytes()
_ICON: Final = (_STATIC / "tiendo.svg").read_bytes()

router: Final = APIRouter(
    include_in_schema=False,
    route_class=PageRoute,
    dependencies=[Depends(no_null_character), Depends(each_parameter_once)],
)

AnyVisitor = Annotated[Caller | None, Depends(visitor_of_a_case)]
OneVisitor = Annotated[Caller, Depends(visitor_of_one_person)]


def sight_of(session: Caller | None) -> Sight:
    """What whoever is signed in sees; where nobody is, pages show no names, of whatever they show."""
    return EVERYTHING if session is None else session.sight


@router.get("/static/tiendo.css")
async def style() -> Response:
    """The style of all pages."""
    return Response(_STYLE, media_type="text/css; charset=utf-8", headers=_KEPT)


@router.get("/static/tiendo.svg")
async def icon() -> Response:
    """The icon of all pages."""
    return Response(_ICON, media_type="image/svg+xml", headers=_KEPT)


@router.get("/")
async def first(request: Request, session: AnyVisitor, asked: Annotated[FirstParameters, Query()]) -> HTMLResponse:
    """The figures of the province, the worst units and officers, the open cases that are overdue; or the form for a case's whole code."""
    if not has_figures(request, session):
        return code_form(request)
    side = query_side_of(request, sight_of(session))
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        start, end = await shown_period(snapshot, asked.from_, asked.to, now=now)
        period = asked_period(start, end, as_of=None, now=now, zone=snapshot.zone).period
        found = await first_page(side, snapshot, start, end)
    frame = Frame(
        signed_in=session is not None,
        simulated=found.report.simulated,
        position=found.report.position,
        as_of=found.report.as_of,
        kept_as_of=kept_as_of(found.report.as_of, asked=False, at=period.as_of, now=now),
    )
    values = {
        "report": found.report,
        "quality_word": VERDICT_WORDS[found.report.quality.verdict].vi,
        "units": found.units,
        "officers": found.officers,
        "above": found.above,
        "years": found.years,
        "cases": case_rows(found.cases.records, names=frame.signed_in),
    }
    return rendered(request, "first.html", frame, values)


@router.get("/cases")
async def cases(request: Request, session: AnyVisitor, asked: Annotated[CasesParameters, Query()]) -> Response:
    """Cases by a part of their code, a unit's subtree, lateness, or a figure of the first page; page by page."""
    if not has_figures(request, session):
        return to_the_case(request, asked.text)
    if asked.officer is not None and session is None:
        raise SignInNeeded
    side = query_side_of(request, sight_of(session))
    question = _question(asked, people=session is not None)
    by_lateness = is_by_lateness(question)
    now = side.now()
    async with side.snapshot(heavy=by_lateness) as snapshot:
        period = asked_period(question.from_, question.to, as_of=question.as_of, now=now, zone=snapshot.zone).period
        unit = await _unit_path(snapshot, question.unit, period)
        found = await (late_page if by_lateness else case_page)(side, snapshot, question)
    frame = Frame(
        signed_in=session is not None,
        simulated=any(record["simulated"] for record in found.records),
        position=snapshot.reader.position,
        as_of=found.as_of_text,
        kept_as_of=kept_as_of(found.as_of_text, asked=asked.as_of is not None, at=period.as_of, now=now),
        text=question.text or "",
    )
    values = {
        "cases": case_rows(found.records, names=frame.signed_in),
        "filters": words_of_filters(asked, question, unit),
        "total": found.total,
        "next": None if found.next is None else _following(request, found.next),
    }
    return rendered(request, "cases.html", frame, values)


@router.get("/cases/{case_id:path}")
async def case(
    request: Request, case_id: str, session: AnyVisitor, asked: Annotated[CasePageParameters, Query()]
) -> HTMLResponse:
    """One case: who held it, its picture, whose share of the lateness is whose, and why."""
    side = query_side_of(request, sight_of(session))
    view = CaseView.asked(as_of=asked.as_of, known_at=None, basis="occurred", policy=None, now=side.now())
    kept = None if asked.as_of is None else asked.as_of.text

    def show(seen: SeenCase) -> HTMLResponse:
        frame = Frame(
            signed_in=session is not None,
            simulated=seen.simulated,
            position=seen.position,
            as_of=seen.as_of_text,
            kept_as_of=kept,
        )
        events = seen.events if seen.whole else None
        values = case_values(seen.timeline, events, page=asked.page, names=frame.signed_in)
        links = {"path_now": request.url.path, "page_query": _page_query(as_of=kept)}
        return rendered(request, "case.html", frame, {**values, **links})

    return await shown_case(side, case_id, view, show)


@router.get("/officers/{officer_id:path}")
async def officer(
    request: Request, officer_id: str, session: OneVisitor, asked: Annotated[OfficerParameters, Query()]
) -> Response:
    """One officer's totals over a period and the cases behind them; only for who is signed in."""
    side = query_side_of(request, session.sight)
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        start, end = await shown_period(
            snapshot, asked.from_, asked.to, now=now, key=officer_key(officer_id, snapshot.rules)
        )
        period = asked_period(start, end, as_of=None, now=now, zone=snapshot.zone)
        delay = await officer_delay(snapshot, officer_id, period.period)
    frame = Frame(
        signed_in=True,
        simulated=delay.simulated,
        position=snapshot.reader.position,
        as_of=period.as_of_text,
        kept_as_of=kept_as_of(period.as_of_text, asked=False, at=period.period.as_of, now=now),
    )
    behind = sorted((one for one in delay.cases if not asked.late or _is_late(one)), key=_most_delay)
    page = paged(behind, asked.page, ROWS_MAX)
    in_period = {"from": start.isoformat(), "to": end.isoformat()}
    values = {
        "officer_id": officer_id,
        "names": delay.names,
        "several_names": delay.several_names.get(delay.names.id or officer_id, ()),
        "sums": delay.sums,
        "quality_word": VERDICT_WORDS[verdict_on(delay.sums.attributed_minutes, delay.sums.doubtful_minutes)].vi,
        "start": start,
        "end": end,
        "late": asked.late,
        "cases": page.items,
        "case_count": len(behind),
        "page": page.page,
        "page_count": page.page_count,
        "period": urlencode(in_period),
        "page_query": _page_query(**in_period, late=asked.late),
        "rule_words": lambda rule: rule_in_words(rule).vi,
    }
    return rendered(request, "officer.html", frame, values)


def _is_late(one: Mapping[str, Any]) -> bool:
    """As `late_cases` counts them."""
    return bool(one["attributed_minutes"] > 0 or one["late_entry_minutes"] > 0)


def _most_delay(one: Mapping[str, Any]) -> tuple[int, int, int, str]:
    """Most attributed minutes first, then most late-entry minutes, then most overrun, as the ranking orders officers."""
    return -one["attributed_minutes"], -one["late_entry_minutes"], -one["overrun_minutes"], one["case_id"]


def _question(asked: CasesParameters, *, people: bool) -> AskedCases:
    return AskedCases(
        limit=ROWS_MAX,
        cursor=asked.cursor,
        as_of=asked.as_of,
        text=None if asked.text is None else asked.text.strip(),
        people=people,
        unit=asked.unit,
        overdue=asked.overdue,
        from_=asked.from_,
        to=asked.to,
        figure=None if asked.figure is None else Figure(asked.figure),
        open=asked.open,
        officer=asked.officer,
        quality=asked.quality,
        doubtful=asked.doubtful,
        source=asked.source,
        responsible=asked.responsible,
        month=asked.month,
        began_at=asked.began_at,
    )


async def _unit_path(snapshot: Snapshot, unit_id: str | None, period: Period) -> str | None:
    if unit_id is None:
        return None
    return (await tree_of(snapshot, period)).path(unit_id)


def _following(request: Request, cursor: str) -> str:
    return str(request.url.include_query_params(cursor=cursor).replace(scheme="", netloc=""))


def _page_query(**parameters: str | None) -> str:
    """The query up to `page=` of links to other pages."""
    kept = {name: value for name, value in parameters.items() if value}
    return f"{urlencode(kept)}&" if kept else ""
