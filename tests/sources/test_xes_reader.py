"""XES documents of every kind are read, hostile and damaged ones named."""

import gzip
from io import BytesIO
from pathlib import Path

import pytest

from tiendo_sources.errors import LogUnreadable, SourceError, TraceTooLong
from tiendo_sources.xes import reader
from tiendo_sources.xes.reader import Trace, read_traces

EVENT = '<event><date key="time:timestamp" value="2011-10-11T14:00:00+02:00"/></event>'


def traces_of(document: str | bytes) -> list[Trace]:
    return list(read_traces(BytesIO(document.encode() if isinstance(document, str) else document)))


def test_traces_are_read_whatever_the_namespace() -> None:
    plain = traces_of(f"<log><trace>{EVENT}</trace></log>")
    spaced = traces_of('<x:log xmlns:x="http://www.xes-standard.org/"><x:trace/></x:log>')
    assert (len(plain), len(plain[0].events), len(spaced)) == (1, 1, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_traces_are_read_in_every_usual_encoding(encoding: str) -> None:
    name = "ISO-8859-1" if encoding.startswith("iso") else encoding.removesuffix("-sig")
    document = f'<?xml version="1.0" encoding="{name}"?><log><trace><string key="a" value="ä"/></trace></log>'
    assert traces_of(document.encode(encoding))[0].attributes == {"a": "ä"}


def test_nested_attributes_lists_and_containers_do_not_hide_the_others() -> None:
    document = """<log><trace>
        <string key="outer" value="1"><int key="inner" value="2"/></string>
        <list key="many"><values><string key="x" value="3"/></values></list>
        <container key="c"><string key="y" value="4"/></container>
        <id key="identity:id" value="9a"/><float key="cost:total" value="1.5"/><boolean key="b" value="true"/>
        <event><string key="deep" value="1"><string key="deeper" value="2"/></string><!-- said --><int key="n" value="7"/></event>
    </trace></log>"""
    (found,) = traces_of(document)
    assert found.attributes == {"outer": "1", "identity:id": "9a", "cost:total": "1.5", "b": "true"}
    assert found.events == ({"deep": "1", "n": "7"},)


def test_globals_classifiers_extensions_and_log_attributes_are_no_cases() -> None:
    document = f"""<log xes.version="1849.2016"><extension name="Time" prefix="time" uri="http://x"/>
        <global scope="event"><date key="time:timestamp" value="1970-01-01T00:00:00"/></global>
        <classifier name="c" keys="concept:name"/><string key="meta" value="m"><int key="n" value="1"/></string>
        <trace>{EVENT}{EVENT}</trace><trace/></log>"""
    assert [len(each.events) for each in traces_of(document)] == [2, 0]


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ("<log><trace>", "not well-formed"),
        ("<html><body/></html>", "root is <html>"),
        ("<log/>", "holds no <trace>"),
        ("<log><events><event/></events></log>", "OCEL"),
        ('<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><log><trace/>&b;</log>', "entities"),
        ('<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/passwd">]><log>&a;</log>', "entities"),
        (b'<?xml version="1.0" encoding="no-such-code"?><log/>', "encoding"),
        ("<log>" + "<a>" * 200 + "</a>" * 200 + "</log>", "in one another"),
    ],
)
def test_what_is_no_log_is_named(document: str | bytes, complaint: str) -> None:
    with pytest.raises(LogUnreadable, match=complaint):
        traces_of(document)


def test_traces_before_the_damage_are_read() -> None:
    found = []
    with pytest.raises(LogUnreadable):
        found.extend(read_traces(BytesIO(b"<log><trace/><trace/><trace")))
    stream = read_traces(BytesIO(b"<log><trace/><trace/><trace"))
    assert [next(stream).number, next(stream).number] == [1, 2]


def test_a_packed_file_that_is_cut_off_is_named() -> None:
    packed = gzip.compress(f"<log><trace>{EVENT * 1_000}</trace></log>".encode())
    with pytest.raises(LogUnreadable, match="cut off"):
        list(read_traces(gzip.GzipFile(fileobj=BytesIO(packed[: len(packed) // 2]))))


def test_a_trace_of_too_many_events_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "EVENTS_PER_TRACE_MAX", 3)
    with pytest.raises(TraceTooLong, match="number 2 holds more than 3"):
        traces_of(f"<log><trace/><trace>{EVENT * 4}</trace></log>")


def test_bytes_without_the_end_of_a_trace_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "BYTES_PER_TRACE_MAX", 100_000)
    endless = "<log>" + "<trace/>" * 50_000 + " " * 200_000
    with pytest.raises(SourceError, match="without the end of a trace"):
        traces_of(endless)


def test_the_receipt_log_has_its_known_size(shared_data: Path) -> None:
    with gzip.open(shared_data / "receipt.xes.gz") as stream:
        traces = list(read_traces(stream))
    assert len(traces) == 1_434
    assert sum(len(each.events) for each in traces) == 8_577
