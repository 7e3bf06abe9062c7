"""What a request is told that has not ended when the service stops."""

import asyncio
import json

from prometheus_client import CollectorRegistry
from starlette.types import Message, Receive, Scope, Send

from tiendo_runtime.web.observing import Observing


async def test_a_request_that_outlasts_the_service_is_told_to_come_again() -> None:
    sent: list[Message] = []

    async def endless(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.Event().wait()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/v1/events", "headers": [], "query_string": b""}
    request = asyncio.ensure_future(Observing(endless, CollectorRegistry())(scope, receive, send))
    asyncio.get_running_loop().call_soon(request.cancel)
    await asyncio.wait({request})
    start, body = sent
    assert (start["status"], json.loads(body["body"])["type"]) == (503, "/problems/not-ready")
    assert b"retry-after" in dict(start["headers"])
