"""Checks of the service: which of its parts run, found out from outside and without starting any."""

from typing import Any, Final

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.diagnosis.findings import CheckFinding, good, wrong
from tiendo_cli.supervision.folder import running_supervisor
from tiendo_event_store.followed.followed_positions import follows_others
from tiendo_event_store.publication import relay_is_at_work
from tiendo_projector import followers_at_work, processes_at_work
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.server import find_server
from tiendo_runtime.settings import Settings

_ANSWER_SECONDS: Final = 6.0
"""A little longer than a service may take to find out whether it is ready."""

_START: Final = "start `tiendo up`"
_START_WEB: Final = (
    "start `tiendo up`, or `tiendo serve web`; if it runs under another address, say which: TIENDO_PUBLIC_URL"
)
_SEE_JOURNAL: Final = (
    "its journal (standard error of `tiendo up` or `tiendo serve`) says why; `tiendo up` starts it again if it hangs"
)
_ROUTES: Final = {"ingest": "/v1/rejections", "query": "/v1/cases"}
"""Of each part an address that wants a key: it answers 401 where the part is, 404 where it is not."""

_READY: Final = 200
_NOT_THERE: Final = 404


def check_supervisor(settings: Settings) -> list[CheckFinding]:
    """Whether `tiendo up` runs on the data folder, and the embedded server with it; nothing for a database of the user's own."""
    if not settings.embedded:
        return []
    running = running_supervisor(settings.data)
    server = find_server(Cluster(data=settings.data))
    database = wrong("service database", "PostgreSQL does not run; it is started for this check only", _START)
    if server is not None:
        database = good("service database", f"PostgreSQL runs (process {server})")
    if running is None:
        return [wrong("service", f"`tiendo up` does not run on {settings.data}", _START), database]
    return [good("service", f"`tiendo up` runs (process {running.pid})"), database]


async def check_web(settings: Settings) -> list[CheckFinding]:
    """Whether ingest and query answer, and are ready."""
    if settings.embedded and find_server(Cluster(data=settings.data)) is None:
        # Whatever answers there belongs to another database.
        return [wrong(f"service {part}", "does not run: its database does not", _START) for part in _ROUTES]
    address = _address(settings)
    async with httpx.AsyncClient(base_url=address, timeout=_ANSWER_SECONDS, trust_env=False) as client:
        try:
            ready = await client.get("/readyz")
            statuses = {part: (await client.get(route)).status_code for part, route in _ROUTES.items()}
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            found = f"nothing answers at {address}: {error or type(error).__name__}"
            return [wrong(f"service {part}", found, _START_WEB) for part in _ROUTES]
    return [_web_part(part, address, status, _missing(ready)) for part, status in statuses.items()]


def _web_part(part: str, address: str, status: int, missing: str | None) -> CheckFinding:
    subject = f"service {part}"
    if status == _NOT_THERE:
        return wrong(
            subject, f"what answers at {address} has no {part}", f"start `tiendo serve {part}`, or `tiendo up`"
        )
    if missing is not None:
        return wrong(subject, f"answers at {address} and is not ready: {missing}", _SEE_JOURNAL)
    return good(subject, f"answers at {address} and is ready")


def _address(settings: Settings) -> str:
    """Where the service is to be asked: where `tiendo up` says that it listens, else as users reach it, else as it would listen."""
    running = running_supervisor(settings.data)
    if running is not None and running.address is not None:
        return running.address
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return settings.public_url or f"http://{host}:{settings.port}"


def _missing(ready: httpx.Response) -> str | None:
    """What a service says that it lacks; None when it is ready."""
    if ready.status_code == _READY:
        return None
    try:
        document: dict[str, Any] = ready.json()
        return "; ".join(f"{name}: {reason}" for name, reason in document["missing"].items())
    except (ValueError, KeyError, AttributeError, TypeError):
        return f"it answers {ready.status_code} to /readyz"


async def check_workers(engine: AsyncEngine, settings: Settings) -> list[CheckFinding]:
    """Whether a projector is at work on the database, and a relay where Kafka is configured."""
    following = await follows_others(engine)
    found = await (followers_at_work if following else processes_at_work)(engine)
    start = (
        "start `tiendo serve projector --from kafka`" if following else "start `tiendo up`, or `tiendo serve projector`"
    )
    projector = wrong("service projector", "no projector is at work: figures stand still", start)
    if found:
        projector = good("service projector", f"{found} at work")
    if settings.kafka is None or following:
        return [projector]
    async with engine.connect() as connection:
        relaying = await relay_is_at_work(connection, settings.kafka_generation)
    start = "start `tiendo up` with TIENDO_KAFKA_BOOTSTRAP_SERVERS set, or `tiendo serve relay`"
    relay = wrong("service relay", "no relay is at work, or it waits: other agencies see nothing new", start)
    return [projector, good("service relay", "1 at work") if relaying else relay]
