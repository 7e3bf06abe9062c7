"""The cases of an XES log, read twice: once for what has to be known of the whole, once for its traces."""

from collections.abc import Iterator
from typing import IO

from tiendo_sources.xes.happenings import Unreadable
from tiendo_sources.xes.mapping import Mapping
from tiendo_sources.xes.reader import Trace, read_log
from tiendo_sources.xes.survey import surveyed
from tiendo_sources.xes.translation import Translation, XesTranslator


def read_cases(stream: IO[bytes], mapping: Mapping) -> Iterator[Translation | Unreadable]:
    """Yield the cases of the log in `stream`, which can be read from its beginning again, and what stands outside of them.

    Raises:
        SourceError: the log cannot be read on; what came before was yielded.
    """
    translator = XesTranslator(mapping, surveyed(stream, mapping))
    stream.seek(0)
    for part in read_log(stream, mapping.keys):
        yield translator.translate(part) if isinstance(part, Trace) else translator.left_out(part)
