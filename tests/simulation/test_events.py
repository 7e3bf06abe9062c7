"""What is written: valid events, the planned figures, the stated shares of what goes wrong; the same bytes for the same wish."""

import gzip
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from tests.simulation.answers import AS_OF, World

from tiendo_contracts.events.case_events import AcceptedEvent, accept_text
from tiendo_simulation import Simulation, truth_path, write_files
from tiendo_simulation.defects import DEFECT_SHARE, Defect
from tiendo_simulation.delivery import DUPLICATE_SHARE, LATE_SHARE

# One worker makes the simulation for all that need it.
pytestmark = pytest.mark.xdist_group("simulation")


@pytest.fixture(scope="module")
def accepted(simulated: World) -> list[AcceptedEvent]:
    """Every line, judged as ingest judges it: a refusal fails the test."""
    return [accept_text(line) for line in simulated.lines]


def test_every_event_is_acceptable_and_marked_as_simulated(accepted: list[AcceptedEvent]) -> None:
    assert all(event.source.startswith("/simulation/") for event in accepted)
    assert all(event.occurred_at < AS_OF for event in accepted)
    assert all(event.recorded_at is None or event.recorded_at < AS_OF for event in accepted)


def test_the_same_key_never_comes_with_other_content(accepted: list[AcceptedEvent]) -> None:
    digests: dict[tuple[str, str], set[bytes]] = defaultdict(set)
    for event in accepted:
        digests[event.source, event.id].add(event.digest)
    assert all(len(found) == 1 for found in digests.values())


def test_duplicates_and_late_events_come_in_about_the_stated_share(accepted: list[AcceptedEvent]) -> None:
    times = Counter((event.source, event.id) for event in accepted)
    duplicates = sum(count - 1 for count in times.values()) / len(accepted)
    assert DUPLICATE_SHARE / 2 < duplicates < DUPLICATE_SHARE * 2
    latest: dict[str, AcceptedEvent] = {}
    late = 0
    for event in accepted:
        last = latest.setdefault(event.case_id, event)
        late += event.occurred_at < last.occurred_at
        latest[event.case_id] = max(event, last, key=lambda one: one.occurred_at)
    assert LATE_SHARE / 2 < late / len(accepted) < 2 * LATE_SHARE + DUPLICATE_SHARE


def test_defects_come_in_about_the_stated_share_and_in_every_kind(simulated: World) -> None:
    received = [truth for truth in simulated.truths.values() if "policy" in truth]
    defects = [truth["defects"][0]["kind"] for truth in received if truth["defects"]]
    assert DEFECT_SHARE * 0.7 < len(defects) / len(received) < DEFECT_SHARE * 1.2
    assert set(defects) == {kind.value for kind in Defect}


def test_every_case_completed_by_plan_has_its_completion_recorded_in_the_period(
    simulated: World, accepted: list[AcceptedEvent]
) -> None:
    recorded: dict[str, list[str]] = defaultdict(list)
    for event in accepted:
        if event.type.endswith(".completed.v1"):
            recorded[event.case_id].append((event.recorded_at or event.occurred_at).isoformat())
    planned = {
        case
        for case, truth in simulated.truths.items()
        if truth["fate"] in {"on-time", "actual", "late-entry", "unproven"}
    }
    assert set(recorded) == planned
    assert all(any("2022-01-01" <= instant[:10] <= "2022-08-25" for instant in recorded[case]) for case in planned)


def test_the_truth_holds_the_planned_figures(simulated: World) -> None:
    fates = Counter(truth["fate"] for truth in simulated.truths.values())
    planned = simulated.simulation.figures()
    assert (fates["actual"], fates["late-entry"], fates["unproven"]) == (
        planned.actual,
        planned.late_entry,
        planned.unproven,
    )
    assert fates["open-overdue"] == planned.open_overdue
    assert sum(fates.values()) == simulated.simulation.case_count


def test_two_officers_may_bear_one_name_but_never_one_id(simulated: World) -> None:
    officers = [
        officer
        for office in simulated.simulation.province.offices
        for room in (office.counter, *office.rooms)
        for officer in (*room.officers, *office.leaders)
    ]
    names_by_id = defaultdict(set)
    ids_by_name = defaultdict(set)
    for officer in officers:
        names_by_id[officer.id].add(officer.name)
        ids_by_name[officer.name].add(officer.id)
    assert all(len(names) == 1 for names in names_by_id.values())
    assert any(len(ids) > 1 for ids in ids_by_name.values())


def test_the_same_wish_gives_the_same_files_and_another_seed_others(tmp_path: Path) -> None:
    first, again, other = (tmp_path / name for name in ("first.ndjson.gz", "again.ndjson.gz", "other.ndjson.gz"))
    for path, seed in ((first, 3), (again, 3), (other, 4)):
        write_files(Simulation("kontum-2022", scale=0.001, seed=seed), path, progress=lambda _: None)
    assert first.read_bytes() == again.read_bytes()
    assert truth_path(first).read_bytes() == truth_path(again).read_bytes()
    ids_of = [
        {json.loads(line)["subject"] for line in gzip.decompress(path.read_bytes()).splitlines()}
        for path in (first, other)
    ]
    assert ids_of[0].isdisjoint(ids_of[1])


def test_a_file_that_cannot_be_finished_leaves_nothing_behind(tmp_path: Path) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_files(Simulation("kontum-2022", scale=0.001), tmp_path / "events.ndjson", progress=interrupted)
    assert list(tmp_path.iterdir()) == []
