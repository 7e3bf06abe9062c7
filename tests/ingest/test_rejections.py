"""What was refused is kept with its reason, shown to whom it belongs, and can be sent again, mended."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.contracts.events import event, text_of
from tests.ingest.serving import BATCH, EVENT, STREAM, Served, served
from tests.waiting import until

from tiendo_cli.importing.file_import import import_file
from tiendo_contracts.kept_refusals import told_refusal
from tiendo_contracts.problems.problem_kinds import Language
from tiendo_event_store import EventLog, NewRejection, Rejections
from tiendo_runtime.authentication import Scope
from tiendo_sources.ndjson.format import FORMAT

BAD = text_of(event(data={"applicant": "Trần Văn B"}))


async def listed(ingest: Served, headers: dict[str, str] | None = None, **parameters: Any) -> list[dict[str, Any]]:
    answer = await ingest.client.get("/v1/rejections", headers=headers, params=parameters)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["rejections"]
    return found


async def test_a_refused_event_is_listed_with_its_text_and_reason(ingest: Served) -> None:
    refused = await ingest.post(EVENT, BAD)
    [entry] = await listed(ingest)
    assert entry["id"] == refused.json()["rejection"]
    assert entry["raw"] == BAD
    assert entry["digest"] == hashlib.sha256(BAD.encode()).hexdigest()
    assert entry["problem"]["field"] == "data.applicant"
    assert datetime.fromisoformat(entry["received_at"]).tzinfo is not None


async def test_the_reason_is_told_in_the_language_of_the_reader(ingest: Served) -> None:
    await ingest.post(EVENT, BAD)
    [entry] = await listed(ingest, {"Accept-Language": "vi"})
    assert entry["problem"]["title"] == "Trường không được phép"


async def test_conflicts_are_kept(ingest: Served) -> None:
    await ingest.post(EVENT, text_of(event()))
    await ingest.post(EVENT, text_of(event(sequence="18")))
    [entry] = await listed(ingest)
    assert entry["problem"]["type"] == "/problems/conflict"
    assert entry["raw"] == text_of(event(sequence="18"))


async def test_a_file_is_refused_in_the_same_words_as_what_is_sent(
    ingest: Served, engine: AsyncEngine, tmp_path: Path
) -> None:
    """In every language, with the member and what would be right: who reads the list does not see which way an event came."""
    await ingest.post(EVENT, text_of(event()))
    lines = [BAD, text_of(event(sequence="18")), "{broken", text_of(event(id="e-2", time="yesterday"))]
    file = tmp_path / "events.ndjson"
    file.write_text("\n".join(lines), encoding="utf-8")

    sent = (await ingest.post(STREAM, "\n".join(lines))).json()["request"]
    imported = (await import_file(engine, file, FORMAT.reading(None), progress=lambda *_: None)).request

    rejections = Rejections(engine)
    by_way = [
        [(each.index, each.raw, each.problem) for each in await rejections.after(0, 100, request=request)]
        for request in (sent, imported)
    ]
    assert by_way[0] == by_way[1]
    assert [index for index, *_ in by_way[0]] == [0, 1, 2, 3]
    english, vietnamese = (
        [told_refusal(problem, language) for *_, problem in by_way[0]]
        for language in (Language.ENGLISH, Language.VIETNAMESE)
    )
    for one, other in zip(english, vietnamese, strict=True):
        assert one["title"] != other["title"]
        assert one["remedy"] != other["remedy"]
    assert [problem.get("field") for problem in vietnamese] == ["data.applicant", "id", None, "time"]


async def test_bytes_that_are_no_text_can_be_seen(ingest: Served) -> None:
    await ingest.post(STREAM, b'{"a":"\xff\xc3\xa1"}\n')
    [entry] = await listed(ingest)
    assert entry["raw"] == '{"a":"\\xffá"}'


async def test_of_what_was_too_long_the_beginning_is_kept(ingest: Served) -> None:
    await ingest.post(STREAM, b"x" * 1_000_000)
    [entry] = await listed(ingest)
    assert entry["raw"] == "x" * 65_536


async def test_the_text_is_shown_to_the_key_that_sent_it_and_to_admin_alone(ingest: Served) -> None:
    await ingest.post(EVENT, BAD)
    [other] = await listed(ingest, await ingest.key(Scope.INGEST))
    [reader] = await listed(ingest, await ingest.key(Scope.READ))
    [admin] = await listed(ingest, await ingest.key(Scope.ADMIN))
    assert (other["raw"], reader["raw"], admin["raw"]) == (None, None, BAD)
    assert other["problem"] == admin["problem"]
    assert (await ingest.client.get("/v1/rejections", headers={"Authorization": ""})).status_code == 401


async def test_pages_follow_one_another_without_gap(ingest: Served) -> None:
    answer = await ingest.post(STREAM, b"x\n" * 25)
    first = (await ingest.client.get("/v1/rejections", params={"limit": 10})).json()
    second = (await ingest.client.get("/v1/rejections", params={"limit": 10, "after": first["next"]})).json()
    third = (await ingest.client.get("/v1/rejections", params={"limit": 10, "after": second["next"]})).json()
    past = (await ingest.client.get("/v1/rejections", params={"limit": 10, "after": third["next"]})).json()
    indexes = [entry["index"] for page in (first, second, third, past) for entry in page["rejections"]]
    assert indexes == list(range(25))
    assert past == {"rejections": [], "next": third["next"]}
    assert len(await listed(ingest, request=answer.json()["request"])) == 25
    assert await listed(ingest, request="another") == []


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "limit=0", "limit=1001", "after=9223372036854775808", "request=%00", "request="]
)
async def test_parameters_out_of_range_are_refused(ingest: Served, query: str) -> None:
    answer = await ingest.client.get(f"/v1/rejections?{query}")
    assert answer.status_code == 400
    assert answer.json()["field"] == query.split("=", maxsplit=1)[0]


async def test_a_mended_event_is_taken_and_the_rejection_says_where_it_stands(ingest: Served, log: EventLog) -> None:
    number = (await ingest.post(EVENT, BAD)).json()["rejection"]
    answer = await ingest.client.post(f"/v1/rejections/{number}/resubmit", headers=EVENT, content=text_of(event()))
    assert answer.status_code == 200
    assert answer.json()["status"] == "accepted"
    [entry] = await listed(ingest)
    assert entry["resubmitted_position"] == answer.json()["position"] == await log.head()
    assert datetime.now(UTC) - datetime.fromisoformat(entry["resubmitted_at"]) < timedelta(minutes=5)
    again = await ingest.client.post(f"/v1/rejections/{number}/resubmit", headers=EVENT, content=text_of(event()))
    assert again.json()["status"] == "duplicate"


async def test_an_event_that_is_still_wrong_is_refused_again(ingest: Served) -> None:
    number = (await ingest.post(EVENT, BAD)).json()["rejection"]
    answer = await ingest.client.post(f"/v1/rejections/{number}/resubmit", headers=EVENT, content=BAD)
    assert answer.status_code == 422
    assert answer.json()["rejection"] > number
    first, second = await listed(ingest)
    assert (first["resubmitted_at"], second["resubmitted_at"]) == (None, None)


async def test_who_is_bound_to_units_sees_what_they_sent_themselves_alone(ingest: Served) -> None:
    """A reason quotes what was sent, and nobody could say whose case a refused event was of."""
    await ingest.post(EVENT, BAD)
    bound = await ingest.key(Scope.READ, Scope.INGEST, units=["H34.1"])
    assert await listed(ingest, bound) == []
    own = BAD.replace("Trần Văn B", "Lê Văn C")
    await ingest.client.post("/v1/events", headers=EVENT | bound, content=own)
    assert [entry["raw"] for entry in await listed(ingest, bound)] == [own]
    assert len(await listed(ingest, await ingest.key(Scope.READ))) == 2


async def test_only_the_key_that_sent_it_and_admin_send_it_again(ingest: Served) -> None:
    number = (await ingest.post(EVENT, BAD)).json()["rejection"]
    address, body = f"/v1/rejections/{number}/resubmit", text_of(event())
    other = await ingest.client.post(address, headers=EVENT | await ingest.key(Scope.INGEST), content=body)
    assert (other.status_code, other.json()["type"]) == (403, "/problems/rejection-of-another-key")
    reader = await ingest.client.post(address, headers=EVENT | await ingest.key(Scope.READ), content=body)
    assert reader.status_code == 403
    admin = await ingest.client.post(address, headers=EVENT | await ingest.key(Scope.ADMIN), content=body)
    assert (admin.status_code, admin.json()["type"]) == (403, "/problems/scope-missing")
    outside = await ingest.key(Scope.ADMIN, Scope.INGEST, sources=["/gialai"])
    bound = await ingest.client.post(address, headers=EVENT | outside, content=body)
    assert (bound.status_code, bound.json()["type"]) == (403, "/problems/not-entitled")
    both = await ingest.client.post(address, headers=EVENT | await ingest.key(Scope.ADMIN, Scope.INGEST), content=body)
    assert both.status_code == 200


async def test_what_cannot_be_sent_again_is_told(ingest: Served) -> None:
    unknown = await ingest.client.post("/v1/rejections/999/resubmit", headers=EVENT, content=text_of(event()))
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/rejection-unknown")
    assert (await ingest.client.post("/v1/rejections/x/resubmit", headers=EVENT)).status_code == 400
    assert (await ingest.client.post("/v1/rejections/1/resubmit", headers=BATCH, content="[]")).status_code == 415


async def test_raw_texts_are_erased_after_thirty_days_and_reason_and_digest_stay(
    database_url: str, engine: AsyncEngine, owner_engine: AsyncEngine, tmp_path: Path
) -> None:
    rejections = Rejections(engine)
    entry = NewRejection(key_id=None, request=None, index=0, raw=b"old", problem={"type": "/problems/conflict"})
    old, new = await rejections.record([entry, entry])
    async with owner_engine.begin() as connection:
        moved = "UPDATE tiendo.rejections SET received_at = received_at - interval '30 days 1 hour' WHERE id = :old"
        await connection.execute(text(moved), {"old": old})

    async def erased() -> bool:
        found = await rejections.get(old)
        return found is not None and found.raw is None

    async with served(database_url, tmp_path):
        await until(erased, what="the old text is erased")
    kept, recent = await rejections.get(old), await rejections.get(new)
    assert kept is not None
    assert kept.digest == hashlib.sha256(b"old").digest()
    assert recent is not None
    assert recent.raw == b"old"
