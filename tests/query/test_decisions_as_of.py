"""Lists and totals, seen as at an instant that somebody states, know what was explained and decided by then, and nothing later (rule E1)."""

import json
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.domain.decided_cases import HEAD, LATE, PAPER, PROOF, TO_OFFICE, decided, filed, move
from tests.projector.logs import OFFICERS, SOURCE, STARTED_AT, case_texts, send
from tests.query.commands import run
from tests.query.oracle import Known, counted, everything_known, officer_sums
from tests.query.serving import Asked
from tests.query.test_decisions import IN_TIME, MONTH, texts

from tiendo_domain.instants import Instant
from tiendo_domain.overdue import resolved_overdue
from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline_types import CaseTimeline
from tiendo_projector import rebuild
from tiendo_projector.projection import Projection
from tiendo_query.cases.case_pages import AskedCases, case_page
from tiendo_query.figures.ranking import AskedOfficers, ranking
from tiendo_query.query_side import QuerySide
from tiendo_query.sums.tallies import AskedTally, found_tally

DECIDED: Final = "09-05 08:00"
LATE_SYNC: Final = {"kind": "late-sync", "recorded_at_source": "2022-08-15T10:00:00+07:00"}
TOLD: Final[Mapping[str, Sequence[Any]]] = {
    "moved": [*LATE, filed("08-20 08:00", "x"), decided(DECIDED, "d", move(30, TO_OFFICE), of="x")],
    "entered": [*LATE, decided(DECIDED, "d", IN_TIME)],
    "synced": [*LATE, decided(DECIDED, "d", LATE_SYNC)],
}
"""Three cases of 70 minutes, 30 Ánh's and 40 Bình's, all finished on 15 August and decided on 5 September."""

BY_RULE: Final = {"as_of": "2022-09-05T07:59:59+07:00"}
AT_THE_DECISION: Final = {"as_of": "2022-09-05T08:00:00+07:00"}
LONG_AFTER: Final = {"as_of": "2022-12-01T08:00:00+07:00"}
AFTER_DECISIONS: Final[Sequence[Mapping[str, str]]] = ({}, AT_THE_DECISION, LONG_AFTER)


@pytest.fixture
async def told(service: Asked) -> Asked:
    """The service with the three cases."""
    await service.tell(text for case, entries in TOLD.items() for text in texts(case, *entries))
    return service


async def seen(service: Asked, as_of: Mapping[str, str]) -> dict[str, Any]:
    """What every list and every total says of the month."""
    asked = MONTH | as_of
    listed = await service.all_items("/v1/cases", limit=2, **asked)
    overdue = await service.all_items("/v1/cases", limit=2, overdue="true", **asked)
    officers = {one["officer"]["id"]: one for one in await service.all_items("/v1/officers", limit=1, **asked)}
    units = {unit: await service.get(f"/v1/units/{unit}", **asked) for unit in ("MC", "VP")}
    delays = await service.all_items("/v1/delays", limit=2, **asked)
    report = await service.get("/v1/report", **asked)
    [overdue_ratio] = [
        (one["numerator"], one["denominator"])
        for one in (await service.get("/v1/indicators", **asked))["indicators"]
        if one["name"].startswith("overdue-ratio/")
    ]
    difficulties = (await service.get("/v1/difficulties", **asked))["items"]
    for officer, ranked in officers.items():
        totals = (await service.get(f"/v1/officers/{officer}/timeline", **asked))["totals"]
        assert totals == {name: ranked[name] for name in totals}
    for case in listed:
        alone = await service.get(f"/v1/cases/{case['case_id']}", **as_of)
        assert {name: alone[name] for name in case} == case
        timeline = await service.get(f"/v1/cases/{case['case_id']}/timeline", **as_of)
        assert (timeline["class"], timeline["lateness_minutes"]) == (case["class"], case["lateness_minutes"])
    assert report["quality"]["attributed_minutes"] == sum(row["minutes"] for row in delays)
    assert (await service.get("/v1/quality", **asked))["attributed_minutes"] == sum(row["minutes"] for row in delays)
    return {
        "classes": {one["case_id"]: (one["class"], one["lateness_minutes"], one["overdue"]) for one in listed},
        "overdue": sorted(one["case_id"] for one in overdue),
        "officers": {
            key: (
                one["attributed_minutes"],
                one["attributed_by_rule_minutes"],
                one["late_entry_minutes"],
                one["late_cases"],
            )
            for key, one in officers.items()
        },
        "units": {
            unit: (one["attributed_minutes"], one["received_by_decision_minutes"]) for unit, one in units.items()
        },
        "delays": sorted(
            (row["case_id"], row["officer_id"] or row["unit"]["id"], row["minutes"], row["late_entry_minutes"])
            for row in delays
            if row["minutes"] or row["late_entry_minutes"]
        ),
        "report": tuple(report[name] for name in ("resolved", "resolved_overdue", "actual", "late_entry")),
        "overdue_ratio": overdue_ratio,
        "difficulties": [
            (one["accepted"], one["pending"], one["by_rule_minutes"], one["minutes"]) for one in difficulties
        ],
    }


