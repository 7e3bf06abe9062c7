"""The poller as a process of its own: killed at any moment, asked to stop, started twice, and what operators are told of it."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.commands import tiendo_on
from tests.poller.fake_igate import FakeGateway
from tests.poller.known_history import Course, changes_of, history, play
from tests.poller.polls import Logged, logged, true_holds
from tests.preloaded.commands import Begun, begun_tiendo
from tests.waiting import until

from tiendo_event_store.sources.polled_sources import SourceStanding, source_standings
from tiendo_runtime.web.polled_metrics import PolledMetrics

ROUNDS = int(os.environ.get("ROUNDS", "2"))


@asynccontextmanager
async def poller(database_url: str, configuration_file: Path) -> AsyncIterator[Begun]:
    """A running poller; it is killed at the end of the block if it is still there."""
    environment = {**os.environ, "TIENDO_DATABASE_URL": database_url, "TIENDO_DATA": str(configuration_file.parent)}
    process = await begun_tiendo("serve", "igate", "--config", str(configuration_file), environment=environment)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def standing(engine: AsyncEngine) -> SourceStanding | None:
    found = await source_standings(engine)
    return found[0] if found else None


async def polls_after(engine: AsyncEngine) -> None:
    """Wait for a good poll that began after now."""
    before = await standing(engine)
    polled = None if before is None else before.state.polled_at

    async def polled_again() -> bool:
        now = await standing(engine)
        return now is not None and now.state.polled_at not in {None, polled}

    for _ in range(2):
        await until(polled_again, seconds=60, what="a poll")
        now = await standing(engine)
        polled = None if now is None else now.state.polled_at


def fits(course: Course, log: Logged) -> bool:
    """Whether the holds are the true ones, but that a claim which came and went unseen has the time in the queue too."""
    true = true_holds(course)
    found = log.held(course.case_id)
    starts = {start for _, start, _ in true}
    for name, start, end in found:
        own = [(held, begun, ended) for held, begun, ended in true if held == name]
        queue_before = {
            begun for held, begun, ended in true if held.startswith("H34.") and ended in {b for _, b, _ in own}
        }
        if start not in {begun for _, begun, _ in own} | queue_before or end not in {ended for _, _, ended in own}:
            return False
    return {start for _, start, _ in found} <= starts and found[-1][2] == true[-1][2]


@pytest.mark.torture
async def test_a_poller_killed_at_any_moment_neither_loses_nor_doubles_a_fact(
    engine: AsyncEngine, database_url: str, gateway: FakeGateway, configuration_file: Path
) -> None:
    """The gateway's history goes on while pollers are started and killed; the last one is left in peace."""
    courses = history(8, seed=7, pauses=False)
    changes = iter(changes_of(courses))
    rng = random.Random(5)
    for _ in range(ROUNDS):
        async with poller(database_url, configuration_file):
            await polls_after(engine)
            for _, change in zip(range(len(changes_of(courses)) // (ROUNDS + 1)), changes, strict=False):
                play(gateway, change)
                asked = len(gateway.asked) + rng.randrange(3)
                await until(lambda asked=asked: len(gateway.asked) >= asked, what="a search")  # type: ignore[misc] # mypy knows no default
    for change in changes:
        play(gateway, change)
    async with poller(database_url, configuration_file):
        await polls_after(engine)
    log = await logged(engine)
    assert log.by_case.keys() == {course.case_id for course in courses}
    for course in courses:
        assert fits(course, log), (true_holds(course), log.held(course.case_id))
        said = [
            (event["type"], event["time"], str(event["data"].get("holder"))) for event in log.by_case[course.case_id]
        ]
        assert len(set(said)) == len(said)


async def test_operators_see_the_lag_and_a_second_poller_ends_with_status_1(
    engine: AsyncEngine, database_url: str, gateway: FakeGateway, configuration_file: Path
) -> None:
    gateway.put("d1", dossierStatus={"id": 2}, acceptedDate="2022-08-15T07:00:00.000+0700")
    run = tiendo_on(database_url, configuration_file.parent)
    async with poller(database_url, configuration_file) as first:
        await polls_after(engine)
        second = await asyncio.to_thread(run, "serve", "igate", "--config", str(configuration_file))
        assert (second.returncode, "another poller" in second.stderr) == (1, True)
        told = await asyncio.to_thread(run, "doctor")
        assert "source /kontum/igate: last read" in told.stdout
        assert "1 dossiers open" in told.stdout
        gateway.faults.extend(["500"] * 100)

        async def failed() -> bool:
            now = await standing(engine)
            return now is not None and now.state.failures > 0

        await until(failed, what="a poll that failed")
        registry = CollectorRegistry()
        await PolledMetrics(registry).refresh(engine)
        shown = generate_latest(registry).decode()
        assert 'tiendo_source_open_cases{source="/kontum/igate"} 1.0' in shown
        assert 'tiendo_source_failures{source="/kontum/igate"}' in shown
        assert 'tiendo_source_lag_seconds{source="/kontum/igate"}' in shown
        first.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(first.wait(), 60) == 0
