"""The cases of an XES log, read twice: once for what has to be known of the whole, once for its traces."""

from collections.abc import Callable, Iterable, Iterator
from typing import IO

from tiendo_sources.file_remarks import FileRemark
from tiendo_sources.xes.happenings import Unreadable
from tiendo_sources.xes.mapping import Mapping
from tiendo_sources.xes.reader import Stray, Trace, read_log
from tiendo_sources.xes.survey import surveyed
from tiendo_sources.xes.translation import Translation, XesTranslator

Cases = Iterator[tuple[Trace | Stray, Translation | Unreadable] | FileRemark]


def read_cases(stream: IO[bytes], mapping: Mapping) -> Cases:
    """Yield the cases of the log in `stream`, which can be read from its beginning again, what stands outside of them, and what to tell.

    Raises:
        SourceError: the log cannot be read on; what came before was yielded.
    """

    def parts(keys: frozenset[str]) -> Iterator[Trace | Stray]:
        stream.seek(0)
        return read_log(stream, keys)

    return cases_of_parts(parts, mapping)


def cases_of_parts(parts: Callable[[frozenset[str]], Iterable[Trace | Stray]], mapping: Mapping) -> Cases:
    """The same of a log of any notation, whose parts `parts` gives as often as it is asked, with the attributes of those keys at least."""
    survey = surveyed(parts(mapping.case_keys | {mapping.event.transition}), mapping)
    yield from survey.remarks
    translator = XesTranslator(mapping, survey)
    for part in parts(mapping.keys):
        if isinstance(part, Trace):
            case = translator.translate(part)
            yield part, case
            yield from case.remarks
        else:
            yield part, translator.left_out(part)
