"""The cases of an XES log, read twice: once for what has to be known of the whole, once for its traces."""

from collections.abc import Iterator
from typing import IO

from tiendo_sources.file_remarks import FileRemark
from tiendo_sources.xes.happenings import Unreadable
from tiendo_sources.xes.mapping import Mapping
from tiendo_sources.xes.reader import Stray, Trace, read_log
from tiendo_sources.xes.survey import surveyed
from tiendo_sources.xes.translation import Translation, XesTranslator


def read_cases(
    stream: IO[bytes], mapping: Mapping
) -> Iterator[tuple[Trace | Stray, Translation | Unreadable] | FileRemark]:
    """Yield the cases of the log in `stream`, which can be read from its beginning again, what stands outside of them, and what to tell.

    Raises:
        SourceError: the log cannot be read on; what came before was yielded.
    """
    survey = surveyed(stream, mapping)
    yield from survey.remarks
    translator = XesTranslator(mapping, survey)
    stream.seek(0)
    for part in read_log(stream, mapping.keys):
        if isinstance(part, Trace):
            case = translator.translate(part)
            yield part, case
            yield from case.remarks
        else:
            yield part, translator.left_out(part)
