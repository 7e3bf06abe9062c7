"""What progress rows say, alone and beside dossier messages, in whatever order they come (rules N2, N3)."""

import json
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.national.national_records import CODE, Channel, Record, dossier, entry, kinds, row

from tiendo_domain.rules import EighthState, NationalRule, OfficerRule, UnitRule
from tiendo_domain.timeline_types import PartyKind

UNITS = (
    UnitRule(id="H34", name="UBND tỉnh"),
    UnitRule(id="H34.1", name="Phòng A", parent="H34"),
    UnitRule(id="H35", name="UBND tỉnh khác"),
    UnitRule(id="H35.1", name="Phòng A", parent="H35"),
)


def test_a_row_tells_who_worked_until_when_and_since_when() -> None:
    channel = Channel()
    channel.take(row("20220816100000", "4", NgayBatDau="20220816070000", NgayKetThucTheoQuyDinh="20220817113000"))
    worked = channel.one("worked")
    assert worked["time"] == "2022-08-16T10:00:00+07:00"
    assert worked["data"] == {
        "holder": {"name": "Nguyễn Thị Ánh", "unit": {"name": "Phòng A"}},
        "since": "2022-08-16T07:00:00+07:00",
        "step": {"id": "Thẩm định", "allotted_minutes": 480 + 270},
    }


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (1, "submitted"),
        ("02", "received"),
        ("3", "declined"),
        ("5", "supplement-requested"),
        (6.0, "payment-requested"),
        ("8", "suspended"),
        (" 7 ", "withdrawn"),
        ("9", "completed"),
        (10, "result-delivered"),
    ],
)
def test_a_state_says_what_happened_at_the_instant_of_its_row(state: object, kind: str) -> None:
    channel = Channel()
    channel.take(row("20220816100000", state))
    assert channel.said == [("worked", "2022-08-16T10:00:00"), (kind, "2022-08-16T10:00:00")]


@pytest.mark.parametrize(
    ("state", "marks"), [(0, None), ("77", ["status-unmapped"]), ("", None), (None, None), ("x", ["status-unmapped"])]
)
def test_state_0_and_unknown_ones_are_work(state: object, marks: list[str] | None) -> None:
    channel = Channel()
    channel.take(row("20220816100000", state))
    assert [kind for kind, _ in channel.said] == ["worked"]
    assert channel.one("worked")["data"].get("marks") == marks


def test_null_as_a_word_says_nothing() -> None:
    channel = Channel()
    [taken] = channel.take(row("20220816100000", "null", officer="NULL", NgayBatDau="null", NoiDungXuLy="Null"))
    assert taken is True
    assert channel.one("worked")["data"] == {"holder": {"unit": {"name": "Phòng A"}}}


def test_a_beginning_after_the_end_of_the_work_takes_from_nobody() -> None:
    channel = Channel()
    channel.take(dossier(), row("20220816100000", 4, NgayBatDau="20220820070000"), row("20220817100000", 9))
    assert [(hold.party.kind, hold.working_minutes) for hold in channel.timeline().holds if hold.working_minutes] == [
        (PartyKind.UNIT, 595),
        (PartyKind.OFFICER, 480),
    ]


def test_state_8_ends_the_case_where_it_is_configured_so() -> None:
    channel = Channel(NationalRule(source="/kontum/national", state_8=EighthState.WITHDRAWN))
    channel.take(row("20220816100000", 8))
    assert [kind for kind, _ in channel.said] == ["worked", "withdrawn"]


ROWS = [row("20220816090000", 5), row("20220817090000", 5), row("20220818090000", 4), row("20220819090000", 2)]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_next_row_at_work_ends_a_pause_whatever_the_order_of_the_rows(order: tuple[int, ...]) -> None:
    channel = Channel()
    channel.take_each(ROWS[place] for place in order)
    assert kinds(channel.said, "supplement-requested") == ["2022-08-16T09:00:00"]
    assert kinds(channel.said, "supplement-received") == ["2022-08-18T09:00:00"]
    assert kinds(channel.said, "received") == ["2022-08-19T09:00:00"]


