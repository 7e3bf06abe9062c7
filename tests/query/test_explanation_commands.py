"""`tiendo explanations`: what is entered on the command line is judged and shown as what comes over HTTP."""

import json
from pathlib import Path

from tests.domain.decided_cases import LATE
from tests.query.commands import run
from tests.query.serving import Asked
from tests.query.test_decisions import texts

MOVE = json.dumps(
    {"kind": "move", "from": {"kind": "officer", "id": "A"}, "to": {"kind": "organisation"}, "minutes": 10}
)


async def test_an_explanation_is_filed_decided_withdrawn_and_listed(service: Asked, tmp_path: Path) -> None:
    await service.tell(texts("late", *LATE))

    async def explanations(*arguments: str, status: int = 0) -> str:
        return await run(service, tmp_path, "explanations", *arguments, status=status)

    said = ("--reason", "overload", "--text", "Quá nhiều hồ sơ", "--document", "7/BC=2022-08-19")
    filed = json.loads(await explanations("file", "late", "--officer", "A", *said, "--id", "x", "--format", "json"))
    assert filed["id"] == "x"
    again = json.loads(await explanations("file", "late", "--officer", "B", *said, "--format", "json"))
    by = ("--by", "Phạm Văn Đức", "--by-id", "TP", "--document", "12/QĐ=2022-09-01", "--text", "Xét giải trình")
    await explanations("decide", "late", "--explanation", "x", "--effect", MOVE, *by)
    await explanations("withdraw", "late", again["id"], "--reason", "Nhầm")

    printed = json.loads(await explanations("list", "--format", "json"))
    assert [(one["state"], one["minutes"], one["by_rule_minutes"]) for one in printed["items"]] == [
        ("decided", 20, 30),
        ("withdrawn", 40, 40),
    ]
    assert {one["entered_by"].partition(":")[0] for one in printed["items"]} == {"command-line"}
    assert printed["items"][0]["documents"] == [{"document_number": "7/BC", "signed_at": "2022-08-19", "title": None}]
    assert (await service.get("/v1/explanations", state="withdrawn"))["items"][0]["id"] == again["id"]
    assert "đã quyết định" in await explanations("list", "--state", "decided")

    refused = await explanations("decide", "late", "--effect", MOVE.replace("10", "0"), *by, status=1)
    assert "minutes" in refused
    await explanations("file", "late", "--officer", "A", "--unit", "U", *said, status=2)
    await explanations("decide", "late", "--effect", "[]", *by, status=2)
