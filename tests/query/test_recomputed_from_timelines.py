"""Whatever was decided: every list and total says, by rule and after decisions, what the timelines of its cases say (section E)."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import pytest
from tests.conftest import migrated_database
from tests.publications.publishing import desk_of
from tests.query.random_decisions import random_decisions
from tests.query.recomputed import BORNE, OVERDUE, Plain, Recomputed, borne_in, counts_as_overdue, is_open, summed
from tests.query.serving import Asked, asked_service

from tiendo_cli.simulating.loading_simulation import load_simulation
from tiendo_read_models.builds import reading
from tiendo_read_models.published import changed_cases
from tiendo_relay.feeds.states_messages import timeline_state
from tiendo_runtime.database import engine_of
from tiendo_runtime.embedded import Cluster
from tiendo_simulation import Simulation

pytestmark = pytest.mark.xdist_group("recomputed from timelines")  # their province is made once

YEARS_END: Final = "2023-01-01T00:00:00+07:00"
TOTALS: Final = ("cases", "late_cases", "late_cases_by_rule", "overrun_minutes", *BORNE)
OF_ROW: Final = ("minutes", "by_rule_minutes", "late_entry_minutes", "late_entry_by_rule_minutes")


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What is asked of lists and totals, and the same recomputed."""

    asked: Mapping[str, str]
    expected: Recomputed


@dataclass(frozen=True, kw_only=True)
class Province:
    """A simulated province with decisions, and its timelines after all of them and as at an instant between them."""

    service: Asked
    after: Looked
    between: Looked
    parents: Mapping[str, str | None]

    def below(self, top: str) -> Callable[[str | None], bool]:
        """Whether a unit is the one or lies below it."""

        def inside(unit_id: str | None) -> bool:
            return unit_id is not None and (unit_id == top or inside(self.parents.get(unit_id)))

        return inside


async def _timelines(service: Asked, as_of: str, **asked: str) -> dict[str, Plain]:
    return {
        case["case_id"]: await service.get(f"/v1/cases/{quote(case['case_id'], safe='')}/timeline", as_of=as_of)
        for case in await service.all_items("/v1/cases", limit=500, as_of=as_of, **asked)
    }


async def _looked(service: Asked, start: str, end: str, as_of: str, *, stated: bool) -> Looked:
    timelines = await _timelines(service, as_of)
    asked = {"from_": start, "to": end} | ({"as_of": as_of} if stated else {})
    bounds = [datetime.fromisoformat(f"{day}T00:00:00+07:00") for day in (start, end)]
    last = bounds[1].replace(hour=23, minute=59, second=59, microsecond=999_999)
    return Looked(asked=asked, expected=Recomputed(timelines=timelines, start=bounds[0], end=last))


@pytest.fixture(scope="module")
async def province(postgres_server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Province]:
    async with migrated_database(postgres_server) as url:
        engine = engine_of(url, pool_size=20)
        await load_simulation(engine, Simulation("kontum-2022", scale=0.001, seed=11), progress=lambda _: None)
        async with asked_service(url, engine, tmp_path_factory.mktemp("recomputed")) as service:
            await service.caught_up()
            undecided = await _timelines(service, YEARS_END, overdue="true")
            await service.tell(random_decisions(list(undecided.values()), random.Random(5)))
            yield Province(
                service=service,
                after=await _looked(service, "2022-01-01", "2022-12-31", YEARS_END, stated=False),
                between=await _looked(service, "2022-04-01", "2022-07-31", "2022-07-12T10:00:00+07:00", stated=True),
                parents={one["id"]: one["parent"] for one in await service.all_items("/v1/units", limit=500)},
            )
        await engine.dispose()


@pytest.fixture(params=["after", "between"])
def looked(province: Province, request: pytest.FixtureRequest) -> Looked:
    found = getattr(province, request.param)
    assert isinstance(found, Looked)
    return found


def figures(answer: Plain, expected: Counter[str]) -> Counter[str]:
    return +Counter({name: answer[name] for name in {*expected, *_FIGURES}})


_FIGURES: Final = (
    *("resolved", "resolved_overdue", "resolved_overdue_by_rule", "late_sync", "open", "open_overdue"),
    *("actual", "actual_by_rule", "late_entry", "late_entry_by_rule", "unproven", "unproven_by_rule"),
)


def test_decisions_of_all_kinds_changed_something(province: Province) -> None:
    timelines = province.after.expected.timelines.values()
    pairs = Counter((one["class_by_rule"], one["class"]) for one in timelines if one["class"] != one["class_by_rule"])
    assert {("actual", "late-entry"), ("actual", "late-sync"), ("unproven", "late-entry")} <= pairs.keys()
    received = {borne.party["kind"] for one in timelines for borne in borne_in(one).values() if borne.received}
    assert "unit" in received
    assert received & {"organisation", "applicant", "suspension"}
    marks = {mark for one in timelines for decision in one["decisions"] for mark in decision["marks"]}
    assert marks == {"decided-by-party", "evidence-too-late", "unit-not-in-case", "decision-outdated"}
    assert province.between.expected.timelines != province.after.expected.timelines


