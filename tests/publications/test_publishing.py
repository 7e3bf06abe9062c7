"""A monthly list on its way: drafted, opened, approved with what was decided since, published, corrected, withdrawn."""

import csv
import io
import json

import docx
import openpyxl
from tests.domain.decided_cases import LATE, TO_OFFICE, decided, filed, move
from tests.publications.publishing import APPROVAL, CORRECTION, Desk, rows_of
from tests.query.test_decisions import texts

from tiendo_contracts.texts.canonical_json import digest

FIGURES = (
    "cases",
    "late_cases",
    "late_cases_by_rule",
    "attributed_minutes",
    "attributed_by_rule_minutes",
    "moved_minutes",
)


async def test_decisions_after_the_draft_change_the_frozen_shares_and_nothing_else_does(desk: Desk) -> None:
    await desk.service.tell(texts("one", *LATE, filed("08-20 08:00", "x")))
    await desk.service.tell(texts("two", *LATE))
    draft = await desk.draft("T")
    assert rows_of(draft["officers"], *FIGURES) == {"A": (2, 2, 2, 60, 60, 0), "B": (2, 2, 2, 80, 80, 0)}
    assert (draft["state"], draft["version"], draft["number"]) == ("draft", 1, None)

    await desk.service.tell(texts("three", *LATE))
    await desk.service.tell(texts("one", decided("09-05 08:00", "d", move(10, TO_OFFICE), of="x")))
    approved = await desk.approved(draft["id"])
    assert rows_of(approved["officers"], *FIGURES) == {"A": (2, 2, 2, 50, 60, 10), "B": (2, 2, 2, 80, 80, 0)}
    changes = {(one["officer"]["id"], one["member"]): (one["was"], one["now"]) for one in approved["differences"]}
    assert changes == {("A", "attributed_minutes"): (60, 50), ("A", "moved_minutes"): (0, 10)}
    assert approved["figures"] == draft["figures"]
    assert (approved["draft_digest"], approved["digest"] == draft["digest"]) == (draft["digest"], False)
    assert {name: approved[name] for name in ("known_at", "version")} == {
        name: draft[name] for name in ("known_at", "version")
    }

    published = await desk.step(draft["id"], "publish")
    assert (published["number"], published["state"]) == ("CK-T-2022-08/1", "published")
    assert published["digest"] == digest({name: published[name] for name in published["digested"]}).hex()

    corrected = await desk.step(draft["id"], "correct", CORRECTION)
    assert (corrected["number"], corrected["versions"]) == ("CK-T-2022-08/2", [1, 2])
    assert rows_of(corrected["officers"], *FIGURES) == {"A": (3, 3, 3, 80, 90, 10), "B": (3, 3, 3, 120, 120, 0)}
    assert await desk.get(f"/v1/publications/{draft['id']}", version=1) == published | {
        name: corrected[name] for name in ("steps", "proofs", "versions")
    }

    gone = await desk.step(draft["id"], "withdraw", {"reason": "Sai kỳ"})
    assert (gone["state"], gone["officers"], gone["names_removed"]) == ("withdrawn", [], True)
    again = await desk.draft("T")
    assert again["version"] == 3
    assert (await desk.published(again["id"]))["number"] == "CK-T-2022-08/3"


async def test_a_step_in_another_order_is_refused(desk: Desk) -> None:
    await desk.service.tell(texts("one", *LATE))
    draft = await desk.draft("T")
    bodies = {"open": {}, "approve": APPROVAL, "publish": {}, "correct": CORRECTION, "withdraw": {"reason": "Sai kỳ"}}
    done = ["open", "approve", "publish", "withdraw"]
    allowed = {
        0: {"open", "withdraw"},
        1: {"approve", "withdraw"},
        2: {"publish", "withdraw"},
        3: {"correct", "withdraw"},
        4: set(),
    }
    for taken in range(5):
        for kind in bodies.keys() - allowed[taken]:
            answer = await desk.step(draft["id"], kind, bodies[kind], status=409)
            assert answer["type"] == "/problems/publication-step-refused", kind
        if taken < 4:
            assert (await desk.draft("T", status=409))["type"] == "/problems/publication-exists"
            await desk.step(draft["id"], done[taken], bodies[done[taken]])
    assert json.loads((await desk.client.get(f"/v1/publications/{draft['id']}")).text)["state"] == "withdrawn"


async def test_all_forms_of_a_list_have_one_content(desk: Desk) -> None:
    await desk.service.tell(texts("one", *LATE, filed("08-20 08:00", "x")))
    draft = await desk.draft("T")
    path = f"/v1/publications/{draft['id']}"
    lines = list(csv.DictReader(io.StringIO((await desk.client.get(f"{path}.csv")).text.removeprefix("\ufeff"))))
    figures = {line["officer_id"]: (int(line["cases"]), int(line["attributed_minutes"])) for line in lines}
    assert figures == rows_of(draft["officers"], "cases", "attributed_minutes") == {"A": (1, 30), "B": (1, 40)}
    word = docx.Document(io.BytesIO((await desk.client.get(f"{path}.docx")).content))
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert {"Nguyễn Thị Ánh", "Trần Văn Bình", "Văn phòng", "Một cửa", "quá tải", "30", "40"} <= cells
    sheets = openpyxl.load_workbook(io.BytesIO((await desk.client.get(f"{path}.xlsx")).content))
    values = {cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"Nguyễn Thị Ánh", "Trần Văn Bình", 30, 40} <= values
    accepted = await desk.client.get(path, headers={"Accept": "application/pdf"})
    assert (accepted.headers["content-type"], accepted.content[:5]) == ("application/pdf", b"%PDF-")
