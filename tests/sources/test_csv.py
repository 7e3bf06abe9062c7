"""Tables as CSV: however an office wrote them, the rows are the same, and what cannot be read is told by its line."""

import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.table_files import COLUMNS, csv_text, events, mapping, read, refusals, said

from tiendo_sources.csv import reader
from tiendo_sources.errors import LogUnreadable, MappingError, SourceError

ROW = ("H-1", "15/08/2022 08:05", "29/08/2022", "30/08/2022 09:00", "Chi nhánh VPĐKĐĐ thành phố Kon Tum")
EXPECTED = [("H-1", "received", "2022-08-15T08:05"), ("H-1", "completed", "2022-08-30T09:00")]
TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """The text in the code page, which has tones as marks of their own behind the letter."""
    parts = []
    for character in text:
        marks = [each for each in unicodedata.normalize("NFD", character) if each in TONES]
        bare = "".join(each for each in unicodedata.normalize("NFD", character) if each not in TONES)
        parts.append(unicodedata.normalize("NFC", bare) + "".join(marks))
    return "".join(parts).encode("cp1258")


def test_a_row_says_when_its_case_was_received_and_when_it_ended(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(csv_text(ROW))
    entries, _ = read(path, mapping())
    assert said(entries) == EXPECTED
    received = events(entries)[0]
    assert received["source"] == "/kontum/excel"
    assert received["data"] == {
        "unit": {"name": ROW[4]},
        "holder": {"unit": {"name": ROW[4]}},
        "due_at": "2022-08-29T17:00:00+07:00",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1258"])
def test_every_encoding_of_offices_gives_the_same_rows(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "file"
    text = csv_text(ROW)
    path.write_bytes(windows_1258(text) if encoding == "windows-1258" else text.encode(encoding))
    entries, _ = read(path, mapping())
    assert said(entries) == EXPECTED
    assert events(entries)[0]["data"]["unit"]["name"] == ROW[4]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("said_first", [True, False])
def test_the_separator_is_found(tmp_path: Path, delimiter: str, said_first: bool) -> None:  # noqa: FBT001
    path = tmp_path / "file"
    path.write_text((f"sep={delimiter}\r\n" if said_first else "") + csv_text(ROW, delimiter=delimiter))
    assert said(read(path, mapping())[0]) == EXPECTED


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # Hồ sơ đăng ký đất đai, Nguyễn Văn Thưởng, as bytes of TCVN3 and of VNI
        ("Hå s¬ ®¨ng ký ®Êt ®ai;NguyÔn V¨n Th\xadëng;§¬n vÞ gi¶i quyÕt\r\n", "TCVN3"),
        ("Hoà sô ñaêng kyù ñaát ñai;Nguyeãn Vaên Thöôûng;Ñôn vò giaûi quyeát\r\n", "VNI"),
    ],
)
def test_encodings_of_fonts_are_named_and_not_guessed(tmp_path: Path, text: str, name: str) -> None:
    for content in (text.encode("latin-1") * 3, text.encode() * 3):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(LogUnreadable, match=name):
            read(tmp_path / "file", mapping())


def test_of_merged_headings_the_lowest_counts_and_blank_rows_say_nothing(tmp_path: Path) -> None:
    path = tmp_path / "file"
    title = "DANH SÁCH;;;;\r\n;;;;\r\nHồ sơ;Thời gian;;;Đơn vị  giải quyết\r\n"
    headings = ("Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày có kết quả", "")
    path.write_text(title + csv_text(("", "", "", "", ""), ROW, headings=headings))
    assert said(read(path, mapping(table={"header_rows": 4}))[0]) == EXPECTED


def test_a_row_is_refused_as_a_whole_and_the_others_stand(tmp_path: Path) -> None:
    path = tmp_path / "file"
    rows = [
        ("H-1", "15/08/2022", "29/08/2022", "30/08/2022 09:00", ""),
        ("H-2", "15/08/2022 08:00", "31/02/2022", "30/08/2022 09:00", ""),
        ("", "15/08/2022 08:00", "", "", ""),
        ("H-4", "", "29/08/2022", "", ""),
        ("H-5" * 20, "15/08/2022 08:00", "", "", ""),
        ("H-6", "NULL", "29/08/2022", "30/08/2022 09:00", "-"),
        ("H-7", "01/01/1900", "29/08/2022", "30/08/2022 09:00", "-"),
    ]
    path.write_text(csv_text(*rows))
    entries, remarks = read(path, mapping())
    assert refusals(entries) == [
        ("line 2, Ngày tiếp nhận “15/08/2022”", "file-instant-without-time-of-day"),
        ("line 3, Ngày hẹn trả “31/02/2022”", "file-instant-unreadable"),
        ("line 4, Mã hồ sơ", "file-row-without-case"),
        ("line 5", "file-row-says-nothing"),
        ("line 6", "value-invalid"),
    ]
    assert said(entries) == [(case, "completed", "2022-08-30T09:00") for case in ("H-6", "H-7")]
    assert [(each.kind, each.example) for each in remarks] == [
        ("due-without-reception", "line 7"),
        ("due-without-reception", "line 8"),
    ]


def test_broken_bytes_refuse_the_rows_in_which_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    content = csv_text(*(ROW for _ in range(9)), headings=(*COLUMNS.values(), "Ghi chú")).encode().splitlines(True)
    content[3] = content[3].replace("Chi nhánh".encode(), b"Chi nh\xe1nh")
    content[5] = content[5].rstrip() + b";\xe1\xff\r\n"
    path.write_bytes(b"".join(content))
    entries, _ = read(path, mapping())
    assert refusals(entries) == [
        ("line 4, Đơn vị giải quyết “Chi nh\ufffdnh VPĐKĐĐ thành phố Kon Tum”", "file-text-unreadable")
    ]
    assert len(events(entries)) == 16


def test_a_quotation_mark_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    path = tmp_path / "file"
    broken = ("H-2", "15/08/2022 08:05", "", "", '"Chi nhánh')
    path.write_text(csv_text(ROW, broken, *([("H-3", *ROW[1:])] * 2_000)))
    entries, _ = read(path, mapping())
    assert refusals(entries) == [("line 3", "file-row-unreadable")]
    assert len(events(entries)) == 2 + 2 * 2_000


def test_quotation_marks_left_open_all_over_end_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    monkeypatch.setattr(reader, "READ_AGAIN_MAX", 200_000)
    path.write_text("Mã hồ sơ,Ngày tiếp nhận\n" + 'a","\n' * 60_000)
    with pytest.raises(LogUnreadable, match="too many rows open a quotation mark"):
        read(path, mapping({"case_id": "Mã hồ sơ", "received": "Ngày tiếp nhận"}))


def test_a_row_that_a_separator_in_a_cell_has_shifted_is_refused_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "file"
    headings = (
        "Mã hồ sơ",
        "Ngày tiếp nhận",
        "Địa chỉ",
        "Ghi chú",
        "Ngày hẹn trả",
        "Ngày có kết quả",
        "Đơn vị giải quyết",
    )
    good = ("15/08/2022 08:05", "thôn 1", "", "29/08/2022 10:00", "", "")
    shifted = ("H-2", "15/08/2022 08:05", "thôn 1", "xã Bí Mật", "", "29/08/2022 10:00", "", "")
    for spare in ([], [""]):
        path.write_text(csv_text(("H-1", *good, *spare), (*shifted, *spare), ("H-3", *good, *spare), headings=headings))
        entries, _ = read(path, mapping())
        assert said(entries) == [(case, "received", "2022-08-15T08:05") for case in ("H-1", "H-3")]
        assert refusals(entries) == [("line 3", "file-row-unreadable")]
        assert not any("Bí Mật" in entry.raw.decode() for entry in entries)


def test_what_is_kept_of_a_refused_row_are_the_named_columns_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    rows = [("", *ROW[1:], "Nguyễn Thị Bí Mật"), ("H-2", *ROW[1:4], '"x', "Nguyễn Thị Bí Mật")]
    path.write_text(csv_text(*rows, headings=(*COLUMNS.values(), "Chủ hồ sơ")))
    entries, _ = read(path, mapping())
    assert len(refusals(entries)) == 2
    assert not any("Bí Mật" in entry.raw.decode() for entry in entries)
    assert "Chi nhánh" in entries[0].raw.decode()


def test_a_heading_that_is_not_there_or_twice_is_named_before_any_row_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(csv_text(ROW, headings=("Mã HS", *list(COLUMNS.values())[1:])))
    with pytest.raises(MappingError, match=r"no column is headed “Mã hồ sơ”.*“Mã HS”.*header_rows"):
        read(path, mapping())
    path.write_text(csv_text((*ROW, "x"), headings=(*COLUMNS.values(), "Mã  hồ sơ")))
    with pytest.raises(MappingError, match="heads the columns 1 and 6"):
        read(path, mapping())


@given(content=st.binary(max_size=300) | st.text('";,\r\n\tHA-15/08/2022 :đ\x00\ud800', max_size=300).map(
    lambda text: csv_text(ROW).encode() + text.encode(errors="surrogatepass")
))  # fmt: skip
def test_any_bytes_give_entries_or_a_reasoned_refusal(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("csv") / "file"
    path.write_bytes(content)
    with suppress(SourceError):
        entries, _ = read(path, mapping())
        assert all(entry.where.startswith("line ") for entry in entries)
