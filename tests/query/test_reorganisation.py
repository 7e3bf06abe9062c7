"""A small province through a re-organisation: figures before, across and after it, counted by hand (CONTRACT, directory; rule H11).

Until 30 June 2025 the communes DAK and NGOK lie in the district DH. On 1 July districts end: DAK lies directly below the province,
and NGOK is merged into it. The officer CB-1 is respelled and goes to the centre of the province; CB-9 turns out to be CB-1.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import migrated_database
from tests.query.commands import run
from tests.query.serving import Asked, asked_service

from tiendo_cli.applying_rules import apply_rules
from tiendo_runtime.database import engine_of
from tiendo_runtime.embedded import Cluster

DAY = "2025-07-01"
TABLES: dict[str, Any] = {
    "unit": [
        {"id": "H", "name": "Tỉnh", "level": "province"},
        {"id": "DH", "name": "Huyện Đắk Hà", "parent": "H", "level": "district", "valid_to": DAY},
        {"id": "DAK", "name": "Xã Đắk La", "parent": "DH", "level": "commune"},
        {"id": "DAK", "name": "Xã Đắk Hà", "parent": "H", "level": "commune", "valid_from": DAY},
        {
            "id": "NGOK",
            "name": "Xã Ngok Wang",
            "parent": "DH",
            "level": "commune",
            "valid_to": DAY,
            "merged_into": "DAK",
        },
        {"id": "TT", "name": "Trung tâm hành chính công", "parent": "H"},
    ],
    "officer": [
        {"id": "CB-1", "name": "Nguyễn Thị Anh", "unit": "NGOK", "position": "Công chức"},
        {"id": "CB-1", "name": "Nguyễn Thị Ánh", "unit": "TT", "position": "Chuyên viên", "valid_from": DAY},
        {"id": "CB-9", "same_as": "CB-1"},
    ],
}
AS_IT_WAS: dict[str, Any] = {
    "unit": [
        {"id": "H", "name": "Tỉnh", "level": "province"},
        {"id": "DH", "name": "Huyện Đắk Hà", "parent": "H", "level": "district"},
        {"id": "DAK", "name": "Xã Đắk La", "parent": "DH", "level": "commune"},
        {"id": "NGOK", "name": "Xã Ngok Wang", "parent": "DH", "level": "commune"},
    ]
}
"""What was configured before anybody knew of the re-organisation."""
FINISHED = {
    # case: unit, officer, received, due, finished
    "1-before": ("NGOK", "CB-9", "2025-06-02", "2025-06-05", "2025-06-10"),
    "2-before": ("DAK", "CB-2", "2025-06-02", "2025-06-30", "2025-06-10"),
    "3-across": ("NGOK", "CB-1", "2025-06-20", "2025-06-25", "2025-07-04"),
    "4-across": ("DAK", "CB-2", "2025-06-20", "2025-07-25", "2025-07-04"),
    "5-open": ("NGOK", "CB-1", "2025-06-20", "2025-06-27", None),
    "6-after": ("DAK", "CB-2", "2025-07-10", "2025-07-11", "2025-07-18"),
}
BEFORE, ACROSS, AFTER = (
    {"from_": "2025-06-01", "to": "2025-06-30"},
    {"from_": "2025-06-01", "to": "2025-07-31"},
    {"from_": "2025-07-01", "to": "2025-07-31"},
)


def event(case_id: str, number: int, kind: str, day: str, data: dict[str, Any]) -> str:
    return json.dumps(
        {
            "specversion": "1.0",
            "id": f"{case_id}/{number}",
            "source": "/h/motcua",
            "type": f"vn.tiendo.case.{kind}.v1",
            "subject": case_id,
            "time": f"{day}T07:00:00+07:00",
            "data": data,
        }
    )


def told() -> list[str]:
    texts = []
    for case_id, (unit, officer, received, due, finished) in FINISHED.items():
        said = {"id": unit, "name": f"UBND {unit}"}
        holder = {"id": officer, "name": "NGUYEN THI ANH" if officer != "CB-2" else "Y Bình", "unit": said}
        data = {"unit": said, "due_at": f"{due}T17:00:00+07:00", "holder": holder}
        if case_id == "2-before":
            data["procedure"] = {"id": "1.004227", "name": "Đăng ký biến động đất đai"}
        texts.append(event(case_id, 1, "received", received, data))
        if finished is not None:
            texts.append(event(case_id, 2, "completed", finished, {}))
    return texts


@dataclass(frozen=True, kw_only=True)
class Province:
    """The service that knows the province, and the folder of its commands."""

    service: Asked
    data: Path
    known_before: str
    """The instant at which all cases, but not the re-organisation, had been told."""


@pytest.fixture(scope="module")
async def province(postgres_server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Province]:
    """The province, everything told."""
    data = tmp_path_factory.mktemp("province")
    async with migrated_database(postgres_server) as url:
        engine = engine_of(url, pool_size=10)
        try:
            async with asked_service(url, engine, data) as service:
                await apply_rules(engine, AS_IT_WAS)
                await service.tell(told())
                known_before = datetime.now(UTC).isoformat()
                await apply_rules(engine, TABLES)
                await service.settled()
                yield Province(service=service, data=data, known_before=known_before)
        finally:
            await engine.dispose()


Numbers = tuple[int, int, int, int]
NOTHING: Numbers = (0, 0, 0, 0)
EXPECTED: list[tuple[dict[str, str], dict[str, Numbers]]] = [
    (BEFORE, {"H": (2, 1, 3, 2), "DH": (2, 1, 3, 2), "DAK": (1, 0, 1, 0), "NGOK": (1, 1, 2, 2)}),
    (ACROSS, {"H": (5, 3, 1, 1), "DH": (2, 1, 0, 0), "DAK": (4, 2, 1, 1), "NGOK": (1, 1, 0, 0)}),
    (AFTER, {"H": (3, 2, 1, 1), "DH": NOTHING, "DAK": (3, 2, 1, 1), "NGOK": NOTHING}),
]
"""Of each unit's subtree the resolved, those of them overdue, the open, those of them overdue."""
LATE: list[tuple[dict[str, str], dict[str, list[str]]]] = [
    (BEFORE, {"DH": ["1-before", "3-across", "5-open"], "DAK": [], "NGOK": ["1-before", "3-across", "5-open"]}),
    (ACROSS, {"DH": ["1-before"], "DAK": ["3-across", "5-open", "6-after"], "NGOK": ["1-before"]}),
    (AFTER, {"DH": [], "DAK": ["3-across", "5-open", "6-after"], "NGOK": []}),
]
PERIODS = ["before", "across", "after"]


