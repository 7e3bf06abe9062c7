"""A file's format is told by its content; what cannot be imported is named."""

import gzip
import os
from pathlib import Path

import pytest

from tiendo_sources.errors import FormatUnknown, LogUnreadable
from tiendo_sources.opening import opened_log


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"specversion":"1.0"}\n', "CloudEvents NDJSON"),
        (b'\n\n  {"specversion":"1.0"}', "CloudEvents NDJSON"),
        (b"<?xml version='1.0'?><log/>", "XES"),
        (b"\xef\xbb\xbf<log/>", "XES"),
        ('<?xml version="1.0"?><log/>'.encode("utf-16"), "XES"),
    ],
)
def test_the_format_is_told_by_the_content(tmp_path: Path, content: bytes, expected: str, *, packed: bool) -> None:
    path = tmp_path / "log"
    path.write_bytes(gzip.compress(content) if packed else content)
    with opened_log(path) as log:
        assert log.format.name == expected
        assert log.stream.read() == content


@pytest.mark.parametrize(
    ("content", "likeness"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"PK\x05\x06rest", "ZIP"),
        (b"%PDF-1.7", "PDF"),
        (b'[{"specversion":"1.0"}]', "JSON array"),
        (b'{\n "specversion": "1.0"\n}', "over several lines"),
        ('{"a":1}'.encode("utf-16"), "UTF-16"),
        (b"\xef\xbb\xbf<!DOCTYPE html><table>a,b</table>", "a web page"),
        ("<html><table>a,b</table>".encode("utf-16"), "a web page"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "a workbook of Excel as XML"),
        (b"hello", "something else"),
        (b"\x00\x01\x02,\x03", "something else"),
    ],
)
def test_what_cannot_be_imported_is_named(tmp_path: Path, content: bytes, likeness: str) -> None:
    path = tmp_path / "log.xes"
    path.write_bytes(content)
    with pytest.raises(FormatUnknown, match=likeness), opened_log(path):
        pass


def test_a_file_that_is_damaged_from_the_start_is_named(tmp_path: Path) -> None:
    path = tmp_path / "log.gz"
    path.write_bytes(gzip.compress(b"x" * 1_000)[:10])
    with pytest.raises(LogUnreadable, match="cut off"), opened_log(path):
        pass


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FormatUnknown, match="pipe"), opened_log(tmp_path / "pipe"):
        pass


def test_a_folder_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError), opened_log(tmp_path):
        pass
