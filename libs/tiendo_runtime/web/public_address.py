"""The address by which browsers reach the service: what proxies stand before it is told by TIENDO_PUBLIC_URL alone."""

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_runtime.web.parts import running_of

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES: Final = frozenset({"same-origin", "none"})


def public_origin(request: Request) -> str:
    """Scheme, host and port as browsers name them; without the setting those of the request."""
    public_url = running_of(request).settings.public_url
    return _asked_origin(request) if public_url is None else _origin(public_url)


def is_secure(request: Request) -> bool:
    """Whether browsers reach the service over TLS."""
    return public_origin(request).startswith("https://")


async def from_own_pages(request: Request) -> None:
    """Refuse what a page of another origin lets a browser change (403), on whatever address. What says no origin comes from no page.

    Browsers name it with every POST. A key in the header is sent by no browser of itself.
    """
    if request.method in _READING or "authorization" in request.headers:
        return
    if not _is_from_own_page(request):
        raise Refusal(ProblemKind.OTHER_ORIGIN)


def _is_from_own_page(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in _OWN_SITES
    origin = request.headers.get("origin")
    return origin is None or origin in {public_origin(request), _asked_origin(request)}


def _asked_origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
