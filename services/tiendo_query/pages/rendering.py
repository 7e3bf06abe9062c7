"""Templates filled and sent: nothing on a page comes from another host, and no script may run but those of this service where a page has one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.explanation import policy_in_words
from tiendo_contracts.problems.problem_kinds import Language
from tiendo_domain.timeline_types import Policy
from tiendo_query.pages.bar import ChoiceBar, named_periods
from tiendo_query.pages.looking import Looking, Own
from tiendo_query.pages.looking_words import BASIS_WORDS, words_of_looking
from tiendo_query.pages.navigation import PLACES, Destination
from tiendo_query.pages.showing import HIDDEN_NAME, in_path
from tiendo_query.pages.speaking import ENVIRONMENTS
from tiendo_runtime.authentication import Caller
from tiendo_runtime.settings import PublicPages
from tiendo_runtime.web import language_of_page, path_of, running_of, sign_in_path

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    # A signed-in page shows names: no cache may keep it for others.
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

_LISTENING: Final = {
    **HEADERS,
    "Content-Security-Policy": f"{HEADERS['Content-Security-Policy']}; script-src 'self'; connect-src 'self'",
}
"""Of a page that hears of news by the script of this service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsOf:
    """What an open page is told of: one case, or all that its viewer sees."""

    case_id: str | None = None

    @classmethod
    def unless_as_of(cls, as_of: object, case_id: str | None = None) -> "NewsOf | None":
        """The same, or nothing for a page on which an instant was chosen: what was known then stays."""
        return cls(case_id=case_id) if as_of is None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around every page: who looks, in which way, what it rests on, and the instant that it shows.

    `kept_as_of` is that instant where it is another than now: the search carries it on. `bar` is None on pages that choose nothing.
    Links to a case carry `stated_as_of`, the instant that was asked for, and `as_at`, the instant as at which cases are shown where nobody asked
    for it (the end of a period): what was decided later counts then (rule E1), in the figures of the page and in the case behind them.
    `news_of` is of what the page is told while it stands open; None: of nothing.
    """

    caller: Caller | None
    simulated: bool
    position: int
    as_of: str
    kept_as_of: str | None
    stated_as_of: str | None = None
    as_at: str | None = None
    looking: Looking = field(default_factory=Looking)
    bar: ChoiceBar | None = None
    text: str = ""
    news_of: NewsOf | None = None

    @property
    def live(self) -> str | None:
        """The address by which the page hears of news while it stands open; None where it hears of none."""
        if self.news_of is None:
            return None
        return Looking().link("/live", after=self.position, case=self.news_of.case_id)

    @property
    def signed_in(self) -> bool:
        """Whether names are shown."""
        return self.caller is not None

    def to(self, path: str, **own: Own) -> str:
        """The address of a page looked at as this one; `own` is what it is asked besides."""
        return self.looking.link(path, **own)

    def to_case(self, case_id: str, **own: Own) -> str:
        """The address of the page of a case, which shows it as this page does."""
        case = f"/cases/{in_path(case_id)}"
        return self.looking.but(as_of=self.stated_as_of).link(case, as_at=self.as_at, **own)

    @property
    def places(self) -> Iterator[tuple[Destination, str]]:
        """Where the head leads whoever looks, each with its address."""
        return ((one, self.looking.link(one.path)) for one in PLACES if one.shown_to(self.caller))


def rendered(request: Request, template: str, frame: Frame, values: Mapping[str, Any] | object) -> HTMLResponse:
    """The page of the template, with what stands around it; `values` are a view, which the template calls `view`, or its members by name."""
    language = language_of_page(request)
    has_figures = frame.signed_in or running_of(request).settings.shown_pages is PublicPages.ON
    html = (
        ENVIRONMENTS[language]
        .get_template(template)
        .render(
            frame=frame,
            language=language.value,
            here=path_of(request) or "/",
            path=(path_of(request) or request.url.path).partition("?")[0],
            notice=notice_of(simulated=frame.simulated),
            sign_in_path=sign_in_path(request),
            hidden_name=hidden_name(language),
            signed_in=frame.signed_in,
            has_figures=has_figures,
            places=list(frame.places) if has_figures else [],
            bar_values=_bar_values(request, frame),
            **(values if isinstance(values, Mapping) else {"view": values}),
        )
    )
    return HTMLResponse(html, headers=HEADERS if frame.live is None else _LISTENING)


def _bar_values(request: Request, frame: Frame) -> Mapping[str, object]:
    """What the macro of the bar is called with; nothing on a page without one."""
    if frame.bar is None:
        return {}
    return {
        "words": words_of_looking(frame.bar, frame.looking, frame.as_of),
        "presets": [*frame.bar.presets, *named_periods(running_of(request).settings.periods)],
        "bases": list(BASIS_WORDS.items()),
        "policies": [(policy, policy_in_words(policy)) for policy in Policy],
    }


def hidden_name(language: Language) -> str:
    """What stands where a name is not shown."""
    return HIDDEN_NAME.spoken(language)
