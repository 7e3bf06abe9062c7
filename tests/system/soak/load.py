"""Events at a steady rate and questions beside them, and what came of both."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import quantiles

import httpx
from tests.cli.running_up import Up
from tests.projector.logs import case_texts
from tests.system.relaying.checking import Acknowledged
from tests.waiting import until

BATCHES_A_SECOND = 3
OPEN_CASES = 400
CATCH_UP_SECONDS = 300
ASK_SECONDS = 2.0
_BATCH = {"Content-Type": "application/cloudevents-batch+json"}
_PERIOD = "from=2022-03-01&to=2022-08-31"
QUESTIONS = (
    "/v1/cases?limit=50",
    f"/v1/officers?{_PERIOD}",
    f"/v1/indicators?{_PERIOD}",
    f"/v1/delays?{_PERIOD}&limit=100",
    "/v1/cases/{case}/timeline",
    "/",
    "/metrics",
)


def _client(up: Up, key: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {up.lines[key]}"}
    return httpx.AsyncClient(base_url=up.address, headers=headers, timeout=120, trust_env=False)


def _spread(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return "too few"
    cuts = quantiles(seconds, n=100)
    return (
        f"median {cuts[49] * 1000:.0f} ms, 99 of 100 within {cuts[98] * 1000:.0f} ms, most {max(seconds) * 1000:.0f} ms"
    )


@dataclass(slots=True, kw_only=True)
class Senders:
    """`rate` events a second in three batches, whose instants are fixed: what comes late is sent at once."""

    up: Up
    rate: int
    accepted: list[Acknowledged] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    late_seconds: float = 0.0
    took_seconds: float = 0.0

    async def run(self, seconds: float) -> None:
        """Send for so long."""
        events, begun = _events(random.Random(0)), time.monotonic()
        size = self.rate // BATCHES_A_SECOND
        async with _client(self.up, "ingest key") as client:
            for number in range(round(seconds * BATCHES_A_SECOND)):
                due = begun + number / BATCHES_A_SECOND
                self.late_seconds = max(self.late_seconds, time.monotonic() - due)
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                await self._send(client, [next(events) for _ in range(size)])
        self.took_seconds = time.monotonic() - begun

    def account(self) -> str:
        """What was sent and how it was answered, in words."""
        return (
            f"{len(self.accepted):,} events accepted in {self.took_seconds:.0f} s, "
            f"{len(self.accepted) / self.took_seconds:.0f} a second; behind the plan at most {self.late_seconds:.1f} s; batches: {_spread(self.answered)}"
        )

    async def _send(self, client: httpx.AsyncClient, texts: list[str]) -> None:
        asked = time.monotonic()
        answer = await client.post("/v1/events", headers=_BATCH, content=f"[{','.join(texts)}]".encode())
        self.answered.append(time.monotonic() - asked)
        assert answer.status_code == httpx.codes.OK, answer.text[:500]
        self.accepted += [
            Acknowledged(position=each["position"], event={"id": each["id"]}) for each in answer.json()["events"]
        ]


@dataclass(slots=True, kw_only=True)
class Readers:
    """Those who ask meanwhile, one question after another."""

    up: Up
    asked: Counter[str] = field(default_factory=Counter)
    answered: list[float] = field(default_factory=list)

    async def run(self) -> None:
        """Ask for ever."""
        async with _client(self.up, "read key") as client:
            while True:
                for question in QUESTIONS:
                    begun = time.monotonic()
                    answer = await client.get(question.format(case="soak-1"))
                    self.answered.append(time.monotonic() - begun)
                    self.asked[f"{answer.status_code}"] += 1
                    await asyncio.sleep(ASK_SECONDS / len(QUESTIONS))

    def account(self) -> str:
        """What was asked and how it was answered, in words."""
        statuses = ", ".join(f"{count} times {status}" for status, count in sorted(self.asked.items()))
        return f"questions: {statuses}; {_spread(self.answered)}"

    async def head(self) -> int:
        """The position of the last event."""
        async with _client(self.up, "read key") as client:
            found = 0
            while (page := (await client.get("/v1/events", params={"after": found, "limit": 1000})).json())["events"]:
                found = page["next"]
            return int(found)

    async def faults(self, base: int, accepted: list[Acknowledged]) -> list[str]:
        """What was acknowledged and is not there, or elsewhere; what was asked for and failed; and a projection that does not catch up."""
        found = [f"a question was answered {status}" for status in self.asked if status >= "500"]
        seen: dict[int, str] = {}
        async with _client(self.up, "read key") as client:
            after = base
            while (page := (await client.get("/v1/events", params={"after": after, "limit": 1000})).json())["events"]:
                seen |= {each["position"]: each["event"]["id"] for each in page["events"]}
                after = page["next"]

            async def projected() -> bool:
                answer = await client.get("/v1/cases", params={"limit": 1})
                return int(answer.headers["X-Tiendo-Position"]) >= after

            await until(projected, seconds=CATCH_UP_SECONDS, what="the read models show the whole log")
        found += [
            f"position {each.position} is missing" for each in accepted if seen.get(each.position) != each.event["id"]
        ]
        return found[:20]


def _events(chance: random.Random) -> Iterator[str]:
    """Events without end: of many cases at a time, mixed, each case's own in their order."""
    cases: list[list[str]] = []
    number = 0
    while True:
        while len(cases) < OPEN_CASES:
            number += 1
            cases.append(case_texts(f"soak-{number}", chance)[::-1])
        place = chance.randrange(OPEN_CASES)
        yield cases[place].pop()
        if not cases[place]:
            cases[place] = cases[-1]
            cases.pop()
