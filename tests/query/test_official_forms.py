"""Official forms over HTTP: II.06a and 766 counted once more from the timelines, forms of a case, who sees them, and each format read back."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.conftest import migrated_database
from tests.keys import new_key
from tests.papers.reading import cells, pages, squeezed, word_text
from tests.query.oracle import Known, everything_known, is_open
from tests.query.serving import Asked, asked_service, client_of

from tiendo_cli.simulating.loading_simulation import load_simulation
from tiendo_contracts.answers.official_forms import StatisticalForm
from tiendo_domain.timeline_types import Basis, CaseTimeline
from tiendo_query.official_forms import counted_forms
from tiendo_query.official_forms.statistics import AskedForm, statistical_table
from tiendo_runtime.authentication import Bounds, Scope
from tiendo_runtime.database import engine_of
from tiendo_runtime.embedded import Cluster
from tiendo_simulation import Simulation

pytestmark = pytest.mark.xdist_group("official forms")  # their province is made once

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
FROM, TO = date(2022, 4, 1), date(2022, 6, 30)
START, END = datetime(2022, 4, 1, tzinfo=HANOI), datetime(2022, 7, 1, tzinfo=HANOI)
PERIOD = {"from_": FROM.isoformat(), "to": TO.isoformat()}
PROVINCE = "H34"


@dataclass(frozen=True, kw_only=True)
class Province:
    """A service with a simulated province, and what its log holds."""

    service: Asked
    known: Known
    engine: AsyncEngine
    url: str


@pytest.fixture(scope="module")
async def province(postgres_server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Province]:
    async with migrated_database(postgres_server) as url:
        engine = engine_of(url, pool_size=20)
        await load_simulation(engine, Simulation("kontum-2022", scale=0.001, seed=7), progress=lambda _: None)
        async with asked_service(url, engine, tmp_path_factory.mktemp("forms")) as service:
            await service.caught_up()
            yield Province(service=service, known=await everything_known(engine), engine=engine, url=url)
        await engine.dispose()


def day(at: datetime) -> date:
    return at.astimezone(HANOI).date()


def recounted(known: Known, unit: str) -> dict[str | None, Counter[str]]:
    """The figures of II.06a by field, told case by case from the sentences of the contract."""
    found: dict[str | None, Counter[str]] = {}
    last_moment = END - timedelta(microseconds=1)
    for case_id, timeline in known.timelines(last_moment, basis=Basis.RECORDED).items():
        recorded = [event.recorded_at or event.occurred_at for event in known.events[case_id]]
        if min(instant.at for instant in recorded) > last_moment or timeline.unit is None:
            continue
        if unit not in known.line(timeline.unit.id):
            continue
        names = list(standing(timeline))
        if names:
            found.setdefault(timeline.field.id if timeline.field else None, Counter()).update(names)
    return found


def standing(timeline: CaseTimeline) -> list[str]:
    finished = timeline.finished_at
    if finished is None and not is_open(timeline):
        return []
    if finished is not None and not START <= finished.at < END:
        return []
    names = ["received"]
    if timeline.received_at is not None and timeline.received_at.at < START:
        names.append("carried_over")
    else:
        names.append("received_online" if timeline.channel == "online" else "received_direct")
    due = timeline.judged_due_at
    if finished is None:
        names += ["open", "open_overdue" if due is not None and due.at < END else "open_in_time"]
        if timeline.state in {"waiting-applicant", "waiting-payment", "suspended"}:
            names.append("paused")
        return names
    names.append("resolved")
    if timeline.state in {"declined", "withdrawn"}:
        return [*names, timeline.state.value, "resolved_on_time"]
    assert due is not None
    if timeline.case_class in {"late-entry", "unproven"}:
        return [*names, "resolved_overdue"]
    later = (day(finished.at) - day(due.at)).days
    if timeline.case_class in {"late-sync", "pause-not-respected"}:
        later = min(later, 0)
    return [*names, "resolved_early" if later < 0 else "resolved_overdue" if later else "resolved_on_time"]


async def test_ii06a_equals_a_recount_from_the_timelines(province: Province) -> None:
    answer = await province.service.get("/v1/forms/ii06a", unit=PROVINCE, **PERIOD)
    counted = recounted(await everything_known(province.engine), PROVINCE)
    assert {row["id"] for row in answer["rows"]} == set(counted)
    for row in answer["rows"]:
        assert {name: row[name] for name in counted[row["id"]]} == counted[row["id"]]
    total: Counter[str] = sum(counted.values(), Counter())
    assert {name: answer["total"][name] for name in total} == total
    assert min(total[name] for name in ("resolved_early", "resolved_overdue", "open", "carried_over")) > 0
    one = answer["total"]
    assert one["received"] == one["resolved"] + one["open"]
    assert (answer["name"], answer["law"]["circular"]) == ("ii06a/1", "Thông tư số 01/2018/TT-VPCP")


async def test_766_shares_the_same_cases_out_among_the_units_below(province: Province) -> None:
    by_field = await province.service.get("/v1/forms/ii06a", unit=PROVINCE, **PERIOD)
    by_unit = await province.service.get("/v1/forms/qd766", unit=PROVINCE, **PERIOD)
    assert by_unit["total"] == by_field["total"]
    assert len(by_unit["rows"]) > 3
    for row in by_unit["rows"][:3]:
        if row["id"] != PROVINCE:
            below = await province.service.get("/v1/forms/ii06a", unit=row["id"], **PERIOD)
            assert below["total"] == {name: row[name] for name in below["total"]}
            assert row["name"] is not None


async def test_a_period_that_others_divide_carries_over_what_they_leave_open(province: Province) -> None:
    first = await province.service.get("/v1/forms/ii06a", unit=PROVINCE, from_="2022-04-01", to="2022-05-15")
    second = await province.service.get("/v1/forms/ii06a", unit=PROVINCE, from_="2022-05-16", to="2022-06-30")
    whole = await province.service.get("/v1/forms/ii06a", unit=PROVINCE, **PERIOD)
    assert second["total"]["carried_over"] == first["total"]["open"]
    for name in ("resolved", "resolved_overdue", "received_online", "declined"):
        assert first["total"][name] + second["total"][name] == whole["total"][name]


async def test_processes_count_together_what_one_counts(province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted_forms, "CASES_FOR_PROCESSES", 0)
    asked = AskedForm(form=StatisticalForm.II06A, unit=PROVINCE, start=FROM, end=TO)
    side = province.service.side
    async with side.snapshot() as snapshot:
        one = await statistical_table(side, snapshot, asked)
        two = await statistical_table(side, snapshot, asked, processes=2)
    assert two == one
    assert one.total.received > 0


async def test_a_reprint_as_known_at_the_old_day_equals_the_old_one(province: Province) -> None:
    service = province.service
    old = await service.get("/v1/forms/ii06a", unit=PROVINCE, **PERIOD)
    log = await service.get("/v1/events", after=0, limit=1000)
    while len(log["events"]) == 1000:
        log = await service.get("/v1/events", after=log["next"], limit=1000)
    known_at = log["events"][-1]["ingested_at"]
    told_late = {
        "specversion": "1.0",
        "id": "told-late",
        "source": "/test/one-stop",
        "type": "vn.tiendo.case.received.v1",
        "subject": "000.00.20.H34-220601-9999",
        "time": "2022-06-01T08:00:00+07:00",
        "data": {"unit": {"id": PROVINCE}, "channel": "online", "due_at": "2022-06-10T17:00:00+07:00"},
    }
    await service.tell([json.dumps(told_late)])
    new = await service.get("/v1/forms/ii06a", unit=PROVINCE, **PERIOD)
    again = await service.get("/v1/forms/ii06a", unit=PROVINCE, known_at=known_at, **PERIOD)
    assert new["total"]["open_overdue"] == old["total"]["open_overdue"] + 1
    assert (again["rows"], again["total"], again["notes"]) == (old["rows"], old["total"], old["notes"])


@pytest.mark.parametrize("form", ["ii06a", "qd766"])
async def test_every_format_of_a_table_says_the_same_figures(province: Province, form: str) -> None:
    service = province.service
    answer = await service.get(f"/v1/forms/{form}", unit=PROVINCE, **PERIOD)
    files = {
        suffix: (await service.raw(f"/v1/forms/{form}", unit=PROVINCE, format=suffix, **PERIOD)).content
        for suffix in ("pdf", "docx", "xlsx")
    }
    total = answer["total"]
    figures = [total["received"], total["resolved"], total["resolved_overdue"], total["open_in_time"]]
    pdf, docx = " ".join(pages(files["pdf"])), squeezed(word_text(files["docx"]))
    assert all(figure in cells(files["xlsx"]) for figure in figures)
    for text in (pdf, docx, " ".join(map(str, cells(files["xlsx"])))):
        assert "Dữ liệu mô phỏng" in text or text is docx
        for said in (
            "TỔNG SỐ",
            "Quý II năm 2022",
            "Từ ngày 01/04/2022 đến ngày 30/06/2022",
            "Đơn vị tính: Số hồ sơ TTHC",
        ):
            assert said in text
        for row in answer["rows"]:
            assert squeezed(row["name"] or "") in text
    assert all(f"{figure:,}".replace(",", ".") in pdf for figure in figures)


async def test_a_unit_that_nobody_knows_and_a_period_that_is_none_are_refused(province: Province) -> None:
    service = province.service
    assert (await service.get("/v1/forms/ii06a", 404, unit="H99", **PERIOD))["field"] == "unit"
    assert (await service.get("/v1/forms/ii06a", 400, unit=PROVINCE, from_="2022-05-01"))["field"] == "to"
    assert (await service.get("/v1/forms/ii06a", 400, unit=PROVINCE, from_="2022-05-01", to="2022-04-01"))[
        "field"
    ] == "to"
    assert (await service.raw("/v1/forms/ii06a", {"Accept": "image/png"}, unit=PROVINCE, **PERIOD)).status_code == 406


async def test_a_reader_bound_to_a_unit_gets_its_form_and_no_other(province: Province) -> None:
    service = province.service
    rows = (await service.get("/v1/forms/qd766", unit=PROVINCE, **PERIOD))["rows"]
    mine, other = [row["id"] for row in rows if row["id"] != PROVINCE][:2]
    _, secret = await new_key(service.app.state.running, Scope.READ, bounds=Bounds(units=(mine,)))
    async with client_of(service.port, secret) as client:
        question = {"from": PERIOD["from_"], "to": PERIOD["to"]}
        seen = await client.get("/v1/forms/ii06a", params={"unit": mine, **question})
        hidden = await client.get("/v1/forms/ii06a", params={"unit": other, **question})
    whole = await service.get("/v1/forms/ii06a", unit=mine, **PERIOD)
    assert seen.json()["total"] == whole["total"]
    assert hidden.status_code == 404


async def test_the_control_sheet_has_a_block_for_each_hold(province: Province) -> None:
    service = province.service
    case_id = max(province.known.events, key=lambda one: len(province.known.events[one]))
    timeline = await service.get(f"/v1/cases/{case_id}/timeline")
    sheet = await service.get(f"/v1/cases/{case_id}/forms/phieu-kiem-soat")
    assert len(sheet["blocks"]) == len(timeline["holds"]) > 3
    for block, hold in zip(sheet["blocks"], timeline["holds"], strict=True):
        assert (block["minutes"], block["allotted_minutes"]) == (hold["working_minutes"], hold["allotted_minutes"])
        assert block["result"] == expected(hold)
        assert (
            hold["party"]["name"] is None
            or hold["party"]["name"] in f"{block['received_by_unit']} {block['received_by']}"
        )
    for suffix in ("pdf", "docx", "xlsx"):
        file = (await service.raw(f"/v1/cases/{case_id}/forms/phieu-kiem-soat", format=suffix)).content
        text = {"pdf": lambda f: " ".join(pages(f)), "docx": word_text, "xlsx": lambda f: " ".join(map(str, cells(f)))}[
            suffix
        ](file)
        assert case_id in text
        assert squeezed(text).count("Nhận:") == len(timeline["holds"])


def expected(hold: dict[str, Any]) -> str:
    if hold["allotted_minutes"] is None:
        return "Không quy định"
    difference = hold["working_minutes"] - hold["allotted_minutes"]
    if difference > 0:
        return "Quá hạn"
    return "Đang giải quyết" if hold["ended_at"] is None else "Trước hạn" if difference else "Đúng hạn"


async def test_a_usual_case_fits_one_sheet(province: Province) -> None:
    usual = sorted(province.known.events, key=lambda one: len(province.known.events[one]))
    case_id = usual[len(usual) * 9 // 10]
    file = (await province.service.raw(f"/v1/cases/{case_id}/forms/phieu-kiem-soat", format="pdf")).content
    assert len(pages(file)) == 1


async def test_forms_of_a_case_that_is_not_there_are_refused(province: Province) -> None:
    for form in ("phieu-kiem-soat", "xin-loi"):
        await province.service.get(f"/v1/cases/khong-co/forms/{form}", 404)