SEEN_BEFORE: Final = {
    "classes": dict.fromkeys(TOLD, ("actual", 70, True)),
    "overdue": ["entered", "moved", "synced"],
    "officers": {"A": (90, 90, 0, 3), "B": (120, 120, 0, 3)},
    "units": {"MC": (90, 0), "VP": (120, 0)},
    "delays": sorted((case, officer, minutes, 0) for case in TOLD for officer, minutes in (("A", 30), ("B", 40))),
    "report": (3, 3, 3, 0),
    "overdue_ratio": (3, 3),
    "difficulties": [(0, 1, 30, 30)],
}
SEEN_AFTER: Final = {
    "classes": {"moved": ("actual", 70, True), "entered": ("late-entry", 0, True), "synced": ("late-sync", 0, False)},
    "overdue": ["entered", "moved"],
    "officers": {"A": (0, 90, 0, 0), "B": (40, 120, 100, 2)},
    "units": {"MC": (0, 0), "VP": (70, 30)},
    "delays": [("entered", "B", 0, 100), ("moved", "B", 40, 0), ("moved", "VP", 30, 0)],
    "report": (3, 2, 1, 1),
    "overdue_ratio": (2, 3),
    "difficulties": [(1, 0, 30, 0)],
}


async def test_lists_and_totals_know_what_was_decided_by_the_as_of_that_is_stated(told: Asked) -> None:
    assert await seen(told, BY_RULE) == SEEN_BEFORE
    for as_of in AFTER_DECISIONS:
        assert await seen(told, as_of) == SEEN_AFTER, as_of
    # What was kept of one question answers no other.
    assert await seen(told, BY_RULE) == SEEN_BEFORE


async def test_an_explanation_is_no_difficulty_before_it_was_filed(told: Asked) -> None:
    early = {"as_of": "2022-08-20T07:59:59+07:00"}
    assert (await told.get("/v1/difficulties", **MONTH, **early))["items"] == []


async def test_a_decision_that_comes_in_later_changes_what_was_kept_from_its_time_on(service: Asked) -> None:
    for case, entries in TOLD.items():
        await service.tell(texts(case, *entries[:-1]))
    assert await seen(service, LONG_AFTER) == SEEN_BEFORE
    assert await seen(service, BY_RULE) == SEEN_BEFORE
    for case, entries in TOLD.items():
        await service.tell(texts(case, entries[-1]))
    assert await seen(service, LONG_AFTER) == SEEN_AFTER
    assert await seen(service, BY_RULE) == SEEN_BEFORE


async def test_addresses_of_figures_state_an_as_of_only_where_somebody_stated_one(told: Asked) -> None:
    for as_of, officers, late in ((BY_RULE, 210, 0), ({}, 70, 100), (LONG_AFTER, 70, 100)):
        answer = await told.get("/v1/officers/B/timeline", **MONTH, **as_of)
        assert (answer["totals"]["late_entry_minutes"]) == late
        quality = await told.get("/v1/report", **MONTH, **as_of)
        assert ("as_of=" in quality["quality"]["href"]) is bool(as_of)
        assert (await told.get(quality["quality"]["href"]))["attributed_minutes"] == officers


async def test_commands_know_what_was_decided_by_the_as_of_that_is_stated(told: Asked, tmp_path: Path) -> None:
    period = ("--from", MONTH["from_"], "--to", MONTH["to"], "--format", "json")
    for as_of, late in ((BY_RULE, 3), ({}, 1)):
        option = ("--as-of", as_of["as_of"]) if as_of else ()
        for command in ("report", "officers", "delays", "quality", "difficulties"):
            printed = json.loads(await run(told, tmp_path, command, *period, *option))
            answer = await told.get(f"/v1/{command}", **MONTH, **as_of)
            assert printed == answer, command
            assert command != "report" or printed["actual"] == late


