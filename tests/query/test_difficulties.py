"""`GET /v1/difficulties`: the reasons of explanations totalled, and the norms that are missed at nobody's charge, counted by hand."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from tests.domain.cases import ANH, BINH, COUNTER, OFFICE, completed, forwarded, received, step
from tests.domain.decided_cases import LATE, decided, filed, move, withdrawn_explanation
from tests.keys import new_key
from tests.query.commands import run
from tests.query.serving import Asked, client_of
from tests.query.test_decisions import MONTH, texts

from tiendo_runtime.authentication import Bounds, Scope

OF_BINH = {"officer": {"id": "B"}, "reason": "applicant"}
SHORT_PLAN = (
    received("08-15 08:00", ANH, due_at="08-15 09:00", step=step("S1", 60)),
    forwarded("08-15 09:40", BINH, step=step("S2", 60)),
    completed("08-15 10:40"),
)
"""100 minutes late: Ánh overran by 40, nobody by the other 60."""

TOLD: dict[str, list[Any]] = {
    "moved": [*LATE, filed("08-20 08:00", "x"), decided("09-01 08:00", "d", move(10), of="x")],
    "refused": [*LATE, filed("08-20 08:00", "x"), decided("09-01 08:00", "d", of="x")],
    "twice": [*LATE, filed("08-20 08:00", "x"), filed("08-20 09:00", "y"), filed("08-20 10:00", "z", **OF_BINH)],
    "withdrawn": [*LATE, filed("08-20 08:00", "x"), withdrawn_explanation("08-21 08:00", "w", "x")],
    "open": [*LATE[:2], filed("08-20 08:00", "x")],
    "short-plan": [*SHORT_PLAN],
}


async def told(service: Asked) -> None:
    await service.tell(text for case, entries in TOLD.items() for text in texts(case, *entries))


def plainly(item: dict[str, Any]) -> tuple[Any, ...]:
    names = ("explanations", "accepted", "refused", "pending", "by_rule_minutes", "minutes")
    return (item["reason"], item["unit"]["id"], item["step"]["id"], *(item[name] for name in names))


OF_THE_COUNTER = ("overload", COUNTER["id"], "S1", 4, 1, 1, 2, 90, 80)
OF_THE_OFFICE = ("applicant", OFFICE["id"], "S2", 1, 0, 0, 1, 40, 40)


async def test_reasons_are_totalled_by_month_unit_procedure_and_step(service: Asked) -> None:
    await told(service)
    answer = await service.get("/v1/difficulties", **MONTH)
    assert [plainly(item) for item in answer["items"]] == [OF_THE_COUNTER, OF_THE_OFFICE]
    assert {item["month"] for item in answer["items"]} == {"2022-08"}
    [missed] = answer["missed_norms"]
    assert (missed["step"]["id"], missed["organisation_cases"], missed["organisation_minutes"]) == ("S1", 1, 60)
    # S1 was overrun in every case that is finished: nobody meets its norm.
    assert (missed["cases"], missed["allotted_cases"], missed["met_cases"]) == (5, 5, 0)

    assert (await service.get("/v1/difficulties", from_="2022-09-01", to="2022-09-30"))["items"] == []
    office = await service.get("/v1/difficulties", unit=OFFICE["id"], **MONTH)
    assert [plainly(item) for item in office["items"]] == [OF_THE_OFFICE]
    assert await service.all_items("/v1/difficulties", limit=1, **MONTH) == answer["items"]
    await service.get("/v1/difficulties", status=404, unit="NEVER")

    sheet = await service.client.get("/v1/difficulties", headers={"Accept": "text/csv"}, params={"to": "2022-08-31"})
    rows = list(csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert [(row["reason"], row["unit"], row["minutes"]) for row in rows] == [
        ("overload", COUNTER["id"], "80"),
        ("applicant", OFFICE["id"], "40"),
    ]


async def test_half_of_a_part_is_refused_instead_of_listing_everything(service: Asked) -> None:
    halves = {
        "norm_missed": "true",
        "step_overran": "true",
        "handed_from": "A",
        "handed_to": "B",
        "flow_of": COUNTER["id"],
        "flow_whole": "true",
    }
    for name, value in halves.items():
        for path in ("/v1/cases", "/cases"):
            answer = await service.client.get(path, params={name: value})
            assert (answer.status_code, f"`{name}`" in answer.text or f"„{name}“" in answer.text) == (400, True), name
    whole = {"step": "S1", "step_overran": "true", "norm_missed": "true", **MONTH}
    await service.get("/v1/cases", **whole)


async def test_a_bound_reader_has_the_difficulties_of_cases_seen_whole(service: Asked) -> None:
    await told(service)
    for units, found in (([COUNTER["id"]], [OF_THE_COUNTER, OF_THE_OFFICE]), ([OFFICE["id"]], [])):
        _, secret = await new_key(service.app.state.running, Scope.READ, bounds=Bounds(units=units))
        async with client_of(service.port, secret) as client:
            items = (await client.get("/v1/difficulties", params={"to": "2022-08-31"})).json()["items"]
        assert [plainly(item) for item in items] == found


async def test_difficulties_are_carried_on_and_printed(service: Asked, tmp_path: Path) -> None:
    await told(service)
    before = await service.get("/v1/difficulties", **MONTH)
    await service.tell(texts("twice", decided("09-01 08:00", "d", move(30), of="x"))[-1:])
    after = await service.get("/v1/difficulties", **MONTH)
    assert (before["items"][0]["pending"], before["items"][0]["minutes"]) == (2, 80)
    assert (after["items"][0]["pending"], after["items"][0]["minutes"]) == (1, 50)
    span = ("--from", "2022-08-01", "--to", "2022-08-31")
    printed = json.loads(await run(service, tmp_path, "difficulties", *span, "--format", "json"))
    assert (printed["items"], printed["missed_norms"]) == (after["items"], after["missed_norms"])
    assert "do người nộp hồ sơ" in await run(service, tmp_path, "difficulties", *span)
