"""What a table that lists everything of its source lists no more: told by the import, kept until it is listed again."""

from collections.abc import Sequence
from pathlib import Path
from subprocess import CompletedProcess

from sqlalchemy.ext.asyncio import AsyncEngine
from tests.commands import tiendo_on
from tests.sources.table_files import COLUMNS, SOURCE, csv_text, mapping
from tests.sources.xes_logs import event, trace

from tiendo_cli.importing.file_import import ImportTally, import_file
from tiendo_contracts.events.case_events import accept_text
from tiendo_event_store import CoalescingWriter
from tiendo_event_store.sources.disappeared_rows import disappeared_rows_of
from tiendo_sources.opening import opened_log

STEPS = {
    "case_id": "Mã hồ sơ",
    "received": "Ngày tiếp nhận",
    "officer": "Cán bộ xử lý",
    "step": "Bước xử lý",
    "started": "Bắt đầu",
}
CASES = [(f"H-{number}", "15/08/2022 08:05", "29/08/2022", "30/08/2022 09:00", "Chi nhánh") for number in range(4)]
ROWS = [
    ("H-1", "15/08/2022 08:05", "Nguyễn Thị Ánh", "Thẩm định", "15/08/2022 09:00"),
    ("H-1", "15/08/2022 08:05", "Trần Văn Bình", "Trình ký", "16/08/2022 09:00"),
    ("H-2", "15/08/2022 08:05", "Nguyễn Thị Ánh", "Thẩm định", "15/08/2022 10:00"),
]


async def imported(
    engine: AsyncEngine,
    folder: Path,
    rows: Sequence[Sequence[str]],
    *,
    steps: bool = False,
    whole: bool = True,
    dry_run: bool = False,
) -> ImportTally:
    columns = STEPS if steps else COLUMNS
    text = ("whole = true\n" if whole else "") + mapping(columns, **({"table": {"row": "step"}} if steps else {}))
    path = folder / "table.csv"
    path.write_text(csv_text(*rows, headings=list(columns.values())), encoding="utf-8")
    with opened_log(path) as log:
        reading = log.format.reading(text)
    return await import_file(engine, path, reading, progress=lambda *_: None, dry_run=dry_run)


async def missed(engine: AsyncEngine) -> list[tuple[str, str]]:
    async with engine.connect() as connection:
        return [(one.row.case_id, one.row.item) for one in await disappeared_rows_of(connection, SOURCE)]


def told(tally: ImportTally) -> list[tuple[str, str]]:
    return [(row.case_id, row.item) for row in tally.disappeared or ()]


