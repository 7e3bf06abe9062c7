"""A typed client of tiendo's HTTP API: what `openapi/tiendo.json` describes, as models and iterators."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from types import TracebackType
from typing import Self
from urllib.parse import quote

import httpx

from tiendo_client.api_requests import ApiRequests, Parameter
from tiendo_contracts.answers.cases import CaseAnswer, CaseDetail, CasePage
from tiendo_contracts.answers.delays import Delay, DelayPage
from tiendo_contracts.answers.log_entries import LogEntry, LogPage
from tiendo_contracts.answers.officers import OfficerFigures, OfficerPage, OfficerTimeline
from tiendo_contracts.answers.reports import IndicatorsAnswer, Report, UnitAnswer, UnitFigures, UnitPage
from tiendo_contracts.answers.timelines import TimelineAnswer

PAGE = 500
ENTRIES = 1_000
PATIENCE_SECONDS = 30.0
Day = date | datetime | str
"""A local date, or an instant with an offset."""


class TiendoApi:
    """Asks the API at `url` with a read key; an asynchronous context.

    Where the service says to come again (a case not projected yet, an overload, `min_position` not reached) it does, for
    `patience_seconds` in all, then NotYet is raised. Other problems are raised at once: ApiProblem and below. Lists are iterators over all
    pages. A parameter that is None is left out; which there are, and what they mean, is told by the description of the API.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        language: str = "en",
        patience_seconds: float = PATIENCE_SECONDS,
        timeout_seconds: float = 60,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}", "Accept": "application/json", "Accept-Language": language}
        self._http = httpx.AsyncClient(base_url=url, headers=headers, timeout=timeout_seconds, transport=transport)
        self._requests = ApiRequests(self._http, patience_seconds)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def timeline(
        self,
        case_id: str,
        *,
        as_of: datetime | str | None = None,
        known_at: datetime | str | None = None,
        basis: str | None = None,
        policy: str | None = None,
        min_position: int | None = None,
    ) -> TimelineAnswer:
        """Who held the case for how long, and whose share of its lateness is whose. Raises NotFound."""
        asked = {"as_of": as_of, "known_at": known_at, "basis": basis, "policy": policy, "min_position": min_position}
        return await self._requests.one(TimelineAnswer, f"/v1/cases/{_quoted(case_id)}/timeline", asked)

    async def case(
        self, case_id: str, *, as_of: datetime | str | None = None, min_position: int | None = None
    ) -> CaseDetail:
        """One case without its holds. Raises NotFound."""
        asked = {"as_of": as_of, "min_position": min_position}
        return await self._requests.one(CaseDetail, f"/v1/cases/{_quoted(case_id)}", asked)

    async def cases(self, *, min_position: int | None = None, **filters: Parameter) -> AsyncIterator[CaseAnswer]:
        """The cases that the filters let through: `unit`, `officer`, `state`, `class_`, `overdue`, `from_`, `to`, …."""
        asked = {**_named(filters), "limit": PAGE, "min_position": min_position}
        async for page in self._requests.pages(CasePage, "/v1/cases", asked):
            for item in page.items:
                yield item

    async def officers(
        self,
        *,
        from_: Day | None = None,
        to: Day | None = None,
        unit: str | None = None,
        min_position: int | None = None,
    ) -> AsyncIterator[OfficerFigures]:
        """The ranking of officers over a period, most attributed minutes first."""
        asked = {"from": from_, "to": to, "unit": unit, "limit": PAGE, "min_position": min_position}
        async for page in self._requests.pages(OfficerPage, "/v1/officers", asked):
            for item in page.items:
                yield item

    async def officer(
        self, officer_id: str, *, from_: Day | None = None, to: Day | None = None, min_position: int | None = None
    ) -> OfficerTimeline:
        """One officer's delay over a period, with the cases behind it. Raises NotFound."""
        asked = {"from": from_, "to": to, "min_position": min_position}
        return await self._requests.one(OfficerTimeline, f"/v1/officers/{_quoted(officer_id)}/timeline", asked)

    async def units(
        self,
        *,
        from_: Day | None = None,
        to: Day | None = None,
        level: str | None = None,
        parent: str | None = None,
        min_position: int | None = None,
    ) -> AsyncIterator[UnitFigures]:
        """Units with the figures of their subtrees over a period."""
        asked = {"from": from_, "to": to, "level": level, "parent": parent, "limit": PAGE, "min_position": min_position}
        async for page in self._requests.pages(UnitPage, "/v1/units", asked):
            for item in page.items:
                yield item

    async def unit(
        self, unit_id: str, *, from_: Day | None = None, to: Day | None = None, min_position: int | None = None
    ) -> UnitAnswer:
        """The figures of one unit's subtree, and its own. Raises NotFound."""
        asked = {"from": from_, "to": to, "min_position": min_position}
        return await self._requests.one(UnitAnswer, f"/v1/units/{_quoted(unit_id)}", asked)

    async def delays(
        self,
        *,
        from_: Day | None = None,
        to: Day | None = None,
        unit: str | None = None,
        min_position: int | None = None,
    ) -> AsyncIterator[Delay]:
        """Case by case and party by party: who answers for which minutes."""
        asked = {"from": from_, "to": to, "unit": unit, "limit": PAGE, "min_position": min_position}
        async for page in self._requests.pages(DelayPage, "/v1/delays", asked):
            for item in page.items:
                yield item

    async def indicators(
        self,
        *,
        from_: Day | None = None,
        to: Day | None = None,
        unit: str | None = None,
        min_position: int | None = None,
    ) -> IndicatorsAnswer:
        """Every indicator over one period and one subtree of units."""
        asked = {"from": from_, "to": to, "unit": unit, "min_position": min_position}
        return await self._requests.one(IndicatorsAnswer, "/v1/indicators", asked)

    async def report(
        self, *, from_: Day | None = None, to: Day | None = None, min_position: int | None = None
    ) -> Report:
        """The figures of the province, by field and by unit."""
        return await self._requests.one(Report, "/v1/report", {"from": from_, "to": to, "min_position": min_position})

    async def events(self, *, after: int = 0) -> AsyncIterator[LogEntry]:
        """The log from after a position to its end, in order and without holes."""
        async for entry in self._entries("/v1/events", after):
            yield entry

    async def events_of_case(self, case_id: str) -> AsyncIterator[LogEntry]:
        """The events of one case, in order of the log. Raises NotFound."""
        async for entry in self._entries(f"/v1/cases/{_quoted(case_id)}/events", 0):
            yield entry

    async def event_at(self, position: int) -> LogEntry | None:
        """The event at a position; None beyond the end of the log."""
        page = await self._requests.one(LogPage, "/v1/events", {"after": position - 1, "limit": 1})
        return page.events[0] if page.events else None

    async def _entries(self, path: str, after: int) -> AsyncIterator[LogEntry]:
        while True:
            page = await self._requests.one(LogPage, path, {"after": after, "limit": ENTRIES})
            for entry in page.events:
                yield entry
            if not page.events:
                return
            after = page.next


def _quoted(name: str) -> str:
    return quote(name, safe="")


def _named(filters: dict[str, Parameter]) -> dict[str, Parameter]:
    """The filters as the API names them: an underscore at the end is there for Python's sake."""
    return {name.removesuffix("_"): value for name, value in filters.items()}
