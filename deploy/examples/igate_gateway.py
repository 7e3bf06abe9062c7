"""A gateway of iGate that plays a simulation, to try `tiendo serve igate` without a real one.

    tiendo simulate --format igate --scale 0.001 --out states.ndjson
    python deploy/examples/igate_gateway.py states.ndjson --port 9090 --speed 3600

`base_url` is then http://127.0.0.1:9090, `token_url` http://127.0.0.1:9090/token, `client_id` tiendo, the secret „secret“, and `updated_from`
updated-from. It needs nothing but Python. At speed 1 a day takes a day, at 0 everything is there at once.
"""

import argparse
import json
import secrets
import sys
import time
from datetime import datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, urlsplit

CLIENT = {"grant_type": "client_credentials", "client_id": "tiendo", "client_secret": "secret"}
TOKEN_SECONDS = 300


class PlayedGateway:
    """The dossiers as they are by now."""

    def __init__(self, lines: list[dict[str, Any]], speed: float) -> None:
        states = [(datetime.fromisoformat(line["at"]), line["dossier"]) for line in lines]
        self._states = sorted(states, key=lambda state: state[0])
        self._speed = speed
        self._began = time.monotonic()
        self._shown: dict[str, dict[str, Any]] = {}
        self._next = 0
        self._lock = Lock()
        self.tokens: dict[str, float] = {}

    def search(self, asked: dict[str, str]) -> dict[str, Any]:
        """One page of a search."""
        with self._lock:
            self._go_on()
            bound = asked.get("updated-from")
            least = None if bound is None else datetime.fromisoformat(bound)
            found = [each for each in self._shown.values() if least is None or _changed_at(each) >= least]
        name, _, direction = asked.get("sort", "updatedDate,desc").partition(",")
        found.sort(key=lambda each: str(each.get(name)), reverse=direction == "desc")
        page, size = int(asked.get("page", 0)), int(asked.get("size", 20))
        content = found[page * size : (page + 1) * size]
        last = (page + 1) * size >= len(found)
        return {"content": content, "number": page, "size": size, "totalElements": len(found), "last": last}

    def _go_on(self) -> None:
        now = None
        if self._speed and self._states:
            now = self._states[0][0] + timedelta(seconds=(time.monotonic() - self._began) * self._speed)
        while self._next < len(self._states) and (now is None or self._states[self._next][0] <= now):
            dossier = self._states[self._next][1]
            self._shown[dossier["id"]] = dossier
            self._next += 1


def _changed_at(dossier: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(dossier["updatedDate"])


class Handler(BaseHTTPRequestHandler):
    """Answers for tokens and searches."""

    gateway: PlayedGateway

    def do_POST(self) -> None:
        """Give a token for the client's secret."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if urlsplit(self.path).path != "/token" or form != CLIENT:
            self._answer(HTTPStatus.UNAUTHORIZED, {"error": "invalid_client"})
            return
        token = secrets.token_urlsafe(24)
        self.gateway.tokens[token] = time.monotonic() + TOKEN_SECONDS
        self._answer(HTTPStatus.OK, {"access_token": token, "expires_in": TOKEN_SECONDS, "token_type": "Bearer"})

    def do_GET(self) -> None:
        """Answer a search."""
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.gateway.tokens.get(token, 0.0) < time.monotonic():
            self._answer(HTTPStatus.UNAUTHORIZED, {"error": "unauthorized"})
            return
        parts = urlsplit(self.path)
        if parts.path != "/pa/dossier/search":
            self._answer(HTTPStatus.NOT_FOUND, {"error": "not found"})
            return
        self._answer(
            HTTPStatus.OK, self.gateway.search({name: values[0] for name, values in parse_qs(parts.query).items()})
        )

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""

    def _answer(self, status: HTTPStatus, value: dict[str, Any]) -> None:
        body = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="plays the states of dossiers as a gateway of iGate")
    parser.add_argument("states", type=Path)
    parser.add_argument("--port", type=int, default=9090)
    parser.add_argument("--speed", type=float, default=3600.0, help="simulated seconds a second; 0: everything at once")
    given = parser.parse_args()
    with given.states.open(encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    Handler.gateway = PlayedGateway(lines, given.speed)
    with ThreadingHTTPServer(("127.0.0.1", given.port), Handler) as server:
        sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
