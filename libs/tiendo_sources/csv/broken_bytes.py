"""Bytes that are no text of their encoding: they become a mark by which the cell is known, and the rest is read on."""

import codecs

from tiendo_sources.tables.cells import BROKEN

KEEP_GOING = "tiendo-broken-bytes"
"""The name of the handler of errors in decoding."""


def _marked(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return BROKEN, error.end


codecs.register_error(KEEP_GOING, _marked)
