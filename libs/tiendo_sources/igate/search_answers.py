"""One answer of the gateway to a search: the dossiers on a page, and whether more follow."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

SEARCH_PATH: Final = "/pa/dossier/search"

_INTEGER_LENGTH_MAX: Final = 40
_WRITTEN: Final = re.compile(r"\d{4}-\d\d-\d\d(?P<sign>[T ])\d\d:\d\d:\d\d(?:\.(?P<fraction>\d+))?(?P<offset>\D.*)?")


class PageUnreadable(ValueError):  # noqa: N818 - it names the state of the answer
    """The answer is no page of dossiers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The entries of one page; `is_last` is None where the gateway does not say, and an empty page is the end then."""

    entries: list[Any]
    is_last: bool | None


def read_page(text: bytes) -> Page:
    """The page that an answer holds: an object with `content`, or the bare list. Raises PageUnreadable."""
    try:
        value = json.loads(text, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise PageUnreadable("the answer is not JSON, or was cut off") from error
    if isinstance(value, list):
        return Page(entries=value, is_last=None)
    entries = value.get("content") if isinstance(value, dict) else None
    if not isinstance(entries, list):
        raise PageUnreadable("the answer has no list `content`")
    last, number, total = (value.get(name) for name in ("last", "number", "totalPages"))
    if not isinstance(last, bool):
        last = number + 1 >= total if isinstance(number, int) and isinstance(total, int) else None
    return Page(entries=entries, is_last=last)


def search_parameters(*, page: int, size: int, sort: str) -> dict[str, str]:
    """The parameters of every search."""
    return {"page": str(page), "size": str(size), "sort": sort}


def written_like(sample: str, instant: datetime, before: timedelta) -> str:
    """The instant so much `before`, written as the gateway wrote it in `sample`: with as many digits, and the same kind of offset, or in milliseconds."""
    earlier = instant - before
    if sample.isdecimal():
        return str(int(earlier.timestamp() * 1_000))
    found = _WRITTEN.fullmatch(sample.strip())
    if found is None:
        return earlier.isoformat()
    fraction, offset = found["fraction"], found["offset"] or ""
    text = earlier.strftime(f"%Y-%m-%d{found['sign']}%H:%M:%S")
    if fraction:
        text += f".{earlier.microsecond:06}".ljust(len(fraction) + 1, "0")[: len(fraction) + 1]
    if offset.upper() == "Z":
        return text + offset
    return text + ("" if not offset else earlier.strftime("%z") if ":" not in offset else earlier.isoformat()[-6:])


def _integer(digits: str) -> int | str:
    """A number of the answer; one of absurd length as the text that it is."""
    return int(digits) if len(digits) <= _INTEGER_LENGTH_MAX else digits
