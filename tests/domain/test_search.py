"""Names are searched without diacritics, by the beginnings of words, and by initials."""

import pytest

from tiendo_domain.names import all_searched_by, is_found, search_key, search_parts


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Nguyễn Thị Ánh", "nguyen thi anh"),
        ("  Đặng  Đình-Đức ", "dang dinh duc"),
        ("Nguye\u0302\u0303n Thi\u0323 A\u0301nh", "nguyen thi anh"),
        ("Sở TN&MT", "so tn mt"),
        ("ß_İ", "ss i"),
        ("", ""),
        ("…", ""),
    ],
)
def test_a_key_has_small_letters_without_diacritics_and_one_blank_between_words(text: str, key: str) -> None:
    assert search_key(text) == key


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("nguyen thi anh", True),
        ("Nguyễn Thị Anh", True),
        ("thi anh", True),
        ("anh", True),
        ("nguyen th", True),
        ("nta", True),
        ("nt", True),
        ("n", True),
        ("guyen", False),
        ("anh nguyen", False),
        ("ta", False),
        ("nguyen anh", False),
        ("", False),
        ("\n", False),
    ],
)
def test_a_text_finds_words_from_their_beginnings_or_initials_from_the_first(text: str, *, finds: bool) -> None:
    assert is_found(text, "Nguyễn Thị Ánh") is finds


def test_no_text_finds_the_end_of_one_name_and_the_beginning_of_the_next() -> None:
    stored = all_searched_by(["Nguyễn Thị Ánh", "Bùi Văn Đức", None])
    assert not any(part in stored for part in search_parts("anh bui"))
    assert any(part in stored for part in search_parts("bvd"))
    assert stored == all_searched_by(["Bùi Văn Đức", "Nguyễn Thị Ánh", "Nguyễn Thị Ánh"])