def test_no_person_bears_more_than_the_lateness_and_shares_sum_to_it_before_and_after(looked: Looked) -> None:
    for one in looked.expected.timelines.values():
        assert summed(one["attributions"], "minutes") == (one["lateness_minutes"] or 0,)
        assert summed(one["attributions_by_rule"], "minutes") == (one["lateness_by_rule_minutes"] or 0,)
        assert summed(one["late_entries"], "minutes") == (one["late_entry_minutes"],)
        for borne in borne_in(one).values():
            if borne.party["kind"] == "officer":
                assert borne.minutes[0] <= borne.minutes[1]
                assert borne.received == 0


async def test_the_list_of_cases_says_what_their_timelines_say(province: Province, looked: Looked) -> None:
    get = province.service.all_items
    rows = await get("/v1/cases", limit=100, **looked.asked)
    timelines = looked.expected.timelines
    assert {row["case_id"] for row in rows} == {one["case_id"] for one in looked.expected.counted()}
    for row in rows:
        timeline = timelines[row["case_id"]]
        common = row.keys() & timeline.keys() - {"anomalies", "source"}
        assert {name: row[name] for name in common} == {name: timeline[name] for name in common}
        assert row["counts_as_overdue"] is counts_as_overdue(timeline, "class")
        assert row["counts_as_overdue_by_rule"] is counts_as_overdue(timeline, "class_by_rule")
    for figure, of_class in (("resolved-overdue", "class"), ("resolved-overdue-by-rule", "class_by_rule")):
        listed = await get("/v1/cases", limit=100, figure=figure, **looked.asked)
        ended = filter(looked.expected.ended, timelines.values())
        assert {row["case_id"] for row in listed} == {one["case_id"] for one in ended if one[of_class] in OVERDUE}


async def test_the_report_and_the_indicators_say_what_the_timelines_say(province: Province, looked: Looked) -> None:
    expected = looked.expected.figures()
    if "as_of" not in looked.asked:
        assert expected["resolved_overdue"] < expected["resolved_overdue_by_rule"]
    report = await province.service.get("/v1/report", **looked.asked)
    assert figures(report, expected) == expected
    resolved = expected["resolved"]
    assert report["on_time_by_rule_ratio"] == 1 - expected["resolved_overdue_by_rule"] / resolved
    for unit in report["units"]:
        inside = province.below(unit["id"]) if unit["id"] is not None else None
        if inside is not None:
            of_unit = looked.expected.figures(lambda one, of=inside: of(one["unit"] and one["unit"]["id"]))
            assert figures(unit, of_unit) == of_unit
    answer = await province.service.get("/v1/indicators", **looked.asked)
    ratios = {one["name"]: (one["numerator"], one["numerator_by_rule"]) for one in answer["indicators"]}
    assert ratios["overdue-ratio/1"] == (expected["resolved_overdue"], expected["resolved_overdue_by_rule"])
    assert ratios["actual-overdue-ratio/1"] == (expected["actual"], expected["actual_by_rule"])
    assert ratios["open-overdue-ratio/1"] == (expected["open_overdue"],) * 2
    table = answer["decision_766"]
    for part, overdue in (("resolved", "resolved_overdue"), ("resolved_by_rule", "resolved_overdue_by_rule")):
        assert table[part]["overdue"] == expected[overdue]
        assert table[part]["total"] == sum(count for name, count in table[part].items() if name != "total") == resolved


async def test_units_and_breakdowns_say_what_the_timelines_say(province: Province, looked: Looked) -> None:
    busy = [unit for unit in province.parents if unit in set(province.parents.values())]
    for unit_id in busy[:4]:
        answer = await province.service.get(f"/v1/units/{quote(unit_id, safe='')}", **looked.asked)
        inside = province.below(unit_id)
        expected = looked.expected.borne_by(inside)
        assert {name: answer[name] for name in (*BORNE, "received_by_decision_minutes")} == {
            name: expected[name] for name in (*BORNE, "received_by_decision_minutes")
        }
        own = looked.expected.borne_by(lambda unit, of=unit_id: unit == of)
        assert answer["own"].items() >= {name: own[name] for name in BORNE}.items()
    breakdown = await province.service.get("/v1/breakdown", **looked.asked)
    of_all = looked.expected.figures()
    assert breakdown["lateness_minutes"] == of_all["lateness_minutes"]
    assert breakdown["lateness_by_rule_minutes"] == of_all["lateness_by_rule_minutes"]
    causes = {one["cause"]: (one["minutes"], one["by_rule_minutes"]) for one in breakdown["causes"]}
    by_kind: Counter[str] = Counter()
    for one in filter(looked.expected.ended, looked.expected.timelines.values()):
        for row in one["attributions"]:
            by_kind[f"{row['party']['kind']} after"] += row["minutes"]
        for row in one["attributions_by_rule"]:
            by_kind[f"{row['party']['kind']} by rule"] += row["minutes"]
        by_kind[f"{one['class']} after"] += one["late_entry_minutes"]
        by_kind[f"{one['class_by_rule']} by rule"] += one["late_entry_by_rule_minutes"]
    for cause, minutes in causes.items():
        if cause != "late-sync":
            assert minutes == (by_kind[f"{cause} after"], by_kind[f"{cause} by rule"]), cause


