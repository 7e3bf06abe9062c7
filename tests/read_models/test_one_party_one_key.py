"""Which party is which is decided once, in the domain: rankings, extractions, names and pictures tell parties apart by its key alone (rule H3)."""

import copy
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from tests.domain.generated import cases
from tests.domain.product import facts, rule_book
from tests.domain.profile import bounded
from tests.domain.rules_for_tests import RULES

from tiendo_domain.overdue import is_open
from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline_types import CaseTimeline, PartyKind
from tiendo_query.pages.case.picture import picture_of
from tiendo_read_models.builds import Build, create_build, within
from tiendo_read_models.folding import FoldedGroup
from tiendo_read_models.queries.cases.relations import Relation, folded, folded_case
from tiendo_read_models.queries.delays import delays
from tiendo_read_models.queries.officers import (
    cases_behind,
    holds_of,
    is_known_officer,
    latest_names,
    sum_officers,
)
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.row_writing import insert_cases
from tiendo_read_models.rows import CaseRows, case_rows, latest_event_at

Plain = dict[str, Any]
Figures = dict[str, Counter[str]]

ANH = "Nguyễn Thị Ánh"
ONE_STOP = {"id": "U-1", "name": "Một cửa"}
ANH_AS_WRITTEN = (ANH, unicodedata.normalize("NFD", ANH), f" {ANH.replace(' ', '  ')}\u200b")
PEOPLE: Sequence[Plain] = (
    *({"name": name, "unit": ONE_STOP} for name in ANH_AS_WRITTEN),
    {"name": ANH, "unit": {"id": "U-1", "name": "Bộ phận tiếp nhận"}},
    {"name": ANH, "unit": {"id": "U-2", "name": "Một cửa"}},
    {"name": ANH, "unit": {"name": "Một cửa"}},
    {"name": ANH, "unit": {"name": "Một\N{NO-BREAK SPACE}cửa "}},
    {"name": ANH},
    {"id": "A", "name": ANH, "unit": ONE_STOP},
    {"id": "A", "name": "Chuyên viên", "unit": {"id": "U-2"}},
    {"name": "Chuyên viên", "unit": ONE_STOP},
    {"name": "cán bộ", "unit": {"id": "U-2"}},
    {"name": "\u200b"},
    {"unit": ONE_STOP},
    {"unit": {"id": "U-1", "name": "Bộ phận tiếp nhận"}},
    {"unit": {"name": "Một cửa"}},
    {"name": "x" * 2_000, "unit": {"name": "y" * 2_000}},
)


@st.composite
def provinces(draw: st.DrawFn) -> list[list[Plain]]:
    """The log entries of some cases in which people are named in ways that are hard to tell apart."""
    logs = copy.deepcopy(draw(st.lists(cases(length=7).filter(bool), min_size=1, max_size=3)))
    for number, log in enumerate(logs):
        for entry in log:
            entry["event"]["subject"] = f"H34-{number}"
            if "holder" in entry["event"]["data"]:
                entry["event"]["data"]["holder"] = draw(st.sampled_from(PEOPLE))
    return logs


def held(*holders: Plain, due: str = "2022-08-29T08:00:00+07:00") -> list[Plain]:
    """A case that each holder has for a day, in one step without time allotted, and that is completed late."""
    day = datetime.fromisoformat("2022-08-22T07:30:00+07:00")
    kinds = ["received", *["forwarded"] * (len(holders) - 1), "completed"]
    log = []
    for position, kind in enumerate(kinds, start=1):
        data: Plain = {} if kind == "completed" else {"holder": holders[position - 1]}
        data |= {"step": {"id": "s1", "allotted_minutes": 0}} if kind != "completed" else {}
        data |= {"due_at": due} if kind == "received" else {}
        event = {"specversion": "1.0", "id": f"e{position}", "source": "/t/a", "type": f"vn.tiendo.case.{kind}.v1"}
        at = (day + timedelta(days=7 * position)).isoformat()
        event |= {"subject": "H34-0", "time": at, "recordedat": at, "data": data}
        log.append({"position": position, "ingested_at": datetime(2023, 1, 1, tzinfo=UTC), "event": event})
    return log


