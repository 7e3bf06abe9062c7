"""A text is cleared of whoever applied, by fingerprints that name nobody."""

import pytest

from tiendo_sources.national.fingerprints import cleared, fingerprints_of

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
    assert fingerprints_of({"ChuHoSo": "Trần Văn Bình"}) == ("", frozenset())
