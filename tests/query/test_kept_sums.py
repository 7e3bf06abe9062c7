"""What is carried on from question to question equals what is counted anew, whatever happened in between and whatever instant is asked for."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.projector.logs import SOURCE, STARTED_AT, case_texts, define, event_text, many_cases, received_text, send
from tests.query.carrying_on import a_day_off, figures, follow, told_together

from tiendo_domain.calendar import floor_minute
from tiendo_domain.calendar.minutes import MINUTE
from tiendo_domain.quality import ACROSS_CASES, OtherKind
from tiendo_event_store import EventLog
from tiendo_event_store.reading.arrivals import ArrivalPause
from tiendo_event_store.reading.rule_books import RuleBooks
from tiendo_projector import rebuild
from tiendo_projector.projection import Projection
from tiendo_query.cases import case_folding
from tiendo_query.figures.ranking import AskedOfficers, ranking
from tiendo_query.quality import quality_sums
from tiendo_query.quality.quality_figures import period_quality
from tiendo_query.quality.quality_sums import AskedQuality, quality_sum
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.sums import kept_sums
from tiendo_query.sums.carried_sums import KeptSum
from tiendo_query.sums.coming_minute import ComingMinute
from tiendo_query.sums.tallies import AskedTally, found_tally
from tiendo_read_models.builds import reading
from tiendo_read_models.folding import StoredText
from tiendo_read_models.queries.cases.refolding import ToFold, View, fold_cases

NOW = datetime(2022, 5, 1, 3, 0, tzinfo=UTC)
STEPS = [timedelta(), timedelta(seconds=7), timedelta(minutes=3), timedelta(minutes=-2), timedelta(days=2)]

Clock = Callable[[datetime], None]


@pytest.fixture
async def keeping(engine: AsyncEngine) -> AsyncIterator[QuerySide]:
    side = QuerySide(engine, keeps=True)
    yield side
    await side.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    def set_to(now: datetime) -> None:
        monkeypatch.setattr(QuerySide, "now", staticmethod(lambda: now))

    return set_to


async def built(engine: AsyncEngine) -> Projection:
    """A projection of all shards of a build that was just made."""
    return await Projection.open(engine, await rebuild(engine, processes=1), range(16), live=True)


async def caught_up(projection: Projection, *, refolding: bool = True) -> None:
    while await projection.step() or (refolding and await projection.refold()):
        pass


async def hold_as_counted_anew(engine: AsyncEngine, keeping: QuerySide, now: datetime) -> None:
    """Hold that two who ask at once are told what is counted anew."""
    one, other = await asyncio.gather(figures(keeping, now), figures(keeping, now))
    assert one == await figures(QuerySide(engine), now)
    assert other == one


def never_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on fail where a sum is counted anew."""

    async def refused(*_: object) -> KeptSum:
        pytest.fail("everything was counted anew")

    monkeypatch.setattr(kept_sums, "counted", refused)


