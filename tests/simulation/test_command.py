"""`tiendo simulate` as a user runs it, and the planned figures as they come out of the log and the report."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.commands import Run, tiendo_on
from tests.simulation.answers import true_answer
from typer.testing import CliRunner

from tiendo_cli.main import app
from tiendo_cli.simulating.loading_national import load_national
from tiendo_read_models import tables
from tiendo_read_models.builds import live_build, within
from tiendo_simulation import Group, PlannedFigures, Simulation, Told

SCALE = "0.002"
PERIOD = ("--from", "2022-01-01", "--to", "2022-08-25", "--format", "json")
RENAMED_OR_MOVED = frozenset({"renames", "moves", "moves-bounded"})


@pytest.fixture
def tiendo(database_url: str, tmp_path: Path) -> Run:
    """Runs `tiendo` on a fresh database, with `tmp_path` as the working folder."""
    return tiendo_on(database_url, tmp_path)


def answer(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert (done.returncode, done.stderr) == (0, "")
    return dict(json.loads(done.stdout))


def test_a_loaded_simulation_reports_the_planned_figures(tiendo: Run) -> None:
    loaded = answer(tiendo("simulate", "--scale", SCALE, "--load", "--format", "json"))
    again = answer(tiendo("simulate", "--scale", SCALE, "--load", "--format", "json"))
    report = answer(tiendo("report", *PERIOD))
    assert again["accepted"] == 0
    assert again["duplicates"] == loaded["accepted"] + loaded["duplicates"]
    simulation = Simulation("kontum-2022", scale=float(SCALE))
    assert planned_of(report) == simulation.figures()
    units = {unit["id"]: unit for unit in report["units"]}
    assert planned_of(units["H34"]) == simulation.figures()
    assert planned_of(units["H34.STNMT"]) == simulation.figures(Group.LAND)


async def test_an_imported_file_reports_the_planned_figures_without_its_rules(
    tiendo: Run, tmp_path: Path, engine: AsyncEngine
) -> None:
    """The figures hang on no rule of a procedure; the shares do, so the rules are applied after them."""
    written = answer(
        tiendo("simulate", "--scale", SCALE, "--out", "e.ndjson.gz", "--rules-out", "rules.toml", "--format", "json")
    )
    assert answer(tiendo("import", "e.ndjson.gz", "--format", "json"))["rejected"] == 0
    assert planned_of(answer(tiendo("report", *PERIOD))) == PlannedFigures(**written["planned"])
    assert tiendo("rules", "apply", "rules.toml").returncode == 0
    assert planned_of(answer(tiendo("report", *PERIOD))) == PlannedFigures(**written["planned"])
    truths = [json.loads(line) for line in (tmp_path / "e.ndjson.gz.truth.ndjson").read_text("utf-8").splitlines()]
    shares = await projected_shares(engine)
    for truth in truths:
        if not truth["open"] and not any(defect["disturbs"] in RENAMED_OR_MOVED for defect in truth["defects"]):
            assert shares.get(truth["case_id"], {}) == true_answer(truth).shares, truth["case_id"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "either --out FILE or --load"),
        (("--load", "--out", "x.ndjson"), "either --out FILE or --load"),
        (("--preset", "hue-2024", "--load"), "known: kontum-2022"),
        (("--scale", "0", "--load"), "out of range"),
    ],
)
def test_wrong_usage_is_told_and_ends_with_status_2(arguments: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(app, ["simulate", *arguments])
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.replace("│", " ").split())


def test_a_file_that_cannot_be_written_is_told_with_its_name() -> None:
    done = CliRunner().invoke(app, ["simulate", "--scale", "0.001", "--out", "missing/events.ndjson"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "missing/events.ndjson" in done.stderr
    assert "No such file" in done.stderr


def planned_of(report: Mapping[str, Any]) -> PlannedFigures:
    return PlannedFigures(**{name: report[name] for name in PlannedFigures.__slots__})


async def projected_shares(engine: AsyncEngine) -> dict[str, dict[tuple[str, str | None], int]]:
    """What the read models hold, by case."""
    rows = tables.attributions.c
    shares: dict[str, dict[tuple[str, str | None], int]] = {}
    async with engine.connect() as connection:
        build = await live_build(connection)
        assert build is not None
        await within(connection, build)
        for case_id, kind, party, minutes in await connection.execute(
            select(rows.case_id, rows.party_kind, rows.party_id, rows.minutes).where(rows.minutes > 0)
        ):
            shares.setdefault(case_id, {})[kind, party] = minutes
    return shares


class FewCases(Simulation):
    """The first cases of a simulation."""

    def cases(self, *, defects: bool = True) -> Iterator[Told]:
        return islice(super().cases(defects=defects), 12)


async def test_the_situation_comes_through_the_national_channel(
    tiendo: Run, engine: AsyncEngine, tmp_path: Path
) -> None:
    scale = ("simulate", "--format", "national", "--format", "json", "--scale", "0.001")
    written = answer(tiendo(*scale, "--out", "messages.ndjson"))
    messages = [json.loads(line) for line in (tmp_path / "messages.ndjson").read_text(encoding="utf-8").splitlines()]
    assert {message["service"] for message in messages} == {"DongBoHoSoMC", "CapNhatTienDoHoSoMC"}
    truths = (tmp_path / "messages.ndjson.truth.ndjson").read_text(encoding="utf-8").splitlines()
    assert (len(messages), len(truths)) == (written["lines"], written["cases"])
    few = FewCases("kontum-2022", scale=0.001)
    codes = {told.story.case_id for told in few.cases(defects=False)}
    expected = sum(message["data"][0]["MaHoSo"] in codes for message in messages)
    loaded = await load_national(engine, few, progress=lambda _: None)
    again = await load_national(engine, few, progress=lambda _: None)
    assert (loaded.accepted, loaded.duplicates, loaded.refused) == (expected, 0, 0)
    assert (again.accepted, again.duplicates, again.refused) == (0, expected, 0)
