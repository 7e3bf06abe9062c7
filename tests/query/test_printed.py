"""Commands in narrow terminals, in pipes and with names that mean harm: nothing is lost, nothing breaks, nothing is obeyed."""

import asyncio
import json
import os
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.preloaded.commands import tiendo_beside
from tests.projector.logs import STARTED_AT, event_text, received_text
from tests.query.commands import run
from tests.query.serving import Asked

from tiendo_contracts.events.case_events import accept_text
from tiendo_event_store import BulkLoader

LONG = "Công Tằng Tôn Nữ Thị Bảo Quyên Nguyễn Phúc Ưng Miên Hường Vĩnh Bửu Định"
UNBROKEN = "Nguyễnthịánh" * 12
MARKUP = "Y [bold]Hà[/nope] :smile: [link=x]"
COMMANDS = (("case", "HS-1"), ("explain", "HS-1"), ("delays",), ("officers",), ("report",))
PERIOD = ("--from", "2022-03-01", "--to", "2022-03-31")


def of_three(first: str, second: str, third: str) -> list[str]:
    """A case that three officers of one unit made late: received, forwarded twice, completed ten days later."""
    unit = {"id": "H34.1", "name": f"Sở {second}"}

    def forwarded(number: int, officer: str, name: str) -> str:
        holder = {"id": officer, "name": name, "unit": unit}
        step = {"id": f"s-{number}", "name": f"Bước {third}", "allotted_minutes": 60}
        at = STARTED_AT + timedelta(days=number)
        return event_text("HS-1", f"e-{number}", "forwarded", at, holder=holder, step=step)

    return [
        received_text("HS-1", officer=("CB-1", first), unit=unit),
        forwarded(1, "CB-2", second),
        forwarded(2, "CB-3", third),
        event_text("HS-1", "e-3", "completed", STARTED_AT + timedelta(days=10)),
    ]


async def tell_as_stored(service: Asked, names: dict[str, str]) -> None:
    """The same case with names that the door no longer takes, as a log of an earlier version holds them."""
    accepted = [accept_text(text) for text in of_three(*names)]
    for neutral, name in names.items():
        written = json.dumps(name)[1:-1]
        accepted = [replace(event, text=event.text.replace(neutral, written)) for event in accepted]
    async with BulkLoader(service.engine) as loader:
        await loader.append(accepted)
    await service.caught_up()


def environment_of(service: Asked, data: Path) -> dict[str, str]:
    """The environment of a command on the service's database, without a width."""
    kept = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    url = service.engine.url.render_as_string(hide_password=False)
    return {**kept, "TIENDO_DATABASE_URL": url, "TIENDO_DATA": str(data)}


async def printed(service: Asked, data: Path, *arguments: str, columns: str | None = None) -> str:
    """What the command prints with COLUMNS as it is said, into a pipe."""
    environment = environment_of(service, data) | ({} if columns is None else {"COLUMNS": columns})
    done = await tiendo_beside(*arguments, environment=environment)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("columns", ["60", None])
async def test_names_and_minutes_are_whole_in_every_table(service: Asked, tmp_path: Path, columns: str | None) -> None:
    await service.tell(of_three(LONG, UNBROKEN, MARKUP))
    timeline = await service.get("/v1/cases/HS-1/timeline")
    minutes = {f"{share['minutes']:,}".replace(",", ".") for share in timeline["attributions"]}
    for command in (("case", "HS-1"), ("delays", *PERIOD), ("officers", *PERIOD)):
        shown = await printed(service, tmp_path, *command, columns=columns)
        assert "…" not in shown
        words = set(re.split(r"[^\w.\[\]/:=]+", shown))
        for word in (*LONG.split(), *MARKUP.split(), *minutes):
            assert word in words, f"{command} in {columns} columns lost {word}"
        if columns is not None:
            assert all(squeezed(name) in squeezed(shown) for name in (LONG, UNBROKEN, MARKUP))
            assert max(map(len, shown.splitlines())) <= int(columns)