TWO_NAMES_OF_A_UNIT = held({"name": ANH, "unit": ONE_STOP}, {"id": "B"}, PEOPLE[3])
TWO_UNKNOWN = held({"name": "Chuyên viên", "unit": ONE_STOP}, {"id": "B"}, {"name": "cán bộ", "unit": {"id": "U-2"}})
THREE_SPELLINGS = held(*PEOPLE[:3], due="2022-08-31T08:00:00+07:00")


@dataclass(frozen=True, kw_only=True)
class Told:
    """Cases as the domain tells them and as the read models hold them, all at one instant."""

    timelines: list[CaseTimeline]
    rows: list[CaseRows]
    period: Period

    @property
    def counted(self) -> list[CaseTimeline]:
        """The cases that count for the period."""
        return [one for one in self.timelines if is_open(one) or one.finished_at is not None]


def told(logs: Sequence[Sequence[Plain]]) -> Told:
    rules, everything = rule_book(RULES), [facts(log) for log in logs]
    as_of = max(latest_event_at(events) for events in everything).astimezone(UTC) + timedelta(days=30)
    timelines = [case_timeline(events, rules, as_of=as_of) for events in everything]
    rows = [case_rows(events, timeline) for events, timeline in zip(everything, timelines, strict=True)]
    return Told(
        timelines=timelines,
        rows=rows,
        period=Period(start=datetime(1970, 1, 1, tzinfo=UTC), end=as_of, as_of=as_of),
    )


def figures_of(timelines: Sequence[CaseTimeline]) -> Figures:
    """Officer's key -> the totals over the cases, as the domain has them."""
    sums: Figures = defaultdict(Counter)
    for timeline in timelines:
        here: Figures = defaultdict(Counter)
        for hold in timeline.holds:
            if hold.party.kind is PartyKind.OFFICER:
                here[hold.party.key]["overrun_minutes"] += hold.overrun_minutes or 0
        for share in timeline.attributions:
            if share.party.kind is PartyKind.OFFICER:
                here[share.party.key]["attributed_minutes"] += share.minutes
        late = timeline.late_entry_party
        if timeline.late_entry_minutes and late is not None and late.kind is PartyKind.OFFICER:
            here[late.key]["late_entry_minutes"] += timeline.late_entry_minutes
        for key, found in here.items():
            is_late = found["attributed_minutes"] > 0 or found["late_entry_minutes"] > 0
            sums[key].update(found, cases=1, late_cases=int(is_late))
    return sums


SUMS = ("cases", "late_cases", "overrun_minutes", "attributed_minutes", "late_entry_minutes")


async def ranked(connection: AsyncConnection, relation: Relation, period: Period) -> Figures:
    found = await sum_officers(connection, relation, period)
    return {key: Counter({name: getattr(sums, name) for name in SUMS}) for key, (sums, _) in found.items()}


@bounded(60, HealthCheck.function_scoped_fixture)  # each example rolls back what it wrote
@given(provinces())
@example([TWO_NAMES_OF_A_UNIT])
@example([TWO_UNKNOWN])
@example([THREE_SPELLINGS])
async def test_what_is_counted_by_sql_is_counted_for_the_parties_of_the_domain(
    engine: AsyncEngine, logs: list[list[Plain]]
) -> None:
    known = told(logs)
    expected = figures_of(known.counted)
    async with engine.connect() as connection:
        build = await create_build(connection)
        relation = folded(build, known.period.as_of, list(map(folded_case, known.rows)))
        assert await ranked(connection, relation, known.period) == expected
        for key in expected:
            behind = await cases_behind(connection, relation, known.period, key)
            assert len(behind) == expected[key]["cases"]
            assert sum(row["attributed_minutes"] for row in behind) == expected[key]["attributed_minutes"]
        await assert_delays(connection, relation, known)
        await assert_stored(connection, build, known)
        await connection.rollback()


