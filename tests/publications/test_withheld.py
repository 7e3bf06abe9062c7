"""Who is not named in public: who waits for a decision that was asked for in time, and who bears too little; and what arrives too late."""

import re
from datetime import UTC, datetime, timedelta

from tests.domain.cases import completed, received, step
from tests.domain.decided_cases import LATE, decided, filed, move
from tests.publications.publishing import APPROVAL, Desk, about, rows_of
from tests.query.test_decisions import texts

from tiendo_cli.applying_rules import apply_rules

BINH = {"officer": {"id": "B"}}


async def test_who_waits_for_a_decision_is_withheld_and_so_are_their_minutes_in_the_sum_of_the_unit(desk: Desk) -> None:
    await desk.service.tell(texts("one", *LATE, filed("08-20 08:00", "x")))
    draft = await desk.draft("T")
    await desk.step(draft["id"], "open")
    await desk.service.tell(texts("one", filed("08-20 08:00", "late", **BINH)))
    approved = await desk.step(draft["id"], "approve", APPROVAL)
    assert rows_of(approved["officers"], "explanation_pending", "withheld") == {
        "A": (True, "undecided"),
        "B": (False, None),
    }
    assert approved["withheld"] == {"count": 1, "undecided": 1, "below_least_minutes": 0, "unnamed": 0}
    await desk.step(draft["id"], "publish")
    shown = (await desk.client.get("/cong-khai/CK-T-2022-08.json")).json()["list"]
    assert [row["name"] for row in shown["officers"]] == ["Trần Văn Bình"]
    units = {
        unit["name"]: (unit["attributed_minutes"], unit["withheld"], unit["without_withheld"])
        for unit in shown["units"]
    }
    assert units == {"Một cửa": (0, 1, True), "Văn phòng": (40, 0, False)}
    assert "không gồm phần của người không nêu tên" in (await desk.client.get("/cong-khai/CK-T-2022-08")).text


async def test_units_of_one_name_are_kept_apart(desk: Desk) -> None:
    """Both counters are called the same; each is shown by the names that lead down to it, with its own minutes."""
    branch = (
        '[[unit]]\nid = "CN"\nname = "Chi nhánh"\nparent = "T"\n[[unit]]\nid = "VP"\nname = "Một cửa"\nparent = "CN"'
    )
    await apply_rules(desk.service.engine, branch)
    await desk.service.tell(texts("one", *LATE))
    made = await desk.draft("T")
    assert made["unit_paths"] == {"MC": "Một cửa", "VP": "Chi nhánh › Một cửa"}
    await desk.published(made["id"])
    shown = (await desk.client.get("/cong-khai/CK-T-2022-08.json")).json()["list"]
    minutes = {unit["name"]: (unit["number"], unit["attributed_minutes"]) for unit in shown["units"]}
    assert minutes == {"Chi nhánh › Một cửa": (1, 40), "Một cửa": (2, 30)}
    assert {row["name"]: (row["unit"], row["unit_number"]) for row in shown["officers"]} == {
        "Trần Văn Bình": ("Chi nhánh › Một cửa", 1),
        "Nguyễn Thị Ánh": ("Một cửa", 2),
    }
    page = (await desk.client.get("/cong-khai/CK-T-2022-08")).text
    heads = re.findall(r"<h3>(?:<bdi>)?([^<]+)(?:</bdi>)?</h3>\s*<p class=\"hint\">[^:]+: (\d+)", page)
    assert heads == [("Chi nhánh › Một cửa", "40"), ("Một cửa", "30")]


async def test_who_bears_less_than_what_is_published_is_counted_and_not_named(desk: Desk) -> None:
    await apply_rules(desk.service.engine, '[[publication]]\nunit = "T"\nwindow_working_days = 0\nleast_minutes = 35')
    await desk.service.tell(texts("one", *LATE))
    made = await desk.draft("T")
    approved = await desk.approved(made["id"])
    assert rows_of(approved["officers"], "withheld") == {"A": ("below-least-minutes",), "B": (None,)}
    assert approved["withheld"]["below_least_minutes"] == 1
    assert (approved["least_minutes"], approved["window_working_days"]) == (35, 0)


async def test_what_arrives_after_the_freeze_is_left_out_unless_it_decides(desk: Desk) -> None:
    await desk.service.tell(texts("one", *LATE, decided("09-01 08:00", "d", move(10))))
    draft = await desk.draft("T")
    assert rows_of(draft["officers"], "attributed_minutes") == {"A": (20,), "B": (40,)}
    later = completed("08-15 17:00", recorded="08-15 17:00")
    annulled = {"annuls": {"source": "/kontum/igate", "id": "one-d"}, "reason": "Quyết định bị hủy"}
    gone = {"annuls": {"source": "/kontum/igate", "id": "one-e3"}, "reason": "Nhập sai"}
    told = [about("one", "one-c1", "corrected", annulled), about("one", "one-c2", "corrected", gone)]
    await desk.service.tell(
        [
            *texts(
                "two",
                received("08-15 08:00", {"id": "Z", "unit": {"id": "VP"}}, due_at="08-15 10:00", step=step("S1", 60)),
                later,
            ),
            *told,
        ]
    )
    approved = await desk.approved(draft["id"])
    assert rows_of(approved["officers"], "attributed_minutes") == {"A": (30,), "B": (40,)}
    changed = {(one["officer"] or {}).get("id") for one in approved["differences"]}
    assert changed == {"A"}


async def test_the_window_is_five_working_days_of_the_units_calendar_and_nobody_approves_before_its_end(
    desk: Desk,
) -> None:
    await apply_rules(desk.service.engine, '[[publication]]\nunit = "T"\nwindow_working_days = 5')
    await desk.service.tell(texts("one", *LATE))
    made = await desk.draft("T")
    opened = await desk.step(made["id"], "open")
    ends_at = datetime.fromisoformat(opened["window_ends_at"])
    assert (ends_at.hour, ends_at.minute, ends_at.weekday() < 5) == (17, 0, True)
    assert timedelta(days=6) <= ends_at - datetime.now(UTC) <= timedelta(days=20)
    refused = await desk.step(made["id"], "approve", APPROVAL, status=409)
    assert refused["type"] == "/problems/publication-window-open"
