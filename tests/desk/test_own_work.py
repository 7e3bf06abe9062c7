"""What an officer is told of themselves: what they hold now, and what a month says of them."""

from datetime import UTC, datetime

from tests.desk.desk_cases import ANH, BINH, DELIVERED, LATE, OFFICER, OPEN
from tests.keys import new_key
from tests.query.serving import Asked

from tiendo_domain.months import Month
from tiendo_domain.timeline_types import PartyKind
from tiendo_query.desk.own_queue import Forgotten
from tiendo_query.desk.own_work import OwnWork, own_record, own_work
from tiendo_query.desk.said_of_one import BothValues, Waited
from tiendo_query.pages.desk.view import desk_view
from tiendo_runtime.authentication import Scope
from tiendo_runtime.authentication.people import SignedInPerson

AUGUST = Month(2022, 8)
NOW = datetime(2022, 8, 25, 1, 0, tzinfo=UTC)
AS_OF = "2022-08-25T08:00:00+07:00"


async def own(service: Asked, person: SignedInPerson = OFFICER) -> OwnWork:
    side = service.app.state.query_sides.seeing(person.sight)
    async with side.snapshot() as snapshot:
        return await own_work(side, snapshot, person.officer_id or "", month=AUGUST, now=NOW)


async def test_an_officer_is_told_of_each_late_case_how_their_share_came_about(service: Asked) -> None:
    page = await own(service)
    late, still_open = page.month.said
    assert (late.timeline.case_id, late.share) == (LATE, BothValues(by_rule=768, after=768))
    [sentence] = late.sentences
    assert sentence.words.vi == (
        "Bước Thẩm định có 720 phút, anh/chị dùng 1.920; vượt 1.200 trong 1.500 phút vượt của cả hồ sơ; "
        "hồ sơ chậm 960 phút, nên phần của anh/chị là 768 (quy tắc A3)."
    )
    assert (sentence.rules, sentence.event_ids[0]) == (("D4", "A3"), f"{LATE}/e-2")
    assert late.inherited is not None
    assert (late.inherited.minutes, late.waited) == (300, [Waited(kind=PartyKind.APPLICANT, minutes=480)])
    assert late.days_off == 2, "Saturday and Sunday"
    assert (still_open.timeline.provisional, still_open.share.by_rule) == (True, 60)
    totals = (await service.get("/v1/officers/CC-2/timeline", from_="2022-08-01", to="2022-08-31", as_of=AS_OF))[
        "totals"
    ]
    assert {name: getattr(page.month.sums, name) for name in totals if name != "quality"} == {
        name: number for name, number in totals.items() if name != "quality"
    }


async def test_no_colleague_is_named_to_an_officer_beyond_position_and_unit(service: Asked) -> None:
    late = (await own(service)).month.said[0]
    giver = None if late.inherited is None else late.inherited.giver
    assert giver is not None
    assert (giver.id, giver.name, giver.position) == (None, None, "Chuyên viên")
    assert ANH["name"] not in repr(await own(service))
    assert BINH["name"] in repr(await own(service))


async def test_the_queue_has_what_is_held_now_and_what_looks_finished_without_a_click(service: Asked) -> None:
    queue = (await own(service)).queue
    [held] = queue.cases
    assert (held.case_id, held.step, held.left_minutes, held.overdue) == (OPEN, "Thẩm định", -60, True)
    assert held.step_due_at is not None
    assert held.step_due_at.isoformat() == "2022-08-22T17:00:00+07:00"
    assert held.due_at is not None
    assert held.due_at.isoformat() == "2022-08-24T17:00:00+07:00", "by the province's clock, as the step's"
    assert (queue.total, queue.overdue) == (1, 1)
    assert [(one.case_id, one.why) for one in queue.forgotten] == [(DELIVERED, Forgotten.DELIVERED)]


async def test_a_record_of_months_says_of_each_what_the_interface_says(service: Asked) -> None:
    side = service.app.state.query_sides.seeing(OFFICER.sight)
    async with side.snapshot() as snapshot:
        months = (await own_record(snapshot, "CC-2", AUGUST, now=NOW)).months
    assert [str(one.month) for one in (*months[:2], months[-1])] == ["2022-08", "2022-07", "2021-09"]
    assert (months[0].sums.cases, months[0].sums.late_cases, months[0].on_time) == (3, 2, 1 - 2 / 3)
    assert months[1].on_time is None


async def test_the_page_begins_with_the_month_of_a_list_in_its_window_and_says_until_when(service: Asked) -> None:
    _, secret = await new_key(service.app.state.running, Scope.PUBLISH, Scope.READ)
    key = {"Authorization": f"Bearer {secret}"}
    drafted = await service.client.post("/v1/publications", json={"unit": "H34.20", "period": "2022-08"}, headers=key)
    path = f"/v1/publications/{drafted.json()['id']}/open"
    opened = await service.client.post(path, json={"window_ends_at": "2190-03-05T17:00:00+07:00"}, headers=key)
    assert opened.status_code == 200, opened.text
    await service.caught_up()
    side = service.app.state.query_sides.seeing(OFFICER.sight)
    async with side.snapshot() as snapshot:
        page = await own_work(side, snapshot, "CC-2", month=None, now=NOW)
    assert page.month.month == AUGUST
    view = desk_view(page, queue_page=1, said_page=1, sent=False)
    assert [(one.at, one.weekday.vi) for one in view.windows] == [("2190-03-05T17:00:00+07:00", "thứ Sáu")]
    told = {None if one.part is None else one.part.vi: (one.month, one.state.vi, one.minutes) for one in view.lists}
    assert told[None] == ("8/2022", "đang nhận giải trình", 768)
    assert "phần tạm tính: hồ sơ đang giải quyết đã quá hạn" in told
