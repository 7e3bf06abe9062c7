"""A case as the officer who has signed in sees it, and what it says of them: what the forms of officers are about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_domain.months import Month
from tiendo_query.answering.answers import query_side_of
from tiendo_query.desk.drafting import Stamp
from tiendo_query.desk.previewing import case_with
from tiendo_query.desk.said_of_one import SaidOfOne, said_of_one
from tiendo_query.names.known_officers import officer_key
from tiendo_query.pages.desk_visitors import officer_of
from tiendo_query.pages.rendering import Frame
from tiendo_query.pages.showing import in_path
from tiendo_runtime.authentication import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCase:
    """What the case says of the officer, the frame of a page about it, and the instant, in the zone of the case."""

    said: SaidOfOne
    frame: Frame
    at: datetime

    @property
    def case_id(self) -> str:
        """The code of the case."""
        return self.said.timeline.case_id

    @property
    def officer(self) -> Mapping[str, str | None]:
        """The officer as the case names them."""
        party = next(hold.party for hold in self.said.timeline.holds if hold.party.key == self.said.key)
        return {"id": party.id, "name": party.name, "position": party.position}

    @property
    def month(self) -> Month:
        """The month to which the case belongs: that in which its finish was recorded, of an open one the present."""
        recorded = self.said.timeline.finish_recorded_at
        return Month.of((self.at if recorded is None else recorded.at.astimezone(self.at.tzinfo)).date())

    def stamp(self, event_id: str) -> Stamp:
        """Of what is said about it now."""
        return Stamp(case_id=self.case_id, event_id=event_id, at=self.at)


async def own_case(request: Request, session: Caller, case_id: str) -> OwnCase:
    """The case; raises the refusal of one that the caller never held, and of a caller who is no officer."""
    officer_id = officer_of(session)
    side = query_side_of(request, session.sight)
    now = side.now()
    async with side.snapshot() as snapshot:
        seen = await case_with(side, snapshot, case_id, (), now)
        key = officer_key(officer_id, snapshot.rules)
        said = said_of_one(seen.timeline, key, snapshot.rules)
    if not any(hold.party.key == key for hold in seen.timeline.holds):
        raise Refusal(ProblemKind.CASE_UNKNOWN, field="case_id")
    frame = Frame(
        caller=session, simulated=seen.simulated, position=seen.position, as_of=seen.as_of_text, kept_as_of=None
    )
    return OwnCase(said=said, frame=frame, at=now.astimezone(seen.timeline.calendar.zone))


def back_to_desk(case: OwnCase, position: int) -> Response:
    """To the officer's own page of the month to which the case belongs, once it knows what was sent; position 0: what had been sent before."""
    address = f"/desk?month={case.month}&min_position={position}#case-{in_path(case.case_id)}"
    return RedirectResponse(address, status_code=303)
