"""Codes that name one case lie in one row, wherever their shards are, whatever came first (rule N4)."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.projector.conftest import running_projector
from tests.projector.logs import (
    SOURCE,
    STARTED_AT,
    address_of,
    define,
    event_text,
    followed_to_the_end,
    many_cases,
    read_models,
    received_text,
    rows_of,
    send,
)
from tests.waiting import until

from tiendo_contracts.events.case_events import accept_text
from tiendo_contracts.events.decoding import case_event
from tiendo_contracts.shards import SHARD_COUNT, shard_of
from tiendo_domain.calendar import OverrideKind
from tiendo_domain.rules import CalendarDefinition, Override
from tiendo_domain.timeline import joined_cases
from tiendo_projector import rebuild
from tiendo_projector.projection import Projection

CASES = 120


def joined_text(code: str, alias: str, event_id: str) -> str:
    return event_text(code, event_id, "joined", STARTED_AT, alias=alias)


def annulled_text(code: str, event_id: str) -> str:
    annuls = {"source": SOURCE, "id": event_id}
    return event_text(code, f"{event_id}-not", "corrected", STARTED_AT, annuls=annuls, reason="nhầm")


def day_off_of(unit: str, day: date) -> CalendarDefinition:
    """A calendar of the unit's own, with the day off."""
    off = Override(on=day, kind=OverrideKind.OFF)
    return CalendarDefinition(id="own", time_zone="Asia/Ho_Chi_Minh", units=(unit,), overrides=(off,))


def joins(chance: random.Random) -> list[str]:
    """Joins of two and of chains, also with codes of which nothing else is told; some are annulled."""
    codes = [f"HS-{number:05d}" for number in range(CASES)] + [f"X-{number}" for number in range(20)]
    texts = []
    for number in range(60):
        code, alias = chance.sample(codes, 2)
        texts.append(joined_text(code, alias, f"j-{number}"))
        if chance.random() < 0.3:
            texts.append(annulled_text(chance.choice([code, alias]), f"j-{number}"))
    return texts


async def shown(engine: AsyncEngine) -> list[tuple[str, list[str]]]:
    """The cases that stand in the read models, each with its other codes."""
    return [(case_id, list(aliases)) for case_id, aliases in await rows_of(engine, "cases", "case_id", "aliases")]


def told(texts: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The cases of which the events tell."""
    events = [
        case_event(accept_text(text).text, position=number, ingested_at=STARTED_AT)
        for number, text in enumerate(texts, 1)
    ]
    return [(case.case_id, list(case.aliases)) for case in joined_cases(events)]


@pytest.mark.parametrize("seed", [1, 2])
async def test_joins_in_any_order_over_any_shards_give_the_same_rows_live_and_rebuilt(
    engine: AsyncEngine, other_engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr("tiendo_projector.rebuilding._EVENTS_FOR_PROCESSES", 1)
    chance = random.Random(seed)
    texts = many_cases(CASES) + joins(chance)
    await send(engine, texts)
    await rebuild(engine, processes=2)
    rebuilt = await read_models(engine)
    assert await shown(engine) == told(texts)
    shuffled = chance.sample(texts, len(texts))
    half = range(SHARD_COUNT // 2)
    address = address_of(other_engine)
    async with (
        running_projector(address, shards=half),
        running_projector(address, shards=range(SHARD_COUNT // 2, SHARD_COUNT)),
    ):
        for start in range(0, len(shuffled), 40):
            await send(other_engine, shuffled[start : start + 40])
        await until(lambda: followed_to_the_end(other_engine), seconds=90)
        assert await read_models(other_engine) == rebuilt


async def test_a_join_takes_the_rows_of_the_other_code_away_and_an_annulment_brings_them_back(
    engine: AsyncEngine,
) -> None:
    other = next(code for number in range(99) if shard_of(code := f"B-{number}") != shard_of("A"))
    async with running_projector(address_of(engine)):
        await send(engine, [received_text("A"), received_text(other)])
        await until(lambda: followed_to_the_end(engine))
        assert await shown(engine) == [("A", []), (other, [])]
        await send(engine, [joined_text(other, "A", "j")])
        await until(lambda: followed_to_the_end(engine))
        assert await shown(engine) == [("A", [other])]
        assert set(await rows_of(engine, "holds", "case_id")) == {("A",)}
        await send(engine, [annulled_text("A", "j")])
        await until(lambda: followed_to_the_end(engine))
        assert await shown(engine) == [("A", []), (other, [])]
        assert await rows_of(engine, "aliases", "code") == []


async def test_a_shard_that_is_behind_leaves_no_row_of_older_rules_of_a_code_that_was_joined_once(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for bound in ("_SMALL_STRETCH", "_LARGE_STRETCH"):
        monkeypatch.setattr(f"tiendo_projector.projection.{bound}", 1)
    other = next(code for number in range(99) if shard_of(code := f"B-{number}") != shard_of("A"))
    received = received_text(other, unit={"id": "H34.2", "name": "Sở khác"})
    completed = event_text("A", "A-1", "completed", STARTED_AT + timedelta(days=9))
    await send(engine, [received_text("A"), completed, joined_text(other, "A", "j"), annulled_text(other, "j")])
    build = await rebuild(engine, processes=1)
    ahead, behind = [await Projection.open(engine, build, [shard_of(code)], live=True) for code in ("A", other)]
    await send(engine, [received])
    await define(engine, day_off_of("H34.1", (STARTED_AT + timedelta(days=7)).date()))
    for projection in (ahead, behind, ahead):
        while await projection.step() or await projection.refold():
            pass
    followed = await rows_of(engine, "cases", "case_id", "lateness_minutes")
    await rebuild(engine, processes=1)
    assert followed == await rows_of(engine, "cases", "case_id", "lateness_minutes") == [("A", 1440), (other, 0)]
