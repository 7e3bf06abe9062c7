"""Files go into the log by the same door as events sent over HTTP, once, and nothing that is refused gets lost."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.diagnosis.occupied import check_occupied_keys
from tiendo_cli.importing.file_import import ImportTally, import_file
from tiendo_contracts.kept_refusals import told_refusal
from tiendo_contracts.problems.problem_kinds import Language
from tiendo_event_store import EventLog, Rejection, Rejections, StoredEvent
from tiendo_sources.errors import FormatUnknown
from tiendo_sources.opening import opened_log
from tiendo_sources.xes.format import FORMAT as XES

EXAMPLE = Path(__file__).parents[2] / "deploy/examples/receipt-mapping.toml"


def received(number: int, **more: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"e-{number}",
        "source": "/kontum/igate",
        "type": "vn.tiendo.case.received.v1",
        "subject": f"case-{number}",
        "time": "2022-08-15T08:05:00+07:00",
        "data": {"holder": {"id": "CC-1", "name": "Nguyễn Thị Ánh"}},
        **more,
    }


def file_of(folder: Path, *lines: Mapping[str, Any] | str, name: str = "events.ndjson") -> Path:
    path = folder / name
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_bytes("".join(f"{text}\n" for text in texts).encode())
    return path


def told(rejection: Rejection) -> dict[str, Any]:
    return told_refusal(rejection.problem, Language.ENGLISH)


async def imported(engine: AsyncEngine, path: Path) -> ImportTally:
    with opened_log(path) as log:
        reading = log.format.reading(None)
    return await import_file(engine, path, reading, progress=lambda *_: None)


async def case_events(engine: AsyncEngine) -> list[StoredEvent]:
    return [event for event in await EventLog(engine).read_after(0, 50_000) if event.shard is not None]


async def test_events_are_appended_in_the_order_of_the_file(engine: AsyncEngine, tmp_path: Path) -> None:
    tally = await imported(engine, file_of(tmp_path, *(received(number) for number in range(2_500))))
    assert (tally.accepted, tally.duplicates, tally.refused) == (2_500, 0, 0)
    assert [event.id for event in await case_events(engine)] == [f"e-{number}" for number in range(2_500)]


async def test_what_a_file_explains_is_entered_by_whoever_imports_it_whatever_the_file_says(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    data = {"officer": {"id": "CC-1"}, "reason": "overload", "text": "Quá tải."}
    filed = received(1, type="vn.tiendo.explanation.filed.v1", data=data, enteredby="person:somebody")
    path = file_of(tmp_path, filed)
    assert [(await imported(engine, path)).accepted for _ in range(2)] == [1, 0]
    [event] = await case_events(engine)
    entered_by = json.loads(event.text)["enteredby"]
    assert entered_by.startswith("command-line:")
    async with engine.connect() as connection:
        noted = await connection.execute(text("SELECT who, kind, subject FROM tiendo.access_log"))
    assert [tuple(row) for row in noted] == [(entered_by, "explanation", "case-1")]


async def test_what_annuls_an_explanation_in_a_file_is_entered_by_whoever_imports_it(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    """Also where what it annuls was taken before, and where it is annulled itself; a correction of the course is nobody's entry."""
    data = {"officer": {"id": "CC-1"}, "reason": "overload", "text": "Quá tải."}
    filed = received(1, type="vn.tiendo.explanation.filed.v1", data=data)
    await imported(engine, file_of(tmp_path, filed, received(1) | {"id": "r"}, name="before.ndjson"))
    corrections = [(2, "e-1"), (3, "e-2"), (4, "r")]
    told = [
        received(number, type="vn.tiendo.case.corrected.v1", data=_annuls(of), subject="case-1")
        for number, of in corrections
    ]
    await imported(engine, file_of(tmp_path, *told))
    marked = {event.id: "enteredby" in json.loads(event.text) for event in await case_events(engine)}
    assert marked == {"e-1": True, "r": False, "e-2": True, "e-3": True, "e-4": False}
    async with engine.connect() as connection:
        noted = await connection.execute(text("SELECT kind, subject FROM tiendo.access_log ORDER BY number"))
    assert [row.kind for row in noted] == ["explanation", "decision", "decision"]


def _annuls(event_id: str) -> dict[str, Any]:
    return {"annuls": {"source": "/kontum/igate", "id": event_id}, "reason": "Nhập sai"}


