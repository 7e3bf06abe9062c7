"""`python -m tests.sources.fuzzing`: files of every format with bytes changed at random, read as an import reads them.

Whatever bytes a file holds, they give events, refusals with a reason, or a SourceError; never another error, and never without end.
"""

import argparse
import json
import random
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from itertools import islice
from pathlib import Path
from time import monotonic
from types import FunctionType
from typing import Any

import xlsxwriter
from tests.sources.table_files import HEADINGS, csv_text, mapping

from tiendo_contracts.problems.problem_documents import problem_document
from tiendo_contracts.problems.problem_kinds import Language
from tiendo_domain.rules import RuleBook
from tiendo_sources.errors import SourceError
from tiendo_sources.file_remarks import FileRemark
from tiendo_sources.formats import formats
from tiendo_sources.opening import opened_log

ENTRIES_MAX = 20_000
"""More come of no file as short as these are: a reader that gives more makes them up."""
SECONDS_MAX = 20.0
_CHANGES_MAX = 12
_TABLE = mapping(table={"row": "case"})
_ROWS = [("H-1", "15/08/2022 08:00", "29/08/2022 17:00", "30/08/2022 09:10", "Sở"), ("H-2", "44788.5", "44800", "", "")]


def _csv() -> bytes:
    return csv_text(*_ROWS).encode("utf-8-sig")


def _xlsx() -> bytes:
    written = BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((HEADINGS, *_ROWS)):
            sheet.write_row(number, 0, row)
        sheet.write_number(1, 1, 44788.3333, book.add_format({"num_format": "dd/mm/yyyy hh:mm"}))
    return written.getvalue()


def _xes() -> bytes:
    def said(kind: str, key: str, value: str) -> str:
        return f'<{kind} key="{key}" value="{value}"/>'

    event = said("date", "time:timestamp", "2011-10-11T09:00:00+02:00") + said("string", "org:resource", "R")
    trace = f"<trace>{said('string', 'concept:name', 'c')}<event>{event}</event><event>{event}</event></trace>"
    return f'<?xml version="1.0" encoding="UTF-8"?><log xes.version="1.0">{trace * 2}</log>'.encode()


def _ocel() -> bytes:
    related = [{"objectId": "c", "qualifier": "case"}, {"objectId": "r", "qualifier": "resource"}]
    events = [
        {
            "id": f"e{one}",
            "type": "check",
            "time": "2022-08-15T08:00:00+07:00",
            "attributes": [],
            "relationships": related,
        }
        for one in range(2)
    ]
    objects = [{"id": "c", "type": "case"}, {"id": "r", "type": "resource"}]
    return json.dumps({"objectTypes": [], "eventTypes": [], "events": events, "objects": objects}).encode()


def _ndjson() -> bytes:
    event = {
        "specversion": "1.0",
        "id": "e-1",
        "source": "/a",
        "type": "vn.tiendo.case.received.v1",
        "subject": "c",
        "time": "2022-08-15T08:05:00+07:00",
        "data": {"holder": {"id": "CC-1", "name": "Nguyễn Thị Ánh"}},
    }
    return (json.dumps(event, ensure_ascii=False) + "\r\n\r\n" + json.dumps(event) + "\n").encode()


SEEDS: Mapping[str, tuple[Callable[[], bytes], str | None]] = {
    "csv": (_csv, _TABLE),
    "xlsx": (_xlsx, _TABLE),
    "xes": (_xes, None),
    "ocel": (_ocel, None),
    "ndjson": (_ndjson, None),
}
"""Format -> a small good file, and the mapping that it is read by."""
_DICTIONARY = (
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b'"',
    b"&#0;",
    b"<!ENTITY x 'y'>",
    b"&x;",
    b"\\ud800",
    b"1e999",
    b"-1",
    b"9" * 40,
    b"{" * 60,
)


