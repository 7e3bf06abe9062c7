"""`tiendo publish` takes the same steps as the API, and the log knows who gave the command."""

import json
from pathlib import Path

from tests.domain.decided_cases import LATE
from tests.publications.publishing import Desk
from tests.query.commands import run
from tests.query.test_decisions import texts


async def test_a_list_is_drafted_opened_written_into_a_file_and_withdrawn_by_commands(
    desk: Desk, tmp_path: Path
) -> None:
    await desk.service.tell(texts("one", *LATE))

    async def publish(*arguments: str, status: int = 0) -> str:
        return await run(desk.service, tmp_path, "publish", *arguments, status=status)

    signed = ("--approved-by", "Lê Thị Giám Đốc", "--document", "15/TB-VP", "--signed-at", "2022-09-12")
    made = json.loads(await publish("draft", "--unit", "T", "--period", "2022-08", "--format", "json"))
    assert "needs one that is open" in await publish("approve", made["id"], *signed, "--legal-basis", "2797", status=1)
    await publish("open", made["id"])
    file = tmp_path / "list.csv"
    await publish("show", made["id"], "--version", "1", "--out", str(file))
    assert "Nguyễn Thị Ánh" in file.read_text("utf-8-sig")
    gone = json.loads(await publish("withdraw", made["id"], "--reason", "Sai kỳ", "--format", "json"))
    assert (gone["state"], gone["officers"]) == ("withdrawn", [])
    assert [step["kind"] for step in gone["steps"]] == ["drafted", "opened", "withdrawn"]
    assert all(step["said"]["entered_by"].startswith("command-line:") for step in gone["steps"])
