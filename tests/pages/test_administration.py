"""Administration: for whom it is, and that trying a change of rules tells what applying it does and changes nothing."""

import re
from collections.abc import Collection

import pytest
from tests.pages.conftest import OFFICER_IDS, on_time_case
from tests.pages.reading import HTML, links_of, page_of
from tests.query.serving import Asked
from tests.waiting import until

from tiendo_contracts.explanation.event_words import EVENT_WORDS
from tiendo_contracts.rules_file import definitions_to_append, parse
from tiendo_contracts.shards import SHARD_COUNT
from tiendo_domain.explanations import ExplanationFact
from tiendo_domain.facts import CaseFact
from tiendo_domain.rules import RuleBook
from tiendo_event_store import EventLog
from tiendo_event_store.access_log.reading import AskedAccess, entries_before
from tiendo_query.pages.administration import route as administration
from tiendo_read_models.builds import reading, within
from tiendo_read_models.refolding import put_touched
from tiendo_runtime.authentication.people import Role, SignedInPerson

OF_LAND = (
    '[[unit]]\nid = "H34.20"\nname = "Chi nhánh"\nparent = "H34"\n\n[[calendar]]\nid = "one"\nunits = ["H34.20"]\n'
)


async def sign_in(served: Asked, roles: Collection[Role]) -> None:
    person = SignedInPerson(subject="Vận hành", name="Vận hành", roles=frozenset(roles), units=None)
    link = await served.app.state.running.links.make(person, None)
    answer = await served.client.post(f"/sign-in/link/{link}", headers={"Origin": f"http://127.0.0.1:{served.port}"})
    assert answer.status_code == 303


async def tried(served: Asked, rules: str) -> str:
    origin = {"Origin": f"http://127.0.0.1:{served.port}"}
    answer = await served.client.post("/administration", data={"rules": rules}, headers={**HTML, **origin})
    assert answer.status_code == 200
    return answer.text


async def test_a_trial_tells_what_applying_would_do_and_changes_nothing(served: Asked) -> None:
    await served.tell(on_time_case(case_id="OTHER"))
    await sign_in(served, [Role.OPERATOR])
    before = await EventLog(served.engine).directory_facts()
    page = await tried(served, OF_LAND)
    assert "Sẽ ghi 2 dữ kiện mới; 2 hồ sơ sẽ được tính lại." in page
    assert "Không thay đổi gì" in await tried(served, "")
    assert "Tệp bị từ chối" in await tried(served, '[[session]]\ncalendar = "nowhere"\n')
    assert await EventLog(served.engine).directory_facts() == before


async def test_the_rules_in_force_are_told_and_the_access_log_is_narrowed_and_paged(
    served: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(administration, "ENTRIES_SHOWN", 2)
    await sign_in(served, [Role.OPERATOR, Role.AUDITOR])
    page = await page_of(served, "/administration")
    assert "thứ Hai–thứ Sáu 07:00–11:30" in page
    assert "<code>vn/" in page
    for _ in range(4):
        await page_of(served, f"/officers/{OFFICER_IDS[0]}")

    async def noted() -> bool:
        return len(await entries_before(served.engine, AskedAccess(subject=OFFICER_IDS[0]), None, 10)) == 4

    await until(noted, what="the looks are noted")
    asked = {"subject": OFFICER_IDS[0], "kind": "officer"}
    first = await page_of(served, "/administration", **asked)
    assert first.count(f">{OFFICER_IDS[0]}<") == 2
    (older,) = (link.href for link in links_of(first) if link.text.startswith("Cũ hơn"))
    second = await page_of(served, older)
    assert second.count(f">{OFFICER_IDS[0]}<") == 2
    assert not [link for link in links_of(second) if link.text.startswith("Cũ hơn")]
    assert OFFICER_IDS[0] not in await page_of(served, "/administration", sort="-created", who="person:nobody")


async def test_a_trial_is_noted_as_a_look_and_no_change(served: Asked) -> None:
    await sign_in(served, [Role.OPERATOR])
    await tried(served, OF_LAND)

    async def kinds() -> set[str]:
        entries = await entries_before(served.engine, AskedAccess(subject="/administration"), None, 10)
        return {entry["kind"] for entry in entries}

    async def noted() -> bool:
        return bool(await kinds())

    await until(noted, what="the look is noted")
    assert await kinds() == {"list"}


async def test_a_trial_counts_the_cases_that_applying_puts_on_the_list(served: Asked) -> None:
    await served.tell(on_time_case(case_id="OTHER"))
    await sign_in(served, [Role.OPERATOR])
    for rules in (
        OF_LAND,
        '[[override]]\ncalendar = "vn"\ndate = "2022-08-16"\nkind = "off"\n',
        '[[procedure]]\nid = "1.004227"\n',
    ):
        book = RuleBook.fold(await EventLog(served.engine).directory_facts())
        changed = book.with_definitions(definitions_to_append(parse(rules), book))
        async with reading(served.engine) as reader:
            build = reader.build
        async with served.engine.connect() as connection:
            put = await put_touched(await within(connection, build), range(SHARD_COUNT), book, changed)
            await connection.rollback()
        (count,) = re.findall(r"; (\d+) hồ sơ sẽ được tính lại", await tried(served, rules))
        assert int(count) == put


async def test_administration_is_for_operators_and_auditors(served: Asked) -> None:
    signed_out = await served.client.get("/administration", headers=HTML)
    assert (signed_out.status_code, "/sign-in" in signed_out.headers.get("location", "")) == (303, True)
    await sign_in(served, [Role.OFFICE])
    await page_of(served, "/administration", status=403)
    await sign_in(served, [Role.AUDITOR])
    page = await page_of(served, "/administration")
    assert all(role.value in page for role in Role)


async def test_the_access_log_stands_there_for_auditors_alone(served: Asked) -> None:
    for role, shown in ((Role.AUDITOR, True), (Role.OPERATOR, False)):
        await sign_in(served, [role])
        page = await page_of(served, "/administration")
        assert ("Nhật ký truy cập" in page, "Lịch sử cấu hình" in page) == (shown, True)


def test_every_kind_of_event_is_told_in_words() -> None:
    kinds = {fact.kind for fact in (*CaseFact.__args__, *ExplanationFact.__args__)}
    assert kinds == EVENT_WORDS.keys()
