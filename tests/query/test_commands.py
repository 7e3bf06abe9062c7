"""The commands that print figures: the same objects as the interface, and tables for people."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from tests.projector.logs import many_cases
from tests.query.commands import run
from tests.query.serving import Asked

PERIOD = ("--from", "2022-03-01", "--to", "2022-06-30")
ASKED = {"from_": "2022-03-01", "to": "2022-06-30"}


def timeless(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer without the cursor of the next page."""
    return {name: value for name, value in answer.items() if name != "next"}


async def test_commands_print_what_the_interface_answers(service: Asked, tmp_path: Path) -> None:
    await service.tell(many_cases(25))

    report = json.loads(await run(service, tmp_path, "report", *PERIOD, "--format", "json"))
    officers = json.loads(await run(service, tmp_path, "officers", *PERIOD, "--format", "json", "--limit", "0"))
    delays = json.loads(await run(service, tmp_path, "delays", *PERIOD, "--format", "json"))

    assert report == await service.get("/v1/report", **ASKED)
    assert timeless(officers) == timeless(await service.get("/v1/officers", limit=500, **ASKED))
    assert timeless(delays) == timeless(await service.get("/v1/delays", limit=500, **ASKED))
    assert report["resolved"] > 0
    assert delays["items"]

    table = await run(service, tmp_path, "delays", *PERIOD, "--format", "csv", "--language", "en")
    assert len(list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))) == len(delays["items"])
    out = tmp_path / "delays.csv"
    await run(service, tmp_path, "delays", *PERIOD, "--format", "csv", "--out", str(out), "--language", "en")
    assert out.read_bytes().decode().replace("\r\n", "\n") == table.replace("\r\n", "\n")
    for command in ("report", "officers", "delays"):
        assert "Sở H34.1" in (shown := await run(service, tmp_path, command, *PERIOD)) or "Phòng" in shown


async def test_a_report_for_another_basis_is_printed_too(service: Asked, tmp_path: Path) -> None:
    await service.tell(many_cases(5))
    report = json.loads(await run(service, tmp_path, "report", *PERIOD, "--format", "json", "--basis", "recorded"))
    assert (report["basis"], report["resolved"] + report["open"] + report["recorded_later"]) == ("recorded", 5)


async def test_wrong_usage_ends_with_status_2_and_says_what_is_right(service: Asked, tmp_path: Path) -> None:
    for arguments in (
        ("report", "--from", "2022-06-30", "--to", "2022-03-01"),
        ("report", "--from", "yesterday", "--to", "2022-03-01"),
        ("officers", "--from", "2022-03-01T00:00:00"),
        ("delays", *PERIOD, "--format", "xlsx"),
        ("delays", *PERIOD, "--as-of", "2022-03-01"),
    ):
        await run(service, tmp_path, *arguments, status=2)
