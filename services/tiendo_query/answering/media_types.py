"""Which of the forms that an answer comes in the caller prefers."""

from collections.abc import Sequence
from typing import Final

_HEADER_LENGTH_MAX: Final = 1_000


def preferred(accept: str | None, known: Sequence[str]) -> str | None:
    """The media type of `known` that `Accept` weighs most, the first of equals; None where it takes none of them."""
    if accept is None or not accept.strip():
        return known[0]
    weights = [_weight(accept[:_HEADER_LENGTH_MAX], media_type) for media_type in known]
    return known[weights.index(max(weights))] if max(weights) > 0 else None


def _weight(accept: str, media_type: str) -> float:
    """The weight of the most exact entry that fits."""
    best, best_exactness = 0.0, -1
    for entry in accept.lower().split(","):
        name, *parameters = (part.strip() for part in entry.split(";"))
        exactness = (name == media_type) * 2 + (name == f"{media_type.partition('/')[0]}/*")
        if (exactness or name == "*/*") and exactness > best_exactness:
            best, best_exactness = _quality(parameters), exactness
    return best


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                return 0.0
            return quality if 0 <= quality <= 1 else 0.0
    return 1.0
