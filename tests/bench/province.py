"""The simulated province: loaded once into a database that stays, shown by a web service and a projector while events come in."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.asking import answered, new_key, settings_of
from tests.bench.databases import fresh
from tests.bench.programs import Program, said_by, serving, started, working
from tests.waiting import until

from tiendo_runtime.embedded import Cluster

ARRIVALS_PER_SECOND = 20
FIRST_DAY, LAST_DAY = "2022-01-01", "2022-08-25"
_VISIBLE_SECONDS = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """What rows ask: the programs, a key, and an officer, a unit, a case and a text that there are."""

    url: str
    web: Program
    projector: Program
    headers: Mapping[str, str]
    officer_id: str
    unit_id: str
    case_ids: tuple[str, ...]


@asynccontextmanager
async def shown_province(cluster: Cluster, scale: float, run: str) -> AsyncIterator[Province]:
    """The province at that scale, and `ARRIVALS_PER_SECOND` events a second that come in until the block ends."""
    events = await loaded(cluster, scale)
    url = cluster.url(database_name(scale))
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(serving("web", settings_of(url)))
        projector = await stack.enter_async_context(working("projector", settings_of(url)))
        key = await new_key(url)
        headers = {"authorization": f"Bearer {key}"}
        await until(lambda: _shows_all(web.port, headers), seconds=_VISIBLE_SECONDS, what="the province is shown")
        province = await _found(url, web, projector, headers)
        sender = ("-m", "tests.bench.sender", str(web.port), key, str(ARRIVALS_PER_SECOND), run, str(events))
        await stack.enter_async_context(started(sender, {}))
        yield province


def database_name(scale: float) -> str:
    """The name of the province's database, one for each scale."""
    return f"province_{scale:g}".replace(".", "_").replace("-", "_")


async def loaded(cluster: Cluster, scale: float, say: Callable[[str], None] = lambda _: None) -> Path:
    """The file of the province's events; they are in its database, whose read models are built."""
    name = database_name(scale)
    events, done = cluster.data / f"{name}.ndjson", cluster.data / f"{name}.done"
    if not done.exists():
        say(f"loading kontum-2022 at scale {scale:g}, once for all rows")
        settings = settings_of(await fresh(cluster, name))
        rules = cluster.data / f"{name}.toml"
        simulate = ("simulate", "--scale", f"{scale:f}", "--out", str(events), "--rules-out", str(rules))
        for command in (simulate, ("rules", "apply", str(rules)), ("import", str(events)), ("rebuild",)):
            await said_by(("-m", "tiendo_cli", *command), settings)
        events.with_name(f"{events.name}.truth.ndjson").unlink()
        done.touch()
    return events


async def _found(url: str, web: Program, projector: Program, headers: Mapping[str, str]) -> Province:
    period = f"from={FIRST_DAY}&to={LAST_DAY}"
    officers = json.loads(await answered(web.port, headers, f"/v1/officers?{period}&limit=1"))["items"]
    cases = json.loads(await answered(web.port, headers, f"/v1/cases?{period}&limit=500"))["items"]
    return Province(
        url=url,
        web=web,
        projector=projector,
        headers=headers,
        officer_id=officers[0]["officer"]["id"] if "officer" in officers[0] else officers[0]["id"],
        unit_id=cases[0]["unit"]["id"],
        case_ids=tuple(case["case_id"] for case in cases),
    )


async def _shows_all(port: int, headers: Mapping[str, str]) -> bool:
    head = json.loads(await answered(port, headers, "/v1/events?after=0&limit=1"))
    return bool(head["events"])