async def test_a_case_that_a_grown_table_lists_no_more_is_told_and_missed_until_it_is_listed_again(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    assert told(await imported(engine, tmp_path, CASES)) == []
    tally = await imported(engine, tmp_path, [*CASES[:2], *CASES[3:], ("H-9", *CASES[0][1:])])
    assert told(tally) == await missed(engine) == [("H-2", "H-2")]
    await imported(engine, tmp_path, CASES[::-1])
    assert await missed(engine) == [("H-9", "H-9")]


async def test_a_step_that_is_listed_no_more_is_missed_and_its_case_is_not(engine: AsyncEngine, tmp_path: Path) -> None:
    await imported(engine, tmp_path, ROWS, steps=True)
    await imported(engine, tmp_path, ROWS[1:], steps=True)
    [(case_id, item)] = await missed(engine)
    assert case_id == "H-1"
    assert item.startswith("H-1/assigned/2022-08-15T09:00:00+07:00/")


async def test_an_end_that_stands_empty_is_missed_and_one_of_another_instant_was_changed(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    await imported(engine, tmp_path, CASES[:2])
    without_end = (*CASES[0][:3], "", CASES[0][4])
    moved = (*CASES[1][:2], "31/08/2022", "31/08/2022 09:00", CASES[1][4])
    assert [case for case, _ in told(await imported(engine, tmp_path, [without_end, moved]))] == ["H-0"]


async def test_a_table_that_does_not_say_that_it_lists_everything_misses_nothing(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    await imported(engine, tmp_path, CASES)
    assert (await imported(engine, tmp_path, CASES[:1], whole=False)).disappeared is None
    assert await missed(engine) == []


async def test_a_case_of_which_a_row_is_refused_is_not_missed(engine: AsyncEngine, tmp_path: Path) -> None:
    await imported(engine, tmp_path, CASES)
    unreadable = ("H-1", "nonsense", *CASES[1][2:])
    without_case = ("", *CASES[1][1:])
    tally = await imported(engine, tmp_path, [CASES[0], unreadable, without_case, CASES[3]])
    assert (tally.refused, told(tally)) == (2, [("H-2", "H-2")])


async def test_nothing_is_missed_where_a_refused_row_may_be_of_any_case(engine: AsyncEngine, tmp_path: Path) -> None:
    await imported(engine, tmp_path, CASES)
    path = tmp_path / "table.csv"
    path.write_bytes(csv_text(CASES[0], ("H-1\ufffd", *CASES[1][1:])).encode().replace("\ufffd".encode(), b"\xff"))
    with opened_log(path) as log:
        reading = log.format.reading("whole = true\n" + mapping())
    tally = await import_file(engine, path, reading, progress=lambda *_: None)
    assert (tally.refused, tally.disappeared, tally.listing_is_incomplete) == (1, None, True)


async def test_a_table_that_lists_nothing_at_all_misses_nothing(engine: AsyncEngine, tmp_path: Path) -> None:
    await imported(engine, tmp_path, CASES)
    tally = await imported(engine, tmp_path, [])
    assert (tally.disappeared, tally.listing_is_incomplete, await missed(engine)) == (None, True, [])


async def test_what_a_correction_took_back_is_not_missed(engine: AsyncEngine, tmp_path: Path) -> None:
    await imported(engine, tmp_path, ROWS, steps=True)
    [(_, item)] = told(await imported(engine, tmp_path, ROWS[1:], steps=True, dry_run=True))
    correction = f"""{{"specversion": "1.0", "id": "c", "source": "/office", "type": "vn.tiendo.case.corrected.v1", "subject": "H-1",
        "time": "2022-09-01T08:00:00+07:00", "data": {{"annuls": {{"source": "{SOURCE}", "id": "{item}"}}, "reason": "Nhập nhầm"}}}}"""
    async with CoalescingWriter(engine) as writer:
        await writer.append([accept_text(correction)])
    assert told(await imported(engine, tmp_path, ROWS[1:], steps=True)) == []


async def test_a_case_that_a_grown_log_lists_no_more_is_missed(engine: AsyncEngine, tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    cases = {case: trace(event("09:00", "R"), event("10:00", "R"), name=case) for case in ("H-1", "H-2", "H-3")}
    for listed, gone in ((["H-1", "H-2"], []), (["H-1", "H-3"], [("H-2", "H-2")])):
        path.write_text(f"<log>{''.join(cases[case] for case in listed)}</log>", encoding="utf-8")
        with opened_log(path) as log:
            reading = log.format.reading(f'source = "{SOURCE}"\nwhole = true')
        assert told(await import_file(engine, path, reading, progress=lambda *_: None)) == gone
    assert await missed(engine) == [("H-2", "H-2")]


async def test_a_dry_run_tells_what_is_missed_and_keeps_nothing(engine: AsyncEngine, tmp_path: Path) -> None:
    await imported(engine, tmp_path, CASES)
    assert told(await imported(engine, tmp_path, CASES[1:], dry_run=True)) == [("H-0", "H-0")]
    assert await missed(engine) == []


def test_the_import_says_what_is_listed_no_more_and_where_it_could_not_be_found(
    database_url: str, tmp_path: Path
) -> None:
    tiendo = tiendo_on(database_url, tmp_path)
    (tmp_path / "m.toml").write_text("whole = true\n" + mapping(), encoding="utf-8")

    def run(*rows: Sequence[str]) -> CompletedProcess[str]:
        (tmp_path / "table.csv").write_bytes(csv_text(*rows).encode().replace("\ufffd".encode(), b"\xff"))
        return tiendo("import", "table.csv", "--mapping", "m.toml")

    assert run(*CASES).stderr == ""
    told_lines = run(*CASES[1:]).stderr.splitlines()
    assert told_lines[0] == "listed before and not any more: H-0, the whole case"
    listed = tiendo("sources", "disappeared", SOURCE)
    assert listed.stdout.startswith("H-0: the whole case, missed since ")
    assert "what disappeared was not looked for" in run(("H-1\ufffd", *CASES[1][1:])).stderr