async def test_an_event_whose_key_something_explained_holds_is_named_with_who_entered_that(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    """The event is kept as a refusal; one that was refused for another event of a case, or explains itself, is not told."""
    data = {"officer": {"id": "CC-1"}, "reason": "overload", "text": "Quá tải."}
    filed = received(1, type="vn.tiendo.explanation.filed.v1", data=data)
    await imported(engine, file_of(tmp_path, filed, received(2), name="before.ndjson"))
    again = filed | {"data": data | {"text": "Khác."}}
    tally = await imported(engine, file_of(tmp_path, received(1), received(2, subject="other"), again))
    assert tally.refused == 3
    [event, _] = await case_events(engine)
    [finding] = await check_occupied_keys(engine)
    assert f"position {event.position} was entered by {json.loads(event.text)['enteredby']}" in finding.found
    assert finding.found.startswith("1 events")


async def test_importing_again_appends_nothing(engine: AsyncEngine, tmp_path: Path) -> None:
    path = file_of(tmp_path, *(received(number) for number in range(10)))
    await imported(engine, path)
    again = await imported(engine, path)
    assert (again.accepted, again.duplicates, again.complete) == (0, 10, True)
    assert len(await case_events(engine)) == 10


async def test_an_event_is_stored_as_the_text_that_stands_in_the_file(engine: AsyncEngine, tmp_path: Path) -> None:
    line = json.dumps(received(1), indent=None).replace('"id": "e-1"', '"id" :  "e-1"')
    await imported(engine, file_of(tmp_path, line))
    assert (await case_events(engine))[0].text == line


async def test_refused_lines_are_kept_and_the_others_stand(engine: AsyncEngine, tmp_path: Path) -> None:
    path = file_of(tmp_path, received(0), "", "{broken", received(2, extra=1), received(3, data={"birthday": "1980"}))
    tally = await imported(engine, path)
    assert (tally.accepted, tally.refused) == (2, 2)
    assert [each.where for each in tally.shown] == ["line 3", "line 5"]
    kept = await Rejections(engine).after(0, 100, request=tally.request)
    assert [(each.index, each.raw and each.raw[:7]) for each in kept] == [(1, b"{broken"), (3, b'{"specv')]
    assert told(kept[1])["field"] == "data.birthday"


async def test_importing_again_keeps_each_refused_line_once(engine: AsyncEngine, tmp_path: Path) -> None:
    path = file_of(tmp_path, "nonsense{", received(1), name="first.ndjson")
    path.write_bytes(b"{}\n" + path.read_bytes())
    first = await imported(engine, path)
    again = await imported(engine, path)
    assert (first.refused, again.refused) == (2, 2)
    assert len(await Rejections(engine).after(0, 100)) == 2


async def test_other_content_under_a_known_key_is_a_conflict(engine: AsyncEngine, tmp_path: Path) -> None:
    await imported(engine, file_of(tmp_path, received(1)))
    tally = await imported(engine, file_of(tmp_path, received(1, time="2022-08-16T08:05:00+07:00"), name="other"))
    assert tally.shown[0].problem["type"] == "/problems/conflict"
    assert len(await case_events(engine)) == 1


async def test_a_line_that_is_too_long_is_refused_by_itself(engine: AsyncEngine, tmp_path: Path) -> None:
    long = received(1, data={"channel": "x" * 300_000})
    tally = await imported(engine, file_of(tmp_path, long, received(2)))
    assert (tally.accepted, tally.refused) == (1, 1)
    assert tally.shown[0].problem["type"] == "/problems/event-too-large"


async def test_a_file_that_is_cut_off_is_taken_as_far_as_it_goes(engine: AsyncEngine, tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson.gz"
    whole = gzip.compress(file_of(tmp_path, *(received(number) for number in range(5_000))).read_bytes())
    path.write_bytes(whole[: len(whole) // 2])
    tally = await imported(engine, path)
    assert tally.damage is not None
    assert 1_000 < tally.accepted < 5_000
    path.write_bytes(whole)
    rest = await imported(engine, path)
    assert (rest.duplicates, rest.accepted, rest.complete) == (tally.accepted, 5_000 - tally.accepted, True)


async def test_a_file_of_a_foreign_format_is_refused_before_anything_is_written(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    path = tmp_path / "events.ndjson"
    path.write_bytes(b"%PDF-1.7 id;time\n")
    with pytest.raises(FormatUnknown):
        await imported(engine, path)


async def test_a_damaged_trace_is_told_and_those_before_it_stand(engine: AsyncEngine, tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    event = '<event><date key="time:timestamp" value="2011-10-11T14:00:00+02:00"/></event>'
    path.write_bytes(f'<log><trace>{event}</trace><trace>{event}<event><date key="time:timestamp"'.encode())
    tally = await imported(engine, path)
    assert (tally.accepted, tally.read) == (2, 2)
    assert "not well-formed" in str(tally.damage)


async def test_what_bears_no_instant_is_kept_as_a_rejection(engine: AsyncEngine, tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_bytes(b'<log><trace><event><date key="time:timestamp" value="yesterday"/></event></trace></log>')
    tally = await imported(engine, path)
    kept = await Rejections(engine).after(0, 10)
    assert tally.refused == len(kept) == 1
    assert (kept[0].raw, told(kept[0])["field"]) == (b"yesterday", "trace 1, event 1, time:timestamp")


async def test_the_receipt_log_is_imported_whole(engine: AsyncEngine, shared_data: Path) -> None:
    reading = XES.reading(EXAMPLE.read_text(encoding="utf-8"))
    seen: list[tuple[int, int]] = []
    tally = await import_file(
        engine, shared_data / "receipt.xes.gz", reading, progress=lambda at, tally: seen.append((at, tally.read))
    )
    assert (tally.accepted, tally.refused, tally.complete) == (1_434 + 8_577 + 1_329, 0, True)
    assert seen == sorted(seen)
    assert seen[-1] == ((shared_data / "receipt.xes.gz").stat().st_size, tally.read)