@pytest.fixture
async def keeping(engine: AsyncEngine) -> AsyncIterator[QuerySide]:
    side = QuerySide(engine, keeps=True)
    yield side
    await side.close()


def _decision(case_id: str, number: int, chance: random.Random) -> str:
    at = STARTED_AT + timedelta(minutes=chance.randrange(300_000))
    officer_id = chance.choice([one for one, _ in OFFICERS if one is not None])
    signed = (STARTED_AT + timedelta(days=chance.randrange(100))).isoformat()
    effects: list[Any] = [
        move(chance.randrange(1, 3_000), source={"kind": "officer", "id": officer_id}),
        {"kind": "late-sync", "recorded_at_source": signed},
        {"kind": "late-entry", "evidence": PROOF | {"signed_at": signed}, "finished_at": signed},
    ]
    data = {
        "outcome": "accepted",
        "effects": [chance.choice(effects)],
        "decided_by": HEAD,
        "document": PAPER,
        "text": "Xét giải trình.",
    }
    event = {
        "specversion": "1.0",
        "id": f"{case_id}-d{number}",
        "source": SOURCE,
        "type": "vn.tiendo.explanation.decided.v1",
        "subject": case_id,
        "time": at.isoformat(),
        "data": data,
    }
    return json.dumps(event, ensure_ascii=False)


def _single(known: Known, as_of: datetime, explained_by: datetime | None) -> dict[str, CaseTimeline]:
    return {
        case_id: case_timeline(events, known.rules, as_of=as_of, explained_by=explained_by)
        for case_id, events in known.events.items()
        if min(event.occurred_at.at for event in events) <= as_of
    }


async def _hold_as_single_cases(side: QuerySide, known: Known, start: date | None, stated: Instant | None) -> bool:
    """Hold that lists and totals from `start` on say what the cases do; returns whether some case was decided later than what is stated."""
    end, now = None if start is None else date(2022, 5, 31), side.now()
    async with side.snapshot(heavy=True) as snapshot:
        tally = await found_tally(side, snapshot, AskedTally(start=start, end=end, as_of=stated, now=now))
        ranked = await ranking(side, snapshot, AskedOfficers(start=start, end=end, as_of=stated, now=now))
        page = await case_page(side, snapshot, AskedCases(limit=500, from_=start, to=end, as_of=stated))
    period = tally.period.period
    single = _single(known, period.as_of, None if stated is None else stated.at)
    for record in page.records:
        one = single[record["case_id"]]
        assert (record["case_class"], record["accepted"], record["lateness_minutes"], record["late_entry_minutes"]) == (
            one.case_class,
            one.accepted,
            one.lateness_minutes,
            one.late_entry_minutes,
        )
    expected = counted(single, period.start, period.end)
    total = tally.tally.total
    assert {
        name: resolved_overdue(total) if name == "resolved_overdue" else total[name] for name in expected
    } == expected
    minutes = {one.names.id: one.sums.attributed_minutes for one in ranked.officers if one.names.id is not None}
    sums = officer_sums(single, period.start, period.end)
    assert minutes == {officer: of_officer["attributed_minutes"] for officer, of_officer in sums.items()}
    return single != _single(known, period.as_of, None)


@pytest.mark.parametrize("start", [None, date(2022, 3, 10)])
async def test_lists_and_totals_say_what_single_cases_say_at_the_same_as_of(
    engine: AsyncEngine, keeping: QuerySide, start: date | None
) -> None:
    chance = random.Random(7)
    cases = {f"HS-{number}": case_texts(f"HS-{number}", chance) for number in range(40)}
    said = [_decision(case_id, number, chance) for case_id in cases for number in range(chance.randrange(4))]
    await send(engine, [*(text for own in cases.values() for text in own), *said])
    await Projection.open(engine, await rebuild(engine, processes=1), range(16), live=True)
    known = await everything_known(engine)
    moments = [STARTED_AT + timedelta(days=days, hours=3) for days in sorted(chance.sample(range(12, 220), 5))]
    stated = [Instant(at=moment, text=moment.isoformat()) for moment in moments]
    assert not await _hold_as_single_cases(keeping, known, start, None)
    differing = [await _hold_as_single_cases(keeping, known, start, one) for one in stated]
    assert sum(differing) > 2, "decisions later than what was stated"
