"""What a decision would do is shown before it is made, by the same fold that shows it afterwards."""

import html
import re
from datetime import UTC, datetime

import pytest
from tests.desk.desk_cases import HEAD, OFFICER, late
from tests.desk.desk_cases import SOURCE as CASES_SOURCE
from tests.pages.conftest import event_of
from tests.query.serving import Asked

from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_domain.explanations import EffectKind
from tiendo_domain.facts import EventKey
from tiendo_domain.timeline_types import CaseTimeline, DecisionMark
from tiendo_query.desk.decision_form import ChosenEffect, DecisionButton, choices, effects_of
from tiendo_query.desk.drafting import SOURCE, Stamp, UnsentEvent, decided, document, filed, withdrawn
from tiendo_query.desk.previewing import Preview, case_with, preview
from tiendo_query.desk.said_of_one import SaidOfOne, said_of_one
from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_runtime.web.sign_in.session_cookies import COOKIE

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
NOW = datetime(2022, 9, 5, 1, 0, tzinfo=UTC)
BINH_KEY = '["officer", "CC-2"]'
PAPER = document("12/QĐ-CN", "2022-09-05")
DUC = {"name": "Phạm Văn Đức", "position": "Giám đốc"}
WHOLE = ChosenEffect(verdict=DecisionButton.ACCEPTED, kind=EffectKind.MOVE, to="organisation")
PART = ChosenEffect(verdict=DecisionButton.PARTLY, kind=EffectKind.MOVE, to="unit H34.20.1", minutes="100")


def explained(case_id: str) -> UnsentEvent:
    stamp = Stamp(case_id=case_id, event_id=f"{case_id}-x", at=NOW)
    return filed(stamp, {"id": "CC-2"}, reason="overload", text="Quá tải.", asks="move", documents=[])


async def tell_explained(service: Asked, case_id: str) -> None:
    await service.tell([*late(case_id), explained(case_id).text])


async def said(service: Asked, case_id: str, person: SignedInPerson = HEAD) -> SaidOfOne:
    side = service.app.state.query_sides.seeing(person.sight)
    async with side.snapshot() as snapshot:
        seen = await case_with(side, snapshot, case_id, (), NOW)
        return said_of_one(seen.timeline, BINH_KEY, snapshot.rules)


async def decision(service: Asked, case_id: str, chosen: ChosenEffect, by: dict[str, str] | None = None) -> UnsentEvent:
    own = await said(service, case_id)
    [one] = own.explanations
    return decided(
        Stamp(case_id=case_id, event_id=f"{case_id}-d", at=NOW),
        EventKey(source=SOURCE, id=f"{case_id}-x"),
        effects=effects_of(chosen, own, one.said.said),
        decided_by=by or DUC,
        document=PAPER,
        text="Xét thấy đúng.",
    )


async def previewed(service: Asked, case_id: str, draft: UnsentEvent) -> Preview:
    side = service.app.state.query_sides.seeing(HEAD.sight)
    async with side.snapshot() as snapshot:
        return await preview(side, snapshot, case_id, draft.event, NOW)


async def signed_in_headers(service: Asked) -> dict[str, str]:
    begun = await service.app.state.running.sessions.begin(HEAD)
    return {"Authorization": "", "Cookie": f"{COOKIE}={begun}", "Accept-Language": "vi"}


def borne(timeline: CaseTimeline) -> dict[str, int]:
    return {row.party.id or str(row.party.kind): row.minutes for row in timeline.attributions}


@pytest.mark.parametrize(
    ("chosen", "then"),
    [
        (WHOLE, {"CC-1": 192, "organisation": 768}),
        (PART, {"CC-1": 192, "CC-2": 668, "H34.20.1": 100}),
        (ChosenEffect(verdict=DecisionButton.REFUSED, kind=EffectKind.MOVE), {"CC-1": 192, "CC-2": 768}),
    ],
)
async def test_what_is_shown_before_a_decision_holds_after_it(
    service: Asked, chosen: ChosenEffect, then: dict[str, int]
) -> None:
    case_id = f"D-{chosen.verdict}"
    await tell_explained(service, case_id)
    draft = await decision(service, case_id, chosen)
    shown = await previewed(service, case_id, draft)
    assert borne(shown.now) == {"CC-1": 192, "CC-2": 768}
    assert (borne(shown.then), shown.marks) == (then, [])
    assert shown.changes_nothing == (chosen.verdict is DecisionButton.REFUSED)
    await service.tell([draft.text])
    answer = await service.get(f"/v1/cases/{case_id}/timeline")
    assert {row["party"]["id"] or row["party"]["kind"]: row["minutes"] for row in answer["attributions"]} == then
    [one] = (await said(service, case_id, OFFICER)).explanations
    assert ([decision.said.outcome for decision in one.decisions], one.said.state) == (
        ["refused" if chosen.verdict is DecisionButton.REFUSED else "accepted"],
        "decided",
    )


async def test_a_decision_of_somebody_who_bears_something_is_shown_to_do_nothing(service: Asked) -> None:
    await tell_explained(service, "D-3")
    shown = await previewed(
        service, "D-3", await decision(service, "D-3", WHOLE, {"id": "CC-1", "name": "Nguyễn Thị Ánh"})
    )
    assert (shown.marks, shown.changes_nothing) == ([DecisionMark.DECIDED_BY_PARTY], True)


