"""What figures are made of, counted once more from the timelines, and every link led to exactly the cases behind it."""

import statistics
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.conftest import migrated_database
from tests.domain.decided_cases import FROM_BINH, LATE, decided, move
from tests.keys import new_key
from tests.pages.reading import links_of, number_of, page_of
from tests.query.oracle import OVERDUE, everything_known, finished_in
from tests.query.serving import Asked, asked_service, client_of
from tests.query.test_decisions import texts

from tiendo_cli.simulating.loading_simulation import load_simulation
from tiendo_domain.lateness_causes import BORNE, LatenessCause
from tiendo_domain.timeline_types import CaseClass, CaseTimeline, Hold, Party, PartyKind
from tiendo_query.breakdowns.peer_comparison import PEERS_MIN, peer_comparisons
from tiendo_query.breakdowns.period_sums import AskedTime
from tiendo_read_models.queries.peers import StepOfProcedure
from tiendo_runtime.authentication import Bounds, Scope
from tiendo_runtime.database import engine_of
from tiendo_runtime.embedded import Cluster
from tiendo_simulation import Simulation

pytestmark = pytest.mark.xdist_group("breakdowns")  # their province is made once

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
START, END = date(2022, 1, 1), date(2022, 8, 25)
STARTED_AT = datetime(2022, 1, 1, tzinfo=HANOI)
ENDED_AT = datetime(2022, 8, 26, tzinfo=HANOI)
PERIOD = {"from": START.isoformat(), "to": END.isoformat()}
LINKS_FOLLOWED = 40


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A service with a simulated province and some decided cases, and the timelines of all cases at the period's end."""

    service: Asked
    timelines: Mapping[str, CaseTimeline]
    parents: Mapping[str, str | None]

    def finished(self) -> Iterator[tuple[str, CaseTimeline]]:
        """The cases finished in the period."""
        for case_id, timeline in self.timelines.items():
            if finished_in(timeline, STARTED_AT, ENDED_AT):
                yield case_id, timeline

    async def behind(self, href: str) -> set[str]:
        """The ids of the cases on all pages of the list."""
        return {one["case_id"] for one in await self.service.all_items(href)}

    def line(self, unit_id: str) -> list[str]:
        """The unit and what lies above it."""
        line = [unit_id]
        while (above := self.parents.get(line[-1])) is not None:
            line.append(above)
        return line


def decisions() -> list[str]:
    """Cases whose shares were moved, to the applicant and to force majeure, or that are late-sync."""
    sync = {"kind": "late-sync", "recorded_at_source": "2022-08-15T09:55:00+07:00"}
    at = "08-20 08:00"
    return [
        *texts("moved-a", *LATE, decided(at, "d", move(20, {"kind": "applicant"}))),
        *texts("moved-b", *LATE, decided(at, "d", move(15, {"kind": "suspension"}, FROM_BINH))),
        *texts("synced", *LATE, decided(at, "d", sync)),
    ]


@pytest.fixture(scope="module")
async def seen(postgres_server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Seen]:
    async with migrated_database(postgres_server) as url:
        engine = engine_of(url, pool_size=20)
        await load_simulation(engine, Simulation("kontum-2022", scale=0.001, seed=5), progress=lambda _: None)
        async with asked_service(url, engine, tmp_path_factory.mktemp("breakdowns")) as service:
            await service.tell(decisions())
            timelines = (await everything_known(engine)).timelines(ENDED_AT)
            units = await service.all_items("/v1/units", limit=500)
            yield Seen(service=service, timelines=timelines, parents={one["id"]: one["parent"] for one in units})
        await engine.dispose()


def causes_of(timeline: CaseTimeline) -> Counter[str]:
    """Cause -> minutes, of one case."""
    found = Counter[str]()
    for share in timeline.attributions:
        found[share.party.kind] += share.minutes
    if timeline.case_class in {CaseClass.LATE_ENTRY, CaseClass.UNPROVEN}:
        found[str(timeline.case_class)] += timeline.late_entry_minutes
    if timeline.case_class is CaseClass.LATE_SYNC:
        found["late-sync"] += sum(share.minutes for share in timeline.attributions_by_rule)
    return +found


