"""What the rows of a table say of their cases, whatever file they stand in."""

from pathlib import Path

import pytest
from tests.sources.table_files import COLUMNS, csv_text, events, mapping, read, refusals, said

from tiendo_contracts.rules_file import definitions_to_append, parse
from tiendo_domain.rules import RuleBook
from tiendo_sources.errors import MappingError

STEPS = {
    "case_id": "Mã hồ sơ",
    "step": "Bước",
    "officer": "Cán bộ xử lý",
    "officer_unit": "Phòng ban",
    "position": "Chức vụ",
    "started": "Bắt đầu",
    "ended": "Kết thúc",
    "allotted_minutes": "Số phút",
}
RULES = """
[[calendar]]
id = "sang"
units = ["H34.20"]
[[session]]
calendar = "sang"
weekdays = [1, 2, 3, 4]
from = "07:00"
to = "10:45"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def steps(path: Path, *rows: tuple[str, ...]) -> list[dict[str, object]]:
    path.write_text(csv_text(*rows, headings=tuple(STEPS.values())))
    entries, _ = read(path, mapping(STEPS, table={"row": "step"}))
    assert not refusals(entries)
    return events(entries)


def test_a_due_without_a_time_of_day_is_the_end_of_the_last_session_in_the_calendar_of_the_unit(path: Path) -> None:
    book = RuleBook()
    book = book.with_definitions(definitions_to_append(parse(RULES), book))
    columns = {**COLUMNS, "unit_id": "Mã đơn vị"}
    rows = [
        ("H-1", "15/08/2022 08:05", "29/08/2022", "", "", "H34.20"),
        ("H-2", "15/08/2022 08:05", "29/08/2022", "", "", "H34.21"),
        # a Saturday, and a Friday that the unit has off: rule D5 says what becomes of the due
        ("H-3", "15/08/2022 08:05", "27/08/2022", "", "", ""),
        ("H-4", "15/08/2022 08:05", "26/08/2022", "", "", "H34.20"),
        ("H-5", "15/08/2022 08:05", "29/08/2022 09:15", "", "", "H34.20"),
    ]
    path.write_text(csv_text(*rows, headings=(*COLUMNS.values(), "Mã đơn vị")))
    entries, _ = read(path, mapping(columns), book)
    assert [one["data"]["due_at"] for one in events(entries)] == [
        "2022-08-29T10:45:00+07:00",
        "2022-08-29T17:00:00+07:00",
        "2022-08-27T17:00:00+07:00",
        "2022-08-26T10:45:00+07:00",
        "2022-08-29T09:15:00+07:00",
    ]


def test_the_time_of_day_of_the_mapping_is_for_other_instants_than_the_due(path: Path) -> None:
    path.write_text(csv_text(("H-1", "15/08/2022", "29/08/2022", "30/08/2022", "")))
    entries, _ = read(path, mapping(time={"time_of_day": "07:30", "zone": "Asia/Ho_Chi_Minh"}))
    assert said(entries) == [
        ("H-1", "received", "2022-08-15T07:30"),
        ("H-1", "completed", "2022-08-30T07:30"),
    ]
    assert events(entries)[0]["data"]["due_at"] == "2022-08-29T17:00:00+07:00"


def test_without_a_zone_instants_are_of_the_zone_of_the_default_calendar(path: Path) -> None:
    path.write_text(csv_text(("H-1", "15/08/2022 08:05", "", "2022-08-30T09:00:00Z", "")))
    entries, _ = read(path, mapping(time={}))
    assert [one["time"] for one in events(entries)] == ["2022-08-15T08:05:00+07:00", "2022-08-30T09:00:00+00:00"]


def test_every_end_of_a_case_has_its_column(path: Path) -> None:
    columns = {
        "case_id": "a",
        "delivered": "b",
        "declined": "c",
        "withdrawn": "d",
        "procedure": "e",
        "field": "f",
        "channel": "g",
        "received": "h",
    }
    day = "15/08/2022 08:0"
    path.write_text(csv_text(("H-1", f"{day}1", f"{day}2", f"{day}3", "1.004227", "Đất đai", "Trực tiếp", f"{day}0"),
                             headings=tuple(columns.values())))  # fmt: skip
    entries, _ = read(path, mapping(columns))
    assert [kind for _, kind, _ in said(entries)] == ["received", "result-delivered", "declined", "withdrawn"]
    assert events(entries)[0]["data"] == {
        "procedure": {"id": "1.004227"},
        "field": {"name": "Đất đai"},
        "channel": "Trực tiếp",
    }


def test_the_procedure_of_the_mapping_is_that_of_rows_that_name_none(path: Path) -> None:
    columns = {**COLUMNS, "procedure": "Thủ tục"}
    rows = [("H-1", "15/08/2022 08:05", "", "", "", ""), ("H-2", "15/08/2022 08:05", "", "", "", "Cấp đổi")]
    path.write_text(csv_text(*rows, headings=(*COLUMNS.values(), "Thủ tục")))
    fixed = {"id": "1.004227", "name": "Đăng ký biến động", "norm_minutes": 4800, "days": "working"}
    entries, _ = read(path, mapping(columns, procedure=fixed))
    assert [one["data"]["procedure"] for one in events(entries)] == [fixed, {"name": "Cấp đổi"}]


def test_a_status_says_what_the_instant_of_the_end_means(path: Path) -> None:
    statuses = [
        {"column": "Trạng thái", "text": "Công dân rút", "kind": "withdrawn"},
        {"column": "Trạng thái", "text": "đang  xử lý", "kind": "in-process"},
        {"column": "Trạng thái", "text": "Yêu cầu bổ sung", "kind": "supplement-requested", "at": "Ngày hẹn trả"},
    ]
    ended = ("15/08/2022 08:05", "", "30/08/2022 09:00", "")
    rows = [
        ("H-1", *ended, "Công dân rút"),
        ("H-2", *ended, "Đang xử lý"),
        ("H-3", *ended, "Đã xong"),
        ("H-4", "15/08/2022 08:05", "20/08/2022 10:00", "", "", "Yêu cầu bổ sung"),
    ]
    path.write_text(csv_text(*rows, headings=(*COLUMNS.values(), "Trạng thái")))
    columns = {name: heading for name, heading in COLUMNS.items() if name != "due"}
    entries, _ = read(path, mapping(columns, status=statuses))
    assert [(case, kind) for case, kind, _ in said(entries) if kind != "received"] == [
        ("H-1", "withdrawn"),
        ("H-3", "completed"),
        ("H-4", "supplement-requested"),
    ]


def test_a_step_with_a_start_is_an_assignment_and_its_end_ends_no_hold(path: Path) -> None:
    row = (
        "H-1",
        "Thẩm định",
        "Nguyễn Thị Ánh",
        "Phòng Đo đạc",
        "Chuyên viên",
        "15/08/2022 08:05",
        "16/08/2022 09:00",
        "480",
    )
    (one,) = steps(path, row)
    assert (one["type"], one["time"]) == ("vn.tiendo.case.assigned.v1", "2022-08-15T08:05:00+07:00")
    assert one["data"] == {
        "holder": {"name": "Nguyễn Thị Ánh", "position": "Chuyên viên", "unit": {"name": "Phòng Đo đạc"}},
        "step": {"id": "Thẩm định", "name": "Thẩm định", "allotted_minutes": 480},
    }


def test_a_step_without_a_start_says_who_worked_until_its_end(path: Path) -> None:
    row = ("H-1", "Thẩm định", "Nguyễn Thị Ánh", "", "", "", "16/08/2022 09:00", "")
    (one,) = steps(path, row)
    assert (one["type"], one["time"]) == ("vn.tiendo.case.worked.v1", "2022-08-16T09:00:00+07:00")
    assert one["data"] == {"holder": {"name": "Nguyễn Thị Ánh"}, "step": {"id": "Thẩm định", "name": "Thẩm định"}}


def test_a_step_without_an_officer_is_its_unit_s_alone(path: Path) -> None:
    (one,) = steps(path, ("H-1", "Thẩm định", "", "Phòng Đo đạc", "Chuyên viên", "15/08/2022 08:05", "", ""))
    assert one["data"]["holder"] == {"unit": {"name": "Phòng Đo đạc"}}  # type: ignore[index]


def test_two_steps_that_begin_at_one_instant_are_two_events(path: Path) -> None:
    both = steps(path, *(("H-1", step, "A", "", "", "15/08/2022 08:05", "", "") for step in ("Tiếp nhận", "Thẩm định")))
    assert len({one["id"] for one in both}) == 2


def test_a_queue_that_is_picked_up_in_the_same_minute_are_two_events(path: Path) -> None:
    at = "15/08/2022 08:05"
    queue, officer = ("H-1", "b", "", "Phòng", "", at, "", ""), ("H-1", "b", "A", "Phòng", "", at, "", "")
    assert len({one["id"] for one in steps(path, queue, officer, ("H-1", "b", " A ", "Phòng", "", at, "", ""))}) == 2


def test_an_allotment_that_is_no_number_refuses_its_row(path: Path) -> None:
    path.write_text(
        csv_text(("H-1", "b", "A", "", "", "15/08/2022 08:05", "", "2 ngày"), headings=tuple(STEPS.values()))
    )
    entries, _ = read(path, mapping(STEPS, table={"row": "step"}))
    assert refusals(entries) == [("line 2, Số phút “2 ngày”", "file-number-unreadable")]


def test_a_sorted_or_grown_table_has_the_same_events_and_those_that_are_new(path: Path) -> None:
    rows = [(f"H-{number}", "15/08/2022 08:05", "29/08/2022", "", "X") for number in range(5)]
    path.write_text(csv_text(*rows))
    before = {one["id"]: one for one in events(read(path, mapping())[0])}
    rows[2] = ("H-2", "15/08/2022 08:05", "29/08/2022", "30/08/2022 10:00", "X")
    path.write_text(csv_text(*reversed(rows), ("H-9", "16/08/2022 08:05", "", "", "")))
    after = {one["id"]: one for one in events(read(path, mapping())[0])}
    assert before.items() <= after.items()
    assert {one["subject"] for key, one in after.items() if key not in before} == {"H-2", "H-9"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (mapping({"case_id": "a"}), "no column says when"),
        (mapping({"case_id": "a", "received": "b", "officer": "c"}), 'row = "step"'),
        (mapping({"case_id": "a", "received": "b", "applicant": "c"}), "columns.applicant"),
        (mapping(table={"encoding": "TCVN3"}), "UniKey"),
        (mapping(table={"encoding": "latin-1"}), "windows-1258"),
        (mapping(table={"delimiter": "xx"}), "separates no columns"),
        (mapping(table={"header_rows": 0}), "table.header_rows"),
        (mapping(time={"zone": "Hà Nội"}), "time.zone"),
        (mapping(status=[{"column": "a", "text": "b", "kind": "gone"}]), "status.0.kind"),
    ],
)
def test_a_mapping_that_cannot_be_followed_says_where(path: Path, text: str, complaint: str) -> None:
    path.write_text(csv_text())
    with pytest.raises(MappingError, match=complaint):
        read(path, text)


def test_a_number_of_any_length_refuses_its_row_alone(path: Path) -> None:
    row = ("H-1", "b", "An", "", "", "15/08/2022 08:05", "")
    path.write_text(csv_text((*row, "9" * 5_000), (*row, "60"), headings=tuple(STEPS.values())))
    entries, _ = read(path, mapping(STEPS, table={"row": "step"}))
    assert [kind for _, kind in refusals(entries)] == ["file-number-unreadable"]
    assert len(events(entries)) == 1


def test_an_empty_heading_names_no_column(path: Path) -> None:
    path.write_text("Mã hồ sơ;;Ghi chú\nH-1;15/08/2022 08:05;\n")
    with pytest.raises(MappingError, match=r"columns\.received: .*empty heading"):
        read(path, mapping({"case_id": "Mã hồ sơ", "received": ""}))
