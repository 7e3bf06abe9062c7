"""A program that receives webhooks, as a real HTTP server: keeps what comes with a true signature, and answers as it is asked to."""

import base64
import hashlib
import hmac
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.http_servers import served_over_http

from tiendo_contracts.webhook_list import Webhook
from tiendo_runtime.webhook_targets import WebhookTarget, new_secret

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Received:
    """A request as it came, and whether the signature is that of whoever knows the secret, by Standard Webhooks."""

    id: str
    event: Json
    is_signed: bool
    media_type: str


@dataclass(slots=True, kw_only=True)
class Receiver:
    """Answers 204, or what `answers` holds next: status and headers, with the body `said`."""

    secret: str = field(default_factory=new_secret)
    address: str = ""
    received: list[Received] = field(default_factory=list)
    said: bytes = b"not now\nplease"
    answers: deque[tuple[int, list[tuple[bytes, bytes]]]] = field(default_factory=deque)

    def target(self, folder: Path, name: str = "here", units: tuple[str, ...] | None = None) -> WebhookTarget:
        """The webhook as settings list it."""
        path = folder / f"{name}.secret"
        path.write_text(self.secret)
        webhook = Webhook(name=name, url=f"{self.address}/tiendo", secret_file=path.name, units=units)
        return WebhookTarget(webhook=webhook, secret_path=path)

    @property
    def ids(self) -> list[str]:
        """What came, by the id of the event."""
        return [one.id for one in self.received]

    async def __call__(self, scope: Json, receive: Callable[[], Any], send: Callable[[Json], Any]) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.received.append(
            Received(
                id=headers["webhook-id"],
                event=json.loads(body),
                is_signed=headers["webhook-signature"] == self._signature(headers, body),
                media_type=headers["content-type"],
            )
        )
        status, answered = self.answers.popleft() if self.answers else (204, [])
        await send({"type": "http.response.start", "status": status, "headers": answered})
        await send({"type": "http.response.body", "body": b"" if status == 204 else self.said})

    def _signature(self, headers: dict[str, str], body: bytes) -> str:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver that answers under its `address`."""
    receiver = Receiver()
    async with served_over_http(receiver) as receiver.address:
        yield receiver