STORY: list[Record] = [
    dossier(
        NgayKetThucXuLy="20220902160000",
        DanhSachHoSoBoSung=[entry(answered="20220822090000", NgayHenTraMoi="20220831170000")],
    ),
    row("20220815080530", 2, "Trần Văn C"),
    row("20220818090010", 5),
    row("20220822100000", 4, "Trần Văn C"),
    row("20220902160020", 9),
]


def test_a_row_and_a_message_of_the_same_kind_and_minute_are_one_happening_whichever_came_first() -> None:
    shown = set()
    for order in permutations(STORY):
        channel = Channel()
        channel.take_each(order)
        timeline = channel.timeline()
        holds = tuple(
            (hold.party.kind, hold.party.name, hold.started_at.text, hold.working_minutes) for hold in timeline.holds
        )
        shown.add((tuple(channel.said), holds, tuple(anomaly.kind for anomaly in timeline.anomalies)))
    [(said, holds, _)] = shown
    assert [kind for kind, _ in said if kind != "worked"] == [
        "received",
        "supplement-requested",
        "supplement-received",
        "completed",
    ]
    assert [(kind, name) for kind, name, _, minutes in holds if minutes] == [
        (PartyKind.UNIT, "Chi nhánh Kon Tum"),
        (PartyKind.APPLICANT, None),
        (PartyKind.OFFICER, "Trần Văn C"),
        (PartyKind.OFFICER, "Nguyễn Thị Ánh"),
    ]


def test_the_row_says_who_worked_until_the_instant_of_the_message() -> None:
    channel = Channel()
    channel.take(row("20220902160020", 9))
    channel.take(dossier(NgayKetThucXuLy="20220902160000"))
    assert channel.one("worked")["time"] == "2022-09-02T16:00:00+07:00"
    assert kinds(channel.said, "completed") == ["2022-09-02T16:00:00"]
    [hold] = [hold for hold in channel.timeline().holds if hold.party.kind is PartyKind.UNIT]
    assert hold.ended_at is not None


def test_a_row_at_work_ends_the_pause_of_an_entry_that_has_no_answer_yet() -> None:
    channel = Channel()
    channel.take(dossier(DanhSachHoSoBoSung=[entry()]), row("20220818090000", 5), row("20220820090000", 4))
    assert kinds(channel.said, "supplement-received") == ["2022-08-20T09:00:00"]
    channel.take(dossier(DanhSachHoSoBoSung=[entry(answered="20220822090000")]))
    assert kinds(channel.said, "supplement-received") == ["2022-08-22T09:00:00"]


def test_rows_are_told_once_by_what_they_say() -> None:
    channel = Channel()
    assert channel.take(row("20220816100000", "4")) == [True]
    assert channel.take(row("2022-08-16T10:00:00.000", 4, "Nguyễn  Thị Ánh ", TenTTHC="khác")) == [False]
    assert channel.take(row("20220816100000", "4", "Lê B")) == [True]
    assert channel.take(row("20220816100000", "4", ChucDanh="Chuyên viên chính")) == [True]


def test_a_senders_repair_says_nothing_while_an_entry_is_open_and_no_finish_is_stated() -> None:
    repair = row("20220819090000", 9, "Cán bộ một cửa", NoiDungXuLy="Kết thúc xử lý hồ sơ")
    for order in permutations([repair, dossier(DanhSachHoSoBoSung=[entry()])]):
        channel = Channel()
        channel.take_each(order)
        assert kinds(channel.said, "completed") == []
        worked = channel.one("worked")["data"]
        assert (worked["marks"], worked["holder"]["name"]) == (["sender-repair"], "Cán bộ một cửa")
        channel.take(dossier(DanhSachHoSoBoSung=[entry(answered="20220822090000")]))
        assert kinds(channel.said, "completed") == ["2022-08-19T09:00:00"]
        channel.take(dossier(DanhSachHoSoBoSung=[entry(answered="20220822090000"), entry("2", "20220823090000")]))
        assert kinds(channel.said, "completed") == []
        channel.take(dossier(NgayKetThucXuLy="20220901160000"))
        assert kinds(channel.said, "completed") == ["2022-08-19T09:00:00", "2022-09-01T16:00:00"]


