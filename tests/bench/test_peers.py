"""Peers are asked the same as tiendo, and one that cannot be had is left out with its reason; nothing here depends on a time."""

from pathlib import Path
from typing import Any

import pytest
from tests.bench.peers.catalogue import OWN, PEERS, Contest
from tests.bench.peers.contests import middle_of, prepare, taken
from tests.bench.peers.environments import python_with
from tests.bench.peers.showing import FIGURES, table
from tests.bench.row import LeftOut
from tests.conftest import QUICK

from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.usage import embedded_database

pytestmark = pytest.mark.xdist_group("bench")


@pytest.mark.parametrize("contest", list(Contest))
async def test_tiendo_answers_what_its_peers_are_asked(contest: Contest, tmp_path: Path) -> None:
    own = next(peer for peer in PEERS if peer.name == OWN and peer.contest is contest)
    cluster = Cluster(data=tmp_path / "data", settings=QUICK)
    await prepare(tmp_path, cases=20, pairs=20, scale=0.0005)
    async with embedded_database(cluster, lambda _: None):
        found = await taken(own, cluster, tmp_path / "none", tmp_path)
    assert found["figures"].keys() == FIGURES[contest].keys()
    assert found["figures"].get("missed", 0) == 0


def test_every_contest_has_peers_beside_tiendo() -> None:
    for contest in Contest:
        assert [peer.name == OWN for peer in PEERS if peer.contest is contest].count(True) == 1
        assert len([peer for peer in PEERS if peer.contest is contest]) > 1


def test_a_peer_whose_packages_cannot_be_had_is_left_out_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(LeftOut, match="its packages cannot be had"):
        python_with(tmp_path / "peer", ["--no-index", "a-package-that-nobody-has-published"])


def test_the_table_says_how_tiendo_stands_to_the_best_of_the_others() -> None:
    results: list[dict[str, Any]] = [
        {"name": OWN, "version": "", "contest": "store", "figures": {"replay": 30.0, "missed": 0}},
        {"name": "one", "version": "1", "contest": "store", "figures": {"replay": 60.0, "missed": 2}},
        {"name": "two", "version": "2", "contest": "store", "left_out": "there is no network"},
    ]
    said = table(results, Contest.STORE)
    assert "| replay of the whole log (events/s) | 30 | 60 | 0.50 |" in said
    assert "| events that a tailing reader never saw, 16 writers | 0 | 2 |  |" in said
    assert "two: left out, there is no network." in said


def test_of_several_runs_the_median_counts() -> None:
    runs = [{"name": "one", "contest": "store", "figures": {"replay": figure}} for figure in (9.0, 1.0, 3.0)]
    runs.append({"name": "two", "contest": "store", "left_out": "there is no network"})
    assert middle_of(runs) == [{**runs[2]}, runs[3]]
