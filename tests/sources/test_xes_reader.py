"""XES documents of every kind are read, hostile and damaged ones named, all in bounded memory."""

import gzip
import tracemalloc
from collections.abc import Iterator
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import Any, cast

import pytest

from tiendo_sources import xml_pieces
from tiendo_sources.errors import LogUnreadable, SourceError, TraceTooLong
from tiendo_sources.xes import reader
from tiendo_sources.xes.reader import Stray, Trace, read_log

EVENT = '<event><date key="time:timestamp" value="2011-10-11T14:00:00+02:00"/></event>'
KEYS = frozenset({"a", "b", "n", "deep", "outer", "inner", "x", "y", "cost:total", "identity:id", "time:timestamp"})
MEBIBYTE = 1024 * 1024


def parts_of(text: str | bytes) -> list[Trace | Stray]:
    return list(read_log(BytesIO(text.encode() if isinstance(text, str) else text), KEYS))


def traces_of(text: str | bytes) -> list[Trace]:
    return [each for each in parts_of(text) if isinstance(each, Trace)]


class Pieces(RawIOBase):
    """A stream of any length made of repeated pieces, which never lie in memory together."""

    def __init__(self, *pieces: tuple[bytes, int]) -> None:
        self._left = self._bytes(pieces)

    @staticmethod
    def _bytes(pieces: tuple[tuple[bytes, int], ...]) -> Iterator[bytes]:
        for piece, times in pieces:
            for _ in range(times):
                yield piece

    def read(self, _: int = -1) -> bytes:
        return next(self._left, b"")


def test_traces_are_read_whatever_the_namespace() -> None:
    plain = traces_of(f"<log><trace>{EVENT}</trace></log>")
    spaced = traces_of('<x:log xmlns:x="http://www.xes-standard.org/"><x:trace><x:event/></x:trace></x:log>')
    assert (len(plain), len(plain[0].events), len(spaced), len(spaced[0].events)) == (1, 1, 1, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_traces_are_read_in_every_usual_encoding(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?><log><trace><string key="a" value="ä"/></trace></log>'
    assert traces_of(text.encode(encoding))[0].attributes == {"a": "ä"}


def test_nested_attributes_lists_and_containers_do_not_hide_the_others() -> None:
    text = """<log><trace>
        <string key="outer" value="1"><int key="inner" value="2"/></string>
        <list key="many"><values><string key="x" value="3"/></values></list>
        <container key="c"><string key="y" value="4"/></container>
        <id key="identity:id" value="9a"/><float key="cost:total" value="1.5"/><boolean key="b" value="true"/>
        <event><string key="deep" value="1"><string key="n" value="2"/></string><!-- said --><int key="n" value="7"/></event>
    </trace></log>"""
    (found,) = traces_of(text)
    assert found.attributes == {"outer": "1", "identity:id": "9a", "cost:total": "1.5", "b": "true"}
    assert found.events == ({"deep": "1", "n": "7"},)


def test_only_the_attributes_that_are_asked_for_are_kept_and_of_a_repeated_one_the_first() -> None:
    (found,) = traces_of(
        '<log><trace><string key="z" value="1"/><string key="a" value="2"/><int key="a" value="3"/></trace></log>'
    )
    assert found.attributes == {"a": "2"}


def test_globals_classifiers_extensions_and_log_attributes_are_no_cases() -> None:
    text = f"""<log xes.version="1849.2016"><extension name="Time" prefix="time" uri="http://x"/>
        <global scope="event"><date key="time:timestamp" value="1970-01-01T00:00:00"/></global>
        <classifier name="c" keys="concept:name"/><string key="meta" value="m"><int key="n" value="1"/></string>
        <trace>{EVENT}{EVENT}</trace><trace/></log>"""
    assert [len(each.events) for each in cast("list[Trace]", parts_of(text))] == [2, 0]


def test_events_outside_of_traces_are_handed_out_apart() -> None:
    text = f"<log>{EVENT}<trace>{EVENT}</trace>{EVENT}</log>"
    assert [(type(each), each.number) for each in parts_of(text)] == [(Stray, 1), (Trace, 1), (Stray, 2)]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("<log><trace>", "not well-formed"),
        ("", "not well-formed"),
        ("<html><body/></html>", "root is <html>"),
        ("<log/>", "holds no <trace>"),
        (f"<log>{EVENT}</log>", "holds no <trace>"),
        ("<log><events><event/></events></log>", "OCEL"),
        ('<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><log><trace/>&b;</log>', "entities"),
        ('<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/passwd">]><log>&a;</log>', "entities"),
        ('<!DOCTYPE log [<!ATTLIST event a CDATA "xxxx">]><log><trace/></log>', "document type"),
        ('<!DOCTYPE log SYSTEM "log.dtd"><log><trace/>&skipped;</log>', "document type"),
        (b'<?xml version="1.0" encoding="no-such-code"?><log/>', "encoding"),
        (b'<?xml version="1.0" encoding="gb18030"?><log/>', "encoding"),
        ("<log>" + "<a>" * 200 + "</a>" * 200 + "</log>", "in one another"),
        ("<log>" + "".join(f"<e{number}/>" for number in range(2_000)) + "</log>", "names of elements"),
        ("<log " + " ".join(f'a{number}=""' for number in range(2_000)) + "/>", "names of elements"),
        ("<log><" + "x" * 2_000 + "/></log>", "names of elements"),
    ],
)
def test_what_is_no_log_is_named(text: str | bytes, complaint: str) -> None:
    with pytest.raises(LogUnreadable, match=complaint):
        parts_of(text)


