"""One connection of a caller: the only place that knows uvicorn's private parts.

A test names the versions of uvicorn and httptools that this was read against; who raises them reads their code again.

What the framework leaves open is closed here, before any key is looked at: offers to change the protocol are passed over and the body is read,
heads are bounded and have a term, a body that hardly comes is cut off, and a connection on which nothing happens is closed.
"""

import asyncio
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httptools
from uvicorn._types import ASGIReceiveEvent, HTTPRequestEvent
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from tiendo_contracts.problems.problem_documents import MEDIA_TYPE, problem_document
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal

HEAD_SIZE_MAX: Final = 64 * 1024
HEADERS_MAX: Final = 200
HEAD_SECONDS: Final = 30.0
IDLE_SECONDS: Final = 75
SILENCE_SECONDS: Final = 30.0
MINUTE_SECONDS: Final = 60.0
MINUTE_SIZE_MIN: Final = 1024
LOOK_SECONDS: Final = 5.0
"""How often the pace of a body is looked at."""

LINGER_SECONDS: Final = 2.0
"""How long what is still sent is thrown away, so that a refusal is read before the connection goes."""

_OFFERS: Final = frozenset({b"upgrade", b"http2-settings"})


@dataclass(slots=True)
class BodyPace:
    """How fast a body comes: a byte every 30 s and 1 KiB a minute are asked for. What is given to `look` is time that the caller had to send."""

    come: int = 0
    silent_seconds: float = 0.0
    minute_seconds: float = 0.0
    minute_size: int = 0

    def look(self, seconds: float) -> bool:
        """Whether the body is too slow, `seconds` after the last look."""
        self.silent_seconds = 0.0 if self.come else self.silent_seconds + seconds
        self.minute_seconds += seconds
        self.minute_size += self.come
        self.come = 0
        if self.silent_seconds >= SILENCE_SECONDS:
            return True
        if self.minute_seconds < MINUTE_SECONDS:
            return False
        slow = self.minute_size < MINUTE_SIZE_MIN
        self.minute_seconds, self.minute_size = 0.0, 0
        return slow


