"""Templates filled and sent: nothing on a page comes from another host, and nothing of it may run as a script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.explanation import minutes_in_words, moment_in_words, remarks_on
from tiendo_domain.instants import Instant, LocalDate, Moment
from tiendo_query.pages.showing import (
    HIDDEN_NAME,
    NOTHING,
    day,
    in_path,
    moment,
    number,
    percent,
    until_when,
    working_days,
)
from tiendo_query.pages.visible import isolated, visible
from tiendo_runtime.settings import PublicPages
from tiendo_runtime.web import running_of, sign_in_path

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    # A signed-in page shows names: no cache may keep it for others.
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around every page: who looks, what it rests on, and the instant that it shows.

    `kept_as_of` is that instant where it is another than now: links and the search carry it on.
    """

    signed_in: bool
    simulated: bool
    position: int
    as_of: str
    kept_as_of: str | None
    text: str = ""


def _moment(moment: Moment | None) -> str:
    match moment:
        case Instant():
            return moment_in_words(moment)
        case LocalDate(on=on):
            return day(on)
        case _:
            return NOTHING


def _minutes(minutes: int | None) -> str:
    return NOTHING if minutes is None else minutes_in_words(minutes).vi


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tiendo_query.pages"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=number, percent=percent, in_path=in_path, moment=_moment, minutes=_minutes, day=day, isolated=isolated
    )
    environment.filters.update(working_days=working_days, until_when=until_when, moment_text=moment, remarks=remarks_on)
    return environment


ENVIRONMENT: Final = _environment()


def rendered(request: Request, template: str, frame: Frame, values: Mapping[str, Any]) -> HTMLResponse:
    """The page of the template, with what stands around it."""
    html = ENVIRONMENT.get_template(template).render(
        frame=frame,
        notice=notice_of(simulated=frame.simulated),
        sign_in_path=sign_in_path(request),
        hidden_name=HIDDEN_NAME,
        has_figures=frame.signed_in or running_of(request).settings.shown_pages is PublicPages.ON,
        **values,
    )
    return HTMLResponse(html, headers=HEADERS)