def changed(good: bytes, chance: random.Random) -> bytes:
    """The bytes with a few changes; of a ZIP archive also within its parts, packed again."""
    if good.startswith(b"PK") and chance.random() < 0.8:
        return _changed_parts(good, chance)
    data = bytearray(good)
    for _ in range(chance.randint(1, _CHANGES_MAX)):
        place = chance.randrange(len(data) + 1)
        end = min(len(data), place + chance.choice([0, 1, 1, 2, 8, 64]))
        match chance.randrange(5):
            case 0:
                data[place:end] = chance.randbytes(end - place)
            case 1:
                del data[place:end]
            case 2:
                data[place:place] = chance.choice(_DICTIONARY)
            case 3:
                data[place:place] = data[place:end] * chance.choice([1, 2, 50])
            case _ if chance.random() < 0.1:
                del data[place:]
            case _:
                data[place:end] = bytes(byte ^ (1 << chance.randrange(8)) for byte in data[place:end])
    return bytes(data)


def _changed_parts(good: bytes, chance: random.Random) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(good)) as archive, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as again:
        names = archive.namelist()
        wrong = set(chance.sample(names, chance.randint(1, 2)))
        for name in names:
            part = archive.read(name)
            again.writestr(name, changed(part, chance) if name in wrong else part)
    return written.getvalue()


def hold_reading(data: bytes, mapping_text: str | None, folder: Path) -> None:
    """Hold that reading the file gives entries and remarks, or a SourceError, and ends."""
    path = folder / "file"
    path.write_bytes(data)
    began = monotonic()
    try:
        with opened_log(path) as log:
            text = mapping_text if log.format.takes_mapping else None
            for each in islice(log.format.reading(text).entries(log.stream, RuleBook()), ENTRIES_MAX + 1):
                _hold_told(each)
                assert monotonic() - began < SECONDS_MAX, "the file is read without end"
    except SourceError as error:
        if not str(error):
            raise


def _hold_told(each: Any) -> None:
    if isinstance(each, FileRemark):
        return
    assert each.index < ENTRIES_MAX
    if isinstance(each.content, Exception):
        assert problem_document(each.content, Language.VIETNAMESE)["detail"]


def _functions() -> Iterator[FunctionType]:
    """Yield every function of tiendo_sources, also those of its classes."""
    formats()
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith("tiendo_sources.")]
    for module in modules:
        members = [one for one in vars(module).values() if getattr(one, "__module__", None) == module.__name__]
        classes = [one for one in members if isinstance(one, type)]
        yield from (one for one in members if isinstance(one, FunctionType))
        yield from (one for of in classes for one in vars(of).values() if isinstance(one, FunctionType))


def guided(name: str, seconds: int) -> None:
    """Let atheris change the good file, guided by what the code does with it; ends the process. What fails it keeps as `crash-…`."""
    import atheris  # noqa: PLC0415 - where it is installed

    for function in _functions():
        atheris.instrument_func(function)
    make, mapping_text = SEEDS[name]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as corpus:
        (Path(corpus) / "good").write_bytes(make())
        limits = [f"-max_total_time={seconds}", "-timeout=25", "-rss_limit_mb=2048", "-max_len=20000", "-verbosity=0"]
        atheris.Setup([name, *limits, corpus], lambda data: hold_reading(data, mapping_text, Path(folder)))
        atheris.Fuzz()


def main() -> None:
    """Change and read for so many seconds, each format in turn; what fails is kept beside."""
    parser = argparse.ArgumentParser(prog="python -m tests.sources.fuzzing", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for each format")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--guided", action="store_true", help="by atheris, guided by coverage; one format")
    parser.add_argument("formats", nargs="*", default=list(SEEDS))
    asked = parser.parse_args()
    if asked.guided:
        guided(asked.formats[0], int(asked.seconds))
    seed = random.SystemRandom().randrange(2**32) if asked.seed is None else asked.seed
    with tempfile.TemporaryDirectory() as folder:
        for name in asked.formats:
            make, mapping_text = SEEDS[name]
            chance, good, began, number = random.Random(f"{seed}/{name}"), make(), monotonic(), 0
            while monotonic() - began < asked.seconds:
                data = changed(good, chance)
                number += 1
                try:
                    hold_reading(data, mapping_text, Path(folder))
                except BaseException:
                    kept = Path(f"fuzz-{name}-{seed}-{number}.bin")
                    kept.write_bytes(data)
                    sys.stderr.write(f"{name}: seed {seed}, file {number}, kept as {kept}\n")
                    raise
            sys.stdout.write(f"{name}: {number:,} files, seed {seed}\n")


if __name__ == "__main__":
    main()