async def assert_delays(connection: AsyncConnection, relation: Relation, known: Told) -> None:
    """Each share has beside it the holds of its party, no less and no more."""
    rows = await delays(connection, relation, known.period, units=None, after=("", -9), until=None, limit=1_000)
    shown = [
        (row["case_id"], row["party_key"], row["minutes"], row["late_entry_minutes"], _begins(row["holds"]))
        for row in rows
    ]
    expected = []
    for timeline in sorted(known.counted, key=lambda one: one.case_id):
        late = timeline.late_entry_party
        shares = (
            [(late.key, 0, timeline.late_entry_minutes)] if late is not None and timeline.late_entry_minutes else []
        )
        shares += [(share.party.key, share.minutes, 0) for share in timeline.attributions]
        expected += [
            (
                timeline.case_id,
                key,
                *minutes,
                [hold.started_at.text for hold in timeline.holds if hold.party.key == key],
            )
            for key, *minutes in shares
        ]
    assert shown == expected


def _begins(holds: Sequence[Plain] | None) -> list[str]:
    return [hold["from"] for hold in holds or []]


async def assert_stored(connection: AsyncConnection, build: Build, known: Told) -> None:
    """What rows of the build are asked for by key: who is known, how named last, which holds."""
    groups = [FoldedGroup(codes=frozenset({one.case_id}), cases=[one]) for one in known.rows]
    await insert_cases(await within(connection, build), build, groups)
    relation = folded(build, known.period.as_of, list(map(folded_case, known.rows)))
    holds = [
        (hold.started_at.at, one.case_id, ordinal, hold.party)
        for one in known.timelines
        for ordinal, hold in enumerate(one.holds)
        if hold.party.kind is PartyKind.OFFICER
    ]
    last = {party.key: party for *_, party in sorted(holds, key=lambda hold: hold[:3])}
    names = await latest_names(connection, build, list(last), known.period.as_of)
    assert {key: (shown.id, shown.name, shown.position) for key, shown in names.items()} == {
        key: (party.id, party.name, party.position) for key, party in last.items()
    }
    for key in last:
        assert await is_known_officer(connection, build, key)
        found = await holds_of(connection, relation, known.period, key)
        assert len(found) == sum(party.key == key for *_, party in holds)
    assert not await is_known_officer(connection, build, '["officer", "nobody"]')


@bounded(100)
@given(provinces())
@example([TWO_UNKNOWN])
def test_each_party_has_one_lane(logs: list[list[Plain]]) -> None:
    for timeline in told(logs).timelines:
        picture = picture_of(timeline, lambda party: party.key, lambda _: "")
        lanes = [] if picture is None else [lane.label for lane in picture.lanes]
        assert lanes == list(dict.fromkeys(hold.party.key for hold in timeline.holds))


@bounded(100)
@given(provinces())
def test_the_unit_of_a_unit_is_itself(logs: list[list[Plain]]) -> None:
    """What agencies may see, and whose a delay is, goes by the unit of a party, whatever its kind."""
    for timeline in told(logs).timelines:
        for party in {hold.party for hold in timeline.holds}:
            if party.kind in {PartyKind.UNIT, PartyKind.CONSULTED_UNIT}:
                assert party.unit is not None
                assert (party.unit.id, party.unit.name) == (party.id, party.name)


def test_one_unit_by_another_name_does_not_divide_an_officer_without_an_id() -> None:
    (timeline,) = told([TWO_NAMES_OF_A_UNIT]).timelines
    figures = figures_of([timeline])
    assert len(figures) == 2
    assert all(sums["attributed_minutes"] <= sums["overrun_minutes"] for sums in figures.values())


def test_unknown_holders_are_one_party_and_spellings_of_a_name_one_officer() -> None:
    (unknown,), (spelled,) = told([TWO_UNKNOWN]).timelines, told([THREE_SPELLINGS]).timelines
    assert [hold.party.kind for hold in unknown.holds] == [PartyKind.UNKNOWN, PartyKind.OFFICER, PartyKind.UNKNOWN]
    assert len({hold.party.key for hold in unknown.holds}) == 2
    assert len({hold.party.key for hold in spelled.holds}) == 1
