"""A frozen list stays readable, and its steps can be taken, whatever lists say besides since: what it did not have is absent, and its digest stands."""

from typing import Any

import pytest
from msgspec.structs import replace
from tests.domain.cases import CHI, completed, received
from tests.domain.decided_cases import LATE, decided, move
from tests.publications.publishing import CORRECTION, Desk
from tests.publications.test_rights import browser, office
from tests.publications.test_working_pages import read
from tests.query.test_decisions import texts

from tiendo_contracts.texts.canonical_json import digest
from tiendo_event_store.monthly_lists.appending import NewContent
from tiendo_query.publications import publishing

ON_TIME = (
    received("08-15 07:00", CHI, due_at="08-16 17:00"),
    completed("08-15 09:00", recorded="08-15 09:00"),
)
_NOT_YET = ("superior_name", "unit_paths", "public_differences")
_NOT_COUNTED_YET = ("resolved_overdue_by_rule", "actual_by_rule", "late_entry_by_rule", "unproven_by_rule", "late_sync")


def _as_of_old(new: NewContent) -> NewContent:
    """The content as lists were frozen before these members were told."""
    content = {name: value for name, value in new.content.items() if name not in _NOT_YET}
    content["figures"] = {name: n for name, n in content["figures"].items() if name not in _NOT_COUNTED_YET}
    content["officers_without_late_case"] = [
        {name: value for name, value in row.items() if name != "withheld"}
        for row in content["officers_without_late_case"]
    ]
    return replace(new, content={**content, "named_before": []})


async def _draft_of_old(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A draft that an earlier build froze, of a month with a late case and one on time."""
    await desk.service.tell([*texts("one", *LATE), *texts("two", *ON_TIME)])
    real = publishing.drafted

    async def drafted(*of: Any, **more: Any) -> NewContent:
        return _as_of_old(await real(*of, **more))

    with monkeypatch.context() as older:
        older.setattr(publishing, "drafted", drafted)
        older.setattr("tiendo_domain.monthly_list.listing.CASES_LEAST", 1)
        return await desk.draft("T")


async def test_a_list_that_was_frozen_before_it_said_all_of_today_says_what_it_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = await _draft_of_old(desk, monkeypatch)
    assert not {*_NOT_YET} & draft.keys()
    assert not {*_NOT_COUNTED_YET} & draft["figures"].keys()
    assert draft["digest"] == digest({name: draft[name] for name in draft["digested"]}).hex()
    assert [row["officer"]["id"] for row in draft["officers_without_late_case"]] == ["C"]
    for suffix in (".csv", ".xlsx", ".docx", ".pdf"):
        assert (await desk.client.get(f"/v1/publications/{draft['id']}{suffix}")).status_code == 200
    async with browser(desk, office("Hoa")) as hoa:
        assert "Nguyễn Thị Ánh" in await read(hoa, f"/desk/publications/{draft['id']}")

    await desk.service.tell(texts("one", decided("09-05 08:00", "d", move(10))))
    published = await desk.published(draft["id"])
    assert published["figures"] == draft["figures"], "what the draft did not count is not made up by the approval"
    assert published["digest"] == digest({name: published[name] for name in published["digested"]}).hex()
    for suffix in ("", ".json", ".csv", ".xlsx", ".docx", ".pdf"):
        assert (await desk.client.get(f"/cong-khai/CK-T-2022-08/1{suffix}")).status_code == 200

    corrected = await desk.step(draft["id"], "correct", CORRECTION)
    assert corrected["figures"]["actual_by_rule"] == 1
    assert corrected["public_differences"] == [], "a figure that was not counted yet is no change"
    first = await desk.get(f"/v1/publications/{draft['id']}", version=1)
    assert first == published | {name: corrected[name] for name in ("steps", "proofs", "versions")}

    gone = await desk.step(draft["id"], "withdraw", {"reason": "Sai kỳ"})
    assert (gone["officers"], gone["names_removed"]) == ([], True)
