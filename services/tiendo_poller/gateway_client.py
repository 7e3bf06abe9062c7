"""The gateway over HTTP: a token by client credentials, one page at a time, never faster than allowed.

What can go wrong with an answer is a GatewayFault, which passes: too late, cut off, too large, no page, refused, put off.
"""

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpx

from tiendo_poller import metrics
from tiendo_poller.errors import GatewayFault
from tiendo_runtime.retry_after import date_of_head, retry_after_seconds
from tiendo_sources.igate.configuration import GatewayConfiguration, client_secret
from tiendo_sources.igate.search_answers import SEARCH_PATH, Page, PageUnreadable, read_page, search_parameters

ANSWER_SIZE_MAX: Final = 64 * 1024 * 1024
_RETRY_AFTER_MAX_SECONDS: Final = 3_600.0
_TOKEN_SECONDS: Final = 60.0
_TOKEN_SECONDS_MAX: Final = 86_400.0
_TOKEN_MARGIN: Final = 0.8
"""Of a token's life this share is used, so that none expires on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """A page, when we got it, and what the gateway's clock said (None: it does not say)."""

    page: Page
    received_at: datetime
    gateway_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """An answer as a whole, unpacked."""

    status: int
    reason: str
    headers: httpx.Headers
    content: bytes


class GatewayClient:
    """An asynchronous context over which one page after the other is read."""

    def __init__(self, configuration: GatewayConfiguration) -> None:
        self._configuration = configuration
        self._http = httpx.AsyncClient(timeout=configuration.timeout_seconds, headers={"Accept": "application/json"})
        self._token: str | None = None
        self._renew_at = 0.0
        self._next_at = 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def search(self, page: int, bound: str | None) -> SearchAnswer:
        """A page of the search, from 0; `bound` is the least last change, as the gateway writes it. Raises GatewayFault."""
        configuration = self._configuration
        parameters = {**configuration.parameters}
        parameters |= search_parameters(page=page, size=configuration.page_size, sort=configuration.sort)
        if bound is not None and configuration.updated_from is not None:
            parameters[configuration.updated_from] = bound
        answer = await self._authorised(parameters)
        received_at = datetime.now(UTC).astimezone(configuration.zone)
        try:
            return SearchAnswer(
                page=read_page(answer.content),
                received_at=received_at,
                gateway_at=date_of_head(answer.headers.get("date")),
            )
        except PageUnreadable as error:
            raise self._fault(str(error), "unreadable") from error

    async def _authorised(self, parameters: dict[str, str]) -> _Answer:
        """The answer to a search; a token that the gateway takes no more is renewed once."""
        url = self._configuration.base_url + SEARCH_PATH
        for attempt in (1, 2):
            headers = {"Authorization": f"Bearer {await self._current_token()}"}
            answer = await self._sent("GET", url, params=parameters, headers=headers)
            if answer.status != httpx.codes.UNAUTHORIZED:
                self._check(answer, "the gateway")
                metrics.REQUESTS.labels(self._configuration.source, "answered").inc()
                return answer
            self._token = None
            metrics.REQUESTS.labels(self._configuration.source, "unauthorized").inc()
            if attempt > 1:
                break
        raise GatewayFault("the gateway answers 401 to a token that was just given: may this client read dossiers?")

    async def _current_token(self) -> str:
        now = asyncio.get_running_loop().time()
        if self._token is None or now >= self._renew_at:
            self._token, seconds = await self._new_token()
            self._renew_at = now + seconds * _TOKEN_MARGIN
        return self._token

    async def _new_token(self) -> tuple[str, float]:
        """A token and for how many seconds it is good."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self._configuration.client_id,
            "client_secret": client_secret(self._configuration),
        }
        answer = await self._sent("POST", self._configuration.token_url, data=form)
        self._check(answer, "the token's address")
        try:
            said: Any = json.loads(answer.content)
            token, seconds = said["access_token"], said.get("expires_in", _TOKEN_SECONDS)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise self._fault("the token's address answers without an access_token", "unreadable") from error
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise self._fault("the token's address answers without an access_token", "unreadable")
        known = isinstance(seconds, int | float) and 0 < seconds <= _TOKEN_SECONDS_MAX
        return token, float(seconds) if known else _TOKEN_SECONDS

    async def _sent(self, method: str, url: str, **parts: Any) -> _Answer:  # noqa: ANN401 - of a request, as httpx takes them
        """The whole answer, within the time allowed for it. Raises GatewayFault."""
        await self._pace()
        limit, host = self._configuration.timeout_seconds, urlsplit(url).hostname
        try:
            async with asyncio.timeout(limit):
                answer = await self._http.send(self._http.build_request(method, url, **parts), stream=True)
                try:
                    return _Answer(
                        status=answer.status_code,
                        reason=answer.reason_phrase,
                        headers=answer.headers,
                        content=await self._read(answer),
                    )
                finally:
                    await answer.aclose()
        except TimeoutError as error:
            raise self._fault(f"{host} did not answer within {limit:g} s", "timeout") from error
        except httpx.TimeoutException as error:
            raise self._fault(f"{host} did not answer within {limit:g} s", "timeout") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            what = str(error) or type(error).__name__
            raise self._fault(f"{host} cannot be asked: {what}", "unreachable") from error

    async def _read(self, answer: httpx.Response) -> bytes:
        parts, size = [], 0
        async for part in answer.aiter_bytes():
            size += len(part)
            if size > ANSWER_SIZE_MAX:
                raise self._fault(
                    f"the answer is larger than {ANSWER_SIZE_MAX} bytes: ask for smaller pages", "unreadable"
                )
            parts.append(part)
        return b"".join(parts)

    def _check(self, answer: _Answer, who: str) -> None:
        """Raises GatewayFault for what is no 200."""
        if answer.status == httpx.codes.OK:
            return
        after = retry_after_seconds(answer.headers, most=_RETRY_AFTER_MAX_SECONDS)
        outcome = "put-off" if answer.status == httpx.codes.TOO_MANY_REQUESTS else "refused"
        raise self._fault(f"{who} answers {answer.status} {answer.reason}".rstrip(), outcome, after)

    def _fault(self, what: str, outcome: str, retry_after_seconds: float = 0.0) -> GatewayFault:
        metrics.REQUESTS.labels(self._configuration.source, outcome).inc()
        return GatewayFault(what, retry_after_seconds=retry_after_seconds)

    async def _pace(self) -> None:
        """Wait until the next request may go."""
        now = asyncio.get_running_loop().time()
        start = max(now, self._next_at)
        self._next_at = start + 1 / self._configuration.requests_per_second
        if start > now:
            await asyncio.sleep(start - now)
