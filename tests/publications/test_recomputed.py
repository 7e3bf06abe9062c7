"""A list over a simulated province, counted once more from the timelines that anybody may ask for, as known when it was frozen."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Final
from urllib.parse import quote

import pytest
from tests.conftest import migrated_database
from tests.publications.publishing import Desk, desk_of
from tests.query.oracle import counts_as_overdue, everything_known, is_open
from tests.query.serving import asked_service

from tiendo_cli.applying_rules import apply_rules
from tiendo_cli.simulating.loading_simulation import load_simulation
from tiendo_domain.timeline_types import CaseTimeline, PartyKind
from tiendo_runtime.database import engine_of
from tiendo_runtime.embedded import Cluster
from tiendo_simulation import Simulation

PERIOD: Final = "2022-06"
START, END = datetime.fromisoformat("2022-06-01T00:00:00+07:00"), datetime.fromisoformat("2022-07-01T00:00:00+07:00")
REPORTED: Final = (
    "resolved",
    "resolved_overdue",
    "actual",
    "late_entry",
    "unproven",
    "open",
    "open_overdue",
    "declined",
)
FIGURES: Final = ("cases", "late_cases", "attributed_minutes", "attributed_by_rule_minutes", "late_entry_minutes")


@pytest.fixture(scope="module")
async def province(postgres_server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """Some 200 cases with pauses, defects, forgotten clicks, duplicates and disorder."""
    async with migrated_database(postgres_server) as url:
        engine = engine_of(url, pool_size=20)
        await load_simulation(engine, Simulation("kontum-2022", scale=0.001, seed=5), progress=lambda _: None)
        async with asked_service(url, engine, tmp_path_factory.mktemp("publications")) as service:
            await service.caught_up()
            desk = await desk_of(service)
            async with desk.client:
                yield desk
        await engine.dispose()


def finished_in_month(timeline: CaseTimeline) -> bool:
    at = timeline.finish_recorded_at
    return at is not None and START <= at.at < END


def shares(timeline: CaseTimeline, unit: Callable[[str | None], bool]) -> dict[str, list[int]]:
    """Officer's id -> cases, late cases and minutes that the case adds to the list of the unit."""
    last = {hold.party.id: hold.party for hold in timeline.holds if hold.party.kind is PartyKind.OFFICER}
    found = {
        party.id: [1, 0, 0, 0, 0]
        for party in last.values()
        if party.id is not None and party.unit is not None and unit(party.unit.id)
    }
    for place, rows in ((2, timeline.attributions), (3, timeline.attributions_by_rule), (4, timeline.late_entries)):
        for row in rows:
            if row.party.id in found:
                found[row.party.id][place] = row.minutes
    for minutes in found.values():
        minutes[1] = int(minutes[2] > 0 or minutes[4] > 0)
    return found


def concerned(timeline: CaseTimeline, unit: Callable[[str | None], bool]) -> set[str]:
    """The officers of the unit who hold, or bear something in, a case that is open and overdue."""
    if not (is_open(timeline) and counts_as_overdue(timeline)):
        return set()
    bearing = {officer for officer, row in shares(timeline, unit).items() if row[2] or row[3]}
    holder = timeline.holds[-1].party
    return bearing | ({holder.id or ""} & shares(timeline, unit).keys())


async def test_the_list_is_what_the_timelines_say_of_the_officers_of_the_unit(province: Desk) -> None:
    desk = province
    known = await everything_known(desk.service.engine)
    timelines = known.timelines(END)
    units = await desk.service.all_items("/v1/units", limit=500)
    parents = {unit["id"]: unit["parent"] for unit in units}
    busy = [unit for unit in units if unit["id"] in set(parents.values())]
    named = 0
    for unit in busy[:2]:

        def below(unit_id: str | None, top: str = unit["id"]) -> bool:
            return unit_id is not None and (unit_id == top or below(parents.get(unit_id), top))

        draft = await desk.draft(unit["id"], PERIOD)
        sums: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
        for timeline in filter(finished_in_month, timelines.values()):
            for officer, added in shares(timeline, below).items():
                sums[officer] = [one + more for one, more in zip(sums[officer], added, strict=True)]
        listed = {row["officer"]["id"]: [row[name] for name in FIGURES] for row in draft["officers"]}
        assert listed == {officer: row for officer, row in sums.items() if row[3] or row[4]}
        punctual = {row["officer"]["id"]: row["cases"] for row in draft["officers_without_late_case"]}
        assert punctual == {officer: row[0] for officer, row in sums.items() if row[0] >= 10 and not row[1]}
        asked = {"from": "2022-06-01", "to": "2022-06-30"}
        report = await desk.get(f"/v1/units/{quote(unit['id'], safe='')}", **asked)
        assert report.items() >= {name: draft["figures"][name] for name in REPORTED}.items()
        overdue = {row["officer"]["id"] for row in draft["open_overdue"]}
        assert overdue == set().union(*(concerned(timeline, below) for timeline in timelines.values()))
        named += len(listed) + len(punctual) + len(overdue)
    assert named
    assert (await desk.get("/v1/publications", unit="H34"))["items"][0]["state"] == "draft"


async def test_a_whole_province_is_shown_to_everybody_with_all_parts_of_its_list(province: Desk) -> None:
    desk = province
    rules = '[[publication]]\nunit = "H34"\nwindow_working_days = 0\nleast_minutes = 0'
    await apply_rules(desk.service.engine, rules)
    await desk.service.caught_up()
    drafted = (await desk.get("/v1/publications", unit="H34"))["items"]
    for one in drafted:
        await desk.step(one["id"], "withdraw", {"reason": "Lập lại"})
    made = await desk.draft("H34", PERIOD)
    published = await desk.published(made["id"])
    overdue = [row["officer"]["name"] for row in published["open_overdue"] if row["withheld"] is None]
    assert published["officers"]
    assert overdue
    page = (await desk.client.get(f"/cong-khai/CK-H34-{PERIOD}")).text
    assert all(name in page for name in overdue)
    assert "Dữ liệu mô phỏng" in page
    shown = (await desk.client.get(f"/cong-khai/CK-H34-{PERIOD}.json")).json()["list"]
    for unit in shown["units"]:
        rows = [row for row in shown["officers"] if row["unit_number"] == unit["number"]]
        assert unit["attributed_minutes"] == sum(row["attributed_minutes"] for row in rows)
        assert page.count(f"Cả đơn vị: {unit['attributed_minutes']} phút") == 1
    assert len({unit["name"] for unit in shown["units"]}) == len(shown["units"])
    pdf = await desk.client.get(f"/cong-khai/CK-H34-{PERIOD}.pdf")
    assert pdf.content.startswith(b"%PDF-")
