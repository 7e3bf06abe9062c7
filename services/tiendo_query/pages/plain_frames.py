"""What stands around a page that shows neither figures nor cases."""

from fastapi import Request

from tiendo_query.answering.answers import query_side_of
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import sight_of
from tiendo_query.pages.rendering import Frame
from tiendo_query.questions.periods import shown
from tiendo_runtime.authentication import Caller


async def frame_without_figures(request: Request, session: Caller | None, asked: LookingParameters) -> Frame:
    """The frame as of now; the way of looking is carried on to pages that show something."""
    side = query_side_of(request, sight_of(session))
    async with side.snapshot() as snapshot:
        as_of, position = shown(side.now(), snapshot.zone), snapshot.reader.position
    return Frame(
        caller=session,
        simulated=False,
        position=position,
        as_of=as_of,
        kept_as_of=None if asked.as_of is None else asked.as_of.text,
        looking=asked.looking,
    )
