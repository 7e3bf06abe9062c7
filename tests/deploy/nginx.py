"""nginx with the file of deploy/nginx, before a service of the tests."""

import asyncio
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from tests.deploy.reading import DEPLOY
from tests.kafka.certificates import Authority, make_authority
from tests.waiting import until

NAME = "127.0.0.1"
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A running nginx: the port that speaks TLS, the one that leads there, and the authority that browsers trust."""

    port: int
    plain_port: int
    authority: Authority

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.port}"

    def client(self) -> httpx.AsyncClient:
        """A client that keeps cookies and trusts the authority."""
        trust = ssl.create_default_context(cafile=str(self.authority.certificate))
        return httpx.AsyncClient(base_url=self.url, verify=trust, timeout=60, trust_env=False)


def program() -> str:
    """The path of nginx; without it the test is skipped."""
    found = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if found is None:
        pytest.skip("nginx is not installed: run deploy/install-test-packages.sh as root")
    return found


@asynccontextmanager
async def proxy(folder: Path, *, port: int, plain_port: int, service_port: int) -> AsyncIterator[Proxy]:
    """Nginx with the file as it is, but for ports, name and certificate."""
    authority = make_authority(folder / "certificates")
    text = (DEPLOY / "nginx" / "tiendo.conf").read_text(encoding="utf-8")
    for said, meant in {
        "listen 80;": f"listen {NAME}:{plain_port};",
        "listen 443 ssl": f"listen {NAME}:{port} ssl",
        "server 127.0.0.1:8080;": f"server {NAME}:{service_port};",
        "/etc/ssl/tiendo/fullchain.pem": str(authority.server),
        "/etc/ssl/tiendo/privkey.pem": str(authority.server),
        "https://tiendo.example$": f"https://{NAME}:{port}$",
    }.items():
        assert text.count(said) == 1, said
        text = text.replace(said, meant)
    (folder / "tiendo.conf").write_text(text.replace("server_name tiendo.example;", f"server_name {NAME};"))
    paths = " ".join(f"{name}_temp_path {folder / name};" for name in _TEMPORARY)
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off; {paths} include {folder}/tiendo.conf; }}\n"
    )
    process = await asyncio.create_subprocess_exec(
        program(), "-p", folder, "-e", folder / "error.log", "-c", main, stderr=asyncio.subprocess.PIPE
    )
    try:
        await until(lambda: _listens(process, port), what="nginx listens")
        yield Proxy(port=port, plain_port=plain_port, authority=authority)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def _listens(process: asyncio.subprocess.Process, port: int) -> bool:
    assert process.returncode is None, (await process.communicate())[1].decode()
    try:
        _, writer = await asyncio.open_connection(NAME, port)
    except OSError:
        return False
    writer.close()
    return True
