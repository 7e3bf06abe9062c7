"""The client of the HTTP API gives what the service answers, page by page, and its problems as errors."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.projector.logs import STARTED_AT, event_text, many_cases, received_text, send
from tests.query.serving import Asked, asked_service

from tiendo_client import StubResolver, TiendoApi, api
from tiendo_client.errors import (
    AccessDenied,
    ApiProblem,
    ApiUnreachable,
    NotFound,
    NotYet,
    RequestInvalid,
    StubUnresolved,
)
from tiendo_contracts.messages import (
    CaseTimelineState,
    DelayAttributionsMessage,
    DelayAttributionsState,
    Place,
    Record,
    TopicKind,
    Version,
    decode_message,
    event_stub,
    state_stub,
)
from tiendo_contracts.texts.canonical_json import digest
from tiendo_event_store import EventLog

LATE = STARTED_AT + timedelta(days=30)
LOG = UUID(int=1)


@pytest.fixture
async def service(database_url: str, engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Asked]:
    async with asked_service(database_url, engine, tmp_path) as running:
        yield running


@pytest.fixture
async def client(service: Asked) -> AsyncIterator[TiendoApi]:
    async with TiendoApi(f"http://127.0.0.1:{service.port}", service.secret) as found:
        yield found


def answering(*responses: httpx.Response, patience_seconds: float = 5) -> tuple[TiendoApi, list[httpx.Request]]:
    """A client whose service gives these answers, and the requests that it got."""
    asked: list[httpx.Request] = []
    left = list(responses)

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return left.pop(0)

    transport = httpx.MockTransport(answer)
    return TiendoApi("http://test", "key", patience_seconds=patience_seconds, transport=transport), asked


async def test_lists_go_over_all_pages(service: Asked, client: TiendoApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "PAGE", 3)
    monkeypatch.setattr(api, "ENTRIES", 7)
    await service.tell(many_cases(10, seed=4))
    period = {"from_": date(2022, 1, 1), "to": date(2022, 12, 31)}

    cases = [case.case_id async for case in client.cases()]
    assert cases == [case["case_id"] for case in await service.all_items("/v1/cases", limit="500")]
    assert len(cases) == 10
    late = [case async for case in client.cases(overdue=True, as_of=LATE)]
    assert all(case.overdue for case in late)
    assert [delay.model_dump(by_alias=True, mode="json") async for delay in client.delays(**period)] == (
        await service.all_items("/v1/delays", from_="2022-01-01", to="2022-12-31")
    )
    officers = [line.officer async for line in client.officers(**period)]
    named = next(officer for officer in officers if officer.id is not None)
    assert (await client.officer(str(named.id), **period)).officer == named
    units = [unit async for unit in client.units(**period)]
    one = next(unit for unit in units if unit.id is not None)
    assert (await client.unit(str(one.id), **period)).resolved == one.resolved
    head = await EventLog(service.engine).head()
    assert [entry.position async for entry in client.events()] == list(range(1, head + 1))
    assert [entry.position async for entry in client.events(after=head - 2)] == [head - 1, head]
    assert {entry.event["subject"] async for entry in client.events_of_case(cases[0])} == {cases[0]}
    assert (await client.report(**period)).position == head
    assert (await client.indicators(**period)).indicators


async def test_a_timeline_is_that_of_the_service(service: Asked, client: TiendoApi) -> None:
    await service.tell([received_text("a/b"), event_text("a/b", "end", "completed", LATE)])
    found = await client.timeline("a/b", basis="recorded", as_of=LATE)
    assert found.model_dump(by_alias=True, mode="json") == await service.get(
        "/v1/cases/a%2Fb/timeline", basis="recorded", as_of=LATE.isoformat()
    )
    assert sum(share.minutes for share in found.attributions) == found.lateness_minutes
    assert (await client.case("a/b")).state == "completed"


async def test_problems_are_errors_with_all_that_the_service_said(service: Asked, client: TiendoApi) -> None:
    await service.tell([received_text("a")])
    with pytest.raises(NotFound) as unknown:
        await client.timeline("b")
    assert unknown.value.type == "/problems/case-unknown"
    with pytest.raises(RequestInvalid) as invalid:
        await client.timeline("a", policy="first-come/1")
    assert (invalid.value.status, invalid.value.field) == (400, "policy")
    with pytest.raises(RequestInvalid):
        _ = [case async for case in client.cases(basis="recorded")]
    async with TiendoApi(f"http://127.0.0.1:{service.port}", "wrong") as stranger:
        with pytest.raises(AccessDenied):
            await stranger.case("a")
    async with TiendoApi(f"http://127.0.0.1:{service.port}", service.secret, language="vi") as vietnamese:
        with pytest.raises(NotFound, match="hồ sơ"):
            await vietnamese.case("b")


async def test_a_case_that_is_not_projected_yet_is_waited_for(
    service: Asked, client: TiendoApi, owner_engine: AsyncEngine
) -> None:
    await service.tell([received_text("first")])
    async with owner_engine.begin() as held:
        # Nothing is projected while the checkpoints are held.
        await held.execute(text("SELECT * FROM tiendo.projection_checkpoints FOR UPDATE"))
        await send(service.engine, [received_text("second")])
        waiting = asyncio.create_task(client.timeline("second"))
        async with TiendoApi(f"http://127.0.0.1:{service.port}", service.secret, patience_seconds=0) as hasty:
            with pytest.raises(NotYet, match="case-not-projected"):
                await hasty.timeline("second")
    assert (await waiting).state == "in-process"


async def test_the_service_says_when_to_come_again() -> None:
    case = httpx.Response(503, headers={"Retry-After": "0"}, json={"type": "/problems/overloaded", "status": 503})
    client, asked = answering(case, httpx.Response(504), httpx.Response(200, json={"events": [], "next": 7}))
    async with client:
        assert [entry async for entry in client.events(after=7)] == []
    assert len(asked) == 3


async def test_what_would_take_longer_than_the_limit_is_not_waited_for() -> None:
    later = httpx.Response(503, headers={"Retry-After": "60"}, json={"type": "/problems/overloaded", "status": 503})
    client, asked = answering(later)
    async with client:
        with pytest.raises(NotYet, match="/problems/overloaded"):
            await client.case("a")
    assert len(asked) == 1


@pytest.mark.parametrize(
    "said", [lambda: datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT"), lambda: "soon"], ids=["a date", "a word"]
)
async def test_a_word_to_come_again_may_be_a_date_or_no_number(said: Callable[[], str]) -> None:
    busy = httpx.Response(429, headers={"Retry-After": said()})
    client, asked = answering(busy, httpx.Response(200, json={"events": [], "next": 0}))
    async with client:
        assert [entry async for entry in client.events()] == []
    assert len(asked) == 2


async def test_members_that_a_later_version_added_are_passed_over() -> None:
    entry = {"position": 1, "ingested_at": "2026-01-05T01:00:00Z", "event": {}, "sealed": True}
    client, _ = answering(httpx.Response(200, json={"events": [entry], "next": 1, "total": 9}))
    async with client:
        found = await client.event_at(1)
    assert found is not None
    assert found.position == 1


@pytest.mark.parametrize("content", [b"<html>", b"[]", b'{"events": [{}], "next": 1}'])
async def test_an_answer_that_cannot_be_read_says_so(content: bytes) -> None:
    client, _ = answering(httpx.Response(200, content=content))
    async with client:
        with pytest.raises(ApiUnreachable, match="no LogPage"):
            await client.event_at(1)


async def test_a_refusal_without_a_problem_document_is_told_too() -> None:
    client, _ = answering(httpx.Response(502, content=b"<html>bad gateway</html>"))
    async with client:
        with pytest.raises(ApiProblem, match="502 Bad Gateway"):
            await client.case("a")


async def test_a_service_that_is_not_there_says_so() -> None:
    async with TiendoApi("http://127.0.0.1:9", "key") as client:
        with pytest.raises(ApiUnreachable, match="ConnectError"):
            await client.case("a")


async def test_a_stub_of_an_event_is_made_whole_and_checked(service: Asked, client: TiendoApi) -> None:
    told = received_text("a")
    await service.tell([received_text("z"), told])
    position = await EventLog(service.engine).head()
    resolve = StubResolver(client)
    message = decode_message(TopicKind.CASE_EVENTS, _stub(told, position).value)
    assert (await resolve(message)).data == json.loads(told)["data"]
    with pytest.raises(StubUnresolved, match="not the one that the digest is of"):
        await resolve(decode_message(TopicKind.CASE_EVENTS, _stub(told, position - 1).value))
    with pytest.raises(StubUnresolved, match=f"no event at position {position + 9}"):
        await resolve(decode_message(TopicKind.CASE_EVENTS, _stub(told, position + 9).value))


def _stub(told: str, position: int) -> Record:
    event = json.loads(told)
    attributes = {name: str(value) for name, value in event.items() if name != "data"}
    place = Place(log_id=LOG, position=position, previous_position=0)
    return event_stub(attributes, place=place, ingested_at="2026-01-05T01:00:00Z", digest=digest(event).hex())


async def test_a_stub_of_a_state_is_made_whole(service: Asked, client: TiendoApi) -> None:
    await service.tell([received_text("a"), event_text("a", "end", "completed", LATE)])
    version = Version(build=1, position=await EventLog(service.engine).head(), revision=1)
    shares = state_stub(DelayAttributionsState(case_id="a", as_of=LATE.isoformat()), log_id=LOG, version=version)
    message = await StubResolver(client)(decode_message(TopicKind.DELAY_ATTRIBUTIONS, shares.value))
    assert isinstance(message, DelayAttributionsMessage)
    assert message.data is not None
    assert message.data.lateness_minutes == sum(share.minutes for share in message.data.attributions) > 0
    timeline = state_stub(CaseTimelineState(case_id="a", as_of=LATE.isoformat()), log_id=LOG, version=version)
    whole = await StubResolver(client)(decode_message(TopicKind.CASE_TIMELINES, timeline.value))
    assert isinstance(whole.data, CaseTimelineState)
    assert [hold.party.id for hold in whole.data.holds] == ["CB-1"]
