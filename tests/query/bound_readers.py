"""Readers who are bound, each with a client, over the small province; and how what they are told is compared."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.keys import new_key
from tests.query.serving import Asked, client_of
from tests.query.small_province import Reader, Truth

from tiendo_domain.rules import RuleBook
from tiendo_event_store import EventLog
from tiendo_read_models.folding import decoded
from tiendo_runtime.authentication import Bounds, Scope, Sight

UNKNOWN_CASE: Final = "HS-NEVER"
READERS: Final = [
    *(Reader(units=frozenset({unit_id})) for unit_id in ("H34", "H34.LAND", "H34.TOWN", "H34.OLD")),
    Reader(units=frozenset({"H34.20.1", "H34.X"})),
    Reader(),
    *(Reader(officer=officer_id) for officer_id in ("CC-1", "CC-4")),
]
AS_OF: Final = ("2022-08-03T09:00:00+07:00", "2022-08-20T09:00:00+07:00")


@dataclass(frozen=True, kw_only=True)
class Told:
    """The service over the small province, the truth about it, and a client for each reader."""

    service: Asked
    truth: Truth
    clients: dict[Reader, httpx.AsyncClient]
    known_at: str


async def client_for(service: Asked, reader: Reader) -> httpx.AsyncClient:
    bounds = Bounds(units=sorted(reader.units) or ["nowhere"])
    key_id, secret = await new_key(service.app.state.running, Scope.READ, bounds=bounds, name=f"reader {reader}")
    if reader.officer is not None or not reader.units:
        SIGHTS[key_id] = Sight(units=frozenset(), officer_id=reader.officer)
    client = client_of(service.port, secret)
    assert (await client.post("/sign-in", data={"key": secret})).status_code == 303
    return client


SIGHTS: dict[str, Sight] = {}


async def truth_of(engine: AsyncEngine) -> Truth:
    log = EventLog(engine)
    events = decoded([event for event in await log.read_after(0, 100_000) if event.shard is not None])
    return Truth.of(events, RuleBook.fold(await log.directory_facts()), datetime.now(UTC).date())


async def pages_of(client: httpx.AsyncClient, path: str, **asked: str | int) -> list[Any]:
    """The items of all pages."""
    items: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await client.get(path, params={**asked, **cursor})
        assert answer.status_code == 200, (path, answer.text)
        page = answer.json()
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = {"cursor": page["next"]}


def words_in(told_text: str, words: Iterable[str]) -> set[str]:
    """Those of the words that stand in the text, each by itself."""
    return {
        word for word in words if word in told_text and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", told_text)
    }


ADDRESSES: Final = (
    "/v1/cases",
    "/v1/cases?limit=2&overdue=true",
    "/v1/cases?text=TOWN",
    "/v1/cases?unit=H34.TOWN",
    "/v1/cases?unit=H34.LAND&as_of={as_of}",
    "/v1/cases?officer=CC-3",
    "/v1/cases?officer=CC-1",
    "/v1/cases/{code}",
    "/v1/cases/{code}/timeline",
    "/v1/cases/{code}/timeline?known_at={known_at}",
    "/v1/cases/{code}/timeline?as_of={as_of}&basis=recorded&policy=after-due/1",
    "/v1/cases/{code}/waiting",
    "/v1/cases/{code}/forms/phieu-kiem-soat",
    "/v1/cases/{code}/forms/xin-loi",
    "/v1/forms/ii06a?unit={unit}&from=2022-07-01&to=2022-08-31",
    "/v1/forms/qd766?unit={unit}&from=2022-07-01&to=2022-08-31",
    "/v1/cases/{code}/events",
    "/v1/events?limit=1000",
    "/v1/officers",
    "/v1/officers?unit=H34.TOWN",
    "/v1/officers/{officer}/timeline",
    "/v1/officers/{officer}/timeline?as_of={as_of}",
    "/v1/officers/timeline?key={key}",
    "/v1/officers/{officer}/waiting",
    "/v1/officers/waiting?key={key}",
    "/v1/warnings",
    "/v1/warnings?as_of={as_of}",
    "/v1/warnings?officer=CC-3&as_of={as_of}",
    "/v1/units",
    "/v1/units/{unit}",
    "/v1/indicators",
    "/v1/indicators?unit=H34.TOWN",
    "/v1/report",
    "/v1/delays",
    "/v1/delays?as_of={as_of}",
    "/v1/delays?unit=H34.LAND",
    "/v1/delays?format=csv",
    "/v1/explanations",
    "/v1/difficulties",
    "/v1/explanations?unit=H34.TOWN",
    "/v1/explanations?officer={officer}",
    "/v1/quality",
    "/v1/breakdown",
    "/v1/breakdown?unit=H34.TOWN",
    "/v1/flows",
    "/v1/flows?unit=H34.LAND",
    "/v1/flows?unit=H34.TOWN&whole=true",
    "/v1/procedures",
    "/v1/cases?cause=officer&step=s-0",
    "/v1/cases?handed_from=H34.LAND&handed_to=H34.TOWN",
    "/v1/quality?unit=H34.TOWN",
    "/v1/log/checkpoint",
    "/v1/log/proofs/inclusion?position=1",
    "/v1/log/proofs/consistency?from=0",
    "/",
    "/cases",
    "/quality",
    "/cases?overdue=true",
    "/cases?text=TOWN&figure=open",
    "/cases/{code}",
    "/officers/{officer}",
    "/units/{unit}",
    "/procedures",
    "/flows",
    "/flows?unit=H34.TOWN",
    "/sources",
    "/desk/publications?period=2022-08",
)
"""Every address of the query side, filled in with everything there is."""


def still(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer without what moves with the present instant."""
    moving = {"as_of", "clocks", "holds", "attributions", "lateness_minutes", "system_lateness_minutes"}
    return {
        name: value
        for name, value in answer.items()
        if name not in moving or (name != "as_of" and not answer["provisional"])
    }


def minutes_of(hold: dict[str, Any]) -> tuple[Any, ...]:
    return hold["started_at"], hold["ended_at"], hold["step"], hold["paused"], hold["allotted_minutes"]
