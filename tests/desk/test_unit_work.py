"""What the head of a unit has to prevent now, and what a month says of the unit."""

from datetime import UTC, datetime

import pytest
from tests.desk.desk_cases import BINH, HEAD, OPEN, QUEUE, STRANGER
from tests.query.serving import Asked

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_domain.months import Month
from tiendo_domain.timeline_types import PartyKind
from tiendo_query.desk.unit_work import UnitWork, unit_work
from tiendo_runtime.authentication.people import SignedInPerson

TUESDAY = datetime(2022, 8, 23, 1, 0, tzinfo=UTC)


async def work(service: Asked, now: datetime = TUESDAY, person: SignedInPerson = HEAD) -> UnitWork:
    side = service.app.state.query_sides.seeing(person.sight)
    async with side.snapshot() as snapshot:
        return await unit_work(side, snapshot, "H34.20", Month(2022, 8), now=now)


async def test_what_is_due_within_three_working_days_is_told_by_who_holds_it_and_in_which_step(service: Asked) -> None:
    page = await work(service)
    told = [(row.case.case_id, row.case.holder.name, row.case.step, row.left_minutes) for row in page.due_soon.rows]
    assert told == [(OPEN, BINH["name"], "Thẩm định", 900)]


async def test_a_queue_that_nobody_picked_up_is_told_with_how_long_it_has_waited(service: Asked) -> None:
    page = await work(service)
    [queued] = page.queued.rows
    assert (queued.case.case_id, queued.case.holder_kind, queued.held_minutes) == (QUEUE, PartyKind.UNIT, 480)


async def test_an_apology_is_due_on_the_last_working_day_that_lies_a_day_ahead_of_the_due(service: Asked) -> None:
    due_today = {
        datetime(2022, 8, 22, 1, 0, tzinfo=UTC): [],
        datetime(2022, 8, 23, 1, 0, tzinfo=UTC): [OPEN],
        datetime(2022, 8, 23, 10, 1, tzinfo=UTC): [],
        datetime(2022, 8, 25, 1, 0, tzinfo=UTC): [QUEUE],
    }
    for now, expected in due_today.items():
        assert [row.case.case_id for row in (await work(service, now)).apologies] == expected, now


async def test_the_month_of_a_unit_says_what_the_report_says_and_who_bears_it(service: Asked) -> None:
    month = (await work(service)).month
    reported = await service.get("/v1/units/H34.20", from_="2022-08-01", to="2022-08-31")
    counted = month.figures.model_dump(mode="json")
    assert {name: counted[name] for name in ("resolved", "actual", "late_entry", "unproven")} == {
        name: reported[name] for name in ("resolved", "actual", "late_entry", "unproven")
    }
    assert (month.figures.resolved, month.before.resolved) == (2, 0)
    [officers] = month.borne
    assert (officers.kind, officers.minutes, officers.by_rule_minutes) == (PartyKind.OFFICER, 960, 960)


async def test_a_unit_of_others_is_unknown_to_a_head(service: Asked) -> None:
    with pytest.raises(Refusal) as refused:
        await work(service, person=STRANGER)
    assert refused.value.kind is ProblemKind.UNIT_UNKNOWN
