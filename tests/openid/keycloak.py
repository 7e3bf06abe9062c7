"""A real Keycloak of the test's own, with the realm of deploy/keycloak and somebody of each role in it."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.kafka.java import JAVA_MIN, java_version
from tests.ports import reserved_port
from tests.waiting import until

from tiendo_runtime.authentication.people import Role

FOLDER = Path(__file__).parents[2] / "deploy" / "keycloak"
START_SECONDS = 240
"""So long on a machine that has much else to do; on an idle one it takes some 15 s."""
ADMINISTRATOR = "keeper"
CLIENT_SECRET = "the client's"  # noqa: S105 - of a server that lives as long as the tests
JAVA_OPTIONS = (
    *("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms64m", "-Xmx512m", "-Dfile.encoding=UTF-8"),
    "-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
    *(
        f"--add-opens=java.base/java.{package}=ALL-UNNAMED"
        for package in ("util", "util.concurrent", "security", "lang")
    ),
)
"""What kc.sh gives to Java, but for the collector. Java is started without it: it stays between, and leaves its child behind when it is killed."""


@cache
def missing() -> str | None:
    """Why no Keycloak can be started here, or None if one can."""
    if shutil.which("java") is None or java_version() < JAVA_MIN:
        return f"no Keycloak: Java {JAVA_MIN} is missing"
    if shutil.which("mvn") is None and not (FOLDER / "target" / "resolved.xml").exists():
        return "no Keycloak: Maven is missing"
    return None


def require() -> None:
    """Skip the test where no Keycloak can be started; in CI that is a failure."""
    if reason := missing():
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


def password_of(role: Role) -> str:
    """The password of the one who has the role, whose name at Keycloak is the role's."""
    return f"password of {role}"


@dataclass(frozen=True, kw_only=True)
class Keycloak:
    """A running server, and what its administrator and people do with it."""

    url: str

    @property
    def issuer(self) -> str:
        return f"{self.url}/realms/tiendo"

    async def tokens(self, role: Role) -> dict[str, str]:
        """Tokens of the one who has the role, as a program of theirs gets them."""
        return await self._tokens(
            "tiendo", client_id="tiendo", client_secret=CLIENT_SECRET, username=role, password=password_of(role)
        )

    async def sign_in(self, address: str, role: Role) -> str:
        """The address to which the browser is led back after the one who has the role has signed in on Keycloak's own page."""
        async with httpx.AsyncClient(timeout=60) as browser:
            page = await browser.get(address)
            form = re.search(r'<form[^>]+action="([^"]+)"', page.text)
            assert form is not None
            given = {"username": role.value, "password": password_of(role)}
            # The cookies are for TLS, or for this machine, which a browser knows and this client does not.
            cookies = "; ".join(cookie.partition(";")[0] for cookie in page.headers.get_list("set-cookie"))
            browser.cookies.clear()
            answer = await browser.post(unescape(form[1]), data=given, headers={"Cookie": cookies})
            assert answer.status_code == 302, answer.text
            return answer.headers["location"]

    async def set_enabled(self, role: Role, *, enabled: bool) -> None:
        """Disable or enable the account, as an administrator does."""
        await self._administer("PUT", role, "", {"enabled": enabled})

    async def end_sessions(self, role: Role) -> None:
        """Sign the person out everywhere, as an administrator does."""
        await self._administer("POST", role, "/logout", None)

    async def _administer(self, method: str, role: Role, path: str, body: dict[str, Any] | None) -> None:
        tokens = await self._tokens(
            "master", client_id="admin-cli", username=ADMINISTRATOR, password=password_of(Role.OPERATOR)
        )
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        async with httpx.AsyncClient(base_url=f"{self.url}/admin/realms/tiendo", headers=headers, timeout=60) as client:
            found = (await client.get("/users", params={"username": role.value, "exact": "true"})).json()
            answer = await client.request(method, f"/users/{found[0]['id']}{path}", json=body)
            assert answer.is_success, answer.text

    async def _tokens(self, realm: str, **asked: str) -> dict[str, str]:
        form = {"grant_type": "password", "scope": "openid profile", **asked}
        async with httpx.AsyncClient(timeout=60) as client:
            answer = await client.post(f"{self.url}/realms/{realm}/protocol/openid-connect/token", data=form)
        assert answer.status_code == 200, answer.text
        tokens: dict[str, str] = answer.json()
        return tokens


@asynccontextmanager
async def running_keycloak(folder: Path, *, service: str) -> AsyncIterator[Keycloak]:
    """A server for the service at that address, on files in the folder; it dies with the tests."""
    _lay_out(folder)
    with reserved_port() as port, _process(folder, port, service) as process:
        log = folder / "keycloak.log"

        def serves() -> bool:
            assert process.poll() is None, log.read_text()[-3000:]
            return "Listening on:" in log.read_text()

        await until(serves, seconds=START_SECONDS, what=f"Keycloak serves; see {log}")
        yield Keycloak(url=f"http://127.0.0.1:{port}")


@contextmanager
def _process(folder: Path, port: int, service: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        "TIENDO_PUBLIC_URL": service,
        "CLIENT_SECRET": CLIENT_SECRET,
        "KC_BOOTSTRAP_ADMIN_USERNAME": ADMINISTRATOR,
        "KC_BOOTSTRAP_ADMIN_PASSWORD": password_of(Role.OPERATOR),
    }
    homes = (f"-Dkc.home.dir={folder}", f"-Djboss.server.config.dir={folder / 'conf'}")
    program = ("-cp", str(folder / "lib" / "quarkus-run.jar"), "io.quarkus.bootstrap.runner.QuarkusEntryPoint")
    options = ("--http-enabled=true", "--hostname-strict=false", "--http-host=127.0.0.1", "--cache=local")
    with (folder / "keycloak.log").open("wb") as log:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", "java", *JAVA_OPTIONS, *homes, *program,
             "start", "--optimized", "--import-realm", *options, f"--http-port={port}"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder, env={**os.environ, **environment},
            start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


def _lay_out(folder: Path) -> None:
    """A home of its own for the server, whose programs are those that were brought here once."""
    done = subprocess.run([FOLDER / "resolve"], stdout=subprocess.PIPE, text=True, check=True, timeout=280)
    brought = Path(done.stdout.strip())
    for name in ("lib", "conf", "providers", "themes", "version.txt"):
        (folder / name).symlink_to(brought / name)
    realm = json.loads((FOLDER / "realm.json").read_text(encoding="utf-8"))
    realm["users"] = [_user(role) for role in Role]
    realm["clients"][0]["directAccessGrantsEnabled"] = True
    (folder / "data" / "import").mkdir(parents=True)
    (folder / "data" / "import" / "realm.json").write_text(json.dumps(realm), encoding="utf-8")


def _user(role: Role) -> dict[str, Any]:
    units = ["*"] if role is Role.OPERATOR else ["H34.STNMT", "H34.20"]
    return {
        "username": role.value,
        "enabled": True,
        "firstName": "Ánh",
        "lastName": "Nguyễn Thị",
        "email": f"{role}@example.org",
        "emailVerified": True,
        "attributes": {"units": units, "officer_id": ["CC-0001"]},
        "realmRoles": [role.value],
        "credentials": [{"type": "password", "value": password_of(role)}],
    }
