"""What is stored can be taken elsewhere: the events to another tiendo, logs to programs for process mining, tables to those for data."""

import gzip
import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from defusedxml import ElementTree
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.commands import tiendo_on
from tests.projector.logs import STARTED_AT, event_text, received_text, send

from tiendo_cli.exporting.exported_logs import write_events, write_ocel, write_xes
from tiendo_cli.exporting.exported_tables import write_parquet
from tiendo_cli.importing.file_import import import_file
from tiendo_event_store import EventLog
from tiendo_runtime.database import engine_of
from tiendo_simulation import Simulation, write_files
from tiendo_sources.opening import opened_log

XES = "{http://www.xes-standard.org/}"


async def loaded(engine: AsyncEngine, folder: Path) -> list[str]:
    """The lines of a small simulation, which the log then has."""
    path = folder / "events.ndjson"
    write_files(Simulation("kontum-2022", scale=0.0005, seed=3), path, progress=lambda _: None)
    with opened_log(path) as log:
        reading = log.format.reading(None)
    await import_file(engine, path, reading, progress=lambda *_: None)
    return list(dict.fromkeys(path.read_text().splitlines()))


async def table(engine: AsyncEngine, what: str) -> pa.Table:
    """The table, without the positions that each log has for itself."""
    written = BytesIO()
    assert await write_parquet(engine, what, written)
    written.seek(0)
    found = pq.read_table(written)
    return found.drop_columns([name for name in found.column_names if name == "last_position"])


async def test_the_events_of_one_database_make_the_same_timelines_in_an_empty_one(
    database_url: str, empty_database_url: str, engine: AsyncEngine, tmp_path: Path
) -> None:
    lines = await loaded(engine, tmp_path)
    first, second = tiendo_on(database_url, tmp_path), tiendo_on(empty_database_url, tmp_path)
    exported = first("export", "--format", "events", "--out", "all.ndjson.gz")
    assert (exported.returncode, exported.stderr) == (0, "Dữ liệu mô phỏng\n")
    taken = second("import", "all.ndjson.gz", "--format", "json")
    assert json.loads(taken.stdout)["rejected"] == 0, taken.stderr
    assert (
        first("export", "--format", "events", "--out", "-").stdout
        == gzip.decompress((tmp_path / "all.ndjson.gz").read_bytes()).decode()
    )
    assert first("export", "--format", "parquet", "--what", "cases", "--out", "cases.parquet").returncode == 0
    assert second("export", "--format", "parquet", "--what", "cases", "--out", "cases-2.parquet").returncode == 0
    assert second("export", "--format", "events", "--out", "-").stdout.splitlines() == lines
    other = engine_of(empty_database_url)
    try:
        for what in ("holds", "attributions", "cases"):
            mine, theirs = await table(engine, what), await table(other, what)
            assert mine.num_rows > 0
            assert mine.equals(theirs)
            assert set(mine["simulated"].to_pylist()) == {True}
    finally:
        await other.dispose()
    assert pq.read_table(tmp_path / "cases.parquet").drop_columns("last_position").equals(mine)


async def test_every_event_stands_in_every_log_once(engine: AsyncEngine, tmp_path: Path) -> None:
    lines = await loaded(engine, tmp_path)
    events = [json.loads(line) for line in lines]
    keys = sorted(f"{event['source']}#{event['id']}" for event in events)

    text = BytesIO()
    assert await write_events(EventLog(engine), text)
    assert text.getvalue().decode().splitlines() == lines

    text = BytesIO()
    await write_xes(EventLog(engine), text)
    root = ElementTree.fromstring(text.getvalue())
    traces = root.findall(f"{XES}trace")
    assert len(traces) == len({event["subject"] for event in events})
    found = [one.get("value") for one in root.iter(f"{XES}string") if one.get("key") == "tiendo:key"]
    assert sorted(filter(None, found)) == keys

    text = BytesIO()
    await write_ocel(EventLog(engine), text)
    log = json.loads(text.getvalue())
    assert sorted(event["id"] for event in log["events"]) == keys
    objects = [one["id"] for one in log["objects"]]
    assert len(set(objects)) == len(objects)
    assert {one["objectId"] for event in log["events"] for one in event["relationships"]} == set(objects)
    assert {event["type"] for event in log["events"]} <= {one["name"] for one in log["eventTypes"]}
    assert {one["type"] for one in log["objects"]} == {one["name"] for one in log["objectTypes"]}


def test_what_cannot_be_written_leaves_nothing_behind(empty_database_url: str, tmp_path: Path) -> None:
    tiendo = tiendo_on(empty_database_url, tmp_path)
    done = tiendo("export", "--format", "events", "--out", "nowhere/file")
    assert (done.returncode, done.stderr) == (1, "tiendo: nowhere/file.part: No such file or directory\n")
    assert tiendo("export", "--format", "parquet", "--out", "file").returncode == 2
    assert tiendo("export", "--format", "xes", "--what", "cases", "--out", "file").returncode == 2
    assert not list(tmp_path.glob("*file*"))


async def test_a_case_of_several_codes_stands_once_in_every_log_with_its_other_codes(engine: AsyncEngine) -> None:
    """Rule N4: the first code by code points that has a reception names it; here another one sorts before, and one is told nothing of."""
    await send(
        engine,
        [
            received_text("b"),
            event_text("a", "a-1", "completed", STARTED_AT + timedelta(days=1)),
            event_text("a", "a=b", "joined", STARTED_AT, alias="b"),
            event_text("b", "b=none", "joined", STARTED_AT, alias="0-none"),
            received_text("c"),
        ],
    )
    log = EventLog(engine)
    written = BytesIO()
    await write_xes(log, written)
    traces = ElementTree.fromstring(written.getvalue()).findall("trace") or ElementTree.fromstring(
        written.getvalue()
    ).findall(f"{XES}trace")
    told = [
        {one.get("key"): one.get("value") for one in trace if one.tag.endswith("string")}
        | {"events": len(trace.findall(f"{XES}event"))}
        for trace in traces
    ]
    assert [(one["concept:name"], one.get("tiendo:aliases"), one["events"]) for one in told] == [
        ("b", "0-none; a", 4),
        ("c", None, 1),
    ]
    written = BytesIO()
    await write_ocel(log, written)
    ocel = json.loads(written.getvalue())
    cases = {one["id"]: one["attributes"] for one in ocel["objects"] if one["type"] == "case"}
    assert {case: [each["value"] for each in said] for case, said in cases.items()} == {"b": ["0-none; a"], "c": []}
    named = [
        related["objectId"]
        for event in ocel["events"]
        for related in event["relationships"]
        if related["qualifier"] == "case"
    ]
    assert named == ["b", "b", "b", "b", "c"]
