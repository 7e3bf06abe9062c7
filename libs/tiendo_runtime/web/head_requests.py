"""HEAD is answered as GET is, without the body (RFC 9110): the framework's own routes answer GET alone."""

from starlette.types import ASGIApp, Receive, Scope, Send


class HeadRequests:
    """Lets the routes see GET; the server, which knows what was asked, leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)
