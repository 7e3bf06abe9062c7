"""What is carried on from question to question is that of the rows as they stand, also where cases were folded again without a new event."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.projector.logs import OFFICERS, STARTED_AT, define, event_text, holder, received_text, send

from tiendo_domain.calendar import OverrideKind
from tiendo_domain.calendar.minutes import MINUTE
from tiendo_domain.rules import CalendarDefinition, Override, RuleBook
from tiendo_projector import rebuild
from tiendo_projector.projection import Projection
from tiendo_query.cases import case_folding
from tiendo_query.cases.case_pages import AskedCases
from tiendo_query.cases.late_pages import late_places
from tiendo_query.figures.figure_lists import Figure
from tiendo_query.figures.ranking import AskedOfficers, ranking
from tiendo_query.query_side import QuerySide
from tiendo_query.sums.remembered_folds import RememberedFolds
from tiendo_read_models.folding import StoredText
from tiendo_read_models.queries.cases.refolding import ToFold, View, fold_cases
from tiendo_read_models.queries.cases.relations import FoldedCase

DUE_DAY_OFF = CalendarDefinition(
    id="vn",
    time_zone="Asia/Ho_Chi_Minh",
    overrides=(Override(on=(STARTED_AT + timedelta(days=3)).date(), kind=OverrideKind.OFF),),
)
RULES = RuleBook()
HOLDER = holder(OFFICERS[1], "H34.1")
MINUTE_AT = STARTED_AT + timedelta(days=2)
PERIOD = AskedOfficers(start=date(2022, 1, 1), end=date(2022, 12, 31))


def folded_case_of(latest_at: datetime, judged_due_at: datetime | None) -> FoldedCase:
    return FoldedCase(
        case=b"{}",
        holds=b"",
        shares=b"",
        explanations=b"",
        is_borne=False,
        moves_with_time=True,
        latest_at=latest_at,
        judged_due_at=judged_due_at,
        unit_id=None,
        is_finished=False,
    )


@pytest.fixture
async def side(engine: AsyncEngine) -> AsyncIterator[QuerySide]:
    side = QuerySide(engine, keeps=True)
    yield side
    await side.close()


def folded_from_now_on(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the cases that are folded to answer, in their order; it grows."""
    folded = list[str]()

    def noted(cases: Sequence[ToFold], stored: Mapping[str, Sequence[StoredText]], view: View) -> Any:
        folded.extend(case.case_id for case in cases)
        return fold_cases(cases, stored, view)

    monkeypatch.setattr(case_folding, "fold_cases", noted)
    return folded


async def attributed_minutes(side: QuerySide) -> list[int]:
    async with side.snapshot(heavy=True) as snapshot:
        found = await ranking(side, snapshot, PERIOD)
    return [officer.sums.attributed_minutes for officer in found.officers]


async def test_a_ranking_is_worked_out_anew_once_cases_were_folded_again(engine: AsyncEngine, side: QuerySide) -> None:
    completed = event_text("LATE", "LATE-1", "completed", STARTED_AT + timedelta(days=3, hours=2))
    await send(engine, [received_text("LATE"), completed])
    projection = await Projection.open(engine, await rebuild(engine, processes=1), range(16), live=True)
    await define(engine, DUE_DAY_OFF)
    while await projection.step():
        pass
    assert await attributed_minutes(side) == [120], "as folded by the rules before"
    assert await projection.refold() == 1
    assert await attributed_minutes(side) == [0], "no minute of a day off is late"


