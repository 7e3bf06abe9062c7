"""Every row of the benchmark still runs, and its results can be shown; nothing here depends on a time."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.bench.catalogue import all_rows, chosen
from tests.bench.page import write_page
from tests.bench.results import merged, result
from tests.bench.row import Better, Figure, Ground, Row, Sample
from tests.bench.running import measured, samples
from tests.bench.showing import lines, markdown
from tests.bench.sizes import TINY
from tests.bench.stage import Stage
from tests.conftest import QUICK
from tests.kafka import java

from tiendo_runtime.embedded import Cluster

# One worker runs them all: they share a server and the programs on it.
pytestmark = pytest.mark.xdist_group("bench")


@pytest.fixture(scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A stage on which every row does as little as it can."""
    async with Stage(Cluster(data=tmp_path_factory.mktemp("bench"), settings=QUICK), TINY) as opened:
        yield opened


@pytest.mark.parametrize("ground", list(Ground))
async def test_every_row_finds_all_its_figures(ground: Ground, stage: Stage, tmp_path: Path) -> None:
    if ground is Ground.KAFKA and not java.FOREIGN and (reason := java.missing()):
        pytest.skip(reason)
    rows = [row for row in all_rows() if row.ground is ground]
    results = await measured(stage, rows, lambda _: None)
    assert [found["name"] for found in results] == [row.name for row in rows]
    assert all(figure["median"] >= 0 for found in results for figure in found["figures"])
    write_page(tmp_path / "index.html", merged(tmp_path / "bench.json", results))
    assert markdown(results).count("\n") == 1 + sum(len(row.figures) for row in rows)


def test_rows_have_names_of_their_own_and_a_floor() -> None:
    rows = all_rows()
    assert len({row.name for row in rows}) == len(rows)
    assert all(row.floor and row.figures for row in rows)


def test_a_row_that_there_is_not_is_refused_with_the_names_of_those_that_there_are() -> None:
    with pytest.raises(SystemExit, match=r"no row is called quicker; there are append"):
        chosen(["quicker"])


async def test_a_row_takes_so_many_samples_as_are_asked_for(stage: Stage) -> None:
    assert len(await samples(stage, _row(aim=None))) == TINY.runs


@pytest.mark.parametrize(("value", "met"), [(9.0, True), (11.0, False)])
def test_a_result_says_whether_its_aim_is_met(value: float, met: bool) -> None:  # noqa: FBT001 - a case of the test
    found = result(_row(aim=10.0), [Sample(figures={"p99": value}, floor={"p99": 3.0})], 1.0, 0.0)
    assert found["figures"][0]["met"] is met
    assert found["figures"][0]["times_the_floor"] == value / 3


def test_an_aim_for_scale_one_is_not_judged_below_it() -> None:
    found = result(_row(aim=10.0, aim_at_scale_one=True), [Sample(figures={"p99": 1.0})], 0.1, 0.0)
    assert found["figures"][0]["met"] is None


def test_rows_measured_alone_replace_their_earlier_results_only(tmp_path: Path) -> None:
    other = {"name": "other", "what": "w", "floor": "f", "left_out": "no reason"}
    merged(tmp_path / "bench.json", [other, {**other, "name": "row"}])
    found = merged(tmp_path / "bench.json", [result(_row(aim=1.0), [Sample(figures={"p99": 2.0})], 1.0, 0.0)])
    assert [("left_out" in row, row["name"]) for row in found] == [(True, "other"), (False, "row")]
    assert next(lines(found[0]))[3] == "no reason"


def _row(*, aim: float | None, aim_at_scale_one: bool = False) -> Row:
    async def take(_: Stage) -> Sample:
        return Sample(figures={"p99": 1.0})

    figure = Figure(name="p99", unit="ms", better=Better.LOWER, aim=aim, aim_at_scale_one=aim_at_scale_one)
    return Row(name="row", what="what", floor="floor", ground=Ground.FRESH, figures=(figure,), take=take)