async def test_lateness_by_cause_is_what_the_timelines_say_and_each_cause_links_to_its_cases(seen: Seen) -> None:
    cases: dict[str, set[str]] = defaultdict(set)
    minutes = Counter[str]()
    for case_id, timeline in seen.finished():
        of_case = causes_of(timeline)
        minutes.update(of_case)
        for cause in of_case:
            cases[cause].add(case_id)
    answer = await seen.service.get("/v1/breakdown", **PERIOD)
    assert {one["cause"]: (one["cases"], one["minutes"]) for one in answer["causes"]} == {
        cause.value: (len(cases[cause]), minutes[cause]) for cause in LatenessCause
    }
    for one in answer["causes"]:
        assert await seen.behind(one["href"]) == cases[one["cause"]], one["cause"]
    assert all(minutes[cause] for cause in ("officer", "applicant", "suspension", "late-sync", "unproven"))
    assert answer["lateness_minutes"] == sum(minutes[cause] for cause in BORNE)
    assert (
        answer["lateness_minutes"] == (await seen.service.get("/v1/report", **PERIOD))["quality"]["attributed_minutes"]
    )
    assert answer["all_minutes"] == minutes.total()


def step_of(hold: Hold) -> str:
    """By which a step is told."""
    return "(none)" if hold.step is None else hold.step.id or hold.step.name or "(none)"


def steps_of(timeline: CaseTimeline) -> dict[str, tuple[int, int]]:
    """Step -> working minutes and overrun, while the clock ran."""
    found: dict[str, tuple[int, int]] = {}
    for hold in timeline.holds:
        if not hold.paused:
            minutes, overrun = found.get(step_of(hold), (0, 0))
            found[step_of(hold)] = (minutes + hold.working_minutes, overrun + (hold.overrun_minutes or 0))
    return found


async def test_the_steps_where_time_is_lost_are_those_of_the_timelines(seen: Seen) -> None:
    expected: dict[tuple[str | None, str], Counter[str]] = defaultdict(Counter)
    overran: dict[tuple[str | None, str], set[str]] = defaultdict(set)
    for case_id, timeline in seen.finished():
        procedure = None if timeline.procedure is None else timeline.procedure.id
        for step, (minutes, overrun) in steps_of(timeline).items():
            expected[procedure, step].update(
                cases=1, minutes=minutes, overran_cases=overrun > 0, overrun_minutes=overrun
            )
            if overrun:
                overran[procedure, step].add(case_id)
    answer = await seen.service.get("/v1/breakdown", **PERIOD)
    told = {(one["procedure"]["id"], (one["step"] or {"id": "(none)"})["id"]): one for one in answer["steps"]}
    most = sorted(expected, key=lambda key: (-expected[key]["overrun_minutes"], key[0] or "", key[1]))[:100]
    assert list(told) == most
    for key, one in told.items():
        assert {name: one[name] for name in expected[key]} == expected[key]
    for key in most[:10]:
        if key[0] is not None:
            assert await seen.behind(told[key]["overran_href"]) == overran[key]
            assert len(await seen.behind(told[key]["href"])) == told[key]["cases"]
    assert sum(map(len, overran.values())) > 10


async def test_the_course_of_a_period_is_that_of_its_cases_day_by_day(seen: Seen) -> None:
    received, resolved, overdue, hours = Counter[str](), Counter[str](), Counter[str](), Counter[tuple[int, int]]()
    for timeline in seen.timelines.values():
        at = timeline.received_at
        if at is not None and STARTED_AT <= at.at < ENDED_AT:
            received[at.at.astimezone(HANOI).date().isoformat()] += 1
    for _, timeline in seen.finished():
        recorded = timeline.finish_recorded_at
        assert recorded is not None
        if timeline.completed_at is not None:
            at_ = recorded.at.astimezone(HANOI)
            resolved[at_.date().isoformat()] += 1
            overdue[at_.date().isoformat()] += timeline.case_class in OVERDUE
            hours[at_.isoweekday(), at_.hour] += 1
    answer = await seen.service.get("/v1/breakdown", **PERIOD)
    course = answer["course"]
    assert (course[0]["first"], course[-1]["last"]) == (PERIOD["from"], PERIOD["to"])
    for one in course:
        within = [day for day in {*received, *resolved} if one["first"] <= day <= one["last"]]
        for name, counted in (("received", received), ("resolved", resolved), ("overdue", overdue)):
            assert one[name] == sum(counted[day] for day in within), (one["first"], name)
    for name in ("received", "resolved", "overdue"):
        busiest = max(course, key=lambda one: one[name])
        assert busiest[name] > 0
        assert len(await seen.behind(busiest[f"{name}_href"])) == busiest[name]
    assert {(one["weekday"], one["hour"]): one["resolved"] for one in answer["hours"]} == hours
    busiest = max(answer["hours"], key=lambda one: one["resolved"])
    assert len(await seen.behind(busiest["href"])) == busiest["resolved"]


