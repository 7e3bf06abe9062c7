"""A whole `tiendo up` under torture: senders and a reader over HTTP, and trouble at moments that a seed decides."""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import httpx
from tests.contracts.events import text_of
from tests.event_store.history import Answer, Call, History, Read, Seen, Sent, Told
from tests.system.fire.place import Place
from tests.waiting import until

from tiendo_contracts.events.event_types import HOUSE_SOURCE
from tiendo_contracts.events.house_facts import house_event, is_of_the_house

READ_LIMIT = 1_000
DEEDS_MIN = 3
CASES_ASKED = 25
ANSWER_SECONDS = 300
"""How long an answer may take where many programs share the machine: that it comes late is no fault."""
CALL_SECONDS = 120
_ANSWERS = {"accepted": Answer.APPENDED, "duplicate": Answer.ALREADY_APPENDED}
_CONFLICT_POSITION = re.compile(r"position (\d+)")
_BATCH, _STREAM = "application/cloudevents-batch+json", "application/x-ndjson"
_AGAIN_SECONDS = 0.05


@dataclass(slots=True, kw_only=True)
class Torture:
    """One round in a folder of its own; the same seed makes the same plan."""

    place: Place
    seed: int
    seconds: float
    calls: list[Call] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    base: int = 0
    _stopping: bool = False

    async def run(self) -> History:
        """The history of the round, to the end of the log; `up` runs again afterwards."""
        await self._read_to_end(self.reads)
        self.base = self.reads[-1].after
        following = asyncio.create_task(self._follow())
        senders = [asyncio.create_task(self._send(name)) for name in ("single", "batch", "stream", "cutter")]
        try:
            await until(lambda: len([call for call in self.calls if call.told]) >= 4, seconds=ANSWER_SECONDS)
            await self._make_trouble(random.Random(self.seed))
        finally:
            self._stopping = True
            await self.place.see_that_it_runs()
            await asyncio.wait_for(asyncio.gather(following, *senders), ANSWER_SECONDS)
        await self._read_to_end(self.reads)
        again = [Read(begun=time.monotonic_ns(), after=self.base, limit=0, seen=[])]
        await self._read_to_end(again)
        return History(calls=self.calls, readers=[self.reads, again], base=self.base)

    async def misfolded_cases(self) -> list[str]:
        """Of some cases those whose timeline does not rest on just the events that the log holds of them."""
        entries = {entry.position: entry for read in self.reads for entry in read.seen}
        new = [entry for entry in entries.values() if entry.position > self.base and not entry.by_the_service]
        counts = Counter(_case_of(entry.key) for entry in new)
        found = []
        async with self._client("read key") as client:
            for case_id, count in counts.most_common(CASES_ASKED):
                address, parameters = f"/v1/cases/{case_id}/timeline", {"min_position": max(entries)}
                answer = await client.get(address, params=parameters)
                if answer.status_code != httpx.codes.OK or answer.json()["event_count"] != count:
                    found.append(f"{case_id}: {count} events, answered {answer.status_code} {answer.text[:200]}")
        return found

    async def _make_trouble(self, plan: random.Random) -> None:
        end = time.monotonic() + self.seconds
        while time.monotonic() < end or self.place.done.total() < DEEDS_MIN:
            # Often something goes wrong while all works, and often while it recovers from the last time.
            if plan.random() < 0.5:
                await until(
                    partial(self._has_more_answers, len(self.calls)), seconds=ANSWER_SECONDS, what="work goes on"
                )
            await asyncio.sleep(plan.expovariate(2))
            await self.place.strike(plan)

    def _has_more_answers(self, before: int) -> bool:
        return any(call.told for call in self.calls[before:]) or not self.place.runs

    def _client(self, key: str) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.place.up.lines[key]}"}
        return httpx.AsyncClient(base_url=self.place.address, headers=headers, timeout=CALL_SECONDS, trust_env=False)

    async def _send(self, name: str) -> None:
        """Send until the end; what was not answered is sent again until it is."""
        plan, number = random.Random(f"{self.seed} {name}"), 0
        while not self._stopping:
            count = 1 if name == "single" else plan.randint(1, 400)
            sent = [self._event(name, number + offset, plan) for offset in range(count)]
            number += count
            await until(partial(self._call, name, sent, plan), seconds=ANSWER_SECONDS, what="an answer")

    def _event(self, name: str, number: int, plan: random.Random) -> Sent:
        """A new event, or one sent before, or that one with other content."""
        if number and plan.random() < 0.1:
            return Sent(key=f"{name}-{plan.randrange(number)}", content=plan.choice("aab"))
        return Sent(key=f"{name}-{number}", content="a")

    async def _call(self, name: str, sent: Sequence[Sent], plan: random.Random) -> bool:
        """Whether there was an answer."""
        place = len(self.calls)
        self.calls.append(Call(begun=time.monotonic_ns(), events=sent))
        try:
            async with self._client("ingest key") as client:
                answer = await _answered(client, name, sent, plan)
        except (httpx.HTTPError, _CutOffError):
            return False
        if answer.status_code not in {200, 207, 409}:
            assert answer.status_code in {503, 400}, answer.text
            return False
        told = _told(answer)
        assert len(told) == len(sent)
        ended = time.monotonic_ns()
        self.calls[place] = Call(begun=self.calls[place].begun, events=sent, ended=ended, told=told)
        return True

    async def _follow(self) -> None:
        while not self._stopping:
            with suppress(httpx.HTTPError, _NotNowError):
                await self._read_to_end(self.reads)
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _read_to_end(self, reads: list[Read]) -> None:
        """Read on from where `reads` came to, until there is no more."""
        async with self._client("read key") as client:
            while True:
                after = max([0, *(read.after + len(read.seen) for read in reads[-1:])])
                begun = time.monotonic_ns()
                answer = await client.get("/v1/events", params={"after": after, "limit": READ_LIMIT})
                if answer.status_code != httpx.codes.OK:
                    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
                    raise _NotNowError
                page = answer.json()
                seen = [_seen(entry) for entry in page["events"]]
                assert page["next"] == (seen[-1].position if seen else after)
                reads.append(Read(begun=begun, after=after, limit=READ_LIMIT, seen=seen))
                if not seen:
                    return


