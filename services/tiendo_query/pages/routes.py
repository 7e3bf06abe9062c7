"""The addresses of the pages."""

from collections.abc import Callable, Coroutine, Mapping
from datetime import date
from functools import wraps
from importlib.resources import files
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.instants import parse_instant
from tiendo_contracts.problem_kinds import ProblemKind, Refusal, Words
from tiendo_domain.instants import Instant
from tiendo_query.answers import query_side_of
from tiendo_query.case_pages import AskedCases, case_page
from tiendo_query.pages.case_rows import case_rows
from tiendo_query.pages.case_view import case_values
from tiendo_query.pages.first_page import first_page, shown_period
from tiendo_query.pages.rendering import refused, rendered
from tiendo_query.pages.showing import moment
from tiendo_query.periods import asked_period
from tiendo_query.ranking import officer_delay
from tiendo_query.refusals import refused as parameter_refused
from tiendo_query.single_cases import CaseView, seen_case
from tiendo_runtime.authentication import Key
from tiendo_runtime.web import current_session

ROWS_MAX: Final = 50
OFFICER_CASES_MAX: Final = 500
_A_DATE: Final = Words(en="a date such as 2022-08-25", vi="một ngày như 2022-08-25")
_A_TEXT: Final = Words(en="text without the character U+0000", vi="văn bản không có ký tự U+0000")
_AN_INSTANT: Final = Words(en="an instant with its offset", vi="một thời điểm có múi giờ")
_STATIC: Final = files("tiendo_query.pages") / "static"
_KEPT: Final = {"Cache-Control": "max-age=300"}
_STYLE: Final = (_STATIC / "tiendo.css").read_bytes()
_ICON: Final = (_STATIC / "tiendo.svg").read_bytes()

router: Final = APIRouter(include_in_schema=False)

Session = Annotated[Key | None, Depends(current_session)]
_Page = Callable[..., Coroutine[Any, Any, HTMLResponse]]


def _refusals_shown(page: _Page) -> _Page:
    """The page, which takes the session, with refusals shown as pages too."""

    @wraps(page)
    async def shown(request: Request, **parameters: Any) -> HTMLResponse:  # noqa: ANN401 - those of the page
        try:
            _refuse_null_characters(request)
            return await page(request, **parameters)
        except Refusal as refusal:
            return refused(request, refusal, signed_in=parameters["session"] is not None)

    return shown


def _refuse_null_characters(request: Request) -> None:
    """Refuse what the database cannot even be asked for."""
    if "\x00" in request.url.path or any("\x00" in str(value) for value in request.path_params.values()):
        raise Refusal(ProblemKind.NOT_FOUND)
    for name, value in request.query_params.multi_items():
        if "\x00" in value:
            raise parameter_refused(name, _A_TEXT)


@router.get("/static/tiendo.css")
async def style() -> Response:
    """The style of all pages."""
    return Response(_STYLE, media_type="text/css; charset=utf-8", headers=_KEPT)


@router.get("/static/tiendo.svg")
async def icon() -> Response:
    """The icon of all pages."""
    return Response(_ICON, media_type="image/svg+xml", headers=_KEPT)


@router.get("/")
@_refusals_shown
async def first(request: Request, session: Session) -> HTMLResponse:
    """The figures of the province, the worst units and officers, the open cases that are overdue."""
    side = query_side_of(request)
    async with side.snapshot(heavy=True) as snapshot:
        period = await shown_period(snapshot, _date(request, "from"), _date(request, "to"), now=side.now())
        found = await first_page(side, snapshot, *period)
    return rendered(
        "first.html",
        report=found.report,
        units=found.units,
        officers=found.officers,
        cases=case_rows(found.cases.records),
        moment=found.report.as_of,
        signed_in=session is not None,
        notice=found.report.notice,
        position=found.report.position,
        as_of=moment(found.report.as_of),
    )


