"""HEAD is answered as GET is, without the body (RFC 9110): the framework's own routes answer GET alone."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadRequests:
    """Lets the routes see GET; the answer ends with its head, so that what would go on (a stream, a long file) is broken off as for a reader who left."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            await self._app({**scope, "method": "GET"}, receive, _head_alone(send))
        else:
            await self._app(scope, receive, send)


def _head_alone(send: Send) -> Send:
    async def head_alone(message: Message) -> None:
        if message["type"] == "http.response.start":
            await send(message)
            await send({"type": "http.response.body"})

    return head_alone
