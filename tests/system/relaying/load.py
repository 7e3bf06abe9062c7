"""Senders over HTTP that remember exactly what was acknowledged: of each event, that it is in the log and where."""

import asyncio
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
from tests.projector.logs import case_texts
from tests.system.relaying.checking import Acknowledged
from tests.waiting import until

KINDS = ("single", "batch", "stream")
OPEN_CASES = 6
BATCH_MAX = 40
REPEATED = 0.1
CALLS_A_SECOND = {"single": 15, "batch": 3, "stream": 3}
_CONTENT_TYPES = {
    "single": "application/cloudevents+json",
    "batch": "application/cloudevents-batch+json",
    "stream": "application/x-ndjson",
}


@dataclass(slots=True, kw_only=True)
class Sender:
    """One source system: it sends the events of its cases in their order, some of them twice, and again what was not answered."""

    kind: str
    seed: str
    client: httpx.AsyncClient
    acknowledged: list[Acknowledged] = field(default_factory=list)
    unanswered: int = 0
    _stopping: bool = False

    async def run(self) -> None:
        """Send until asked to stop; then everything that was sent has been answered."""
        chance = random.Random(self.seed)
        events = self._events(random.Random(f"{self.seed} events"))
        while not self._stopping:
            count = 1 if self.kind == "single" else chance.randint(1, BATCH_MAX)
            texts = [self._next(events, chance) for _ in range(count)]
            await until(partial(self._answered, texts), seconds=120, what="an answer")
            await asyncio.sleep(chance.expovariate(CALLS_A_SECOND[self.kind]))

    def stop(self) -> None:
        """Stop after the answer that is awaited."""
        self._stopping = True

    def _next(self, events: Iterator[str], chance: random.Random) -> str:
        """A new event, or one that was acknowledged before."""
        if self.acknowledged and chance.random() < REPEATED:
            return json.dumps(chance.choice(self.acknowledged).event, ensure_ascii=False)
        return next(events)

    def _events(self, chance: random.Random) -> Iterator[str]:
        """Events without end: of a few cases at a time, mixed, each case's own in their order."""
        cases: list[list[str]] = []
        number = 0
        while True:
            while len(cases) < OPEN_CASES:
                number += 1
                cases.append(list(reversed(case_texts(f"{self.kind}-{self.seed}-{number}".replace(" ", "-"), chance))))
            case = chance.choice(cases)
            yield case.pop()
            cases = [case for case in cases if case]

    async def _answered(self, texts: Sequence[str]) -> bool:
        """Whether all of it is acknowledged now; nothing is known of what was sent without an answer."""
        body = f"[{','.join(texts)}]" if self.kind == "batch" else "\n".join(texts)
        headers = {"Content-Type": _CONTENT_TYPES[self.kind]}
        try:
            answer = await self.client.post("/v1/events", headers=headers, content=body.encode())
        except httpx.HTTPError:
            self.unanswered += 1
            return False
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            self.unanswered += 1
            return False
        assert answer.status_code in {httpx.codes.OK, httpx.codes.MULTI_STATUS}, answer.text
        told = _receipts(answer.json())
        assert len(told) == len(texts)
        # A stream may have been cut short by the service: what it could not store then is sent again with the rest.
        if any(receipt["status"] not in {"accepted", "duplicate"} for receipt in told):
            self.unanswered += 1
            return False
        self.acknowledged += [
            Acknowledged(position=receipt["position"], event=json.loads(text))
            for text, receipt in zip(texts, told, strict=True)
        ]
        return True


async def send_some(client: httpx.AsyncClient, count: int, *, seed: str) -> Sender:
    """A sender that has sent at least so many events, in batches, and been told that they are in the log."""
    sender = Sender(kind="batch", seed=seed, client=client)
    sending = asyncio.create_task(sender.run())
    await until(lambda: len(sender.acknowledged) >= count or sending.done(), seconds=60, what=f"{count} events")
    sender.stop()
    await sending
    return sender


def _receipts(body: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = body.get("events", [body])
    return found
