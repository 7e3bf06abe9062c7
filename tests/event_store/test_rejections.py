"""What was refused is kept, in order, and can be followed; its text is erased after a time, the reason stays."""

import asyncio
import hashlib

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store import LogUnavailable, NewRejection, Rejections
from tiendo_event_store.rejected import rejections
from tiendo_runtime.database import engine_of

HOSTILE = 'a\x00b\ud800"\\'


def _entry(raw: bytes = b"{", *, request: str | None = None, index: int | None = 0) -> NewRejection:
    return NewRejection(
        key_id="key-1",
        request=request,
        index=index,
        raw=raw,
        problem={"type": "/problems/json-malformed", "detail": HOSTILE},
    )


@pytest.fixture
async def refused(engine: AsyncEngine) -> Rejections:
    return Rejections(engine)


async def test_what_was_refused_is_kept_byte_for_byte(refused: Rejections) -> None:
    raw = b"\xff\x00{not json"
    (identity,) = await refused.record([_entry(raw, request="r-1", index=7)])
    kept = await refused.get(identity)
    assert kept is not None
    assert (kept.raw, kept.digest) == (raw, hashlib.sha256(raw).digest())
    assert (kept.key_id, kept.request, kept.index) == ("key-1", "r-1", 7)
    assert kept.problem["detail"] == HOSTILE
    assert kept.resubmitted_at is None


async def test_entries_are_listed_in_their_order_and_by_request(refused: Rejections) -> None:
    first = await refused.record([_entry(str(number).encode(), request="r-1", index=number) for number in range(5)])
    (other,) = await refused.record([_entry(request="r-2")])
    assert first == sorted(first)
    assert [entry.index for entry in await refused.after(0, 3)] == [0, 1, 2]
    assert [entry.id for entry in await refused.after(first[2], 10)] == [*first[3:], other]
    assert [entry.id for entry in await refused.after(0, 10, request="r-2")] == [other]
    assert await refused.after(other, 10) == []
    assert await refused.record([]) == []


async def test_whoever_remembers_an_id_never_misses_a_lower_one(refused: Rejections) -> None:
    seen: list[int] = []
    done = asyncio.Event()

    async def follow() -> None:
        while not done.is_set() or await refused.after(seen[-1] if seen else 0, 1):
            seen.extend(entry.id for entry in await refused.after(seen[-1] if seen else 0, 3))

    follower = asyncio.create_task(follow())
    written = await asyncio.gather(*(refused.record([_entry(request=str(n))] * 3) for n in range(40)))
    done.set()
    await follower
    assert seen == sorted(identity for identities in written for identity in identities)


async def test_a_mended_event_is_marked_on_the_refused_one(refused: Rejections) -> None:
    (identity,) = await refused.record([_entry()])
    assert await refused.mark_resubmitted(identity, 17)
    kept = await refused.get(identity)
    assert kept is not None
    assert kept.resubmitted_at is not None
    assert kept.resubmitted_position == 17
    assert not await refused.mark_resubmitted(identity + 1)
    assert await refused.get(identity + 1) is None


async def test_old_texts_are_erased_and_reasons_stay(
    refused: Rejections, owner_engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rejections, "_ERASED_AT_ONCE_MAX", 2)
    old = await refused.record([_entry()] * 5)
    async with owner_engine.begin() as connection:
        await connection.execute(text("UPDATE tiendo.rejections SET received_at = received_at - interval '31 days'"))
    (new,) = await refused.record([_entry()])
    assert await refused.erase_old_raw() == 5
    assert await refused.erase_old_raw() == 0
    entries = {entry.id: entry for entry in await refused.after(0, 10)}
    assert all(entries[identity].raw is None and entries[identity].problem for identity in old)
    assert entries[new].raw == b"{"


async def test_the_list_says_when_the_database_is_away() -> None:
    away = Rejections(engine_of("postgresql+asyncpg://tiendo@/tiendo?host=/nowhere"))
    with pytest.raises(LogUnavailable):
        await away.record([_entry()])
    with pytest.raises(LogUnavailable):
        await away.after(0, 1)