class _NotNowError(Exception):
    """The service does not answer at the moment."""


class _CutOffError(Exception):
    """The sender goes away in the middle of its body."""


async def _answered(client: httpx.AsyncClient, name: str, sent: Sequence[Sent], plan: random.Random) -> httpx.Response:
    texts = [text_of(_event_of(each)) for each in sent]
    match name:
        case "single":
            headers = {"Content-Type": "application/cloudevents+json"}
            return await client.post("/v1/events", headers=headers, content=texts[0])
        case "batch":
            body = f"[{','.join(texts)}]"
            return await client.post("/v1/events", headers={"Content-Type": _BATCH}, content=body)
        case _:
            cut_at = plan.randrange(2 * len(texts)) if name == "cutter" else len(texts)
            pieces = _pieces(texts, cut_at)
            return await client.post("/v1/events", headers={"Content-Type": _STREAM}, content=pieces)


async def _pieces(texts: Sequence[str], cut_at: int) -> AsyncIterator[bytes]:
    for index, text in enumerate(texts):
        if index == cut_at:
            yield text[: len(text) // 2].encode()
            raise _CutOffError
        yield f"{text}\n".encode()


def _event_of(sent: Sent) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": sent.key,
        "source": "/torture",
        "type": "vn.tiendo.case.suspended.v1",
        "subject": _case_of(sent.key),
        "time": "2022-08-15T08:05:00+07:00",
        "data": {"reason": sent.content},
    }


def _case_of(key: str) -> str:
    return f"case-{sum(key.encode()) % 200}"


def _told(answer: httpx.Response) -> list[Told]:
    body = answer.json()
    return [_told_of(entry) for entry in body.get("events", [body])]


def _told_of(entry: dict[str, Any]) -> Told:
    if entry["status"] in _ANSWERS:
        return Told(answer=_ANSWERS[entry["status"]], position=entry["position"])
    problem = entry.get("problem", entry)
    assert problem["type"] == "/problems/conflict", problem
    position = _CONFLICT_POSITION.search(problem["detail"])
    assert position is not None
    return Told(answer=Answer.CONFLICT, position=int(position[1]))


def _seen(entry: dict[str, Any]) -> Seen:
    event = entry["event"]
    content = event["data"].get("reason", "") if event["source"] == "/torture" else event["id"]
    return Seen(
        position=entry["position"], key=event["id"], content=content, by_the_service=_is_whole_fact_of_the_house(event)
    )


def _is_whole_fact_of_the_house(event: dict[str, Any]) -> bool:
    """Whether it is one, word for word as its id says: senders send none, and what was damaged is none."""
    if event["source"] != HOUSE_SOURCE or not is_of_the_house(event["type"]):
        return False
    at = datetime.fromisoformat(event["time"])
    return house_event(event["type"], event["subject"], event["data"], at=at) == event