async def test_what_a_case_showed_at_an_instant_of_the_past_is_folded_once_for_each_state_of_the_case(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    side, folded = QuerySide(engine), folded_from_now_on(monkeypatch)
    await send(engine, [received_text(case_id) for case_id in ("LATE-1", "LATE-2")])
    projection = await Projection.open(engine, await rebuild(engine, processes=1), range(16), live=True)
    first = await attributed_minutes(side)
    assert sorted(folded) == ["LATE-1", "LATE-2"]
    assert await attributed_minutes(side) == first
    assert len(folded) == 2
    await send(engine, [event_text("LATE-2", "LATE-2-1", "completed", STARTED_AT + timedelta(days=4))])
    await send(engine, [event_text("LATE-1", "LATE-1-1", "suspended", STARTED_AT + timedelta(days=4), reason="chờ")])
    while await projection.step():
        pass
    assert await attributed_minutes(side) != first
    assert folded[2:] == ["LATE-1"], "what has finished stands in its row"
    await define(engine, DUE_DAY_OFF)
    while await projection.step():
        pass
    await attributed_minutes(side)
    assert folded[3:] == ["LATE-1"], "and once for other rules"
    await side.close()


async def test_open_cases_are_folded_once_a_minute_for_all_figures_of_the_present(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    side, folded, due_at = QuerySide(engine), folded_from_now_on(monkeypatch), STARTED_AT + timedelta(days=3)
    told = event_text("TOLD", "TOLD-1", "assigned", MINUTE_AT + timedelta(seconds=5), holder=HOLDER)
    await send(engine, [received_text("OPEN"), received_text("TOLD"), told])
    await rebuild(engine, processes=1)

    async def asked(at: datetime) -> list[str]:
        monkeypatch.setattr(QuerySide, "now", staticmethod(lambda: at))
        folded.clear()
        async with side.snapshot() as snapshot:
            for start in (date(2022, 1, 1), date(2022, 2, 1)):
                await ranking(side, snapshot, AskedOfficers(start=start, end=None))
            await late_places(side, snapshot, AskedCases(limit=10, figure=Figure.OPEN_OVERDUE), at)
        return folded

    assert await asked(MINUTE_AT + timedelta(seconds=7)) == ["OPEN", *["TOLD"] * 3], (
        "of which something is recorded after it"
    )
    assert await asked(MINUTE_AT + timedelta(seconds=50)) == ["TOLD"] * 3
    assert await asked(MINUTE_AT + timedelta(minutes=3)) == ["OPEN", "TOLD"]
    assert await asked(due_at - timedelta(seconds=30)) == ["OPEN", "TOLD"] * 2, "in that minute they become late"
    assert await asked(due_at + timedelta(minutes=5)) == ["OPEN", "TOLD"], "the list of late cases asks for the same"
    await side.close()


def test_of_the_minutes_the_present_and_those_beside_it_are_remembered() -> None:
    now, case = [MINUTE_AT], ToFold(case_id="A", codes=("A",), told_codes=("A",), last_position=1, event_count=1)
    remembered, shown = RememberedFolds(lambda: now[0]), (folded_case_of(STARTED_AT, None),)
    views = [
        View(as_of=MINUTE_AT + number * MINUTE, rules=RULES, position=1, figures_alone=True) for number in range(4)
    ]
    for view in views:
        now[0] = view.as_of
        remembered.remember({case: shown}, view)
    assert [bool(remembered.known([case], view)) for view in views] == [False, False, True, True]


@pytest.mark.parametrize(
    ("latest_at", "judged_due_at", "same"),
    [
        (MINUTE_AT - timedelta(microseconds=1), None, True),
        (MINUTE_AT, None, False),
        (STARTED_AT, MINUTE_AT - timedelta(microseconds=1), True),
        (STARTED_AT, MINUTE_AT, False),
        (STARTED_AT, MINUTE_AT + timedelta(seconds=30), False),
        (STARTED_AT, MINUTE_AT + timedelta(minutes=1), False),
        (STARTED_AT, MINUTE_AT + timedelta(minutes=1, microseconds=1), True),
    ],
)
def test_figures_are_the_same_throughout_a_minute_in_which_no_event_counts_and_no_due_passes(
    latest_at: datetime, judged_due_at: datetime | None, *, same: bool
) -> None:
    case = folded_case_of(latest_at, judged_due_at)
    assert case.says_the_same_throughout(MINUTE_AT, MINUTE_AT + timedelta(minutes=1)) is same