async def test_officers_say_what_the_timelines_say(province: Province, looked: Looked) -> None:
    expected = looked.expected.officers()
    ranked = await province.service.all_items("/v1/officers", limit=100, **looked.asked)
    assert {row["officer"]["key"]: +Counter({name: row[name] for name in TOTALS}) for row in ranked} == expected
    assert [row["attributed_minutes"] for row in ranked] == sorted(
        (row["attributed_minutes"] for row in ranked), reverse=True
    )
    for row in ranked[:12]:
        key = row["officer"]["key"]
        one = await province.service.get("/v1/officers/timeline", key=key, **looked.asked)
        assert one["totals"] == {name: row[name] for name in one["totals"]}
        assert summed(one["cases"], *BORNE) == tuple(expected[key][name] for name in BORNE)


async def test_the_extraction_says_what_the_timelines_say(province: Province, looked: Looked) -> None:
    rows = await province.service.all_items("/v1/delays", limit=100, **looked.asked)
    shown = {
        (row["case_id"], row["party_key"]): (*(row[name] for name in OF_ROW), row["received_by_decision_minutes"])
        for row in rows
    }
    assert shown == looked.expected.delays()
    assert all(row["class"] == looked.expected.timelines[row["case_id"]]["class"] for row in rows)


async def test_difficulties_and_explanations_say_what_the_timelines_say(province: Province, looked: Looked) -> None:
    items = (await province.service.get("/v1/difficulties", limit=500, **looked.asked))["items"]
    members = ("explanations", "accepted", "refused", "pending", "by_rule_minutes", "minutes")
    sums = {
        reason: list(summed((one for one in items if one["reason"] == reason), *members))
        for reason in {one["reason"] for one in items}
    }
    assert sums == looked.expected.difficulties()


async def test_the_list_of_explanations_says_what_the_timelines_say(province: Province) -> None:
    timelines = province.after.expected.timelines
    listed = await province.service.all_items("/v1/explanations", limit=50)
    filed = [(case, one["id"], one["state"]) for case, line in timelines.items() for one in line["explanations"]]
    assert sorted((row["case_id"], row["id"], row["state"]) for row in listed) == sorted(filed)
    for row in listed:
        if is_open(timelines[row["case_id"]]):
            continue  # which the list shows as at now
        borne = borne_in(timelines[row["case_id"]]).get(row["party"]["key"])
        assert tuple(row[name] for name in OF_ROW) == ((0, 0, 0, 0) if borne is None else borne.minutes)


async def test_a_monthly_list_says_what_the_timelines_say(province: Province) -> None:
    desk = await desk_of(province.service)
    async with desk.client:
        draft = await desk.draft("H34", "2022-06")
    finished = {case: one for case, one in province.after.expected.timelines.items() if not is_open(one)}
    june = [datetime.fromisoformat(f"2022-0{month}-01T00:00:00+07:00") for month in (6, 7)]
    expected = Recomputed(timelines=finished, start=june[0], end=june[1])
    members = [name for name in TOTALS if name != "overrun_minutes"]
    rows = {row["officer"]["key"]: +Counter({name: row[name] for name in members}) for row in draft["officers"]}
    borne = {key: sums for key, sums in expected.officers().items() if any(sums[name] for name in BORNE)}
    assert rows == {key: +Counter({name: sums[name] for name in members}) for key, sums in borne.items()}
    of_month = expected.figures()
    counted = [name for name in _FIGURES if not name.startswith("open")]
    assert {name: draft["figures"][name] for name in counted} == {name: of_month[name] for name in counted}


async def test_states_over_kafka_say_what_the_timelines_say(province: Province) -> None:
    async with reading(province.service.engine) as reader:
        changes = await changed_cases(reader, dict.fromkeys(range(16), 0), limit=1_000)
    told = {state.case_id: state for state in map(timeline_state, changes.cases)}
    timelines = {case: one for case, one in province.after.expected.timelines.items() if not is_open(one)}
    assert told.keys() >= timelines.keys()
    members = ("class", "class_by_rule", "overdue", "overdue_by_rule", "accepted", "lateness_minutes", "holds")
    minutes = ("lateness_by_rule_minutes", "late_entry_minutes", "late_entry_by_rule_minutes", "finish_recorded_at")
    borne = ("attributions", "attributions_by_rule", "late_entries")
    for case_id, timeline in timelines.items():
        state = told[case_id].model_dump(mode="json", by_alias=True)
        for name in (*members, *minutes, *borne):
            assert _unmarked(state[name]) == timeline[name], (case_id, name)


def _unmarked(said: Any) -> Any:
    """What a state says, without what it says of being withheld."""
    if isinstance(said, list):
        return [_unmarked(one) for one in said]
    if isinstance(said, dict):
        return {name: _unmarked(value) for name, value in said.items() if name != "withheld"}
    return said
