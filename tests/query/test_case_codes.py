"""A part of a code finds what the database finds that looks at every case, whatever has come since the codes were read."""

import random
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.projector.logs import STARTED_AT, event_text, received_text, send

from tiendo_projector import rebuild
from tiendo_projector.projection import Projection
from tiendo_query.cases import case_codes
from tiendo_query.cases.case_codes import CaseCodes
from tiendo_query.cases.case_pages import AskedCases, case_page
from tiendo_query.query_side import QuerySide

PARTS = ("0", "h", "H34", "-2208", "ổ", "Ổ", "i", "I", "İ", "%", "_", "nothing", "H34-0001", ".")


@pytest.fixture
async def keeping(engine: AsyncEngine) -> AsyncIterator[QuerySide]:
    side = QuerySide(engine, keeps=True)
    yield side
    await side.close()


async def found(side: QuerySide, part: str, limit: int) -> list[str]:
    """All cases that are found by the part, page by page."""
    ids: list[str] = []
    cursor = None
    while not ids or cursor is not None:
        async with side.snapshot() as snapshot:
            page = await case_page(side, snapshot, AskedCases(limit=limit, text=part, cursor=cursor))
        ids += [record["case_id"] for record in page.records]
        cursor = page.next
        if not page.records:
            break
    return ids


async def test_a_part_of_a_code_finds_what_looking_at_every_case_does(
    engine: AsyncEngine, keeping: QuerySide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_codes, "_NEW_MAX", 3)
    chance = random.Random(5)
    codes = [
        f"000.{chance.choice('HhÍ')}34-{number:04d}{chance.choice(['', 'Ổ', 'İ', '%', '_i'])}" for number in range(40)
    ]
    codes += [f"H34-{number:04d}" for number in range(3)]
    chance.shuffle(codes)
    await send(engine, [received_text(code) for code in codes[:20]])
    projection = await Projection.open(engine, await rebuild(engine, processes=1), range(16), live=True)
    for code in range(20, len(codes), 4):
        await send(engine, [received_text(code) for code in codes[code : code + 4]])
        while await projection.step():
            pass
        part = chance.choice(PARTS)
        assert await found(keeping, part, 3) == await found(QuerySide(engine), part, 3), part
    for part in PARTS:
        assert await found(keeping, part, 500) == await found(QuerySide(engine), part, 500), part
    assert len(await found(keeping, "34", 7)) == len(codes)
    joined = [event_text("H34-0002", f"J-{number}", "joined", STARTED_AT, alias=f"A/{number}-x") for number in range(3)]
    await send(engine, [*joined, event_text("000-Z", "J-4", "joined", STARTED_AT, alias="H34-0001")])
    while await projection.step():
        pass
    for part in ("x", "A/1", "0001", "Z", "H34-000"):
        assert await found(keeping, part, 2) == await found(QuerySide(engine), part, 2) != [], part
    await rebuild(engine, processes=1)
    assert await found(keeping, "34", 7) == await found(QuerySide(engine), "34", 7)


async def test_more_codes_than_are_kept_are_left_to_the_database(engine: AsyncEngine, keeping: QuerySide) -> None:
    await send(engine, [received_text(f"HS-{number}") for number in range(3)])
    await rebuild(engine, processes=1)
    keeping.codes = CaseCodes(codes_max=2)
    async with keeping.snapshot() as snapshot:
        assert await keeping.codes.with_part(snapshot.reader, "HS", after="", limit=9) is None
    assert await found(keeping, "hs-", 2) == ["HS-0", "HS-1", "HS-2"]
