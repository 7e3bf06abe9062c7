"""Lists, totals, rankings, extractions and timelines over a simulated province say the same, whatever instant is asked for."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from tests.conftest import migrated_database
from tests.query.oracle import Known, counted, counts_as_overdue, everything_known, finished_in, is_open, officer_sums
from tests.query.serving import Asked, asked_service

from tiendo_cli.simulating.loading_simulation import load_simulation
from tiendo_domain.instants import instant_in_zone
from tiendo_domain.timeline_types import Basis
from tiendo_query.figures.reporting import AskedReport, report
from tiendo_query.query_side import QuerySide
from tiendo_query.sums import counted_views
from tiendo_runtime.database import engine_of
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.worker_processes import WorkerPool
from tiendo_simulation import Simulation

pytestmark = pytest.mark.xdist_group("consistency")  # their province is made once

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PERIODS = [
    (date(2022, 1, 1), date(2022, 8, 25)),
    (date(2022, 3, 1), date(2022, 3, 31)),
    (date(2022, 5, 9), date(2022, 5, 9)),
]
MINUTES = ("cases", "late_cases", "overrun_minutes", "attributed_minutes", "late_entry_minutes")
FIGURES = (
    "resolved",
    "resolved_overdue",
    "actual",
    "late_entry",
    "unproven",
    "pause_not_respected",
    "open",
    "open_overdue",
    "declined",
    "withdrawn",
)


@dataclass(frozen=True, kw_only=True)
class Province:
    """A simulated province behind the service, and everything that its log holds."""

    service: Asked
    known: Known


@pytest.fixture(scope="module")
async def province(postgres_server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Province]:
    """Some 200 cases with pauses, defects, forgotten clicks, duplicates and disorder."""
    async with migrated_database(postgres_server) as url:
        engine = engine_of(url, pool_size=20)
        await load_simulation(engine, Simulation("kontum-2022", scale=0.001, seed=5), progress=lambda _: None)
        async with asked_service(url, engine, tmp_path_factory.mktemp("province")) as service:
            await service.caught_up()
            yield Province(service=service, known=await everything_known(engine))
        await engine.dispose()


def bounds(period: tuple[date, date]) -> tuple[datetime, datetime]:
    """The period as [start, end)."""
    start = datetime.combine(period[0], datetime.min.time(), HANOI)
    return start, datetime.combine(period[1] + timedelta(days=1), datetime.min.time(), HANOI)


def figures(answer: dict[str, Any]) -> Counter[str]:
    """The counts of an answer that are not 0."""
    return +Counter({name: answer[name] for name in FIGURES})


@pytest.mark.parametrize("period", PERIODS)
async def test_a_report_counts_what_the_timelines_show(province: Province, period: tuple[date, date]) -> None:
    start, end = bounds(period)
    timelines = province.known.timelines(end)

    answer = await province.service.get("/v1/report", from_=period[0].isoformat(), to=period[1].isoformat())

    assert figures(answer) == +counted(timelines, start, end)
    assert answer["simulated"] is True
    assert answer["notice"] == "Dữ liệu mô phỏng"
    assert sum((figures(sector) for sector in answer["fields"]), Counter()) == figures(answer)
    by_unit: dict[str | None, dict[str, Any]] = defaultdict(dict)
    for case_id, timeline in timelines.items():
        for unit_id in province.known.line(None if timeline.unit is None else timeline.unit.id) or [None]:
            by_unit[unit_id][case_id] = timeline
    expected = {unit_id: +counted(cases, start, end) for unit_id, cases in by_unit.items()}
    shown = {unit["id"]: figures(unit) for unit in answer["units"]}
    assert {unit: counts for unit, counts in shown.items() if counts} == {
        unit: counts for unit, counts in expected.items() if counts
    }


@pytest.mark.parametrize("period", PERIODS)
async def test_units_sum_up_their_subtrees(province: Province, period: tuple[date, date]) -> None:
    asked = {"from_": period[0].isoformat(), "to": period[1].isoformat()}
    units = {unit["id"]: unit for unit in await province.service.all_items("/v1/units", limit=40, **asked)}
    report_answer = await province.service.get("/v1/report", **asked)

    assert {unit["id"]: figures(unit) for unit in report_answer["units"]} == {
        unit_id: figures(units[unit_id]) for unit_id in (unit["id"] for unit in report_answer["units"])
    }
    for unit_id in sorted(units)[::25]:
        one = await province.service.get(f"/v1/units/{quote(unit_id, safe='')}", **asked)
        below = [figures(units[child]) for child in one["children"]]
        assert figures(one) == sum(below, figures(one["own"]))
        indicators = await province.service.get("/v1/indicators", unit=unit_id, **asked)
        ratio = next(found for found in indicators["indicators"] if found["name"] == "overdue-ratio/1")
        assert (ratio["numerator"], ratio["denominator"]) == (one["resolved_overdue"], one["resolved"])


@pytest.mark.parametrize("period", PERIODS)
async def test_the_ranking_and_each_officers_timeline_agree(province: Province, period: tuple[date, date]) -> None:
    start, end = bounds(period)
    timelines = province.known.timelines(end)
    expected = officer_sums(timelines, start, end)
    asked = {"from_": period[0].isoformat(), "to": period[1].isoformat()}

    ranked = await province.service.all_items("/v1/officers", limit=70, **asked)

    with_id = {row["officer"]["id"]: row for row in ranked if row["officer"]["id"] is not None}
    assert {officer: [row[name] for name in MINUTES] for officer, row in with_id.items()} == {
        officer: [sums[name] for name in MINUTES] for officer, sums in expected.items()
    }
    attributed = [row["attributed_minutes"] for row in ranked]
    assert attributed == sorted(attributed, reverse=True)
    for officer_id in [*with_id][:12]:
        answer = await province.service.get(f"/v1/officers/{officer_id}/timeline", **asked)
        assert {name: answer["totals"][name] for name in MINUTES} == {
            name: expected[officer_id][name] for name in MINUTES
        }
        assert sum(case["attributed_minutes"] for case in answer["cases"]) == answer["totals"]["attributed_minutes"]
        assert len(answer["cases"]) == answer["totals"]["cases"]
        assert [(hold["case_id"], hold["started_at"]) for hold in answer["holds"]] == [
            (case_id, hold.started_at.text)
            for _, case_id, hold in sorted(
                (
                    ((hold.started_at.at, case_id, ordinal), case_id, hold)
                    for case_id, timeline in timelines.items()
                    for ordinal, hold in enumerate(timeline.holds)
                    if hold.party.id == officer_id and hold.started_at.at < end
                    if hold.ended_at is None
                    or hold.ended_at.at > start
                    or hold.ended_at.at == hold.started_at.at == start
                ),
                key=lambda entry: entry[0],
            )
        ]


async def test_the_pages_of_an_officers_timeline_are_the_whole_of_it(province: Province) -> None:
    asked = {"from_": PERIODS[0][0].isoformat(), "to": PERIODS[0][1].isoformat()}
    ranked = await province.service.all_items("/v1/officers", limit=500, **asked)
    busiest = max((row for row in ranked if row["officer"]["id"]), key=lambda row: int(row["cases"]))
    address = f"/v1/officers/{busiest['officer']['id']}/timeline"
    whole = await province.service.get(address, **asked)
    pages = [await province.service.get(address, **asked, limit=2)]
    while (cursor := pages[-1]["next"]) is not None:
        pages.append(await province.service.get(address, **asked, limit=2, cursor=cursor))
    assert whole["next"] is None
    assert len(pages) == max(-(-len(whole[name]) // 2) for name in ("holds", "cases")) > 1
    for name in ("holds", "cases"):
        assert [entry for page in pages for entry in page[name]] == whole[name]
        assert len(pages[0][name]) == 2
    assert {str(page["totals"]) for page in pages} == {str(whole["totals"])}
    assert (await province.service.get(address, 400, **asked, cursor=pages[0]["next"][:-2]))["field"] == "cursor"
    assert (await province.service.get(address, 400, cursor=pages[0]["next"]))["field"] == "cursor"


@pytest.mark.parametrize("period", PERIODS)
async def test_the_extraction_holds_every_share_of_every_late_case(
    province: Province, period: tuple[date, date]
) -> None:
    start, end = bounds(period)
    expected: dict[tuple[str, str, str | None], list[int]] = {}
    for case_id, timeline in province.known.timelines(end).items():
        if not (finished_in(timeline, start, end) or is_open(timeline)):
            continue
        for share in timeline.attributions:
            officer_id = share.party.id if share.party.kind == "officer" else None
            expected.setdefault((case_id, share.party.kind, officer_id), []).append(share.minutes)
        if timeline.late_entry_minutes:
            party = timeline.late_entry_party
            assert party is not None
            officer_id = party.id if party.kind == "officer" else None
            expected.setdefault((case_id, party.kind, officer_id), []).append(timeline.late_entry_minutes)

    rows = await province.service.all_items(
        "/v1/delays", limit=33, from_=period[0].isoformat(), to=period[1].isoformat()
    )

    shown: dict[tuple[str, str, str | None], list[int]] = {}
    for row in rows:
        key = (row["case_id"], row["party_kind"], row["officer_id"])
        shown.setdefault(key, []).append(row["minutes"] or row["late_entry_minutes"])
    assert shown == expected
    assert [row["case_id"] for row in rows] == sorted(row["case_id"] for row in rows)


INSTANTS = ["2022-02-14T09:30:00+07:00", "2022-06-01T23:59:59+07:00", "2022-08-26T00:00:00+07:00", None]


@pytest.mark.parametrize("as_of", INSTANTS)
async def test_every_row_of_a_list_shows_what_the_case_shows(province: Province, as_of: str | None) -> None:
    asked = {} if as_of is None else {"as_of": as_of}

    page = await province.service.get("/v1/cases", limit=500, **asked)

    moment = datetime.fromisoformat(page["as_of"])
    timelines = province.known.timelines(moment)
    assert page["next"] is None
    assert [row["case_id"] for row in page["items"]] == sorted(timelines)
    for row in page["items"]:
        timeline = timelines[row["case_id"]]
        assert (row["state"], row["class"], row["overdue"]) == (timeline.state, timeline.case_class, timeline.overdue)
        assert row["counts_as_overdue"] is counts_as_overdue(timeline)
        assert (row["lateness_minutes"], row["system_lateness_minutes"]) == (
            timeline.lateness_minutes,
            timeline.system_lateness_minutes,
        )
        assert row["late_entry_minutes"] == timeline.late_entry_minutes
        assert row["judged_due_at"] == (None if timeline.judged_due_at is None else timeline.judged_due_at.text)
        assert row["anomalies"] == [anomaly.kind for anomaly in timeline.anomalies]


@pytest.mark.parametrize("as_of", INSTANTS)
async def test_filters_find_the_cases_that_the_timelines_say(province: Province, as_of: str | None) -> None:
    asked = {"as_of": as_of or datetime.now(HANOI).isoformat()}
    moment = datetime.fromisoformat(asked["as_of"])
    timelines = province.known.timelines(moment)
    calendar = province.known.rules.default_calendar
    soon = calendar.due(moment, 16 * 60)
    officer = next(hold.party.id for one in timelines.values() for hold in one.holds if hold.party.kind == "officer")
    expectations = {
        ("open", "true"): is_open,
        ("overdue", "true"): counts_as_overdue,
        ("overdue", "false"): lambda one: not counts_as_overdue(one),
        ("state", "waiting-applicant"): lambda one: one.state == "waiting-applicant",
        ("class", "unproven"): lambda one: one.case_class == "unproven",
        ("lateness_min", "600"): lambda one: (one.lateness_minutes or 0) >= 600,
        ("unit", "H34.STNMT"): lambda one: "H34.STNMT" in province.known.line(one.unit and one.unit.id),
        ("field", "dat-dai"): lambda one: one.field is not None and one.field.id == "dat-dai",
        ("officer", officer): lambda one: any(
            hold.party.kind == "officer" and hold.party.id == officer for hold in one.holds
        ),
        ("due_within_hours", "16"): lambda one: (
            is_open(one) and one.judged_due_at is not None and moment <= one.judged_due_at.at <= soon
        ),
    }
    for (name, value), holds in expectations.items():
        rows = await province.service.all_items("/v1/cases", limit=17, **{name: value}, **asked)
        expected = sorted(case_id for case_id, timeline in timelines.items() if holds(timeline))
        assert [row["case_id"] for row in rows] == expected, (name, value)


async def test_the_cases_of_a_period_are_those_that_the_report_counts(province: Province) -> None:
    asked = {"from_": "2022-03-01", "to": "2022-03-31"}
    answer = await province.service.get("/v1/report", **asked)
    rows = await province.service.all_items("/v1/cases", limit=100, **asked)

    ended = Counter(row["class"] for row in rows if row["completed_at"] is not None)
    assert ended.total() == answer["resolved"]
    assert (ended["actual"], ended["late-entry"], ended["unproven"]) == (
        answer["actual"],
        answer["late_entry"],
        answer["unproven"],
    )
    assert sum(row["finished_at"] is None for row in rows) == answer["open"]


@pytest.mark.parametrize("period", PERIODS)
async def test_what_totals_count_as_overdue_is_what_the_filter_lists(
    province: Province, period: tuple[date, date]
) -> None:
    """Late-entry and unproven cases too (rule C): a figure and the list behind it are the same set."""
    asked = {"from_": period[0].isoformat(), "to": period[1].isoformat()}
    totals = await province.service.get("/v1/report", **asked)
    for unit_id in [unit["id"] for unit in totals["units"] if unit["id"] is not None][::6]:
        figure = await province.service.get(f"/v1/units/{quote(unit_id, safe='')}", **asked)
        rows = await province.service.all_items("/v1/cases", limit=100, unit=unit_id, overdue="true", **asked)
        finished = Counter(row["class"] for row in rows if row["finished_at"] is not None)
        assert finished == +Counter(
            {name: figure[name.replace("-", "_")] for name in ("actual", "late-entry", "unproven")}
        )
        assert len(rows) == figure["resolved_overdue"] + figure["open_overdue"]


async def test_the_counts_of_decision_766_add_up(province: Province) -> None:
    for period in PERIODS:
        answer = await province.service.get("/v1/indicators", from_=period[0].isoformat(), to=period[1].isoformat())
        table = answer["decision_766"]
        parts = ("resolved", "in_process", "paused")
        assert table["received"]["total"] == (
            sum(table[part]["total"] for part in parts) + table["ended_otherwise"] + table["recorded_later"]
        )
        received = table["received"]
        assert received["total"] == received["carried_over"] + received["new"]
        assert received["new"] == received["online"] + received["counter_or_post"] + received["channel_unknown"]
        for part in parts:
            others = sum(value for name, value in table[part].items() if name != "total")
            assert table[part]["total"] == others


async def test_a_report_for_another_view_is_folded_from_all_events(province: Province) -> None:
    start, end = bounds(PERIODS[0])
    side = QuerySide(province.service.engine)
    known_at = datetime.now(HANOI)
    try:
        async with side.snapshot() as snapshot:
            asked = AskedReport(start=PERIODS[0][0], end=PERIODS[0][1], basis=Basis.RECORDED)
            recorded = await report(side, snapshot, asked)
            known = await report(
                side, snapshot, AskedReport(start=PERIODS[0][0], end=PERIODS[0][1], known_at=instant_in_zone(known_at))
            )
    finally:
        await side.close()

    timelines = await asyncio.to_thread(province.known.timelines, end, basis=Basis.RECORDED)
    assert figures(recorded.model_dump()) == +counted(timelines, start, end)
    assert figures(known.model_dump()) == +counted(province.known.timelines(end), start, end)


async def test_several_processes_count_another_view_as_one_does(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted_views, "CASES_FOR_PROCESSES", 1)
    started: list[int] = []
    counting_in_processes = counted_views.worker_pool

    def counted_pool(module: str, where: object, processes: int) -> AbstractAsyncContextManager[WorkerPool]:
        started.append(processes)
        return counting_in_processes(module, where, processes)

    monkeypatch.setattr(counted_views, "worker_pool", counted_pool)
    side = QuerySide(province.service.engine)
    asked = AskedReport(start=PERIODS[1][0], end=PERIODS[1][1], basis=Basis.RECORDED)
    try:
        async with side.snapshot() as snapshot:
            alone = await report(side, snapshot, asked)
            together = await report(side, snapshot, asked, processes=2)
    finally:
        await side.close()
    assert (together, started) == (alone, [2])


async def test_nothing_was_known_before_the_first_event_came(province: Province) -> None:
    side = QuerySide(province.service.engine)
    try:
        async with side.snapshot() as snapshot:
            before = instant_in_zone(datetime(2021, 1, 1, tzinfo=HANOI))
            nothing = await report(side, snapshot, AskedReport(start=PERIODS[0][0], end=PERIODS[0][1], known_at=before))
    finally:
        await side.close()
    assert figures(nothing.model_dump()) == Counter()
    assert nothing.on_time_ratio is None
