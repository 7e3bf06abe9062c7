"""The formats of files that can be imported: each is a folder of this package, whose module `format` has it as the value `FORMAT`."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from io import BufferedReader
from typing import Any

import tiendo_sources
from tiendo_contracts.case_events import AcceptedEvent, accept_text
from tiendo_contracts.problem_kinds import Refusal
from tiendo_sources.file_remarks import FileRemark

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event of a file: its place among them from 0, where that is in words, its text, and the event or why it is refused."""

    index: int
    where: str
    raw: bytes
    content: AcceptedEvent | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a file is read.

    `entries`: everything in it, in the order of the file, and what has to be told of it; raises SourceError where it cannot be read on.
    `rules`: what is to be put in force before. `told`: what is to be said of reading it so. `identity` tells one way of reading from others.
    """

    entries: Callable[[BufferedReader], Iterator[Entry | FileRemark]]
    rules: Mapping[str, Any] = field(default_factory=dict)
    told: str | None = None
    identity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFormat:
    """A format: its name, the words by which messages describe what is read, and whether the first bytes of a file look like it.

    `reading`: how a file is read by the text of a mapping, or without one; raises MappingError. `takes_mapping`: whether it may have one.
    """

    name: str
    described: str
    looks_like: Callable[[bytes], bool]
    reading: Callable[[str | None], Reading]
    takes_mapping: bool = False


@cache
def formats() -> Sequence[SourceFormat]:
    """Every format, by name."""
    folders = (found.name for found in pkgutil.iter_modules(tiendo_sources.__path__) if found.ispkg)
    modules = (f"tiendo_sources.{folder}.format" for folder in folders)  # what is no file has none
    found = [importlib.import_module(module).FORMAT for module in modules if find_spec(module) is not None]
    return sorted(found, key=lambda one: one.name)


def accepted(text: bytes) -> AcceptedEvent | Refusal:
    """The event, judged as if it had been sent, or why it is refused."""
    try:
        return accept_text(text)
    except Refusal as refusal:
        return refusal


def text_of(head: bytes) -> bytes:
    """The first bytes of a text without the mark of UTF-8 and the white space before it."""
    return head.removeprefix(BYTE_ORDER_MARK).lstrip()
