"""Whatever way a message names its applicant, texts are stored without."""

from typing import Any

import pytest
from tests.sources.national.national_records import Channel, dossier, entry, row

from tiendo_sources.national.applicants import applicant_of
from tiendo_sources.national.reader import read_message

ABOUT = "Gọi ông Trần Văn Bình, SĐT:0905123456"
LEFT_OUT = "Gọi ông […], SĐT:[…]"


@pytest.mark.parametrize(
    "applicant",
    [
        {"ChuHoSo": ["Trần Văn Bình"], "SoDienThoai": ["0905123456", None]},
        {"ChuHoSo": {"HoTen": "trần văn  bình"}, "SoDienThoai": {"DiDong": [{"So": "0905123456"}]}},
        {"ChuHoSo": "Trần Văn Bình", "SoDienThoai": 905123456},
    ],
)
def test_applicants_are_left_out_whatever_json_names_them(applicant: dict[str, Any]) -> None:
    channel = Channel()
    assert channel.take(dossier(DanhSachHoSoBoSung=[entry(NoiDungBoSung=ABOUT)], **applicant)) == [True]
    assert channel.one("supplement-requested")["data"]["reason"] == LEFT_OUT


def test_of_an_applicant_that_is_named_twice_both_names_are_left_out() -> None:
    said = '{"MaHoSo": "H34-1", "NgayNopHoSo": "20220814080000", "ChuHoSo": "Trần Văn Bình", "ChuHoSo": "Lê Thị Hoa", '
    said += '"TenTTHC": "Cấp đổi cho Trần Văn Bình, Lê Thị Hoa"}'
    message = read_message(f"[{said}]".encode(), service="DongBoHoSoMC")
    channel = Channel()
    assert channel.take((message.service, message.records[0])) == [True]
    assert channel.one("submitted")["data"]["procedure"]["name"] == "Cấp đổi cho […], […]"


def test_the_position_of_a_row_is_a_text_like_others() -> None:
    channel = Channel()
    channel.take(row("20220816100000", 4, ChucDanh=ABOUT, ChuHoSo="Trần Văn Bình", SoDienThoai="0905123456"))
    assert channel.one("worked")["data"]["holder"]["position"] == LEFT_OUT


def test_no_more_of_a_long_text_is_cleared_than_is_ever_stored() -> None:
    applicant = applicant_of({"ChuHoSo": ["Trần Văn Bình"] * 1_000})
    assert applicant.left_out_of("Trần Văn Bình, " + "x" * 1_000_000) == "[…], " + "x" * 7_985
