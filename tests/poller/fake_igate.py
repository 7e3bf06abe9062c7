"""A gateway of iGate as a real HTTP server: tokens by client credentials, pages of dossiers, and every way to answer badly that was asked for."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from tests.http_servers import served_over_http

Json = dict[str, Any]

CLIENT, SECRET = "tiendo", "s3cret"
START = datetime.fromisoformat("2022-08-15T07:00:00+07:00")


def written(instant: datetime) -> str:
    """An instant as the gateway writes it."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03}" + instant.strftime("%z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search that was made: its page and its lower bound."""

    page: int
    bound: str | None


@dataclass(slots=True)
class FakeGateway:
    """What the gateway knows and how it answers; `faults` are taken one a search, `after_page` is called when a page was made.

    `clock` is the gateway's own; it moves only when told.
    """

    clock: datetime = START
    dossiers: dict[str, Json] = field(default_factory=dict)
    faults: deque[str] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)
    after_page: Callable[[Json], None] = lambda _: None
    tokens_given: int = 0
    valid: set[str] = field(default_factory=set)
    address: str = ""
    says_last: bool = True
    heeds_page: bool = True
    token_answer: bytes | None = None
    sent: set[str] = field(default_factory=set)

    def put(self, dossier_id: str, **members: Any) -> Json:
        """Change members of a dossier, or make it; it was changed now."""
        dossier = self.dossiers.setdefault(dossier_id, {"id": dossier_id, "code": f"H34-{dossier_id}", "task": []})
        dossier |= {**members, "updatedDate": written(self.clock)}
        return dossier

    def tick(self, minutes: float = 1) -> None:
        """Let the gateway's clock go on, or back."""
        self.clock += timedelta(minutes=minutes)

    def found(self, parameters: dict[str, str]) -> Json:
        bound = parameters.get("updated-from")
        name, _, direction = parameters["sort"].partition(",")
        matching = [
            each
            for each in self.dossiers.values()
            if bound is None or datetime.fromisoformat(each["updatedDate"]) >= datetime.fromisoformat(bound)
        ]
        matching.sort(key=lambda each: each.get(name) or "", reverse=direction == "desc")
        page, size = int(parameters["page"]) if self.heeds_page else 0, int(parameters["size"])
        self.asked.append(Asked(page=page, bound=bound))
        content = matching[page * size : (page + 1) * size]
        self.sent |= {each["updatedDate"] for each in content}
        answer: Json = {"content": content, "number": page, "size": size}
        if self.says_last:
            answer |= {"totalElements": len(matching), "last": (page + 1) * size >= len(matching)}
        return answer

    async def __call__(self, scope: Json, receive: Callable[[], Any], send: Callable[[Json], Any]) -> None:
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        if scope["path"] == "/token":
            await self._give_token(body, send)
        elif scope["path"] == "/pa/dossier/search":
            await self._search(scope, send)
        else:
            await _answer(send, 404, {})

    async def _give_token(self, body: bytes, send: Callable[[Json], Any]) -> None:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if form != {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": SECRET}:
            await _answer(send, 401, {"error": "invalid_client"})
            return
        if self.token_answer is not None:
            await _answer(send, 200, self.token_answer)
            return
        self.tokens_given += 1
        token = f"token-{self.tokens_given}"
        self.valid = {token}
        await _answer(send, 200, {"access_token": token, "expires_in": 300, "token_type": "Bearer"})

    async def _search(self, scope: Json, send: Callable[[Json], Any]) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        if headers.get("authorization", "").removeprefix("Bearer ") not in self.valid:
            await _answer(send, 401, {"error": "unauthorized"})
            return
        fault = self.faults.popleft() if self.faults else ""
        if fault == "slow":
            await asyncio.sleep(60)
        elif fault == "500":
            await _answer(send, 500, {"error": "internal"})
        elif fault == "429":
            await _answer(send, 429, {}, [(b"retry-after", b"1")])
        elif fault == "html":
            await _answer(send, 200, b"<html>maintenance</html>")
        else:
            page = self.found({name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()})
            text = json.dumps(page).encode()
            self.after_page(page)
            await _answer(send, 200, text[: len(text) // 2] if fault == "cut" else text)


async def _answer(send: Callable[[Json], Any], status: int, body: Json | bytes, more: Any = ()) -> None:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = [(b"content-type", b"application/json"), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})


@asynccontextmanager
async def serving(gateway: FakeGateway) -> AsyncIterator[FakeGateway]:
    """The gateway, answering under its `address`."""
    async with served_over_http(gateway) as gateway.address:
        yield gateway