async def test_what_a_terminal_would_obey_is_written_out_in_every_output_for_people(
    service: Asked, tmp_path: Path
) -> None:
    harm = "\x1b[31mĐỏ\x9b2J\x7f"
    await tell_as_stored(service, {"FIRST": harm, "SECOND": "An\u202egnohn\u2066", "THIRD": "B\u2028\u200fC"})
    for command in COMMANDS:
        for language in ("vi", "en") if command[0] in {"case", "explain"} else (None,):
            asked = command if language is None else (*command, "--language", language)
            shown = await printed(service, tmp_path, *asked)
            assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200f\u2028\u202a-\u202e\u2066-\u2069]", shown), asked
            if command[0] != "report":
                assert "<U+001B>[31mĐỏ" in shown
    as_json = json.loads(await printed(service, tmp_path, "case", "HS-1", "--format", "json"))
    assert as_json["holds"][0]["party"]["name"] == harm
    as_csv = await printed(service, tmp_path, "delays", *PERIOD, "--format", "csv")
    assert "An\u202egnohn\u2066" in as_csv


async def test_a_reader_that_leaves_ends_the_command_quietly(service: Asked, tmp_path: Path) -> None:
    await service.tell(of_three(LONG, UNBROKEN, MARKUP))
    environment = environment_of(service, tmp_path)
    formats = [("delays", *PERIOD, "--format", output) for output in ("csv", "json")]
    for command in (*COMMANDS, *formats, ("keys", "list"), ("--version",), ("--help",), ("case", "--help")):
        reading, writing = os.pipe()
        os.close(reading)
        try:
            done = await tiendo_beside(*command, environment=environment, output=writing)
        finally:
            os.close(writing)
        assert (done.returncode, done.stderr) == (0, ""), command


async def test_a_full_disk_behind_standard_output_is_named(service: Asked, tmp_path: Path) -> None:
    await service.tell(of_three(LONG, UNBROKEN, MARKUP))
    environment = environment_of(service, tmp_path)
    for command in (("case", "HS-1"), ("delays", *PERIOD, "--format", "csv")):
        with await asyncio.to_thread(Path("/dev/full").open, "wb") as full:
            done = await tiendo_beside(*command, environment=environment, output=full.fileno())
        assert (done.returncode, done.stderr) == (
            1,
            "tiendo: what was asked for cannot be written: No space left on device\n",
        )


async def test_a_command_that_fails_says_so_though_nobody_reads_what_it_prints(service: Asked, tmp_path: Path) -> None:
    await service.tell(of_three(LONG, UNBROKEN, MARKUP))
    said = await run(service, tmp_path, "case", "[/nope]\x1b[31m", status=1)
    assert said == "tiendo: No event of this case is stored.\n"


@pytest.mark.parametrize("command", ["report", "officers", "delays"])
async def test_a_period_without_an_end_ends_on_the_last_day_of_what_is_asked_about(
    service: Asked, tmp_path: Path, command: str
) -> None:
    other = {"id": "H34.2", "name": "Phòng khác"}
    holder = {"id": "CB-9", "name": "D", "unit": other}
    later = STARTED_AT + timedelta(days=90)
    await service.tell(
        [*of_three("A", "B", "C"), event_text("HS-2", "o-1", "received", later, unit=other, holder=holder)]
    )

    async def last_day(*arguments: str) -> str:
        until = json.loads(await run(service, tmp_path, command, "--format", "json", *arguments))["to"]
        # Officers and delays show the instant at which the last day is over.
        return str(until[:10])

    def shown(day: int, month: int) -> str:
        return date(2022, month, day + (command != "report")).isoformat()

    assert await last_day() == shown(30, 5)
    assert await last_day("--unit", "H34.2") == shown(30, 5)
    assert await last_day("--unit", "H34.1") == shown(11, 3)
    assert await last_day("--unit", "H34.1", "--from", "2022-04-01") == shown(1, 4)
