"""What a request leaves in the journal: always a line for what we failed at, with the id that the caller was given."""

from typing import Any

import httpx
import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs
from tests.keys import new_key

from tiendo_runtime.authentication import Scope
from tiendo_runtime.web import Running


async def left_by(client: httpx.AsyncClient, method: str, path: str, **more: Any) -> tuple[int, list[dict[str, Any]]]:
    """The status of an answer, and the entries that carry its id."""
    with capture_logs(processors=[merge_contextvars]) as journal:
        answer = await client.request(method, path, **more)
    wanted = answer.headers["x-request-id"]
    return answer.status_code, [dict(entry) for entry in journal if entry.get("request_id") == wanted]


@pytest.mark.parametrize(
    ("path", "status", "problem", "behind"),
    [
        ("/v1/broken", 500, "internal-error", "request failed"),
        ("/v1/unreachable", 503, "database-unavailable", "a part of the service is away"),
        ("/v1/not-there-yet", 503, "not-ready", "a part of the service is away"),
        ("/v1/overloaded", 503, "overloaded", None),
    ],
)
async def test_what_we_failed_at_leaves_a_warning_with_the_id_and_what_is_behind_it(
    running_service: tuple[httpx.AsyncClient, Running], path: str, status: int, problem: str, behind: str | None
) -> None:
    answered, entries = await left_by(running_service[0], "GET", path)
    told = [entry for entry in entries if entry["event"] == "request"]
    assert answered == status
    assert [(entry["log_level"], entry["status"], entry["problem"]) for entry in told] == [("warning", status, problem)]
    causes = [entry for entry in entries if entry["event"] != "request"]
    assert [entry["event"] for entry in causes] == ([] if behind is None else [behind])


async def test_a_service_that_is_not_ready_leaves_a_warning(
    running_service: tuple[httpx.AsyncClient, Running],
) -> None:
    client, _ = running_service
    await client.get("/v1/spoil")
    status, entries = await left_by(client, "GET", "/readyz")
    assert (status, entries[-1]["log_level"], entries[-1]["problem"]) == (503, "warning", "not-ready")


async def test_a_refused_body_leaves_an_entry_and_a_refused_reading_none_by_default(
    running_service: tuple[httpx.AsyncClient, Running],
) -> None:
    client, running = running_service
    _, secret = await new_key(running, Scope.READ)
    for method, path, status, level in (
        ("POST", "/v1/send", 403, "info"),
        ("GET", "/v1/nothing", 404, "debug"),
        ("GET", "/v1/read/1", 200, "debug"),
    ):
        found, entries = await left_by(client, method, path, headers={"Authorization": f"Bearer {secret}"})
        assert (found, [entry["log_level"] for entry in entries]) == (status, [level])


async def test_the_id_is_the_callers_own_if_it_sent_one(running_service: tuple[httpx.AsyncClient, Running]) -> None:
    _, entries = await left_by(running_service[0], "GET", "/v1/broken", headers={"X-Request-Id": "ours-17"})
    assert {entry["request_id"] for entry in entries} == {"ours-17"}
