"""How far figures can be trusted: every figure of `/v1/quality` counted once more from the timelines, and every link led to exactly the cases behind it."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.conftest import migrated_database
from tests.keys import new_key
from tests.projector.logs import event_text
from tests.query.oracle import everything_known, finished_in, is_open
from tests.query.serving import Asked, asked_service, client_of

from tiendo_cli.simulating.loading_simulation import load_simulation
from tiendo_contracts.shards import shard_of
from tiendo_domain.quality import ACROSS_CASES, OtherKind, doubts_of, irregularities_of
from tiendo_domain.timeline_types import CaseTimeline
from tiendo_runtime.authentication import Bounds, Scope
from tiendo_runtime.database import engine_of, owner_engine
from tiendo_runtime.embedded import Cluster
from tiendo_simulation import Simulation

pytestmark = pytest.mark.xdist_group("quality")  # their province is made once

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
START, END = date(2022, 1, 1), date(2022, 8, 25)
ENDED_AT = datetime(2022, 8, 26, tzinfo=HANOI)
PERIOD = {"from": START.isoformat(), "to": END.isoformat()}
UNIT = {"id": "H34.BURST", "name": "Phòng dồn việc", "parent": "H34"}
PLANTED = "/test/one-stop"
OPEN = 12
MISSED_AT = datetime(2022, 6, 20, 3, 0, tzinfo=UTC)
DISAPPEARED = [
    ("BURST-03", "BURST-03", MISSED_AT),
    ("BURST-05/assigned", "BURST-05", MISSED_AT),
    ("BURST-05/completed", "BURST-05", MISSED_AT),
    ("BURST-07", "BURST-07", MISSED_AT + timedelta(days=365)),
    ("elsewhere", "elsewhere", MISSED_AT),
]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A service with a simulated province and some cases planted beside it, its answer, and the timelines of all cases at the period's end."""

    service: Asked
    answer: Mapping[str, Any]
    timelines: Mapping[str, CaseTimeline]

    def counted(self) -> Iterator[tuple[str, CaseTimeline]]:
        """The cases finished in the period or open at its end."""
        start = datetime.combine(START, datetime.min.time(), HANOI)
        for case_id, timeline in self.timelines.items():
            if finished_in(timeline, start, ENDED_AT) or is_open(timeline):
                yield case_id, timeline

    async def behind(self, href: str) -> list[str]:
        """The ids of the cases on all pages of the list."""
        return [one["case_id"] for one in await self.service.all_items(href)]


@pytest.fixture(scope="module")
async def seen(postgres_server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Seen]:
    async with migrated_database(postgres_server) as url:
        engine = engine_of(url, pool_size=20)
        await load_simulation(engine, Simulation("kontum-2022", scale=0.001, seed=5), progress=lambda _: None)
        await plant(owner_engine(url))
        async with asked_service(url, engine, tmp_path_factory.mktemp("quality")) as service:
            await service.caught_up()
            timelines = (await everything_known(engine)).timelines(ENDED_AT)
            yield Seen(service=service, answer=await service.get("/v1/quality", **PERIOD), timelines=timelines)
        await engine.dispose()


async def plant(owner: AsyncEngine) -> None:
    """Cases completed in a burst, by officers whom names confuse, told with a silence of their source between them."""
    told = [(text_, datetime(2022, 6, 1, 3, 0, tzinfo=UTC)) for text_ in planted_texts(range(6))]
    told += [(text_, datetime(2022, 6, 13, 3, 0, tzinfo=UTC)) for text_ in planted_texts(range(6, 13))]
    async with owner.begin() as connection:
        head = int(await connection.scalar(text("SELECT max(position) FROM tiendo.events")) or 0)
        for position, (stated, at) in enumerate(told, head + 1):
            case_id = f"BURST-{int(stated.split('BURST-')[1][:2]):02}"
            values = {
                "position": position,
                "id": f"planted-{position}",
                "subject": case_id,
                "shard": shard_of(case_id),
                "at": at,
                "digest": sha256(stated.encode()).digest(),
                "text": stated,
            }
            columns = "position, source, id, subject, type, shard, ingested_at, digest, text"
            names = f":position, '{PLANTED}', :id, :subject, 'vn.tiendo.case.received.v1', :shard, :at, :digest, :text"
            await connection.execute(text(f"INSERT INTO tiendo.events ({columns}) VALUES ({names})"), values)
        gone = "INSERT INTO tiendo.disappeared_rows (source, item, case_id, missed_at) VALUES (:source, :item, :case_id, :at)"
        for item, case_id, at in DISAPPEARED:
            values = {"source": PLANTED, "item": item, "case_id": case_id, "at": at}
            await connection.execute(text(gone), values)
    await owner.dispose()