def test_a_named_officer_with_such_a_text_repairs_nothing() -> None:
    channel = Channel()
    channel.take(dossier(DanhSachHoSoBoSung=[entry()]), row("20220819090000", 9, NoiDungXuLy="Kết thúc xử lý hồ sơ"))
    assert kinds(channel.said, "completed") == ["2022-08-19T09:00:00"]


def test_a_name_is_matched_where_the_directory_knows_just_one_of_it_in_the_unit() -> None:
    officers = (
        OfficerRule(id="CC-1", name="Nguyễn Thị Ánh", unit="H34.1"),
        OfficerRule(id="CC-2", name="Nguyễn Thị Ánh", unit="H35.1"),
    )
    channel = Channel(*UNITS, *officers, unit="H34")
    channel.take(row("20220816100000", 4))
    worked = channel.one("worked")["data"]
    assert worked["holder"] == {"id": "CC-1", "name": "Nguyễn Thị Ánh", "unit": {"id": "H34.1", "name": "Phòng A"}}
    assert worked["marks"] == ["matched-by-directory"]


@pytest.mark.parametrize(
    "officers",
    [
        (),
        (
            OfficerRule(id="CC-1", name="Nguyễn Thị Ánh", unit="H34.1"),
            OfficerRule(id="CC-2", name="Nguyễn Thị Ánh", unit="H34.1"),
        ),
        (OfficerRule(id="CC-1", name="Nguyễn Thị Anh", unit="H34.1"),),
        (OfficerRule(id="CC-1", name="Nguyễn Thị Ánh", unit="H35.1"),),
    ],
)
def test_a_name_that_nobody_or_several_bear_gets_no_id(officers: tuple[OfficerRule, ...]) -> None:
    channel = Channel(*UNITS, *officers, unit="H34")
    channel.take(row("20220816100000", 4))
    assert channel.one("worked")["data"]["holder"] == {
        "name": "Nguyễn Thị Ánh",
        "unit": {"id": "H34.1", "name": "Phòng A"},
    }


def test_a_units_name_that_several_bear_stays_a_name() -> None:
    channel = Channel(*UNITS)
    channel.take(row("20220816100000", 4))
    assert channel.one("worked")["data"]["holder"]["unit"] == {"name": "Phòng A"}


_MINUTES = st.integers(0, 6)
_TOLD = st.one_of(
    st.builds(
        lambda minute, second, state, officer: row(
            f"202208160900{second:02}".replace("0900", f"09{minute:02}"), state, officer
        ),
        _MINUTES,
        st.integers(0, 2),
        st.integers(0, 10),
        st.sampled_from(["A", "B", "Cán bộ một cửa"]),
    ),
    st.just(dossier(NgayTiepNhan="20220816090100", NgayKetThucXuLy="20220816090500")),
    st.just(dossier(NgayTiepNhan="20220816090100", DanhSachHoSoBoSung=[entry(asked="20220816090201")])),
)


@settings(max_examples=60)
@given(st.lists(_TOLD, max_size=7, unique_by=repr), st.randoms(use_true_random=False))
def test_what_rows_and_messages_say_together_does_not_depend_on_their_order(told: list[Record], chance: object) -> None:
    first, second = Channel(), Channel()
    first.take_each(told)
    shuffled = list(told)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    second.take_each(shuffled)
    second.take_each(shuffled)
    assert [without_receipt(event) for event in first.counting] == [without_receipt(event) for event in second.counting]


def without_receipt(event: dict[str, object]) -> str:
    assert str(event["id"]).startswith(f"{CODE}:")
    return json.dumps({**event, "recordedat": None}, sort_keys=True)
