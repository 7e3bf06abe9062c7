"""The pages by which the Office and an agency's publisher work with monthly lists: the board of a month, and a list with its steps as forms."""

import re
from collections.abc import Mapping
from html import unescape

import httpx
from tests.domain.decided_cases import LATE, TO_OFFICE, decided, filed, move
from tests.publications.publishing import Desk
from tests.publications.test_rights import browser, office
from tests.query.test_decisions import texts
from tests.waiting import until

from tiendo_runtime.authentication.people import Role

BOARD = "/desk/publications?period=2022-08"
DRAFT = {"unit": "T", "period": "2022-08"}
SIGNED = {"document_number": "15/TB-VP", "document_signed": "2022-09-12", "position": "Phó Chánh Văn phòng"}
APPROVAL = {**SIGNED, "legal_basis": "Công văn 2797/UBND-TTHCC"}


async def read(client: httpx.AsyncClient, path: str, status: int = 200) -> str:
    """What stands on the page, as text with single spaces."""
    answer = await client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text
    return said_in(answer)


async def send(client: httpx.AsyncClient, path: str, fields: Mapping[str, str], status: int = 200) -> httpx.Response:
    """The answer to a form."""
    answer = await client.post(path, data=dict(fields), headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text
    return answer


async def confirmed(client: httpx.AsyncClient, path: str, fields: Mapping[str, str]) -> tuple[str, str]:
    """What the second step of the form says, and where its confirmation leads."""
    second = await send(client, path, {**fields, "step": "look"})
    sent = hidden_in(second)
    done = await send(client, path, {**sent, "step": "confirmed"}, status=303)
    return said_in(second), done.headers["location"]


def hidden_in(answer: httpx.Response) -> dict[str, str]:
    """The fields that the second step sends again."""
    confirm = answer.text.partition('class="confirm"')[2]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', confirm)
    return {name: unescape(value) for name, value in found}


def said_in(answer: httpx.Response) -> str:
    """The text of the page's main part."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


async def test_a_list_goes_its_whole_way_by_forms_that_say_who_will_be_named(desk: Desk) -> None:
    await desk.service.tell(texts("one", *LATE, filed("08-20 08:00", "x")))
    async with browser(desk, office("Lan", "T")) as lan, browser(desk, office("Hoa")) as hoa:
        assert "Sở Thử T chưa có danh sách" in await read(lan, BOARD)
        _, path = await confirmed(lan, "/desk/publications", DRAFT)
        draft = await desk.get(f"/v1/publications/{path.rpartition('/')[2]}")
        shown = await read(lan, path)
        for row in draft["officers"]:
            after, by_rule = row["attributed_minutes"], row["attributed_by_rule_minutes"]
            assert f"{row['officer']['name']} {row['officer']['id']}" in shown
            assert f"theo quy tắc {by_rule} sau quyết định {after}" in shown
        assert "Nếu phê duyệt lúc này: 1 người được nêu tên, 1 người không nêu tên" in shown
        board = await read(lan, BOARD)
        assert "Sở Thử T dự thảo – 2 0/1 1 / 1 mở giải trình" in board

        opened, _ = await confirmed(lan, f"{path}/open", {})
        assert "2 người trong danh sách được giải trình đến" in opened
        refused = await send(lan, f"{path}/approve", {**APPROVAL, "step": "look"}, status=422)
        assert "Người lập danh sách không phê duyệt danh sách đó." in said_in(refused)
        assert "quyết định giải trình của 1 người" in await read(hoa, BOARD)

        seen = await send(hoa, f"{path}/approve", {**APPROVAL, "step": "look"})
        assert "1 người sẽ được nêu tên công khai khi danh sách được công khai: Trần Văn Bình (40 phút)" in said_in(
            seen
        )
        assert "1 người không nêu tên vì giải trình chưa được quyết định: Nguyễn Thị Ánh" in said_in(seen)
        assert (await desk.get(f"/v1/publications/{draft['id']}"))["state"] == "open"
        await desk.service.tell(texts("one", decided("09-05 08:00", "d", move(10, TO_OFFICE), of="x")))
        again = await send(hoa, f"{path}/approve", {**hidden_in(seen), "step": "confirmed"})
        assert "Chưa ghi: trong lúc đó danh sách đã thay đổi." in said_in(again)
        assert "Nguyễn Thị Ánh (20 phút)" in said_in(again)
        await send(hoa, f"{path}/approve", {**hidden_in(again), "step": "confirmed"}, status=303)
        approved = await desk.get(f"/v1/publications/{draft['id']}")
        said = approved["steps"][-1]["said"]
        assert said["approved_by"] == {"name": "Hoa", "position": "Phó Chánh Văn phòng"}
        assert (said["document"]["document_number"], said["legal_basis"]) == ("15/TB-VP", APPROVAL["legal_basis"])
        assert [row["attributed_minutes"] for row in approved["officers"]] == [20, 40]

        published, _ = await confirmed(hoa, f"{path}/publish", {})
        assert "2 người sẽ được nêu tên công khai, ngay lúc này, với số CK-T-2022-08/1" in published
        assert "CK-T-2022-08/1" in await read(hoa, BOARD)
        ids = re.findall(r' id="([^"]+)"', (await hoa.get(path)).text)
        assert {"f-correct-reason", "f-withdraw-reason"} <= {*ids}
        assert len(ids) == len({*ids})
        corrected, _ = await confirmed(hoa, f"{path}/correct", {**SIGNED, "reason": "Theo quyết định mới"})
        assert "Không số liệu nào thay đổi." in corrected
        assert "Theo quyết định mới" in await read(lan, path)
        assert "CK-T-2022-08/1" in await read(lan, f"{path}?version=1")
        withdrawn, _ = await confirmed(lan, f"{path}/withdraw", {"reason": "Sai kỳ"})
        assert "2 người đang được nêu tên: họ tên được gỡ ngay" in withdrawn
        gone = await read(lan, path)
        assert "Sai kỳ" in gone
        assert "Nguyễn Thị Ánh" not in gone
        assert "Sở Thử T đã rút" in await read(lan, BOARD)


async def test_what_the_interface_refuses_stands_on_the_form_beside_what_was_filled_in(desk: Desk) -> None:
    await desk.service.tell(texts("one", *LATE))
    draft = await desk.draft("T")
    path = f"/desk/publications/{draft['id']}"
    async with browser(desk, office("Hoa")) as hoa:
        early = {"window_ends_at": "2022-09-01T17:00", "step": "look"}
        refused = await send(hoa, f"{path}/open", early, status=422)
        assert "là hết ngày làm việc thứ 0" in said_in(refused)
        assert 'value="2022-09-01T17:00"' in refused.text
        later = {"window_ends_at": "2199-09-01T17:00", "step": "look"}
        assert "17:00 01/09/2199" in said_in(await send(hoa, f"{path}/open", later))
        await confirmed(hoa, f"{path}/open", {"window_ends_at": "2199-09-01T17:00"})
        assert "còn" in (await read(hoa, BOARD)).partition("Sở Thử T")[2]
        waiting = await send(hoa, f"{path}/approve", {**APPROVAL, "step": "look"}, status=422)
        assert "còn được giải trình đến" in said_in(waiting)
        assert APPROVAL["legal_basis"] in waiting.text
        assert "bước này cần trạng thái approved" in said_in(await send(hoa, f"{path}/publish", {}, status=422))
        missing = await send(hoa, f"{path}/withdraw", {"step": "look"}, status=422)
        assert "chưa điền" in said_in(missing)
        twice = await send(hoa, "/desk/publications", {**DRAFT, "step": "look"}, status=422)
        assert "Đơn vị đã có danh sách của tháng này" in said_in(twice)
        unknown = await send(hoa, "/desk/publications", {"unit": "NOWHERE", "period": "2022-08"}, status=422)
        assert "Chưa lập được danh sách." in said_in(unknown)


async def test_the_pages_are_for_who_works_with_lists_each_within_their_units(desk: Desk) -> None:
    await desk.service.tell(texts("one", *LATE))
    draft = await desk.draft("T")
    path = f"/desk/publications/{draft['id']}"
    officer = office("Ánh", "T", role=Role.OFFICER, officer="A")
    async with browser(desk, officer) as one, browser(desk, office("Mai", "MC")) as other:
        for address in (BOARD, path):
            assert "dành cho người có vai trò khác" in await read(one, address, status=403)
        await send(one, f"{path}/open", {}, status=403)
        await send(one, "/desk/publications", DRAFT, status=403)
        assert "/desk/publications" not in (await one.get("/cong-khai")).text
        await read(other, path, status=404)
        await send(other, f"{path}/open", {"step": "confirmed"}, status=404)
        board = await read(other, BOARD)
        assert "Một cửa MC" in board
        assert "Sở Thử" not in board
    async with browser(desk, office("Kiểm", role=Role.AUDITOR)) as auditor:
        assert "Nguyễn Thị Ánh" in await read(auditor, path)
        assert '<form method="post" action="/desk' not in (await auditor.get(path)).text
        await send(auditor, f"{path}/open", {"step": "confirmed"}, status=403)
    assert (await desk.get(f"/v1/publications/{draft['id']}"))["state"] == "draft"


async def test_looking_at_a_step_is_noted_as_a_look_and_taking_it_as_a_change(desk: Desk) -> None:
    await desk.service.tell(texts("one", *LATE))
    draft = await desk.draft("T")
    async with browser(desk, office("Hoa")) as hoa:
        await confirmed(hoa, f"/desk/publications/{draft['id']}/open", {})
        await send(hoa, f"/desk/publications/{draft['id']}/open", {"step": "look"}, status=422)
    async with browser(desk, office("Kiểm", role=Role.AUDITOR)) as auditor:

        async def noted() -> list[str]:
            items = (await auditor.get("/v1/access-log", params={"who": "person:Hoa"})).json()["items"]
            return [one["kind"] for one in items if one["address"] == "/desk/publications/{publication_id}/{step}"]

        async def all_noted() -> bool:
            return len(await noted()) == 3

        await until(all_noted, what="the look and the step are noted")
        assert await noted() == ["list", "change", "list"]
