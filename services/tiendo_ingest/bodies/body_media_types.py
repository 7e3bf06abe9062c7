"""What a body is, by its Content-Type and Content-Encoding."""

import re
from collections.abc import Sequence
from enum import StrEnum

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal

_CONTENT_TYPE = re.compile(r'\s*([!#$%&\'*+.^_`|~0-9a-z-]+/[!#$%&\'*+.^_`|~0-9a-z-]+)\s*((?:;[^"]*(?:"[^"]*"[^"]*)*)?)')
_CHARSET = re.compile(r';\s*charset\s*=\s*"?([^";\s]*)"?\s*(?=;|$)')
_UTF8 = frozenset({"utf-8", "utf8"})
_GZIP = frozenset({"gzip", "x-gzip"})
_PLAIN = frozenset({"", "identity"})


class MediaType(StrEnum):
    """The forms in which events come."""

    EVENT = "application/cloudevents+json"
    BATCH = "application/cloudevents-batch+json"
    STREAM = "application/x-ndjson"
    BINARY = "application/json"
    """One event in binary mode: its attributes are headers."""


def media_type_of(content_types: Sequence[str], known: Sequence[MediaType] = tuple(MediaType)) -> MediaType:
    """The one of `known` that the Content-Type headers name; raises `Refusal` (415) for any other, and for a charset other than UTF-8."""
    described = _CONTENT_TYPE.fullmatch(content_types[0].lower()) if len(content_types) == 1 else None
    if (
        described is None
        or described[1] not in known
        or not _UTF8.issuperset(charset.lower() for charset in _CHARSET.findall(described[2]))
    ):
        raise _unsupported(known)
    return MediaType(described[1])


def without_attributes() -> Refusal:
    """The refusal of plain JSON: without headers that name its attributes it is no event."""
    return _unsupported(list(MediaType))


def _unsupported(known: Sequence[str]) -> Refusal:
    named = [f"{name} with ce- headers" if name == MediaType.BINARY else name for name in known]
    return Refusal(ProblemKind.MEDIA_TYPE_UNSUPPORTED, field="Content-Type", values={"known": ", ".join(named)})


def is_packed(content_encodings: Sequence[str]) -> bool:
    """Whether the body is packed with gzip; raises `Refusal` (415) for every other encoding, and for several."""
    encodings = [each.strip().lower() for header in content_encodings for each in header.split(",")]
    named = [encoding for encoding in encodings if encoding not in _PLAIN]
    if len(named) > 1 or not _GZIP.issuperset(named):
        raise Refusal(ProblemKind.CONTENT_ENCODING_UNSUPPORTED, field="Content-Encoding")
    return bool(named)
