"""The refused parts of an XES log as another log: whole traces, as what is mended in one has to stand with the rest of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from xml.sax.saxutils import quoteattr

from tiendo_sources.formats import RefusedFile
from tiendo_sources.refused_files import REASON, gathered, written_whole
from tiendo_sources.xes.reader import Attributes, Stray, Trace

_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0" xmlns="http://www.xes-standard.org/">\n'


@contextmanager
def refused_xes(_: BufferedReader, path: Path) -> Iterator[RefusedFile]:
    """The log of refused traces at `path`, each with the attributes that are read and why."""
    with written_whole(path) as file:
        file.write(_HEAD)

        def hand_on(original: Trace | Stray, reason: str) -> None:
            file.write(_element(original, reason).encode(errors="replace"))

        with gathered(hand_on) as gathering:
            yield gathering
        file.write(b"</log>\n")


def _element(original: Trace | Stray, reason: str) -> str:
    own = _attributes({**original.attributes, REASON: reason})
    if isinstance(original, Stray):
        return f"<{original.part}>{own}</{original.part}>\n"
    events = "".join(f"<event>{_attributes(event)}</event>\n" for event in original.events)
    return f"<trace>{own}\n{events}</trace>\n"


def _attributes(attributes: Attributes) -> str:
    return "".join(f"<string key={quoteattr(key)} value={quoteattr(value)}/>" for key, value in attributes.items())
