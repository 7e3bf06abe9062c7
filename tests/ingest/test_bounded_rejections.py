"""However much of a key is refused: what is kept of it is bounded by the hour, and everything is answered."""

import gzip
from random import Random

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.contracts.events import event, text_of
from tests.ingest.serving import BATCH, EVENT, GZIP, STREAM, Served

from tiendo_event_store import NewRejection, Rejections
from tiendo_event_store.rejected import rejection_counts
from tiendo_runtime.authentication import Scope

BAD = text_of(event(id="", data={"applicant": "x"}))


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejection_counts, "KEPT_MAX", 3)


async def kept(ingest: Served) -> int:
    async with ingest.running.engine.connect() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM tiendo.rejections"))).scalar_one())


async def test_what_is_too_much_is_answered_and_not_kept(ingest: Served) -> None:
    lines = [text_of(event(id="good")), *["x"] * 5]
    answer = await ingest.post(STREAM, "\n".join(lines))
    told = answer.json()
    assert (answer.status_code, told["accepted"], told["rejected"], told["not_kept"]) == (207, 1, 5, 2)
    assert [each.get("kept") for each in told["events"]] == [None, True, True, True, False, False]
    assert ["rejection" in each for each in told["events"]] == [False, True, True, True, False, False]
    assert {each["status"] for each in told["events"][1:]} == {"rejected"}
    assert await kept(ingest) == 3


@pytest.mark.parametrize("headers", [STREAM, BATCH])
async def test_the_status_is_429_only_if_nothing_was_taken(ingest: Served, headers: dict[str, str]) -> None:
    await ingest.post(STREAM, "x\nx\nx")
    body = BAD if headers is STREAM else f"[{BAD}]"
    answer = await ingest.post(headers, body)
    told = answer.json()
    assert (answer.status_code, told["type"], told["rejected"]) == (429, "/problems/too-many-rejections", 1)
    assert [fault["field"] for fault in told["errors"]] == ["id", "data.applicant"]
    assert told["events"][0]["kept"] is False
    assert int(answer.headers["Retry-After"]) > 0
    good = text_of(event())
    both = f"{BAD}\n{good}" if headers is STREAM else f"[{BAD},{good}]"
    assert (await ingest.post(headers, both)).status_code == 207
    assert (await ingest.post(headers, both)).status_code == 207  # a duplicate was taken


async def test_one_event_is_refused_with_429_and_its_faults(ingest: Served) -> None:
    await ingest.post(STREAM, "x\nx\nx")
    answer = await ingest.post(EVENT, BAD)
    assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many-rejections")
    assert [fault["field"] for fault in answer.json()["errors"]] == ["id", "data.applicant"]
    assert answer.json()["kept"] is False
    assert (await ingest.post(EVENT, text_of(event()))).status_code == 200
    conflict = await ingest.post(EVENT, text_of(event(sequence="1")))
    assert (conflict.status_code, conflict.json()["errors"][0]["type"]) == (429, "/problems/conflict")


async def test_the_limit_is_that_of_one_key(ingest: Served) -> None:
    await ingest.post(STREAM, "x\nx\nx\nx")
    other = await ingest.key(Scope.INGEST)
    assert (await ingest.post(EVENT | other, BAD)).status_code == 422
    assert await kept(ingest) == 4


async def test_the_texts_are_bounded_too(ingest: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejection_counts, "KEPT_SIZE_MAX", 100)
    told = (await ingest.post(STREAM, f"{'x' * 60}\n{'y' * 60}\n{'z' * 40}\nx")).json()
    assert [each["kept"] for each in told["events"]] == [True, False, True, False]


async def test_after_an_hour_refused_events_are_kept_again(ingest: Served) -> None:
    await ingest.post(STREAM, "x\nx\nx")
    assert (await ingest.post(EVENT, BAD)).status_code == 429
    async with ingest.running.engine.begin() as connection:
        await connection.execute(text("UPDATE tiendo.rejection_counts SET minute = minute - interval '61 minutes'"))
    assert (await ingest.post(EVENT, BAD)).status_code == 422


async def test_a_handful_of_packed_bytes_fills_nothing(ingest: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    packed = gzip.compress(b"x\n" * 30_000)
    answer = await ingest.post(STREAM | GZIP, packed)
    told = answer.json()
    assert (len(packed) < 200, answer.status_code, told["rejected"], told["not_kept"]) == (True, 429, 30_000, 20_000)
    assert len(told["events"]) == 1_000
    async with ingest.running.engine.connect() as connection:
        size = (await connection.execute(text("SELECT pg_total_relation_size('tiendo.rejections')"))).scalar_one()
    assert size < 6_000_000


async def test_the_room_of_erased_texts_is_used_again(engine: AsyncEngine, owner_engine: AsyncEngine) -> None:
    rejections, bytes_of = Rejections(engine), Random(0)

    async def filled() -> int:
        for _ in range(10):
            raw = [bytes_of.randbytes(10_000) for _ in range(50)]
            await rejections.record(
                [NewRejection(key_id=None, request="r", index=0, raw=each, problem={}) for each in raw]
            )
        async with engine.connect() as connection:
            statement = text("SELECT pg_total_relation_size('tiendo.rejections')")
            return int((await connection.execute(statement)).scalar_one())

    async with owner_engine.begin() as connection:
        late = "ALTER TABLE tiendo.rejections ALTER received_at SET DEFAULT clock_timestamp() - interval '31 days'"
        await connection.execute(text(late))
    first = await filled()
    for _ in range(4):
        assert await rejections.erase_old_raw() == 500
        assert await filled() < 1.5 * first
