"""Trouble at moments that a seed decides: what runs is killed, held and cut off while events come in."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError
from tests.kafka.brokers import Broker
from tests.system.fire.proxy import Proxy
from tests.system.relaying.load import Sender
from tests.system.relaying.programs import Program
from tests.system.relaying.province import Province
from tests.system.relaying.reading import send_again
from tests.waiting import until

from tiendo_cli.applying_rules import apply_rules
from tiendo_contracts.messages import TopicKind
from tiendo_event_store import LogUnavailable

BETWEEN_SECONDS = 1.0
AWAY_SECONDS = 4.0
WEIGHTS = {
    "kill relay": 5,
    "kill projector": 2,
    "kill follower": 3,
    "kill consumer": 3,
    "kill broker": 3,
    "hold broker": 2,
    "kill PostgreSQL": 2,
    "replace relay": 3,
    "repeat events": 2,
    "repeat states": 1,
    "change rules": 3,
}
WEIGHTS_OF_A_WAY = {
    "cut way": 5,
    "hold way": 3,
    "slow way": 3,
    "refuse way": 3,
    "kill relay": 1,
    "replace relay": 2,
    "change rules": 1,
}
"""Where the way to the broker is a proxy: what happens to connections, and now and then something else."""
_REPEATED = {"repeat events": TopicKind.CASE_EVENTS, "repeat states": TopicKind.DELAY_ATTRIBUTIONS}


@dataclass(slots=True, kw_only=True)
class Chaos:
    """One stretch of trouble; `done` counts what was done."""

    province: Province
    senders: list[Sender]
    plan: random.Random
    weights: Mapping[str, int] = field(default_factory=lambda: WEIGHTS)
    way: Proxy | None = None
    """What lies between the broker and everybody who speaks with it."""
    done: Counter[str] = field(default_factory=Counter)
    _ill_broker: asyncio.Task[None] | None = None
    _held_relay: asyncio.Task[None] | None = None
    _rules: int = 0

    async def make(self, actions: int) -> None:
        """Return after that many deeds, when everything runs again."""
        for number in range(actions):
            if number % 2:  # often something is killed while it recovers from the last time
                await self._work_goes_on()
            await asyncio.sleep(self.plan.expovariate(1 / BETWEEN_SECONDS))
            deed = self.plan.choices(list(self.weights), list(self.weights.values()))[0]
            kind, _, whom = deed.partition(" ")
            if await (self._disturb_way(self.way, kind) if whom == "way" and self.way is not None else self._do(deed)):
                self.done[deed] += 1
        for trouble in (self._ill_broker, self._held_relay):
            if trouble is not None:
                await trouble
        await self.province.kafka.restore()

    async def _work_goes_on(self) -> None:
        before = sum(len(sender.acknowledged) for sender in self.senders)
        await until(
            lambda: sum(len(sender.acknowledged) for sender in self.senders) > before, seconds=90, what="work goes on"
        )

    async def _do(self, deed: str) -> bool:
        """Whether it was done: what is ill already is left alone."""
        match deed:
            case "kill broker" | "hold broker":
                return self._disturb_broker(deed)
            case "kill PostgreSQL":
                await self.province.kill_server()
                return True
            case "replace relay":
                return await self._replace_relay()
            case "repeat events" | "repeat states":
                return await self._send_again(_REPEATED[deed])
            case "change rules":
                return await self._change_rules()
        return self._kill_program(deed.removeprefix("kill "))

    def _kill_program(self, kind: str) -> bool:
        names = [name for name in self.province.programs if name.startswith(kind)]
        return bool(names) and self.province.programs[self.plan.choice(sorted(names))].signal(signal.SIGKILL)

    def _disturb_broker(self, deed: str) -> bool:
        """Trouble for one broker of three, unless one has trouble: two of three must be there for a message to be acknowledged."""
        if self._ill_broker is not None and not self._ill_broker.done():
            return False
        broker = self.plan.choice(self.province.kafka.brokers)
        away = self.plan.uniform(0, AWAY_SECONDS)
        make_ill = _without_broker if deed == "kill broker" else _with_held_broker
        self._ill_broker = asyncio.create_task(make_ill(broker, away))
        return True

    async def _disturb_way(self, way: Proxy, kind: str) -> bool:
        """Trouble for every connection with the broker, for a while."""
        done = way.disturb(kind)
        try:
            await asyncio.sleep(self.plan.uniform(0, AWAY_SECONDS))
        finally:
            way.mend()
        return done

    async def _replace_relay(self) -> bool:
        """Hold the relay that works and cut off what holds its lock: another takes over, and then the held one goes on where it was."""
        if self._held_relay is not None and not self._held_relay.done():
            return False
        name = await self.province.working_relay()
        if name is None or not self.province.programs[name].signal(signal.SIGSTOP):
            return False
        away = self.plan.uniform(1, AWAY_SECONDS)
        self._held_relay = asyncio.create_task(_held(self.province.programs[name], away))
        return await self.province.cut_relay_lock()

    async def _send_again(self, kind: TopicKind) -> bool:
        return await send_again(self.province.kafka.bootstrap_servers, self.province.topic(kind), self.plan)

    async def _change_rules(self) -> bool:
        """Another list of placeholders: cases are folded anew, and a fact goes to the directory's topic."""
        self._rules += 1
        names = ["chuyên viên", f"cán bộ {self._rules}"] if self._rules % 2 else [f"cán bộ {self._rules}"]
        try:
            async with self.province.engine() as engine:
                return bool(await apply_rules(engine, {"placeholders": names}))
        except (DBAPIError, LogUnavailable, OSError):
            return False


async def _without_broker(broker: Broker, away: float) -> None:
    await broker.kill()
    await asyncio.sleep(away)
    await broker.start()


async def _with_held_broker(broker: Broker, away: float) -> None:
    broker.pause()
    await asyncio.sleep(away)
    broker.resume()


async def _held(program: Program, away: float) -> None:
    await asyncio.sleep(away)
    program.signal(signal.SIGCONT)
