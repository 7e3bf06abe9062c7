"""The board says whether the list of the whole and those of the agencies agree, and if not, of whom they differ and why."""

from tests.domain.decided_cases import LATE
from tests.publications.publishing import Desk
from tests.publications.test_rights import browser, office
from tests.publications.test_working_pages import BOARD, read
from tests.query.test_decisions import texts

WITHDRAWN = {"reason": "Lập lại"}


async def test_lists_that_differ_say_of_whom_and_why_and_agree_once_drafted_anew(desk: Desk) -> None:
    await desk.service.tell(texts("one", *LATE))
    whole, office_list = await desk.draft("T"), await desk.draft("VP")
    async with browser(desk, office("Hoa")) as hoa:
        board = await read(hoa, BOARD)
        assert "1 người thuộc cơ quan chưa có danh sách" in board
        assert "Nguyễn Thị Ánh (30 phút)" in board

        await desk.service.tell(texts("two", *LATE))
        await desk.draft("MC")
        board = await read(hoa, BOARD)
        assert (
            "1 người có số liệu khác nhau giữa hai bên: Nguyễn Thị Ánh : 30 / 60 phút; Số hồ sơ chậm (sau quyết định): 1 / 2"
            in board
        )
        assert "Các danh sách được lập ở những thời điểm khác nhau" in board

        for unit, old in (("T", whole), ("VP", office_list)):
            await desk.step(old["id"], "withdraw", WITHDRAWN)
            await desk.draft(unit)
        board = await read(hoa, BOARD)
        assert "Khớp: 2 người, 140 phút quy trách nhiệm, như 2 danh sách của các cơ quan trực thuộc cộng lại." in board