def place_of(seen: Seen, party: Party, unit: str | None, *, whole: bool = False) -> str:
    """As which place the party stands in the flow seen from the unit."""
    if party.kind in {PartyKind.APPLICANT, PartyKind.SUSPENSION}:
        return f"({party.kind.value})"
    if party.unit is None or party.unit.id is None:
        return "(unnamed)"
    line = seen.line(party.unit.id)
    if unit in line:
        below = line.index(str(unit))
        return str(unit) if whole or below == 0 else line[below - 1]
    return line[-2] if len(line) > 1 else line[0]


@pytest.mark.parametrize(("below", "whole"), [(False, False), (True, False), (True, True)])
async def test_handovers_carry_the_lateness_that_the_holds_say(seen: Seen, *, below: bool, whole: bool) -> None:
    held = Counter(hold.party.unit.id for _, one in seen.finished() for hold in one.holds if hold.party.unit)
    unit = (
        next(line[-2] for room, _ in held.most_common() if room and len(line := seen.line(room)) > 2) if below else None
    )
    expected: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    cases: dict[tuple[str, str], set[str]] = defaultdict(set)
    added = Counter[str]()
    for case_id, timeline in seen.finished():
        places = [(place_of(seen, hold.party, unit, whole=whole), hold) for hold in timeline.holds]
        for place, hold in places:
            added[place] += max(0, (hold.lateness_out_minutes or 0) - (hold.lateness_in_minutes or 0))
        for (giver, _), (receiver, hold) in pairwise(places):
            if giver != receiver:
                late = max(0, hold.lateness_in_minutes or 0)
                expected[giver, receiver].update(handovers=1, late_handovers=late > 0, inherited_minutes=late)
                cases[giver, receiver].add(case_id)
    asked = PERIOD | ({} if unit is None else {"unit": unit}) | ({"whole": "true"} if whole else {})
    answer = await seen.service.get("/v1/flows", **asked)
    told = {(one["giver"], one["receiver"]): one for one in answer["handovers"]}
    assert {key: {name: one[name] for name in expected[key]} for key, one in told.items()} == expected
    assert {one["place"]: one["added_minutes"] for one in answer["places"]} == added
    assert sum(one["late_handovers"] for one in told.values()) > 0
    for key in list(told)[:5]:
        assert await seen.behind(told[key]["href"]) == cases[key], key
        assert told[key]["cases"] == len(cases[key])


