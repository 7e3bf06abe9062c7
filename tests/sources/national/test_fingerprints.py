"""A text is cleared of whoever applied, by fingerprints that name nobody."""

import pytest

from tiendo_sources.national.dossier import DossierMessage
from tiendo_sources.national.fingerprints import cleared, cleared_record, fingerprints_of
from tiendo_sources.national.progress import ProgressRow
from tiendo_sources.national.translation import read_record

ABOUT = "Của Trần Văn Bình"
CODE = "H34-1"
RECORD = {
    "MaHoSo": CODE,
    "ChuHoSo": "Trần Văn  Bình",
    "SoDienThoai": "0905123456",
    "SoGiayToChuHoSo": "233 456 789",
    "Email": "binh.tran@example.vn",
}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hồ sơ của ông TRẦN VĂN BÌNH, đã thẩm định", "Hồ sơ của ông […], đã thẩm định"),
        ("(Trần\nVăn Bình) gọi 0905123456.", "([…]) gọi […]."),
        ("CMND 233 456 789; thư: Binh.Tran@example.vn", "CMND […]; thư: […]"),
        ("Trần Văn Bình Trần Văn Bình", "[…] […]"),
        ("SĐT:0905123456,Trần Văn Bình/Lê A; 233-456-789", "SĐT:[…],[…]/Lê A; […]"),
        ("Trần Văn Bảo và Văn Bình", "Trần Văn Bảo và Văn Bình"),
        ("", ""),
    ],
)
def test_names_and_numbers_are_replaced_however_they_are_written(text: str, shown: str) -> None:
    code, known = fingerprints_of(RECORD)
    assert cleared(text, code, known) == shown


def test_a_fingerprint_counts_for_its_own_dossier_alone() -> None:
    _, known = fingerprints_of(RECORD)
    assert cleared("Trần Văn Bình", "H34-2", known) == "Trần Văn Bình"


def test_a_single_short_word_has_no_fingerprint() -> None:
    assert fingerprints_of({"MaHoSo": CODE, "ChuHoSo": "An"}) == (CODE, frozenset())
    assert fingerprints_of({"MaHoSo": CODE, "SoGiayToChuHoSo": "12-5"}) == (CODE, frozenset())
    assert fingerprints_of({"ChuHoSo": "Trần Văn Bình"}) == ("", frozenset())


def test_what_later_messages_do_not_say_of_the_applicant_is_left_out_of_every_text() -> None:
    known = {CODE: fingerprints_of(RECORD)[1]}
    row = read_record("CapNhatTienDoHoSoMC", {"MaHoSo": CODE, "ThoiDiemXuLy": "20220816100000", "ChucDanh": ABOUT})
    message = read_record("DongBoHoSoMC", {"MaHoSo": CODE, "TenTTHC": ABOUT, "TenLinhVuc": ABOUT, "MaTTHC": "1.2"})
    assert isinstance(row, ProgressRow)
    assert isinstance(message, DossierMessage)
    cleared_row, cleared_message = cleared_record(row, known), cleared_record(message, known)
    assert isinstance(cleared_row, ProgressRow)
    assert isinstance(cleared_message, DossierMessage)
    assert cleared_row.position == "Của […]"
    assert (cleared_message.procedure, cleared_message.field) == ({"id": "1.2", "name": "Của […]"}, {"name": "Của […]"})