@pytest.mark.parametrize("seed", range(2))
async def test_sums_that_are_carried_on_equal_sums_counted_anew(
    engine: AsyncEngine, keeping: QuerySide, clock: Clock, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    own = [text for number in range(20) for text in case_texts(f"HS-{number}", chance)]
    others = [text for number in range(20) for text in case_texts(f"OTHER-{number}", chance)]
    own += [event_text(f"HS-{one}", f"J-{one}", "joined", STARTED_AT, alias=f"HS-{one + 10}") for one in range(5)]
    own += told_together()
    silent_since = ArrivalPause(source=SOURCE, last_at=STARTED_AT + timedelta(days=chance.randrange(20)), next_at=None)

    async def pauses(*_: object, **__: object) -> list[ArrivalPause]:
        return [silent_since]

    monkeypatch.setattr(quality_sums, "arrival_pauses", pauses)
    for texts in (own, others):
        chance.shuffle(texts)
    await send(engine, own[:30])
    await follow(engine, others[:30])
    own, others, now = own[30:], others[30:], NOW
    projection = await built(engine)
    while own or others:
        if chance.random() < 0.3:
            await define(engine, a_day_off(chance))
        if chance.random() < 0.3:
            await follow(engine, (), a_day_off(chance))
        if chance.random() < 0.7:
            await send(engine, [own.pop() for _ in range(min(len(own), chance.randrange(1, 25)))])
        if chance.random() < 0.7:
            await follow(engine, [others.pop() for _ in range(min(len(others), chance.randrange(1, 25)))])
        await caught_up(projection, refolding=chance.random() < 0.6)
        now += chance.choice(STEPS)
        if chance.random() < 0.4:
            await ComingMinute(keeping).make_ready(floor_minute(now) + MINUTE)
            now = floor_minute(now) + MINUTE + timedelta(seconds=chance.choice([0, 1, 30]))
        clock(now)
        await hold_as_counted_anew(engine, keeping, now)
    projection = await built(engine)
    await hold_as_counted_anew(engine, keeping, now)
    quality = AskedQuality(start=date(2022, 1, 1), end=date(2022, 12, 31), now=now)
    async with keeping.snapshot() as snapshot:
        kinds = (
            (await period_quality(keeping, snapshot, quality, await quality_sum(keeping, snapshot, quality), None))
            .total()
            .kinds
        )
    assert ACROSS_CASES.difference(kinds) == {OtherKind.ROW_DISAPPEARED}
    await send(engine, case_texts("LAST", chance))
    await caught_up(projection)
    await hold_as_counted_anew(engine, keeping, now)


async def test_whoever_asks_first_in_a_minute_finds_its_figures_made_ready(
    engine: AsyncEngine, keeping: QuerySide, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(engine, [received_text(f"OPEN-{number}") for number in range(5)])
    projection = await built(engine)

    async def minutes(side: QuerySide = keeping) -> int:
        async with side.snapshot() as snapshot:
            found = await ranking(side, snapshot, AskedOfficers(start=None, end=None))
        return found.officers[0].sums.overrun_minutes

    clock(NOW)
    assert await minutes() > 0
    assert await ComingMinute(keeping).make_ready(NOW + MINUTE) == 1
    await send(engine, [received_text("OPEN-5")])
    await caught_up(projection)
    folded = list[str]()

    def noted(cases: Sequence[ToFold], stored: Mapping[str, Sequence[StoredText]], view: View) -> Any:
        folded.extend(case.case_id for case in cases)
        return fold_cases(cases, stored, view)

    monkeypatch.setattr(case_folding, "fold_cases", noted)
    clock(NOW + MINUTE + timedelta(seconds=3))
    found = await minutes()
    assert folded == ["OPEN-5"], "what has come since alone"
    assert await minutes(QuerySide(engine)) == found
    assert len(folded) == 7


async def test_within_a_minute_figures_change_where_something_happens_in_it(
    engine: AsyncEngine, keeping: QuerySide, clock: Clock
) -> None:
    paused = event_text("P", "P-1", "suspended", STARTED_AT + timedelta(hours=1), reason="chờ văn bản")
    resumed = event_text("P", "P-2", "resumed", NOW + timedelta(seconds=30))
    await send(engine, [received_text("P"), paused, resumed])
    await built(engine)
    for seconds, count in ((10, 1), (20, 1), (40, 0)):
        clock(NOW + timedelta(seconds=seconds))
        async with keeping.snapshot() as snapshot:
            found = await found_tally(keeping, snapshot, AskedTally(start=None, end=None))
        assert found.tally.total["paused"] == count


async def test_what_goes_out_is_folded_by_the_rules_that_it_came_in_by(
    engine: AsyncEngine, keeping: QuerySide, clock: Clock
) -> None:
    chance = random.Random(3)
    await send(engine, many_cases(20))
    projection = await built(engine)
    clock(NOW)
    await figures(keeping, NOW)
    await define(engine, *(a_day_off(chance) for _ in range(5)))
    await caught_up(projection, refolding=False)
    await hold_as_counted_anew(engine, keeping, NOW)
    await send(engine, many_cases(20, seed=2))
    await caught_up(projection, refolding=False)
    await hold_as_counted_anew(engine, keeping, NOW)


async def test_facts_of_any_log_make_another_rule_book(engine: AsyncEngine) -> None:
    chance, books, log = random.Random(1), RuleBooks(EventLog(engine)), EventLog(engine)
    await define(engine, a_day_off(chance))
    own = await books.of_all_at(await log.head())
    await follow(engine, (), a_day_off(chance))
    both = await books.of_all_at(await log.head())
    await follow(engine, (), a_day_off(chance))
    assert len({id(one) for one in (own, both, await books.of_all_at(await log.head()))}) == 3
    await send(engine, [received_text("HS-1")])
    assert await books.of_all_at(await log.head()) is await books.of_all_at(await log.head() - 1)


async def test_more_questions_than_snapshots_are_kept(
    engine: AsyncEngine, keeping: QuerySide, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(engine, many_cases(10))
    projection = await built(engine)
    questions = [AskedTally(start=date(2022, 1, 1), end=date(2022, 12, day)) for day in range(1, 11)]
    concerned = []
    for turn in range(2):
        for number, asked in enumerate(questions):
            await send(engine, [received_text(f"HS-{turn}-{number}")])
            await caught_up(projection)
            async with keeping.snapshot() as snapshot:
                found = await found_tally(keeping, snapshot, asked)
            concerned.append(found.tally.total["concerned"])
        never_anew(monkeypatch)
    assert concerned == list(range(concerned[0], concerned[0] + 20)), (
        "an event is one case more, for whichever is asked"
    )


async def test_what_a_database_that_was_started_again_shows_is_counted_anew(
    engine: AsyncEngine, owner_engine: AsyncEngine, keeping: QuerySide, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(engine, many_cases(5))
    projection = await built(engine)
    asked = AskedTally(start=date(2022, 1, 1), end=date(2022, 12, 31))

    async def concerned() -> int:
        async with keeping.snapshot() as snapshot:
            return (await found_tally(keeping, snapshot, asked)).tally.total["concerned"]

    assert await concerned() == 5
    async with owner_engine.begin() as connection:
        await connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'")
        )
    async with reading(engine) as reader:
        schema = reader.build.schema_name
    async with owner_engine.begin() as connection:
        await connection.execute(text(f"DELETE FROM {schema}.cases WHERE case_id = 'HS-00001'"))
    assert await concerned() == 4, "of the same revisions, and other rows all the same"
    never_anew(monkeypatch)
    assert await concerned() == 4
    await send(engine, [received_text("HS-new")])
    await caught_up(projection)
    assert await concerned() == 5


async def test_whoever_asks_of_an_older_snapshot_than_the_one_kept_is_told_of_the_older(
    engine: AsyncEngine, keeping: QuerySide, clock: Clock
) -> None:
    clock(NOW)
    await send(engine, many_cases(5))
    projection = await built(engine)
    asked = AskedTally(start=date(2022, 1, 1), end=date(2022, 12, 31))

    async def concerned(snapshot: Snapshot) -> int:
        return (await found_tally(keeping, snapshot, asked)).tally.total["concerned"]

    async with keeping.snapshot() as older:
        await send(engine, [received_text("HS-new")])
        await caught_up(projection)
        async with keeping.snapshot() as newer:
            found = await concerned(newer)
        assert await concerned(older) == found - 1
    async with keeping.snapshot() as newest:
        assert await concerned(newest) == found, "what the older one lacked comes in once"
