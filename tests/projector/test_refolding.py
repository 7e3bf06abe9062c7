"""New facts of the configuration fold again just the cases that they touch (rule T6); very large cases are folded seldom."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.projector.conftest import rebuild_as_projectors_do, running_projector
from tests.projector.logs import (
    STARTED_AT,
    address_of,
    define,
    event_text,
    followed_to_the_end,
    holder,
    many_cases,
    read_models,
    received_text,
    rows_of,
    send,
)
from tests.waiting import until

from tiendo_domain.calendar import OverrideKind
from tiendo_domain.rules import (
    AbsenceRule,
    CalendarDefinition,
    Definition,
    NationalRule,
    OfficerRule,
    Override,
    PauseMode,
    PlaceholdersDefinition,
    ProcedureRule,
    PublicationRule,
    StepRule,
    UnitRule,
)
from tiendo_projector import rebuild
from tiendo_projector.projection import Projection
from tiendo_read_models.builds import Build, ensure_live_build
from tiendo_read_models.errors import CheckpointMoved
from tiendo_read_models.refolding import CaseKey, due_refolds

OFF = Override(on=date(2022, 3, 2), kind=OverrideKind.OFF)


def calendar(calendar_id: str, *units: str, overrides: tuple[Override, ...] = ()) -> CalendarDefinition:
    """A calendar of the default sessions for some units."""
    return CalendarDefinition(id=calendar_id, time_zone="Asia/Ho_Chi_Minh", units=units, overrides=overrides)


BELOW_BY_EVENT = {"id": "H34.9.1", "name": "Xã", "parent": "H34.9"}
BELOW_BY_RULES = {"id": "H34.8.1", "name": "Phường"}
MIXED = {"id": "H34.7.1.1", "name": "Tổ", "parent": "H34.7.1"}
ELSEWHERE = {"id": "H34.1", "name": "Sở"}
TREE: tuple[Definition, ...] = (UnitRule(id="H34.8.1", parent="H34.8"), UnitRule(id="H34.7.1", parent="H34.7"))


@pytest.fixture
async def build(engine: AsyncEngine) -> Build:
    """A live build of five cases: one of a unit below H34.9 by its event, below H34.8 by the rules, below H34.7 by both; two elsewhere."""
    await define(engine, *TREE, calendar("huyện", "H34.6"))
    await send(
        engine,
        [
            received_text("BY-EVENT", unit=BELOW_BY_EVENT),
            received_text("BY-RULES", unit=BELOW_BY_RULES),
            received_text("MIXED", unit=MIXED),
            received_text("ELSEWHERE", unit=ELSEWHERE, procedure_id="2.000001.000.00.00.H34"),
            received_text("NAMED", unit=ELSEWHERE, procedure_id="3.000003", officer=("CB-7", "Y Khuê")),
            event_text("MIXED", "m-1", "completed", STARTED_AT + timedelta(hours=1), actor={"id": "CB-8"}),
        ],
    )
    return await rebuild_as_projectors_do(engine)


@pytest.mark.parametrize(
    ("fact", "touched"),
    [
        (calendar("riêng", "H34.9"), ["BY-EVENT"]),
        (calendar("riêng", "H34.8"), ["BY-RULES"]),
        (calendar("riêng", "H34.7"), ["MIXED"]),
        (calendar("riêng", "H34.1"), ["ELSEWHERE", "NAMED"]),
        (calendar("riêng", "H34.55"), []),
        (UnitRule(id="H34.9", parent="H34.6"), ["BY-EVENT"]),
        (UnitRule(id="H34.8.1", parent="H34.6"), ["BY-RULES"]),
        (UnitRule(id="H34.8.1", parent="H34.8", name="Phường Quyết Thắng"), []),
        (calendar("huyện", "H34.6", overrides=(OFF,)), []),
        (ProcedureRule(id="2.000001", pause=PauseMode.SHIFT), ["ELSEWHERE"]),
        (ProcedureRule(id="3.000003", norm_minutes=480), ["NAMED"]),
        (ProcedureRule(id="9.999999", norm_minutes=480), []),
        (PlaceholdersDefinition(names=("y khuê",)), ["NAMED"]),
        (AbsenceRule(officer="CB-7", from_=date(2022, 3, 2), to=date(2022, 3, 4)), ["NAMED"]),
        (AbsenceRule(officer="CB-8", from_=date(2022, 3, 2), to=date(2022, 3, 4)), ["MIXED"]),
        (AbsenceRule(officer="CB-55", from_=date(2022, 3, 2), to=date(2022, 3, 4)), []),
        (OfficerRule(id="CB-7", same_as="CB-70"), ["NAMED"]),
        (OfficerRule(id="CB-70", same_as="CB-7"), []),
        (OfficerRule(id="CB-7", name="Y Khuê", unit="H34.1"), []),
        (StepRule(procedure="2.000001", id="s-0", allotted_minutes=60), ["ELSEWHERE"]),
        (NationalRule(source="/dvc"), []),
        (PublicationRule(unit="H34.1"), []),
    ],
    ids=str,
)
async def test_a_fact_folds_again_just_the_cases_that_it_touches(
    engine: AsyncEngine, build: Build, fact: Definition, touched: list[str]
) -> None:
    await define(engine, fact)
    projection = await Projection.open(engine, build, range(16), live=True)
    assert await projection.step() > 0
    assert await _listed(engine, build) == touched
    assert await projection.refold() == len(touched)
    assert await _listed(engine, build) == []
    followed = await read_models(engine)
    await rebuild(engine, processes=1)
    assert await read_models(engine) == followed


async def test_a_change_of_the_default_calendar_folds_again_every_case_that_used_it(
    engine: AsyncEngine, build: Build
) -> None:
    await define(engine, calendar("vn", overrides=(OFF,)))
    projection = await Projection.open(engine, build, range(16), live=True)
    await projection.step()
    assert len(await _listed(engine, build)) == 5
    assert await projection.refold() == 5
    assert {version for (version,) in await rows_of(engine, "cases", "calendar_version")} == {"vn/2"}


async def test_a_fact_among_many_events_shows_in_all_of_them(
    engine: AsyncEngine, projector: asyncio.Task[None]
) -> None:
    texts = many_cases(200, seed=5)
    for number, start in enumerate(range(0, len(texts), 200)):
        await send(engine, texts[start : start + 200])
        await define(
            engine, calendar("huyện", f"H34.{number % 4 + 1}"), ProcedureRule(id="1.004227", norm_minutes=number)
        )
    await until(lambda: followed_to_the_end(engine), seconds=60)
    followed = await read_models(engine)
    await rebuild(engine, processes=1)
    assert await read_models(engine) == followed
    assert not projector.done()


async def test_the_list_and_the_checkpoint_stand_or_fall_together(engine: AsyncEngine, build: Build) -> None:
    await define(engine, calendar("riêng", "H34.1"))
    first = await Projection.open(engine, build, range(16), live=True)
    second = await Projection.open(engine, build, range(16), live=True)
    await second.step()
    await second.refold()
    with pytest.raises(CheckpointMoved):
        await first.step()
    assert await _listed(engine, build) == []


async def test_a_very_large_case_is_folded_seldom_and_marked(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tiendo_projector.projection.LARGE_CASE_EVENTS", 3)
    async with engine.begin() as connection:
        build = await ensure_live_build(connection)
    projection = await Projection.open(engine, build, range(16), live=True)
    await send(engine, [_forwarded(number) for number in range(5)] + [received_text("SMALL")])
    await projection.step()
    assert await rows_of(engine, "cases", "case_id", "event_count") == [("LARGE", 5), ("SMALL", 1)]
    await send(engine, [_forwarded(5)])
    assert await projection.step() > 0
    assert await projection.refold() == 0
    await send(engine, [_forwarded(6), event_text("SMALL", "s-1", "completed", STARTED_AT + timedelta(days=1))])
    assert await projection.step() > 0
    assert await rows_of(engine, "cases", "case_id", "event_count") == [("LARGE", 5), ("SMALL", 2)]
    assert await rows_of(engine, "refolds", "case_id") == [("LARGE",)]
    async with engine.begin() as connection:
        await connection.execute(
            text(f"UPDATE {build.schema_name}.refolds SET not_before = not_before - interval '10 s'")
        )
    assert await projection.refold() == 1
    assert await rows_of(engine, "cases", "case_id", "event_count") == [("LARGE", 7), ("SMALL", 2)]
    assert await rows_of(engine, "refolds", "case_id") == []


async def test_the_refold_list_is_worked_off_by_a_projector_that_starts(engine: AsyncEngine, build: Build) -> None:
    await define(engine, calendar("riêng", "H34.1"))
    await (await Projection.open(engine, build, range(16), live=True)).step()
    async with running_projector(address_of(engine)):
        await until(lambda: followed_to_the_end(engine))
    assert ("riêng/1",) in await rows_of(engine, "cases", "calendar_version")


def _forwarded(number: int) -> str:
    officer = holder((f"CB-{number}", f"A {number}"), "H34.1")
    return event_text("LARGE", f"l-{number}", "forwarded", STARTED_AT + timedelta(hours=number), holder=officer)


async def _listed(engine: AsyncEngine, build: Build) -> list[str]:
    async with engine.connect() as connection:
        await connection.execution_options(schema_translate_map={None: build.schema_name})
        keys: list[CaseKey] = await due_refolds(connection, range(16), limit=100)
    return sorted(key.case_id for key in keys)
