"""The formats of files that can be imported: each is a folder of this package, whose module `format` has it as the value `FORMAT`."""

import importlib.util
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from io import BufferedReader
from pathlib import Path
from typing import Any, Protocol

import tiendo_sources
from tiendo_contracts.events.case_events import AcceptedEvent, accept_text
from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_domain.rules import RuleBook
from tiendo_sources.file_remarks import FileRemark
from tiendo_sources.tables.cells import TableRow

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event of a file: its place among them from 0, where that is in words, its text, and the event or why it is refused.

    `original` is what it was made of, as the format's `RefusedFile` takes it: it goes into no log and no list.
    `case_id` is the case that something refused is about, where that can be told; `is_kept_whole` whether its text says all that it was refused for,
    so that it can be taken again by another mapping.
    """

    index: int
    where: str
    raw: bytes
    content: AcceptedEvent | Refusal
    original: Any = None
    case_id: str | None = None
    is_kept_whole: bool = False


class RefusedFile(Protocol):
    """A file in the format of the one that is read, with what was refused of that."""

    def write(self, original: Any, reason: str) -> None:  # noqa: ANN401 - each format's own
        """Add an entry's original with why it was refused; what comes several times in a row is one, with all the reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a file is read.

    `entries`: everything in it, in the order of the file, and what has to be told of it, by the rules in force; raises SourceError where
    it cannot be read on. `refused_file` begins, at a path, the file of what is refused of the one in the stream.
    `rules`: what is to be put in force before. `told`: what is to be said of reading it so. `identity` tells one way of reading from others.
    `source`: that of all events of the file, None where each says its own. `whole`: the file lists everything that the source has.
    """

    entries: Callable[[BufferedReader, RuleBook], Iterator[Entry | FileRemark]]
    refused_file: Callable[[BufferedReader, Path], AbstractContextManager[RefusedFile]] | None = None
    rules: Mapping[str, Any] = field(default_factory=dict)
    told: str | None = None
    identity: str = ""
    source: str | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeSheet:
    """A table of a file: its name (empty where the file is one table), what its file calls a row, and its rows, blank ones included at the beginning."""

    name: str
    place: str
    rows: Sequence[TableRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFormat:
    """A format: its name, the words by which messages describe what is read, and whether the first bytes of a file look like it.

    `reading`: how a file is read by the text of a mapping, or without one; raises MappingError. `takes_mapping`: whether it may have one.
    `suggested` gives the text of a mapping for a file, made of what its headings look like; `sheets` its tables one after the other, of at most
    so many rows each where that is said.
    `check` looks further into a file that looks like it, and raises SourceError for one that is none.
    `has_no_mark`: its files begin like those of others may, which are therefore tried first.
    """

    name: str
    described: str
    looks_like: Callable[[bytes], bool]
    reading: Callable[[str | None], Reading]
    takes_mapping: bool = False
    has_no_mark: bool = False
    check: Callable[[BufferedReader], None] | None = None
    suggested: Callable[[BufferedReader], str] | None = None
    sheets: Callable[..., Iterator[WholeSheet]] | None = None


@cache
def formats() -> Sequence[SourceFormat]:
    """Every format, by name, those without a mark of their own last; a folder without `format` reads no files."""
    folders = (
        f"tiendo_sources.{found.name}.format" for found in pkgutil.iter_modules(tiendo_sources.__path__) if found.ispkg
    )
    found = [importlib.import_module(folder).FORMAT for folder in folders if importlib.util.find_spec(folder)]
    return sorted(found, key=lambda one: (one.has_no_mark, one.name))


def accepted(text: bytes) -> AcceptedEvent | Refusal:
    """The event, judged as if it had been sent, or why it is refused."""
    try:
        return accept_text(text)
    except Refusal as refusal:
        return refusal


def text_of(head: bytes) -> bytes:
    """The first bytes of a text without the mark of UTF-8 and the white space before it."""
    return head.removeprefix(BYTE_ORDER_MARK).lstrip()