def numbers(figures: dict[str, Any]) -> Numbers:
    return (figures["resolved"], figures["resolved_overdue"], figures["open"], figures["open_overdue"])


async def test_a_report_as_known_before_the_re_organisation_has_the_tree_known_then(province: Province) -> None:
    days = ["--from", "2025-06-01", "--to", "2025-07-31", "--known-at", province.known_before, "--format", "json"]
    found = json.loads(await run(province.service, province.data, "report", *days))
    assert {unit["id"]: numbers(unit) for unit in found["units"]} == {
        "H": (5, 3, 1, 1),
        "DH": (5, 3, 1, 1),
        "DAK": (3, 1, 0, 0),
        "NGOK": (2, 2, 1, 1),
    }
    assert {unit["id"]: unit["name"] for unit in found["units"]}["DAK"] == "Xã Đắk La"


@pytest.mark.parametrize(("period", "expected"), EXPECTED, ids=PERIODS)
async def test_a_case_counts_for_units_by_the_tree_of_its_finish_and_an_open_one_by_that_of_the_periods_end(
    province: Province, period: dict[str, str], expected: dict[str, Numbers]
) -> None:
    service = province.service
    whole = await service.get("/v1/report", **period)
    assert {unit["id"]: numbers(unit) for unit in whole["units"]} == {
        unit: found for unit, found in expected.items() if any(found)
    }
    listed = {unit["id"]: numbers(unit) for unit in await service.all_items("/v1/units", **period)}
    for unit, found in expected.items():
        one = await service.get(f"/v1/units/{unit}", **period)
        assert numbers(one) == listed[unit] == found
        decision = (await service.get("/v1/indicators", unit=unit, **period))["decision_766"]
        assert (decision["resolved"]["total"], decision["in_process"]["total"]) == (found[0], found[2])


@pytest.mark.parametrize(("period", "expected"), EXPECTED, ids=PERIODS)
async def test_the_report_of_the_command_line_says_the_same_of_a_unit_on_either_basis(
    province: Province, period: dict[str, str], expected: dict[str, Numbers]
) -> None:
    days = ("--from", period["from_"], "--to", period["to"], "--format", "json")
    for further in ((), ("--basis", "recorded")):
        printed = await run(province.service, province.data, "report", "--unit", "DH", *days, *further)
        assert numbers(json.loads(printed)) == expected["DH"]


@pytest.mark.parametrize(("period", "expected"), LATE, ids=PERIODS)
async def test_lists_show_the_cases_that_a_units_figures_count(
    province: Province, period: dict[str, str], expected: dict[str, list[str]]
) -> None:
    service = province.service
    for unit, cases in expected.items():
        rows = await service.all_items("/v1/cases", unit=unit, overdue="true", **period)
        assert [row["case_id"] for row in rows] == cases
        rows = await service.all_items("/v1/delays", unit=unit, **period)
        assert [row["case_id"] for row in rows] == cases
        days = {"from": period["from_"], "to": period["to"]}
        page = (await service.raw("/cases", unit=unit, overdue="true", **days)).text
        assert sorted(case for case in FINISHED if f"/cases/{case}" in page) == cases


