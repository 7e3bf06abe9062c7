"""deploy/nginx/tiendo.conf under a real nginx: what is sent and looked at through it, and what it refuses."""

import asyncio
import json
import shutil
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.deploy.nginx import NAME, Proxy, program, proxy
from tests.pages.conftest import CASE_ID, OFFICERS, late_case
from tests.pages.test_live import heard
from tests.ports import reserved_port
from tests.query.serving import Asked, asked_service

from tiendo_runtime.authentication.people import Role, SignedInPerson

STREAM = {"Content-Type": "application/x-ndjson"}
EVENT = {"Content-Type": "application/cloudevents+json"}
PROBLEM = "application/problem+json"
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The proxy, and the service behind it."""

    proxy: Proxy
    service: Asked

    @property
    def key(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.service.secret}"}


@pytest.fixture
async def installation(database_url: str, engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Installation]:
    """Nginx before the whole service, which knows its public address."""
    program()
    with reserved_port() as port, reserved_port() as plain_port:
        public = {"public_url": f"https://{NAME}:{port}"}
        (tmp_path / "nginx").mkdir()
        async with (
            asked_service(database_url, engine, tmp_path, settings=public) as service,
            proxy(tmp_path / "nginx", port=port, plain_port=plain_port, service_port=service.port) as before,
        ):
            yield Installation(proxy=before, service=service)


async def test_events_come_in_and_answers_go_out_over_tls(installation: Installation) -> None:
    texts = late_case(case_id="HS 1/á")
    async with installation.proxy.client() as client:
        first = await client.post("/v1/events", content=texts[0], headers=EVENT | installation.key)
        rest = await client.post("/v1/events", content="\n".join(texts[1:]), headers=STREAM | installation.key)
        await installation.service.caught_up()
        timeline = await client.get("/v1/cases/HS%201%2F%C3%A1/timeline", headers=installation.key)
        plain = await client.get(f"http://{NAME}:{installation.proxy.plain_port}/cases?q=H34")
        metrics = await client.get("/metrics")
    assert (first.status_code, json.loads(rest.text.splitlines()[-1])["accepted"]) == (200, len(texts) - 1)
    assert timeline.json()["lateness_minutes"] == 960
    assert timeline.headers["strict-transport-security"].startswith("max-age=")
    assert (plain.status_code, plain.headers["location"]) == (301, f"{installation.proxy.url}/cases?q=H34")
    assert metrics.status_code == 404


async def test_browsers_are_spoken_to_in_http_2(installation: Installation) -> None:
    curl = shutil.which("curl")
    assert curl is not None
    trust = str(installation.proxy.authority.certificate)
    asked = (curl, "-sS", "--http2", "--cacert", trust, "-o", "/dev/null", "-w", "%{http_version} %{http_code}")
    process = await asyncio.create_subprocess_exec(
        *asked, f"{installation.proxy.url}/sign-in", stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert said == b"2 200"


async def test_open_pages_hear_of_news_through_it_as_it_comes(installation: Installation) -> None:
    async with installation.proxy.client() as client, heard(client, "/live?after=0") as told:
        await installation.service.tell(late_case())
        assert ((await asyncio.wait_for(told.get(), 60)) or {})["count"] > 0


async def test_who_signs_in_through_it_gets_a_cookie_for_tls_and_this_host_alone(installation: Installation) -> None:
    await installation.service.tell(late_case())
    person = SignedInPerson(subject="C", name="Trần Văn C", roles=frozenset({Role.OFFICE}), units=None)
    link = await installation.service.app.state.running.links.make(person, None)
    own, other = {"Origin": installation.proxy.url}, {"Origin": "https://elsewhere.example"}
    async with installation.proxy.client() as client:
        hidden = await client.get(f"/cases/{CASE_ID}")
        refused = await client.post(f"/sign-in/link/{link}", headers=other)
        begun = await client.post(f"/sign-in/link/{link}", headers=own)
        shown = await client.get(f"/cases/{CASE_ID}")
    assert OFFICERS[0] not in hidden.text
    assert refused.status_code == 403
    cookie = begun.headers["set-cookie"]
    assert cookie.startswith("__Host-")
    assert {"secure", "httponly", "samesite=strict"} <= {part.strip().lower() for part in cookie.split(";")}
    assert begun.headers["location"].startswith("/")
    assert OFFICERS[0] in shown.text


async def test_a_body_that_is_too_large_is_refused_before_it_is_sent(installation: Installation) -> None:
    trust = ssl.create_default_context(cafile=str(installation.proxy.authority.certificate))
    reader, writer = await asyncio.open_connection(NAME, installation.proxy.port, ssl=trust)
    writer.write(f"POST /v1/directory HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: {33 * MEBIBYTE}\r\n\r\n".encode())
    answer = (await asyncio.wait_for(reader.read(4096), 60)).decode()
    writer.close()
    assert answer.startswith("HTTP/1.1 413 ")
    assert "/problems/body-too-large" in answer


async def test_who_asks_too_often_is_put_off(installation: Installation) -> None:
    async with installation.proxy.client() as client:
        answers = [await client.get("/sign-in", headers={"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(60)]
        elsewhere = await client.get("/healthz")
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert {(answer.headers["content-type"], answer.headers["retry-after"]) for answer in refused} == {(PROBLEM, "1")}
    assert elsewhere.status_code == 200


async def test_what_a_caller_says_of_where_it_comes_from_is_not_passed_on(tmp_path: Path) -> None:
    program()
    heads: list[bytes] = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    said = {
        "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil",
        "Forwarded": "for=x",
    }
    async with await asyncio.start_server(note, NAME, 0) as service:
        service_port = service.sockets[0].getsockname()[1]
        with reserved_port() as port, reserved_port() as plain_port:
            async with (
                proxy(tmp_path, port=port, plain_port=plain_port, service_port=service_port) as before,
                before.client() as client,
            ):
                await client.get("/cases/a%2Fb", headers=said)
    first, *lines = heads[0].decode().split("\r\n")
    passed_on = dict(line.lower().split(": ", 1) for line in lines if line)
    assert first == "GET /cases/a%2Fb HTTP/1.1"
    assert {name: passed_on.get(name.lower()) for name in said} == {
        "X-Forwarded-For": NAME,
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": None,
        "Forwarded": None,
    }
    assert passed_on["host"] == f"{NAME}:{port}"


async def test_while_the_service_is_away_senders_are_told_to_send_again(tmp_path: Path) -> None:
    program()
    with reserved_port() as port, reserved_port() as plain_port, reserved_port() as nobody:
        async with (
            proxy(tmp_path, port=port, plain_port=plain_port, service_port=nobody) as before,
            before.client() as client,
        ):
            answer = await client.post("/v1/events", content="{}", headers=EVENT)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["type"] == "/problems/log-unavailable"
