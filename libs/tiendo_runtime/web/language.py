"""The language of an answer."""

from fastapi import Request

from tiendo_contracts.problems import Language


def language_of(request: Request, default: Language = Language.ENGLISH) -> Language:
    """The language that `Accept-Language` prefers of those that are spoken here; `default` where it names none of them."""
    best, best_weight = default, 0.0
    for entry in request.headers.get("accept-language", "")[:500].split(","):
        name, _, parameters = entry.partition(";")
        weight = _weight(parameters)
        tag = name.strip().lower().split("-")[0]
        if tag in {"en", "vi"} and weight > best_weight:
            best, best_weight = Language(tag), weight
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value) if 0.0 <= float(value) <= 1.0 else 0.0
    except ValueError:
        return 0.0