async def test_before_a_re_organisation_a_unit_lies_where_it_lay_then(province: Province) -> None:
    trees = []
    for period in (BEFORE, ACROSS):
        unit = await province.service.get("/v1/units/DAK", **period)
        trees.append((unit["name"], unit["parent"], unit["children"]))
    assert trees == [("Xã Đắk La", "DH", []), ("Xã Đắk Hà", "H", ["NGOK"])]


NAMED: list[tuple[dict[str, str], tuple[Any, ...]]] = [
    (BEFORE, ("Nguyễn Thị Anh", "Công chức", "NGOK", "Xã Ngok Wang", 3, 2880)),
    (AFTER, ("Nguyễn Thị Ánh", "Chuyên viên", "TT", "Trung tâm hành chính công", 2, 14400)),
]


@pytest.mark.parametrize(("period", "expected"), NAMED, ids=["before", "after"])
async def test_an_officer_is_one_person_named_as_the_directory_does_at_the_periods_end(
    province: Province, period: dict[str, str], expected: tuple[Any, ...]
) -> None:
    service = province.service
    unit_id = expected[2]
    (row,) = (await service.get("/v1/officers", unit=unit_id, **period))["items"]
    for officer_id in ("CB-1", "CB-9"):
        one = await service.get(f"/v1/officers/{officer_id}/timeline", **period)
        for officer, totals in ((row["officer"], row), (one["officer"], one["totals"])):
            assert (
                *(officer["id"], officer["name"], officer["position"], officer["unit"]["id"], officer["unit"]["name"]),
                *(totals["cases"], totals["attributed_minutes"]),
            ) == ("CB-1", *expected)
        assert one["several_names"] == []


async def test_rows_of_cases_name_people_and_units_as_on_the_day_when_they_held_and_ended(province: Province) -> None:
    service = province.service
    rows = {row["case_id"]: row for row in await service.all_items("/v1/delays", **ACROSS)}
    shown = {
        case: (row["full_name"], row["position"], row["unit"]["id"], row["responsible_unit"]["name"])
        for case, row in rows.items()
        if row["officer_id"] == "CB-1"
    }
    assert shown == {
        "1-before": ("Nguyễn Thị Anh", "Công chức", "NGOK", "Xã Ngok Wang"),
        "3-across": ("Nguyễn Thị Anh", "Công chức", "NGOK", "Xã Ngok Wang"),
        "5-open": ("Nguyễn Thị Anh", "Công chức", "NGOK", "Xã Ngok Wang"),
    }
    for day, name in (("2025-06-30", "Nguyễn Thị Anh"), (DAY, "Nguyễn Thị Ánh")):
        case = await service.get("/v1/cases/5-open", as_of=f"{day}T12:00:00+07:00")
        assert (case["holder"]["name"], case["holder"]["id"]) == (name, "CB-1")


async def test_a_timeline_names_people_as_its_events_do(province: Province) -> None:
    """Rule A5."""
    timeline = await province.service.get("/v1/cases/1-before/timeline")
    (hold,) = timeline["holds"]
    assert (hold["party"]["id"], hold["party"]["name"]) == ("CB-1", "NGUYEN THI ANH")


async def test_an_officer_of_the_directory_who_never_held_a_case_has_nothing_and_is_known(province: Province) -> None:
    await apply_rules(province.service.engine, {"officer": [{"id": "CB-7", "name": "Y Mới", "unit": "TT"}]})
    await province.service.caught_up()
    found = await province.service.get("/v1/officers/CB-7/timeline", **AFTER)
    assert (found["officer"]["id"], found["officer"]["name"], found["totals"]["cases"]) == ("CB-7", "Y Mới", 0)
    await province.service.get("/v1/officers/CB-8/timeline", 404, **AFTER)


