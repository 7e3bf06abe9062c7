"""Readers who are bound, each with a client, over the small province; and how what they are told is compared."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final
from urllib.parse import quote
from zipfile import ZipFile

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.keys import new_key
from tests.query.serving import Asked, client_of
from tests.query.small_province import Reader, Truth

from tiendo_domain.rules import RuleBook
from tiendo_event_store import EventLog
from tiendo_read_models.folding import decoded
from tiendo_runtime.authentication import Bounds, Scope, Sight
from tiendo_runtime.authentication.people import Role, SignedInPerson
from tiendo_runtime.web.sign_in.session_cookies import COOKIE

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
    people: dict[Reader, httpx.AsyncClient]
    known_at: str
    publications: list[str]
    """Lists that are drafted, of the town and of the land office."""


async def client_for(service: Asked, reader: Reader) -> httpx.AsyncClient:
    bounds = Bounds(units=sorted(reader.units) or ["nowhere"])
    key_id, secret = await new_key(service.app.state.running, Scope.READ, bounds=bounds, name=f"reader {reader}")
    if reader.officer is not None or not reader.units:
        SIGHTS[key_id] = Sight(units=frozenset(), officer_id=reader.officer)
    client = client_of(service.port, secret)
    assert (await client.post("/sign-in", data={"key": secret})).status_code == 303
    return client


async def person_for(service: Asked, reader: Reader) -> httpx.AsyncClient:
    """Somebody who has signed in and sees the same as the reader, with everything that their role may do besides."""
    role = Role.OFFICE if reader.officer is None else Role.OFFICER
    who = SignedInPerson(
        subject=str(reader),
        name="Ai Đó",
        roles=frozenset({role}),
        units=reader.units or frozenset({"nowhere"}),
        officer_id=reader.officer,
    )
    cookie = await service.app.state.running.sessions.begin(who)
    headers = {"Cookie": f"{COOKIE}={cookie}"}
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{service.port}", headers=headers, timeout=60)


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
    "/forms/ii06a?unit={unit}&from=2022-07-01&to=2022-08-31",
    "/forms/ii06a/cases?unit={unit}&from=2022-07-01&to=2022-08-31",
    "/officers",
    "/officers?unit=H34.TOWN",
    "/officers.csv",
    "/officers.xlsx",
    "/officers/{officer}",
    "/units/{unit}",
    "/procedures",
    "/flows",
    "/flows?unit=H34.TOWN",
    "/sources",
    "/desk/publications?period=2022-08",
    "/desk/publications/{publication}",
    "/desk/publications/{publication}/approve",
    "/v1/publications",
    "/v1/publications?unit={unit}",
    "/v1/publications/{publication}",
    "/cases.csv",
    "/cases.xlsx?unit=H34.TOWN",
    "/search?text=HS-",
    "/search?text={officer}",
    "/procedures/1.0",
    "/v1/procedures/1.0",
    "/difficulties",
    "/v1/difficulties/report",
    "/desk",
    "/desk/unit",
    "/desk/decisions",
    "/desk/record",
    "/desk/consultations",
    "/desk/consultations?unit={unit}",
    "/desk/consultations/letter?unit=H34.TOWN&format=docx&asked={code}",
    "/desk/late-entries",
    "/desk/late-entries?unit={unit}&from=2022-07-01&to=2022-08-31",
    "/desk/explain/{code}",
    "/desk/withdraw/{code}",
    "/desk/decide/{code}",
    "/administration",
    "/v1/access-log",
    "/v1/rejections",
)
"""Every address that answers a reader, filled in with everything there is."""
OF_NO_CASE: Final = frozenset(
    {"/docs", "/openapi.json", "/asyncapi.json", "/rule-book", "/glossary", "/style", "/live"}
)
"""Addresses that are the same for everybody who is let in, and the one that counts news without end."""


ANSWERED_BY_NOTHING: Final = frozenset(
    {
        *("/administration", "/v1/access-log"),  # for nobody who only reads
        *("/desk/decide/{code}", "/desk/withdraw/{code}", "/desk/publications/{publication}/approve"),  # nothing waits
        *("/procedures/1.0", "/v1/procedures/1.0"),  # no case names it
        "/desk/consultations/letter?unit=H34.TOWN&format=docx&asked={code}",  # no code is that of a question
    }
)
"""Addresses at which there is nothing for the readers of the tests; at every other one some of them find something."""


def probes(told: Told, reader: Reader) -> Iterator[tuple[str, str, str]]:
    """Every address with what it may be filled in with, as a path, and the value that the caller names."""
    truth = told.truth
    values = {
        "{code}": [*sorted(truth.codes(truth.in_part(reader)))[:9], "HS-JOIN-B", "HS-PARTED-A", "HS-TOWN", "HS-X-LAND"],
        "{officer}": [f"CC-{number}" for number in range(1, 7)],
        "{key}": [quote(f'["officer", "CC-{number}"]') for number in range(1, 5)],
        "{unit}": ["H34", "H34.LAND", "H34.TOWN", "H34.X"],
        "{publication}": told.publications,
    }
    for address in ADDRESSES:
        filled = address.replace("{as_of}", quote(AS_OF[0])).replace("{known_at}", quote(told.known_at))
        place = next((one for one in values if one in filled), None)
        if place is None:
            yield address, filled, ""
        else:
            yield from ((address, filled.replace(place, value), value) for value in values[place])


def read(answer: httpx.Response) -> str:
    """The words of an answer, also of a workbook or document."""
    if not answer.content.startswith(b"PK"):
        return answer.text
    with ZipFile(BytesIO(answer.content)) as packed:
        return "\n".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


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
