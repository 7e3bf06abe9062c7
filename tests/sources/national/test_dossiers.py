"""What a dossier message says (rule N1), and that nothing is ever overwritten."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.sources.national.national_records import CODE, NOW, Channel, dossier, entry, row

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal


def test_a_message_says_what_happened_when() -> None:
    channel = Channel()
    [taken] = channel.take(
        dossier(
            NgayNopHoSo="20220814200000",
            NgayKetThucXuLy="2022-09-02T16:00:00.000",
            NgayTra="2022-09-05T09:00:00.000+0700",
            NgayTuChoi=None,
        )
    )
    assert taken is True
    assert channel.said == [
        ("submitted", "2022-08-14T20:00:00"),
        ("received", "2022-08-15T08:05:00"),
        ("completed", "2022-09-02T16:00:00"),
        ("result-delivered", "2022-09-05T09:00:00"),
    ]
    received = channel.one("received")["data"]
    assert received["holder"] == {"unit": {"name": "Chi nhánh Kon Tum"}}
    assert received["unit"] == {"name": "Chi nhánh Kon Tum"}
    assert received["procedure"] == {"id": "1.004227", "name": "Đăng ký biến động"}
    assert received["due_at"] == "2022-08-29T17:00:00+07:00"
    assert received["channel"] == "counter"


def test_a_message_sent_again_adds_nothing_however_its_instants_are_written() -> None:
    channel = Channel()
    channel.take(dossier(DanhSachHoSoBoSung=[entry(answered="20220822090000", NgayHenTraMoi="20220831170000")]))
    [again] = channel.take(
        dossier(
            NgayTiepNhan=20220815080500,
            NgayHenTra="2022-08-29T10:00:00Z",
            DanhSachHoSoBoSung=[
                entry(asked="2022-08-18T09:00:00", answered="20220822090000", NgayHenTraMoi="2022-08-31T17:00:00.000")
            ],
            TenTTHC="Tên khác",
            GhiChu="x",
        )
    )
    assert again is False


def test_the_first_due_is_the_one_before_the_earliest_entry_that_states_one() -> None:
    channel = Channel()
    message = dossier(
        NgayHenTra="20220831170000",
        DanhSachHoSoBoSung=[
            entry("2", "20220824090000", "20220825090000", NgayHenTraTruoc="20220830170000"),
            entry("1", "20220818090000", "20220822090000", NgayHenTraTruoc="20220829170000"),
        ],
    )
    assert channel.take(message) == [True]
    assert channel.one("received")["data"]["due_at"] == "2022-08-29T17:00:00+07:00"
    assert channel.take(message) == [False]


def test_an_entry_is_a_request_and_its_answer_with_the_new_due() -> None:
    channel = Channel()
    channel.take(dossier(DanhSachHoSoBoSung=[entry(NoiDungBoSung="Bổ sung giấy tờ", NguoiYeuCauBoSung="Lê B")]))
    asked = channel.one("supplement-requested")
    assert (asked["time"], asked["data"]) == (
        "2022-08-18T09:00:00+07:00",
        {"actor": {"name": "Lê B"}, "reason": "Bổ sung giấy tờ"},
    )
    channel.take(dossier(DanhSachHoSoBoSung=[entry(answered="20220822090000", NgayHenTraMoi="20220831170000")]))
    answered = channel.one("supplement-received")
    assert (answered["time"], answered["data"]) == (
        "2022-08-22T09:00:00+07:00",
        {"due_at": "2022-08-31T17:00:00+07:00"},
    )
    assert not [said for said in channel.said if said[0] == "deadline-restated"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Thông báo thực hiện nghĩa vụ tài chính", "payment-requested"),
        ("Đề nghị nộp lệ phí trước bạ", "payment-requested"),
        ("Bổ sung giấy tờ chứng minh đã nộp thuế", "supplement-requested"),
        ("TẠM DỪNG giải quyết do tranh chấp", "suspended"),
        ("", "supplement-requested"),
    ],
)
def test_what_an_entry_is_about_its_text_says(text: str, kind: str) -> None:
    channel = Channel()
    channel.take(dossier(DanhSachHoSoBoSung=[entry(NoiDungBoSung=text)]))
    assert kind in [found for found, _ in channel.said]


def test_the_state_speaks_for_the_latest_entry_without_an_answer_alone() -> None:
    channel = Channel()
    entries = [
        entry("1", "20220816090000", "20220817090000"),
        entry("2", "20220818090000"),
        entry("3", "20220819090000"),
    ]
    channel.take(dossier(TrangThaiHoSo="06", DanhSachHoSoBoSung=entries))
    assert [said for said in channel.said if said[0].endswith("requested")] == [
        ("supplement-requested", "2022-08-16T09:00:00"),
        ("supplement-requested", "2022-08-18T09:00:00"),
        ("payment-requested", "2022-08-19T09:00:00"),
    ]


def test_the_kind_of_an_entry_is_fixed_when_it_is_first_seen() -> None:
    channel = Channel()
    channel.take(dossier(TrangThaiHoSo=6, DanhSachHoSoBoSung=[entry()]))
    channel.take(dossier(TrangThaiHoSo=4, DanhSachHoSoBoSung=[entry(answered="20220822090000")]))
    assert [kind for kind, _ in channel.said] == ["received", "payment-requested", "payment-received"]


def test_another_due_in_a_later_message_is_restated_when_it_is_recorded() -> None:
    channel = Channel()
    channel.take(dossier())
    channel.now = NOW + timedelta(days=1)
    assert channel.take(dossier(NgayHenTra="20220905170000")) == [True]
    restated = channel.one("deadline-restated")
    assert restated["time"] == restated["recordedat"] == "2022-09-21T10:00:00+07:00"
    assert restated["data"] == {"due_at": "2022-09-05T17:00:00+07:00"}
    assert channel.take(dossier(NgayHenTra="20220905170000")) == [False]
    assert channel.one("received")["data"]["due_at"] == "2022-08-29T17:00:00+07:00"


def test_dues_to_and_fro_are_told_once_each_by_what_they_replace() -> None:
    channel = Channel()
    for due in ("20220829170000", "20220905170000", "20220829170000", "20220905170000", "20220829170000"):
        channel.take(dossier(NgayHenTra=due))
    assert [event["id"] for event in channel.events if "restated" in event["id"]] == [
        f"{CODE}:restated:20220829170000:20220905170000",
        f"{CODE}:restated:20220905170000:20220829170000",
    ]


def test_a_message_that_was_sent_before_the_newest_due_restates_nothing() -> None:
    channel = Channel()
    messages = [
        dossier(NgayGui="20220815081000"),
        dossier(NgayHenTra="20220905170000", NgayGui="20220825090000"),
    ]
    assert channel.take(*messages) == [True, True]
    assert channel.take(*messages) == [False, False]
    assert channel.one("deadline-restated")["time"] == "2022-08-25T09:00:00+07:00"


def test_a_message_that_has_not_heard_of_the_newest_due_restates_nothing() -> None:
    channel = Channel()
    channel.take(dossier())
    answered = [entry(answered="20220822090000", NgayHenTraMoi="20220831170000")]
    for due in ("20220829170000", "20220831170000", "20220829170000"):
        channel.take(dossier(NgayHenTra=due, DanhSachHoSoBoSung=answered))
    assert "deadline-restated" not in [kind for kind, _ in channel.said]


def test_an_entry_that_keeps_its_due_restates_nothing_after_the_dossier_got_a_later_one() -> None:
    channel = Channel()
    answered = [entry(answered="20220822090000", NgayHenTraMoi="20220831170000")]
    messages = [
        dossier(NgayHenTra="20220831170000", DanhSachHoSoBoSung=answered),
        *[dossier(NgayHenTra="20220909170000", DanhSachHoSoBoSung=answered)] * 3,
    ]
    assert [channel.take(message) for message in messages] == [[True], [True], [False], [False]]
    assert channel.one("deadline-restated")["data"] == {"due_at": "2022-09-09T17:00:00+07:00"}


@pytest.mark.parametrize("stale", ["20220829170000", "20220831170000"])
def test_an_entry_that_states_another_due_restates_it_though_the_dossier_has_not_heard_of_it(stale: str) -> None:
    channel = Channel()
    before, after = (
        dossier(NgayHenTra=stale, DanhSachHoSoBoSung=[entry(answered="20220822090000", NgayHenTraMoi=due)])
        for due in ("20220831170000", "20220905170000")
    )
    assert [channel.take(message) for message in (before, after, after)] == [[True], [True], [False]]
    assert channel.one("deadline-restated")["data"] == {"due_at": "2022-09-05T17:00:00+07:00"}


def test_of_a_message_with_two_new_dues_that_of_the_dossier_is_told() -> None:
    channel = Channel()
    before = entry(answered="20220822090000", NgayHenTraMoi="20220831170000")
    channel.take(dossier(DanhSachHoSoBoSung=[before]))
    both = dossier(NgayHenTra="20220902170000", DanhSachHoSoBoSung=[{**before, "NgayHenTraMoi": "20220905170000"}])
    assert [channel.take(both), channel.take(both)] == [[True], [False]]
    assert channel.one("deadline-restated")["data"] == {"due_at": "2022-09-02T17:00:00+07:00"}


def test_another_finish_is_a_further_completion() -> None:
    channel = Channel()
    channel.take(dossier(NgayKetThucXuLy="20220902160000"))
    channel.take(dossier(NgayKetThucXuLy="20220829160000"))
    assert [at for kind, at in channel.said if kind == "completed"] == ["2022-08-29T16:00:00", "2022-09-02T16:00:00"]


def test_a_due_without_a_time_of_day_is_the_end_of_that_days_last_session() -> None:
    channel = Channel()
    channel.take(dossier(NgayHenTra="20220829"))
    assert channel.one("received")["data"]["due_at"] == "2022-08-29T17:00:00+07:00"


@pytest.mark.parametrize("value", ["hôm qua", "20220815", True, ["20220815080500"], {"at": 1}])
def test_an_instant_that_cannot_be_read_refuses_its_record_and_is_named(value: object) -> None:
    channel = Channel()
    [refused] = channel.take(dossier(NgayTiepNhan=value))
    assert isinstance(refused, Refusal)
    assert refused.field == "NgayTiepNhan"
    assert channel.events == []


@pytest.mark.parametrize("code", ["", None, "x" * 51, ".."])
def test_a_record_without_a_code_that_a_case_can_bear_is_refused(code: object) -> None:
    [refused] = Channel().take(dossier(MaHoSo=code))
    assert isinstance(refused, Refusal)
    assert (refused.field, refused.kind in {ProblemKind.RECORD_MEMBER_MISSING, ProblemKind.VALUE_INVALID}) == (
        "MaHoSo",
        True,
    )


def test_facts_are_recorded_at_the_instant_that_the_message_gives_for_its_sending() -> None:
    channel = Channel()
    channel.take(dossier(NgayGui="20220815081000"))
    assert channel.one("received")["recordedat"] == "2022-08-15T08:10:00+07:00"


def test_what_a_key_of_history_sends_of_earlier_happenings_was_recorded_when_it_happened() -> None:
    channel = Channel(history_until=datetime(2022, 9, 1, tzinfo=UTC))
    channel.take(dossier(NgayKetThucXuLy="20220902160000"), row("20220816100000", 4))
    received, worked, completed = channel.counting
    for event in (received, worked):
        assert (event["recordedat"], event["data"]["marks"]) == (event["time"], ["history"])
    assert (completed["recordedat"], "marks" in completed["data"]) == ("2022-09-20T10:00:00+07:00", False)


def test_the_other_code_of_a_dossier_is_a_fact() -> None:
    channel = Channel()
    assert channel.take(dossier(MaHoSoKhac="H34-khác"), row("20220816100000", 4, MaHoSoKhac="H34-khác")) == [True, True]
    assert channel.one("joined")["data"] == {"alias": "H34-khác"}
