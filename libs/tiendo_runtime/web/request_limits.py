"""The rate limits of requests: so many, so many bytes and so many at once of an address, and so many and so many bytes of a key or person."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from time import time
from typing import Final

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_runtime.settings import Settings

_AGAIN_SECONDS: Final = "1"


class RequestLimits:
    """Counts within this process, by the minute. A limit of 0 is none."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._requests = _item(settings.limit_requests)
        self._bytes = _item(settings.limit_megabytes * 1_000_000)
        self._at_once_max = settings.limit_connections
        self._at_once: Counter[str] = Counter()

    async def request_of(self, who: str) -> None:
        """Count a request of an address, key or person; raises `Refusal` (429) when there were too many within the minute."""
        await self._hit(self._requests, "requests", who, 1)

    async def bytes_of(self, who: str, size: int) -> None:
        """Count what somebody sent; raises `Refusal` (429) when it was too much within the minute."""
        if size:
            await self._hit(self._bytes, "bytes", who, size)

    @contextmanager
    def at_once(self, address: str) -> Iterator[None]:
        """Count a request of the address while it is answered; raises `Refusal` (429) when too many are."""
        if 0 < self._at_once_max <= self._at_once[address]:
            raise Refusal(ProblemKind.TOO_MANY_REQUESTS, headers={"Retry-After": _AGAIN_SECONDS})
        self._at_once[address] += 1
        try:
            yield
        finally:
            self._at_once[address] -= 1
            if not self._at_once[address]:
                del self._at_once[address]

    async def _hit(self, item: RateLimitItem | None, what: str, who: str, cost: int) -> None:
        if item is None or await self._limiter.hit(item, what, who, cost=cost):
            return
        window = await self._limiter.get_window_stats(item, what, who)
        seconds = max(1, ceil(window.reset_time - time()))
        raise Refusal(ProblemKind.TOO_MANY_REQUESTS, headers={"Retry-After": str(seconds)})


def _item(amount: int) -> RateLimitItem | None:
    return RateLimitItemPerMinute(amount) if amount else None