class Connection(HttpToolsProtocol):
    """uvicorn's connection within the limits above, which does right by a caller that closes its sending side, or everything, early."""

    _in_head = False
    _head_size = 0
    _head_come = 0
    _headers_count = 0
    _too_large = False
    _refused = False
    _pace: BodyPace | None = None
    _head_timer: asyncio.TimerHandle | None = None
    _pace_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in the class above
        """Begin with waiting for the first request, but not for ever."""
        super().connection_made(transport)
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def connection_lost(self, exc: Exception | None) -> None:
        """End everything that waited for the caller."""
        self._unset_keepalive_if_required()
        self._end_head()
        self._end_body()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what the caller sends."""
        if self._refused:
            return
        try:
            self._feed(data)
        except httptools.HttpParserError:
            self._refuse(ProblemKind.HEAD_TOO_LARGE if self._too_large else ProblemKind.REQUEST_REFUSED)
            return
        if self._in_head:
            self._head_come += len(data)
            if self._head_come > HEAD_SIZE_MAX:
                self._refuse(ProblemKind.HEAD_TOO_LARGE)
        elif self._pace is not None and self._pace_timer is None:
            self._pace_timer = self.loop.call_later(LOOK_SECONDS, self._look)

    def eof_received(self) -> bool:  # type: ignore[override] # as asyncio.Protocol has it; uvicorn's returns None only
        """Whether the connection stays open for the answer to a request that has come whole."""
        cycle = self.cycle
        if self._refused or cycle is None or cycle.more_body or cycle.response_complete:
            return False
        cycle.keep_alive = False
        return True

    def on_message_begin(self) -> None:
        """The first byte of a head."""
        super().on_message_begin()
        self._unset_keepalive_if_required()
        self._end_head()
        self._in_head = True
        self._head_size = self._head_come = self._headers_count = 0
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._head_late)

    def on_url(self, url: bytes) -> None:
        """A piece of the target."""
        self._count_head(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; those after the body, which nobody here reads, are counted and let go."""
        self._headers_count += 1
        self._count_head(len(name) + len(value) + 4)
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin a request, but for one that offers another protocol: that is read again without the offer."""
        self._end_head()
        self._head_size = self._headers_count = 0
        if self.parser.should_upgrade():
            return
        self._unset_keepalive_if_required()
        super().on_headers_complete()
        if type(self.cycle) is RequestResponseCycle:
            self.cycle.__class__ = _Exchange
        self._pace = BodyPace()

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        if self._pace is not None:
            self._pace.come += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The end of a request."""
        if self.parser.should_upgrade():
            return
        self._end_body()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - what uvicorn would say is replaced
        """Refuse what is no HTTP, as everything is refused here."""
        self._refuse(ProblemKind.REQUEST_REFUSED)

    def _feed(self, data: bytes) -> None:
        """Parse; a head that offers another protocol, behind which the parser stops, is given to a new parser without the offer."""
        while data:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as offer:
                if self.parser.get_method() == b"CONNECT":
                    raise httptools.HttpParserError("CONNECT is for proxies") from None
                data = self._head_without_offer() + data[offer.args[0] :]
                self.parser = httptools.HttpRequestParser(self)
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
            else:
                return

    def _head_without_offer(self) -> bytes:
        first = b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())
        lines = [first]
        for name, value in self.headers:
            if name == b"connection":
                kept = [word for word in value.split(b",") if word.strip().lower() not in _OFFERS]
                lines += [b"connection: " + b",".join(kept)] if kept else []
            elif name not in _OFFERS:
                lines.append(b"%s: %s" % (name, value))
        return b"\r\n".join([*lines, b"", b""])

    def _count_head(self, size: int) -> None:
        self._head_size += size
        if self._head_size > HEAD_SIZE_MAX or self._headers_count > HEADERS_MAX:
            self._too_large = True
            raise ValueError("head too large")

    def _end_head(self) -> None:
        self._in_head = False
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _end_body(self) -> None:
        self._pace = None
        if self._pace_timer is not None:
            self._pace_timer.cancel()
            self._pace_timer = None

    def _head_late(self) -> None:
        self._refuse(ProblemKind.REQUEST_TOO_SLOW)

    def _look(self) -> None:
        """Cut the body off if it hardly comes; while it is us who do not read, or who have not asked for it, time does not count."""
        self._pace_timer = None
        cycle = self.cycle
        if self._pace is None or cycle.response_complete:
            return
        waiting = not self.flow.read_paused and not cycle.waiting_for_100_continue
        if waiting and self._pace.look(LOOK_SECONDS):
            self._refuse(ProblemKind.REQUEST_TOO_SLOW)
            return
        self._pace_timer = self.loop.call_later(LOOK_SECONDS, self._look)

    def _refuse(self, kind: ProblemKind) -> None:
        """Read no more of this caller. A request that has begun is answered where it is read; else the answer is given here."""
        self._refused = True
        self._end_head()
        self._end_body()
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            cycle.keep_alive = False
            if isinstance(cycle, _Exchange) and cycle.more_body:
                cycle.cut_off = True
                cycle.message_event.set()
            return
        if self.transport.is_closing():
            return
        self._unset_keepalive_if_required()
        self.transport.write(_answer(kind))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.close)


class _Exchange(RequestResponseCycle):
    """uvicorn's request and its answer, which hands over what had come before it tells that the rest will not come."""

    cut_off = False

    async def receive(self) -> ASGIReceiveEvent:
        if self.cut_off and not self.disconnected and not self.response_complete:
            return self._come() if self.body else {"type": "http.disconnect"}
        message = await super().receive()
        if self.cut_off and message["type"] == "http.request" and not message["body"] and message["more_body"]:
            return {"type": "http.disconnect"}
        if message["type"] != "http.disconnect" or not self.body or self.response_complete:
            return message
        return self._come()

    def _come(self) -> HTTPRequestEvent:
        come: HTTPRequestEvent = {"type": "http.request", "body": bytes(self.body), "more_body": self.more_body}
        self.body = bytearray()
        return come


def _answer(kind: ProblemKind) -> bytes:
    """The whole answer to what never became a request."""
    document = problem_document(Refusal(kind))
    body = json.dumps(document, ensure_ascii=False).encode()
    status = HTTPStatus(document["status"])
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\n"
        "cache-control: no-store\r\ncontent-language: en\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
    )
    return head.encode("ascii") + body