async def test_evidence_later_than_the_due_is_told_before_the_decision_is_made(service: Asked) -> None:
    await tell_explained(service, "D-4")
    too_late = ChosenEffect(
        verdict=DecisionButton.ACCEPTED,
        kind=EffectKind.LATE_ENTRY,
        evidence_number="1/KQ",
        evidence_signed_at="2022-08-19",
        finished_at="2022-08-18T16:00",
    )
    shown = await previewed(service, "D-4", await decision(service, "D-4", too_late))
    assert (shown.marks, shown.changes_nothing) == ([DecisionMark.EVIDENCE_TOO_LATE], True)


async def test_what_a_form_lacks_is_asked_for_by_the_door(service: Asked) -> None:
    await tell_explained(service, "D-5")
    lacking = ChosenEffect(verdict=DecisionButton.PARTLY, kind=EffectKind.MOVE, to="", minutes="viele")
    with pytest.raises(Refusal) as refused:
        await decision(service, "D-5", lacking)
    fields = {one.field for one in (refused.value, *refused.value.others)}
    assert {"data.effects.0.to.kind", "data.effects.0.minutes"} <= fields


async def test_only_units_that_had_to_do_with_the_case_can_be_given_minutes(service: Asked) -> None:
    await tell_explained(service, "D-6")
    offered = choices(await said(service, "D-6"))
    assert [one.value for one in offered.receivers] == ["organisation", "applicant", "suspension", "unit H34.20.1"]
    assert (offered.minutes_max, offered.of_late_entry) == (768, False)


async def test_a_decision_is_made_on_the_figures_that_were_shown_alone(service: Asked) -> None:
    await tell_explained(service, "D-8")
    headers = await signed_in_headers(service)
    fields = {
        "source": SOURCE,
        "id": "D-8-x",
        "event_id": "D-8-d",
        "verdict": "accepted",
        "effect": "move",
        "to": "organisation",
        "document_number": "12/QĐ-CN",
        "document_signed": "2022-09-05",
        "text": "Đúng.",
    }

    async def sent(step: str) -> tuple[int, str]:
        answer = await service.client.post("/desk/decide/D-8", data=fields | {"step": step}, headers=headers)
        shown = re.search(r'name="figures" value="([^"]+)"', answer.text)
        fields["figures"] = "" if shown is None else shown[1]
        return answer.status_code, answer.text

    assert "768 → 0" in (await sent("look"))[1]
    corrected = {"annuls": {"source": CASES_SOURCE, "id": "D-8/e-5"}, "reason": "nhầm ngày"}
    await service.tell([event_of(6, "corrected", "30T07:00", corrected, case_id="D-8", source=CASES_SOURCE)])
    await service.tell([event_of(7, "completed", "24T07:00", {}, case_id="D-8", source=CASES_SOURCE)])
    status, page = await sent("confirmed")
    assert (status, "số liệu của hồ sơ đã thay đổi từ lúc xem" in page, "768 → 0" in page) == (200, True, False)
    assert (await service.get("/v1/cases/D-8/timeline"))["decisions"] == []
    assert (await sent("confirmed"))[0] == 303
    [made] = (await service.get("/v1/cases/D-8/timeline"))["decisions"]
    assert made["effects"][0]["minutes"] != 768
    assert made["marks"] == []
    # Sent once more it is the same decision, though the share has gone.
    assert (await sent("look"))[0] == 200
    assert (await sent("confirmed"))[0] == 303


async def test_what_is_typed_and_the_key_of_an_explanation_are_sent_to_the_character(service: Asked) -> None:
    filed_at = Stamp(case_id="D-9", event_id="D-9\u200e-x ", at=NOW)
    said_of_it = filed(filed_at, {"id": "CC-2"}, reason="overload", text="Quá tải.", asks=None, documents=[])
    await service.tell([*late("D-9"), said_of_it.text])
    headers = await signed_in_headers(service)
    page = await service.client.get(
        "/desk/decide/D-9", params={"source": SOURCE, "id": "D-9\u200e-x "}, headers=headers
    )
    typed = {
        "document_number": "12\u200e/QĐ",
        "document_signed": "2022-09-05",
        "text": "Đúng\u2028.",
        "verdict": "refused",
    }
    for step in ("look", "confirmed"):
        fields = {html.unescape(name): html.unescape(value) for name, value in HIDDEN.findall(page.text)}
        typed_now = typed if step == "look" else {}
        page = await service.client.post("/desk/decide/D-9", data=fields | typed_now | {"step": step}, headers=headers)
    assert page.status_code == 303
    [made] = (await service.get("/v1/cases/D-9/timeline"))["decisions"]
    assert (made["text"], made["document"]["document_number"]) == ("Đúng\u2028.", "12\u200e/QĐ")


async def test_a_withdrawal_names_the_explanation_and_leaves_the_figures(service: Asked) -> None:
    await tell_explained(service, "D-7")
    stamp = Stamp(case_id="D-7", event_id="D-7-w", at=NOW)
    await service.tell([withdrawn(stamp, EventKey(source=SOURCE, id="D-7-x")).text])
    own = await said(service, "D-7", OFFICER)
    assert ([one.said.state for one in own.explanations], own.pending, own.share.after) == (["withdrawn"], None, 768)