def planted_texts(numbers: range) -> list[str]:
    """Receptions on 1 June, completions from 16:45 on of 7 June 2022, a Tuesday, late by two days; of the case OPEN none."""
    found = []
    for number in numbers:
        case_id = f"BURST-{number:02}"
        name = "Lê Văn Vội" if number % 2 else "Lê Văn Vội Vàng"
        officer = {"id": f"V-{number // 11}", "name": name, "unit": UNIT}
        received_at = datetime(2022, 6, 1, 9, number, tzinfo=HANOI)
        told = {"unit": UNIT, "procedure": {"id": "1.0"}, "holder": officer}
        due_at = (received_at + timedelta(days=2)).isoformat()
        found.append(event_text(case_id, f"{case_id}-0", "received", received_at, due_at=due_at, **told))
        if number == OPEN:
            continue
        completed_at = datetime(2022, 6, 7, 16, 45 + number // 2, tzinfo=HANOI)
        found.append(event_text(case_id, f"{case_id}-1", "completed", completed_at))
    return found


def by_kind(answer: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Kind -> cases and minutes."""
    return {one["kind"]: (one["cases"], one["minutes"]) for one in answer["anomalies"]}


async def test_every_irregularity_of_single_cases_is_counted_as_the_timelines_show_it(seen: Seen) -> None:
    cases: Counter[str] = Counter()
    minutes: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    for _, timeline in seen.counted():
        cases.update(map(str, irregularities_of(timeline)))
        totals["cases"] += 1
        if timeline.finished_at is None:
            continue
        totals["finished"] += 1
        totals["attributed_minutes"] += sum(share.minutes for share in timeline.attributions)
        for doubts in doubts_of(timeline):
            totals["doubtful_minutes"] += doubts.minutes
            minutes.update({str(kind): number for kind, number in doubts.by_kind.items()})
    found = {kind: numbers for kind, numbers in by_kind(seen.answer).items() if kind not in ACROSS_CASES}
    assert found == {kind: (cases[kind], minutes[kind]) for kind in cases | minutes}
    assert {name: seen.answer[name] for name in totals} == totals
    assert len(found) > 5
    assert totals["doubtful_minutes"] > 0


async def test_an_open_case_falls_silent_as_time_goes_on(seen: Seen) -> None:
    open_ones = {case_id for case_id, timeline in seen.counted() if is_open(timeline)}
    silent = {case_id for case_id in open_ones if "silent-tail" in irregularities_of(seen.timelines[case_id])}
    listed = await seen.behind(f"/v1/cases?from={START}&to={END}&quality=silent-tail&open=true")
    assert set(listed) == silent
    assert f"BURST-{OPEN}" in silent


async def test_every_figure_links_to_exactly_the_cases_behind_it(seen: Seen) -> None:
    answer = seen.answer
    links: dict[str, int] = {}
    for figures in (answer, *answer["sources"], *answer["units"][:4], *answer["months"][-2:], *answer["items"][-4:]):
        for one in figures["anomalies"]:
            links[one["href"]] = one["cases"]
            assert one["examples"] == sorted(await seen.behind(one["href"]))[: len(one["examples"])]
    for href, cases in links.items():
        assert len(await seen.behind(href)) == cases, href
    doubtful = {
        case_id
        for case_id, timeline in seen.counted()
        if timeline.finished_at is not None and any(one.minutes for one in doubts_of(timeline))
    }
    assert set(await seen.behind(answer["href"])) == doubtful
    for one in answer["anomalies"]:
        if one["minutes_href"] is not None:
            resting = {
                case_id
                for case_id, timeline in seen.counted()
                if timeline.finished_at is not None
                and any(one["kind"] in doubts.by_kind for doubts in doubts_of(timeline))
            }
            assert set(await seen.behind(one["minutes_href"])) == resting


async def test_parts_add_up_to_the_whole(seen: Seen) -> None:
    names = ("cases", "finished", "attributed_minutes", "doubtful_minutes")
    items = await seen.service.all_items("/v1/quality", **PERIOD, limit=7)
    for parts in (seen.answer["sources"], seen.answer["units"], seen.answer["months"], items):
        assert {name: sum(part[name] for part in parts) for name in names} == {
            name: seen.answer[name] for name in names
        }
        kinds: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for part in parts:
            for kind, (cases, minutes) in by_kind(part).items():
                kinds[kind] = (kinds[kind][0] + cases, kinds[kind][1] + minutes)
        assert kinds == by_kind(seen.answer)


async def test_a_burst_of_completions_is_found_with_its_officer_and_its_cases(seen: Seen) -> None:
    (burst,) = seen.answer["bursts"]
    assert (burst["officer"]["id"], burst["cases"]) == ("V-0", 11)
    assert burst["began_at"] == "2022-06-07T16:45:00+07:00"
    assert burst["ended_at"] == "2022-06-07T16:51:00+07:00"
    assert await seen.behind(burst["href"]) == [f"BURST-{number:02}" for number in range(11)]
    assert by_kind(seen.answer)[OtherKind.BURST_CLICKING] == (11, 0)


async def test_a_silence_of_a_source_is_found_with_what_was_finished_meanwhile(seen: Seen) -> None:
    silences = [one for one in seen.answer["silences"] if one["source"] == PLANTED and one["next_at"]]
    (silence,) = silences
    assert (silence["last_at"], silence["next_at"]) == ("2022-06-01T10:00:00+07:00", "2022-06-13T10:00:00+07:00")
    # Of 1 June 300 minutes, 7 whole days, of 13 June 180.
    assert (silence["working_minutes"], silence["cases"]) == (300 + 7 * 480 + 180, 12)
    assert await seen.behind(silence["href"]) == [f"BURST-{number:02}" for number in range(12)]


async def test_cases_of_which_a_row_disappeared_are_counted_once_each_though_it_was_seen_after_the_period(
    seen: Seen,
) -> None:
    (found,) = (one for one in seen.answer["anomalies"] if one["kind"] == OtherKind.ROW_DISAPPEARED)
    assert (found["cases"], found["minutes"], found["examples"]) == (3, 0, ["BURST-03", "BURST-05", "BURST-07"])
    assert await seen.behind(found["href"]) == ["BURST-03", "BURST-05", "BURST-07"]
    for at, cases in (("2022-06-19", []), ("2022-07-01", ["BURST-03", "BURST-05"])):
        then = await seen.service.get("/v1/quality", **PERIOD, as_of=f"{at}T00:00:00+07:00")
        assert [one["examples"] for one in then["anomalies"] if one["kind"] == OtherKind.ROW_DISAPPEARED] == [
            cases
        ] * bool(cases)


async def test_ids_and_names_that_confuse_officers_are_found(seen: Seen) -> None:
    assert {"officer_id": "V-0", "names": ["Lê Văn Vội", "Lê Văn Vội Vàng"]} in seen.answer["several_names"]
    assert {"unit": "H34.BURST", "name": "Lê Văn Vội", "officer_ids": ["V-0", "V-1"]} in seen.answer["shared_names"]


async def test_the_quality_of_a_subtree_is_that_of_its_own_cases(seen: Seen) -> None:
    answer = await seen.service.get("/v1/quality", **PERIOD, unit="H34.BURST")
    assert (answer["cases"], answer["sources"][0]["source"]) == (13, PLANTED)
    assert [unit["unit"]["id"] for unit in answer["units"]] == ["H34.BURST"]
    assert len(answer["bursts"]) == 1
    other = await seen.service.get("/v1/quality", **PERIOD, unit="H34.STNMT")
    assert (other["bursts"], other["several_names"]) == ([], [])
    assert all(silence["source"] != PLANTED for silence in other["silences"])
    assert other["cases"] > 0
    await seen.service.get("/v1/quality", 404, **PERIOD, unit="nowhere")


async def test_figures_elsewhere_carry_the_verdict_of_the_minutes_behind_them(seen: Seen) -> None:
    names = ("verdict", "attributed_minutes", "doubtful_minutes", "doubtful_share")
    expected = {name: seen.answer[name] for name in names}
    for path in ("/v1/indicators", "/v1/report"):
        quality = (await seen.service.get(path, **PERIOD))["quality"]
        assert {name: quality[name] for name in names} == expected
        behind = await seen.service.get(quality["href"])
        assert {name: behind[name] for name in names} == expected
    unit = await seen.service.get("/v1/units/H34.BURST", **PERIOD)
    assert unit["quality"]["attributed_minutes"] == unit["own"]["quality"]["attributed_minutes"] > 0


@pytest.mark.parametrize("unit", [None, "H34.BURST"])
async def test_an_extraction_carries_the_verdict_row_by_row_and_as_a_whole(seen: Seen, unit: str | None) -> None:
    asked = PERIOD | ({} if unit is None else {"unit": unit})
    answer = await seen.service.get("/v1/quality", **asked)
    rows = await seen.service.all_items("/v1/delays", limit=500, **asked)
    finished = [row for row in rows if row["ended_at"] is not None]
    assert sum(row["minutes"] for row in finished) == answer["attributed_minutes"] > 0
    assert sum(row["doubtful_minutes"] for row in finished) == answer["doubtful_minutes"]
    table = await seen.service.raw("/v1/delays", headers={"Accept": "text/csv"}, **asked)
    assert table.headers["X-Tiendo-Quality"] == answer["verdict"]
    told = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    shown = [(one["case"], int(one["doubtful_minutes"]), one["quality"]) for one in told]
    assert shown == [(row["case_id"], row["doubtful_minutes"], row["quality"]) for row in rows]
    assert len({row["quality"] for row in rows}) > 1 or unit is not None


async def test_an_officers_totals_say_which_of_the_minutes_are_doubtful(seen: Seen) -> None:
    expected: dict[str | None, Counter[str]] = defaultdict(Counter)
    for _, timeline in seen.counted():
        for share, doubts in zip(timeline.attributions, doubts_of(timeline), strict=True):
            if share.party.kind == "officer":
                expected[share.party.id] += Counter(all=share.minutes, doubtful=doubts.minutes)
    ranking = await seen.service.all_items("/v1/officers", **PERIOD, limit=500)
    for one in ranking:
        if one["officer"]["id"] is not None:
            quality, by_hand = one["quality"], expected[one["officer"]["id"]]
            assert (quality["attributed_minutes"], quality["doubtful_minutes"]) == (by_hand["all"], by_hand["doubtful"])
    worst = seen.answer["most_doubtful_officers"][0]
    cases = await seen.behind(worst["href"])
    of_cases = [
        doubts.minutes
        for case_id in cases
        for share, doubts in zip(seen.timelines[case_id].attributions, doubts_of(seen.timelines[case_id]), strict=True)
        if share.party.id == worst["id"]
    ]
    assert sum(of_cases) == worst["doubtful_minutes"] > 0
    assert min(of_cases) > 0
    totals = (await seen.service.get(f"/v1/officers/{worst['id']}/timeline", **PERIOD))["totals"]
    assert totals["quality"]["doubtful_minutes"] == expected[worst["id"]]["doubtful"]


@pytest.mark.parametrize(
    ("parameter", "value"), [("quality", "nonsense"), ("doubtful", "false"), ("month", "2022-13"), ("month", "2022-8")]
)
async def test_what_cannot_be_asked_of_quality_is_refused(seen: Seen, parameter: str, value: str) -> None:
    problem = await seen.service.get("/v1/cases", 400, **{parameter: value})
    assert problem["field"] == parameter


@pytest.mark.parametrize("unit", ["H34.BURST", "H34.STNMT"])
async def test_a_reader_bound_to_units_is_told_the_quality_of_their_cases_as_who_sees_everything(
    seen: Seen, unit: str
) -> None:
    bounds = Bounds(units=[unit])
    _, secret = await new_key(seen.service.app.state.running, Scope.READ, bounds=bounds, name=f"reader of {unit}")
    expected = await seen.service.get("/v1/quality", **PERIOD, unit=unit)

    async with client_of(seen.service.port, secret) as client:
        answer = (await client.get("/v1/quality", params=PERIOD)).json()
        behind = [(await client.get(one["href"])).json()["items"] for one in answer["silences"]]

    for told in (answer, expected):
        assert told["silences"] or unit != "H34.BURST"
    assert [_without_links(one) for one in answer["silences"]] == [_without_links(one) for one in expected["silences"]]
    assert by_kind(answer) == by_kind(expected)
    assert [len(cases) for cases in behind] == [one["cases"] for one in answer["silences"]]


def _without_links(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "href"}