async def test_a_procedure_says_how_its_cases_are_distributed_over_each_step(seen: Seen) -> None:
    cases = defaultdict(list)
    for _, timeline in seen.finished():
        if timeline.procedure is not None:
            cases[timeline.procedure.id].append(timeline)
    procedure = max(cases, key=lambda one: sum(len(steps_of(timeline)) for timeline in cases[one]))
    minutes: dict[str, list[int]] = defaultdict(list)
    overran = Counter[str]()
    for timeline in cases[procedure]:
        for step, (spent, overrun) in steps_of(timeline).items():
            minutes[step].append(spent)
            overran[step] += overrun > 0
    answer = await seen.service.get(f"/v1/procedures/{procedure}", **PERIOD)
    told = {(one["step"] or {"id": "(none)"})["id"]: one for one in answer["steps"]}
    assert told.keys() == minutes.keys()
    for step, one in told.items():
        ordered = sorted(minutes[step])
        assert (one["cases"], one["minutes"]) == (len(ordered), sum(ordered))
        assert one["quartiles"]["median"] == statistics.median_low(ordered)
        assert one["quartiles"]["first"] == ordered[-(-len(ordered) // 4) - 1]
        assert one["quartiles"]["third"] == ordered[-(-3 * len(ordered) // 4) - 1]
        assert one["overran_cases"] == overran[step] == len(await seen.behind(one["overran_href"]))
    causes = sum((causes_of(timeline) for timeline in cases[procedure]), Counter[str]())
    assert {one["cause"]: one["minutes"] for one in answer["causes"] if one["minutes"]} == causes
    listed = {one["id"]: one for one in await seen.service.all_items("/v1/procedures", **PERIOD, limit=7)}
    assert listed[procedure] == {name: answer[name] for name in listed[procedure]}
    report = await seen.service.get("/v1/report", **PERIOD)
    for name in ("resolved", "resolved_overdue", "open", "open_overdue"):
        assert sum(one[name] for one in listed.values()) == report[name]


async def test_who_is_bound_to_a_unit_is_told_of_the_cases_of_that_unit_alone(seen: Seen) -> None:
    units = Counter(one.unit.id for _, one in seen.finished() if one.unit is not None and one.attributions)
    unit = seen.line(units.most_common(1)[0][0])[-2]
    _, secret = await new_key(seen.service.app.state.running, Scope.READ, bounds=Bounds(units=[unit]), name="one unit")
    async with client_of(seen.service.port, secret) as client:
        for address in ("/v1/breakdown", "/v1/procedures"):
            bound = (await client.get(address, params=PERIOD)).json()
            of_unit = await seen.service.get(address, **PERIOD, unit=unit)
            assert numbers_in(bound) == numbers_in(of_unit), address
        flows = (await client.get("/v1/flows", params=PERIOD)).json()
        every = await seen.service.get("/v1/flows", **PERIOD)
        assert 0 < sum(one["cases"] for one in flows["handovers"]) < sum(one["cases"] for one in every["handovers"])
        outside = next(one for one in units if unit not in seen.line(str(one)))
        for address in ("/v1/breakdown", "/v1/procedures", "/v1/flows"):
            refused = await client.get(address, params={**PERIOD, "unit": str(outside)})
            assert (refused.status_code, refused.json()["type"]) == (404, "/problems/unit-unknown")
        hidden = next(
            one.procedure.id
            for one in seen.timelines.values()
            if one.procedure is not None and one.unit is not None and unit not in seen.line(str(one.unit.id))
        )
        shown = {one["id"] for one in (await client.get("/v1/procedures", params=PERIOD)).json()["items"]}
        if hidden not in shown:
            assert (await client.get(f"/v1/procedures/{hidden}")).json()["type"] == "/problems/procedure-unknown"


def numbers_in(answer: Any) -> Any:
    """The answer without its links, and without the unit that was asked for."""
    match answer:
        case dict():
            return {
                name: numbers_in(one) for name, one in answer.items() if not name.endswith("href") and name != "unit"
            }
        case list():
            return [numbers_in(one) for one in answer]
        case _:
            return answer


async def test_a_procedure_that_no_case_names_is_unknown(seen: Seen) -> None:
    refused = await seen.service.get("/v1/procedures/nowhere", status=404)
    assert refused["type"] == "/problems/procedure-unknown"


async def test_every_figure_of_a_page_leads_to_as_many_cases_as_it_says(seen: Seen) -> None:
    await seen.service.client.post("/sign-in", data={"key": seen.service.secret})
    units = Counter(one.unit.id for _, one in seen.finished() if one.unit is not None and one.attributions)
    unit = seen.line(str(units.most_common(1)[0][0]))[-2]
    procedures = Counter(one.procedure.id for _, one in seen.finished() if one.procedure is not None)
    asked = f"from={START}&to={END}"
    counted: dict[str, int] = {}
    for path in (
        f"/units/{unit}?{asked}",
        f"/procedures/{procedures.most_common(1)[0][0]}?{asked}&unit={unit}",
        f"/procedures?{asked}",
        f"/flows?{asked}",
    ):
        html = await page_of(seen.service, path)
        assert len(html.encode()) < 200_000
        links = [link for link in links_of(html) if "figure" in link.classes and link.href.startswith("/cases?")]
        assert len(links) > 5, path
        counted |= {
            link.href: number_of(link.text) for link in links[:LINKS_FOLLOWED] if "handed_late" not in link.href
        }
    for href, cases in counted.items():
        assert len(await seen.behind(f"/v1{href}")) == cases, href
    assert sum(cases > 0 for cases in counted.values()) > 40


async def test_peers_are_those_who_had_cases_in_the_same_steps_and_are_too_many_to_be_told_apart(seen: Seen) -> None:
    accounts: dict[StepOfProcedure, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for case_id, timeline in seen.finished():
        for hold in timeline.holds:
            if hold.party.kind is PartyKind.OFFICER and not hold.paused and hold.step and timeline.procedure:
                of = StepOfProcedure(procedure_id=str(timeline.procedure.id), step=step_of(hold))
                accounts[of][hold.party.key][case_id] += hold.working_minutes
    officer = Counter(key for people in accounts.values() for key in people).most_common(1)[0][0]
    wanted = [of for of, people in accounts.items() if officer in people]
    side = seen.service.side
    async with side.snapshot() as snapshot:
        found = await peer_comparisons(side, snapshot, AskedTime(start=START, end=END), officer, wanted)
    expected = {of for of in wanted if len(accounts[of]) > PEERS_MIN}
    assert {one.of for one in found} == expected
    assert 0 < len(expected) < len(wanted)
    for one in found:
        others = [minutes for key, cases in accounts[one.of].items() if key != officer for minutes in cases.values()]
        assert one.peers == len(accounts[one.of]) - 1
        assert one.others.counts == Counter(others)
        assert one.own.counts == Counter(accounts[one.of][officer].values())
