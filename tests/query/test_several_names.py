"""One id with several names is an anomaly of the directory, and everybody who asks about the officer is told."""

from datetime import timedelta
from pathlib import Path

from tests.projector.logs import SOURCE, STARTED_AT, event_text, received_text
from tests.query.commands import run
from tests.query.serving import Asked

from tiendo_cli.diagnosis.directory import check_directory
from tiendo_cli.diagnosis.findings import Verdict


def forwarded(number: int, officer: str, name: str) -> str:
    at = STARTED_AT + timedelta(hours=number)
    return event_text("HS-1", f"e-{number}", "forwarded", at, holder={"id": officer, "name": name})


async def test_one_id_with_several_names_is_told_by_answers_commands_and_doctor(service: Asked, tmp_path: Path) -> None:
    await service.tell(
        [
            received_text("HS-1", officer=("CB-1", "Nguyễn Thị Ánh")),
            forwarded(1, "CB-2", "Y Hà"),
            forwarded(2, "CB-1", "Trần Văn Bình"),
            # Written otherwise, and the same name (rule H3).
            forwarded(3, "CB-2", "Y  Hà\u200b"),
        ]
    )
    expected = [{"officer_id": "CB-1", "names": ["Nguyễn Thị Ánh", "Trần Văn Bình"]}]
    assert (await service.get("/v1/officers"))["several_names"] == expected
    assert (await service.get("/v1/officers/CB-1/timeline"))["several_names"] == expected
    assert (await service.get("/v1/officers/CB-2/timeline"))["several_names"] == []
    shown = " ".join((await run(service, tmp_path, "officers")).split())
    assert "! Mã CB-1 được ghi với 2 họ tên: Nguyễn Thị Ánh, Trần Văn Bình." in shown
    (finding,) = await check_directory(service.engine)
    assert finding.verdict is Verdict.WARNING
    assert finding.found == "the id CB-1 bears 2 names: Nguyễn Thị Ánh, Trần Văn Bình"


async def test_a_directory_in_order_is_told_too(service: Asked) -> None:
    await service.tell([received_text("HS-1", officer=("CB-1", "Nguyễn Thị Ánh"))])
    assert (await service.get("/v1/officers"))["several_names"] == []
    assert [finding.verdict for finding in await check_directory(service.engine)] == [Verdict.GOOD]


async def test_a_second_name_is_told_once_a_case_bears_it_and_no_longer_than_one_does(service: Asked) -> None:
    await service.tell([received_text("HS-1", officer=("CB-1", "Nguyễn Thị Ánh"))])
    assert (await service.get("/v1/officers"))["several_names"] == []
    await service.tell(
        [
            received_text("HS-2", officer=("CB-3", "Y Hà")),
            event_text(
                "HS-2",
                "e-9",
                "forwarded",
                STARTED_AT + timedelta(hours=2),
                holder={"id": "CB-1", "name": "Trần Văn Bình"},
            ),
        ]
    )
    told = [{"officer_id": "CB-1", "names": ["Nguyễn Thị Ánh", "Trần Văn Bình"]}]
    assert (await service.get("/v1/officers"))["several_names"] == told
    annulled = {"source": SOURCE, "id": "e-9"}
    await service.tell(
        [event_text("HS-2", "e-10", "corrected", STARTED_AT + timedelta(hours=3), annuls=annulled, reason="nhầm người")]
    )
    assert (await service.get("/v1/officers"))["several_names"] == []
