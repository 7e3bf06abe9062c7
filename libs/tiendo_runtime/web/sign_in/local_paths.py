"""Addresses within this service, to go back to after signing in: never another host (no open redirect)."""

import re
from typing import Final

from fastapi import Request

_LENGTH_MAX: Final = 2_000
# Printable ASCII alone: browsers drop tabs and line breaks from addresses and read a backslash as a slash.
_LOCAL: Final = re.compile(r"/(?!/)[!-\[\]-~]*")
_NEVER: Final = re.compile(r"/sign-(in|out)(/.*)?")


def local_path(text: str | None) -> str | None:
    """The path and query as they were given; None for what leads to another host, or to signing in or out again."""
    if text is None or len(text) > _LENGTH_MAX or _LOCAL.fullmatch(text) is None:
        return None
    return None if _NEVER.fullmatch(text.partition("?")[0]) else text


def path_of(request: Request) -> str | None:
    """Where the browser is, as it asked for it; None where asking again is not the same (another method), or leads nowhere."""
    if request.method not in {"GET", "HEAD"}:
        return None
    path = (request.scope.get("raw_path") or request.url.path.encode()).decode("latin-1").partition("?")[0]
    query = request.scope.get("query_string", b"").decode("latin-1")
    return local_path(f"{path}?{query}" if query else path)
