"""Any JSON gives facts or a reasoned refusal, in bounded time, and nothing of an applicant."""

import json
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.national.national_records import CODE, Channel

from tiendo_contracts.problems.problem_documents import problem_document
from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_sources.national.applicants import raw_of
from tiendo_sources.national.reader import Message, read_message
from tiendo_sources.national.translation import SERVICES

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            " ",
            "20220815080500",
            "2022-08-15T08:05:00.000",
            "99999999999999",
            "0001-01-01",
            "9",
            "05",
            "\u202eabc",
            "a\x00b",
            "\ud800",
        ]
    ),
)
_ANY = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
_NAMES = (
    *("NguoiXuLy", "ThoiDiemXuLy", "PhongBanXuLy", "NoiDungXuLy", "TrangThai", "NgayBatDau", "NgayKetThucTheoQuyDinh"),
    *(
        "NgayTiepNhan",
        "NgayHenTra",
        "NgayKetThucXuLy",
        "NgayNopHoSo",
        "NgayTuChoi",
        "NgayTra",
        "TrangThaiHoSo",
        "ChuHoSo",
    ),
    *("DonViXuLy", "KenhThucHien", "MaHoSoKhac", "ChucDanh", "NgayGui", "MaTTHC", "TenTTHC"),
)
_ENTRY_NAMES = ("HoSoBoSungId", "NgayBoSung", "NgayTiepNhanBoSung", "NoiDungBoSung", "NgayHenTraTruoc", "NgayHenTraMoi")
_ENTRIES = st.lists(st.dictionaries(st.sampled_from(_ENTRY_NAMES), _SCALARS), max_size=3)
_RECORDS = st.one_of(
    _ANY,
    st.builds(
        lambda members, entries: {"MaHoSo": CODE, "ThoiDiemXuLy": "20220816100000", **members, **entries},
        st.dictionaries(st.sampled_from(_NAMES), _SCALARS | _ANY, max_size=8),
        st.just({}) | st.fixed_dictionaries({"DanhSachHoSoBoSung": _ENTRIES | _ANY}),
    ),
)


@settings(max_examples=50, deadline=timedelta(seconds=2))
@given(st.sampled_from(SERVICES), st.lists(_RECORDS, min_size=1, max_size=4))
def test_any_record_gives_facts_or_a_reasoned_refusal(service: str, records: list[Any]) -> None:
    channel = Channel()
    taken = []
    for record in records:
        code = record.get("MaHoSo") if isinstance(record, dict) else None
        if isinstance(record, dict) and code != CODE:
            record["MaHoSo"] = CODE
        taken += channel.take((service, record))
        assert isinstance(json.loads(raw_of(record)), dict | list | str | int | float | bool | None)
    for outcome in taken:
        if isinstance(outcome, Refusal):
            assert problem_document(outcome)["detail"]
    channel.timeline() if channel.events else None
    again = [one for record in records for one in channel.take((service, record))]
    assert [isinstance(one, Refusal) for one in again] == [isinstance(one, Refusal) for one in taken]


@settings(max_examples=50)
@given(st.binary(max_size=200) | _ANY.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_a_message_or_refused(body: bytes) -> None:
    assert isinstance(read_or_refused(body), Message | str)


def read_or_refused(body: bytes) -> Message | str:
    """The message, or why it is refused."""
    try:
        return read_message(body, service=SERVICES[0])
    except Refusal as refusal:
        return str(problem_document(refusal)["detail"])