OF_CB_1, OF_CB_2 = ["1-before", "3-across", "5-open"], ["2-before", "4-across", "6-after"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nguyen thi anh", OF_CB_1),
        ("Thị Ánh", OF_CB_1),
        ("nta", OF_CB_1),
        ("thi a", OF_CB_1),
        ("hi anh", []),
        ("y bi", OF_CB_2),
        ("Ngok Wang", OF_CB_1),
        ("xa dak la", OF_CB_2),
        ("dang ky bien dong", ["2-before"]),
        ("ĐKBĐĐĐ", ["2-before"]),
        ("2-BEF", ["2-before"]),
        ("before", ["1-before", "2-before"]),
        ("%_", []),
    ],
)
async def test_cases_are_found_by_names_without_diacritics_and_by_initials(
    province: Province, text: str, found: list[str]
) -> None:
    rows = await province.service.all_items("/v1/cases", text=text, limit=2)
    assert [row["case_id"] for row in rows] == found
    rows = await province.service.all_items("/v1/cases", text=text, overdue="true", as_of="2025-06-08T12:00:00+07:00")
    assert [row["case_id"] for row in rows] == [case for case in found if case == "1-before"]


async def test_without_a_session_the_pages_find_nobody_by_their_name(province: Province) -> None:
    for text, found in (("nguyen thi anh", []), ("nta", []), ("dang ky bien dong", ["2-before"])):
        page = (await province.service.raw("/cases", text=text)).text
        assert [case for case in FINISHED if f"/cases/{case}" in page] == found


async def test_officers_and_units_are_found_by_the_names_that_the_period_shows(province: Province) -> None:
    service = province.service
    for period, name in ((BEFORE, "Nguyễn Thị Anh"), (AFTER, "Nguyễn Thị Ánh")):
        for text in ("nguyen thi", "NTA", "cb-1"):
            found = (await service.get("/v1/officers", text=text, **period))["items"]
            assert [officer["officer"]["name"] for officer in found] == [name]
    for period, ids in ((BEFORE, ["DH"]), (AFTER, ["DAK", "DH"])):
        assert [unit["id"] for unit in await service.all_items("/v1/units", text="dak ha", **period)] == ids


async def test_a_text_of_blanks_alone_asks_for_nothing(province: Province) -> None:
    service = province.service
    for path in ("/v1/cases", "/v1/officers", "/v1/units"):
        everything = await service.all_items(path, **AFTER)
        assert everything
        assert await service.all_items(path, text="  ", **AFTER) == everything
    await service.get("/v1/cases", 400, text="")


async def test_the_command_line_finds_officers_too(province: Province) -> None:
    days = ("--from", "2025-07-01", "--to", "2025-07-31", "--format", "json")
    for text, found in (("nta", ["CB-1"]), ("y binh", ["CB-2"]), ("ai", [])):
        printed = json.loads(await run(province.service, province.data, "officers", "--text", text, *days))
        assert [officer["officer"]["id"] for officer in printed["items"]] == found


FORM_ROWS = [
    (BEFORE, {"DH": (2, 1, 3, 2)}),
    (ACROSS, {"DH": (2, 1, 0, 0), "DAK": (3, 2, 1, 1)}),
    (AFTER, {"DAK": (3, 2, 1, 1)}),
]
"""Of the units right below the province those whose cases the table of Decision 766 counts."""


@pytest.mark.parametrize(("period", "expected"), EXPECTED, ids=PERIODS)
async def test_forms_count_by_the_tree_of_each_case(
    province: Province, period: dict[str, str], expected: dict[str, Numbers]
) -> None:
    for unit, figures in expected.items():
        answer = await province.service.get("/v1/forms/ii06a", unit=unit, **period)
        assert numbers(answer["total"]) == figures, unit


@pytest.mark.parametrize(("period", "rows"), FORM_ROWS, ids=PERIODS)
async def test_the_rows_of_766_are_the_units_below_on_the_day_of_each_case(
    province: Province, period: dict[str, str], rows: dict[str, Numbers]
) -> None:
    answer = await province.service.get("/v1/forms/qd766", unit="H", **period)
    assert {row["id"]: numbers(row) for row in answer["rows"]} == rows


async def test_a_form_is_written_by_the_suffix_of_its_file_and_as_it_was_known(
    province: Province, tmp_path: Path
) -> None:
    days = ["--unit", "DH", "--from", "2025-06-01", "--to", "2025-07-31"]
    file = tmp_path / "ii06a.json"
    await run(province.service, province.data, "forms", "ii06a", *days, "--out", str(file))
    assert numbers(json.loads(file.read_text("utf-8"))["total"]) == (2, 1, 0, 0)
    known = ["--known-at", province.known_before]
    await run(province.service, province.data, "forms", "ii06a", *days, *known, "--out", str(file))
    assert numbers(json.loads(file.read_text("utf-8"))["total"]) == (5, 3, 1, 1)
    sheet = tmp_path / "phieu.pdf"
    await run(province.service, province.data, "forms", "phieu-kiem-soat", "1-before", "--out", str(sheet))
    assert sheet.read_bytes().startswith(b"%PDF")
    said = await run(province.service, province.data, "forms", "xin-loi", "1-before", "--out", "letter.odt", status=2)
    assert ".docx" in said