@router.get("/cases")
@_refusals_shown
async def cases(request: Request, session: Session) -> HTMLResponse:
    """Cases by a part of their code, a unit's subtree, or lateness; page by page."""
    side, asked = query_side_of(request), request.query_params
    text = asked.get("text", "").strip() or None
    question = AskedCases(
        limit=ROWS_MAX,
        cursor=asked.get("cursor") or None,
        as_of=_instant(request, "as_of"),
        text=text,
        unit=asked.get("unit") or None,
        overdue=True if asked.get("late") == "true" or asked.get("overdue") == "true" else None,
        open=True if asked.get("overdue") == "true" else None,
    )
    async with side.snapshot() as snapshot:
        found = await case_page(side, snapshot, question)
    following = None
    if found.next is not None:
        following = str(request.url.include_query_params(cursor=found.next).replace(scheme="", netloc=""))
    return rendered(
        "cases.html",
        cases=case_rows(found.records),
        filters=_filters(question),
        next=following,
        moment=found.as_of_text,
        signed_in=session is not None,
        notice=notice_of(simulated=any(record["simulated"] for record in found.records)),
        position=snapshot.reader.position,
        as_of=moment(found.as_of_text),
        text=text or "",
    )


@router.get("/cases/{case_id:path}")
@_refusals_shown
async def case(request: Request, case_id: str, session: Session) -> HTMLResponse:
    """One case: who held it, its picture, whose share of the lateness is whose, and why."""
    side = query_side_of(request)
    view = CaseView.asked(
        as_of=_instant(request, "as_of"), known_at=None, basis="occurred", policy=None, now=side.now()
    )
    async with side.snapshot() as snapshot:
        seen = await seen_case(side, snapshot, case_id, view)
    signed_in = session is not None
    return rendered(
        "case.html",
        **case_values(seen.timeline, names=signed_in),
        signed_in=signed_in,
        notice=notice_of(simulated=seen.simulated),
        position=snapshot.reader.position,
        as_of=moment(seen.as_of_text),
    )


@router.get("/officers/{officer_id:path}")
@_refusals_shown
async def officer(request: Request, officer_id: str, session: Session) -> HTMLResponse:
    """One officer's totals over a period and the cases behind them; only for who is signed in."""
    if session is None:
        return HTMLResponse(status_code=303, headers={"Location": "/sign-in", "Cache-Control": "no-store"})
    side = query_side_of(request)
    async with side.snapshot(heavy=True) as snapshot:
        start, end = await shown_period(snapshot, _date(request, "from"), _date(request, "to"), now=side.now())
        period = asked_period(start, end, as_of=None, now=side.now(), zone=snapshot.zone)
        delay = await officer_delay(snapshot, officer_id, period.period)
    return rendered(
        "officer.html",
        officer_id=officer_id,
        names=delay.names,
        sums=delay.sums,
        start=start,
        end=end,
        cases=sorted(delay.cases, key=_most_delay)[:OFFICER_CASES_MAX],
        case_count=len(delay.cases),
        more=len(delay.cases) > OFFICER_CASES_MAX,
        moment=period.as_of_text,
        signed_in=True,
        notice=notice_of(simulated=delay.simulated),
        position=snapshot.reader.position,
        as_of=moment(period.as_of_text),
    )


def _most_delay(one: Mapping[str, Any]) -> tuple[int, int, int, str]:
    """Most attributed minutes first, then most late-entry minutes, then most overrun, as the ranking orders officers."""
    return -one["attributed_minutes"], -one["late_entry_minutes"], -one["overrun_minutes"], one["case_id"]


def _filters(asked: AskedCases) -> list[str]:
    """What narrows the list, in words."""
    words = []
    if asked.overdue:
        words.append("đang giải quyết, đã quá hạn" if asked.open else "quá hạn")
    if asked.unit is not None:
        words.append(f"đơn vị {asked.unit} và các đơn vị trực thuộc")
    if asked.text is not None:
        words.append(f"mã có “{asked.text}”")
    return words


def _date(request: Request, name: str) -> date | None:
    text = request.query_params.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise parameter_refused(name, _A_DATE) from None


def _instant(request: Request, name: str) -> Instant | None:
    text = request.query_params.get(name)
    if not text:
        return None
    try:
        return Instant(parse_instant(text), text)
    except ValueError:
        raise parameter_refused(name, _AN_INSTANT) from None
