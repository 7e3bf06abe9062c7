"""The address of one officer."""

from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_query.answering.answers import query_side_of
from tiendo_query.breakdowns.peer_comparison import peer_comparisons
from tiendo_query.breakdowns.period_sums import AskedTime
from tiendo_query.figures.ranking import officer_delay
from tiendo_query.names.known_officers import officer_key
from tiendo_query.pages.bar import Choice, ChoiceBar, presets_at
from tiendo_query.pages.framing import frame_of, seen_period
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.officer.beside_peers import peers_chart
from tiendo_query.pages.officer.own_holds import holds_chart, steps_held
from tiendo_query.pages.officer.view import SORTED, OfficerPictures, officer_view
from tiendo_query.pages.page_routes import OneVisitor, page_router
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.showing import in_path
from tiendo_query.pages.shown_periods import shown_period
from tiendo_query.pages.sorted_tables import heads_of
from tiendo_query.questions.parameters import PageNumber, one_of

router: Final = page_router()
LateOnly = Annotated[str | None, one_of("true")]
_ANSWERS: Final = frozenset({Choice.PERIOD, Choice.AS_OF})


class OfficerParameters(LookingParameters):
    """The period of an officer's page, whether late cases alone are listed, in which order, and which page of the list."""

    late: LateOnly = None
    sort: Annotated[str | None, *SORTED.parameter] = None
    page: PageNumber = 1


@router.get("/officers/{officer_id:path}")
async def officer(
    request: Request, officer_id: str, session: OneVisitor, asked: Annotated[OfficerParameters, Query()]
) -> Response:
    """One officer's totals over a period and the cases behind them; only for who is signed in."""
    side = query_side_of(request, session.sight)
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        key = officer_key(officer_id, snapshot.rules)
        start, end = await shown_period(snapshot, asked.from_, asked.to, now=now, key=key)
        period = seen_period(snapshot, asked, start, end, now)
        delay = await officer_delay(snapshot, officer_id, period.period)
        steps = steps_held(delay)
        time = AskedTime(start=start, end=end, as_of=asked.as_of)
        compared = await peer_comparisons(side, snapshot, time, delay.key, steps)
        pictures = OfficerPictures(
            holds=holds_chart(delay.holds, snapshot.rules.default_calendar, period.period.last_moment, (start, end)),
            peers=peers_chart(compared, steps),
        )
        bar = ChoiceBar(answers=_ANSWERS, start=start, end=end, presets=presets_at(end), own=asked.own)
        frame = frame_of(snapshot, session, asked, period, now=now, simulated=delay.simulated, bar=bar)
    view = officer_view(
        officer_id, delay, (start, end), pictures, late=asked.late is not None, sort=asked.sort, page=asked.page
    )
    heads = heads_of(frame, asked, f"/officers/{in_path(officer_id)}", (start, end), sort=SORTED)
    return rendered(request, "officer/page.html", frame, {"view": view, **heads})