def test_traces_before_the_damage_are_read() -> None:
    stream = read_log(BytesIO(b"<log><trace/><trace/><trace"), KEYS)
    assert [next(stream).number, next(stream).number] == [1, 2]
    with pytest.raises(LogUnreadable):
        next(stream)


def test_a_packed_file_that_is_cut_off_is_named() -> None:
    packed = gzip.compress(f"<log><trace>{EVENT * 1_000}</trace></log>".encode())
    with pytest.raises(LogUnreadable, match="cut off"):
        list(read_log(gzip.GzipFile(fileobj=BytesIO(packed[: len(packed) // 2])), KEYS))


def test_a_trace_of_too_many_events_is_refused_after_those_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "EVENTS_PER_TRACE_MAX", 3)
    stream = read_log(BytesIO(f"<log><trace/><trace>{EVENT * 4}</trace></log>".encode()), KEYS)
    assert next(stream).number == 1
    with pytest.raises(TraceTooLong, match="number 2 holds more than 3"):
        next(stream)


def test_a_log_of_too_many_traces_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "TRACES_MAX", 3)
    with pytest.raises(LogUnreadable, match="more than 3 traces"):
        parts_of("<log>" + "<trace/>" * 4 + "</log>")


def test_bytes_without_the_end_of_a_trace_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "BYTES_PER_TRACE_MAX", 100_000)
    endless = "<log>" + "<trace/>" * 50_000 + " " * 300_000
    with pytest.raises(SourceError, match="without the end of a trace"):
        parts_of(endless)


def test_a_value_of_a_tags_greatest_size_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_pieces, "TAG_SIZE_MAX", 500_000)
    text = '<log><trace><string key="a" value="{}"/></trace></log>'
    assert len(traces_of(text.format("x" * 400_000))[0].attributes["a"]) == 400_000
    with pytest.raises(LogUnreadable, match="longer than 488 KiB"):
        parts_of(text.format("x" * 700_000))


_PIECE = 65_536
_ENDLESS = {
    "value": ((b'<log><trace><string key="a" value="', 1), (b"x" * _PIECE, 16_384)),
    "key": ((b'<log><trace><string key="', 1), (b"x" * _PIECE, 16_384)),
    "element name": ((b"<log><", 1), (b"x" * _PIECE, 16_384)),
    "white space in a tag": ((b"<log><trace a='1' ", 1), (b" " * _PIECE, 16_384)),
    "comment": ((b"<log><!-- ", 1), (b"x" * _PIECE, 16_384)),
    "instruction": ((b"<log><?x ", 1), (b"x" * _PIECE, 16_384)),
    "entity": ((b"<!DOCTYPE log [<!ENTITY a '", 1), (b"x" * _PIECE, 16_384)),
    "text": ((b"<log><trace>", 1), (b"x" * _PIECE, 16_384)),
    "CDATA": ((b"<log><trace><![CDATA[", 1), (b"x" * _PIECE, 16_384)),
    "attributes": ((b"<log><trace><event>", 1), (b'<string key="a" value="b"/>' * 2_000, 16_384)),
    "depth": ((b"<log><trace>", 1), (b"<event>" * 9_000, 16_384)),
    "events": ((b"<log><trace>", 1), (b"<event/>" * 8_000, 16_384)),
    "after stray events": ((b"<log>", 1), (b"<event/>" * 8_000, 20), (b"<trace>", 1), (b"x" * _PIECE, 16_384)),
    "after traces": ((b"<log>", 1), (b"<trace/>" * 8_000, 20), (b"<trace>", 1), (b"x" * _PIECE, 16_384)),
}


@pytest.mark.parametrize("pieces", _ENDLESS.values(), ids=_ENDLESS.keys())
def test_whatever_is_endless_is_refused_in_bounded_memory(
    pieces: tuple[tuple[bytes, int], ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "BYTES_PER_TRACE_MAX", 4 * MEBIBYTE)
    tracemalloc.start()
    try:
        with pytest.raises(SourceError):
            _read_on(Pieces(*pieces))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 32 * MEBIBYTE


def _read_on(stream: Any) -> None:
    for _ in read_log(stream, KEYS):
        pass


def test_the_receipt_log_has_its_known_size(shared_data: Path) -> None:
    with gzip.open(shared_data / "receipt.xes.gz") as stream:
        traces = [each for each in read_log(stream, KEYS) if isinstance(each, Trace)]
    assert len(traces) == 1_434
    assert sum(len(each.events) for each in traces) == 8_577
