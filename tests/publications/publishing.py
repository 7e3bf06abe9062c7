"""What the tests of monthly lists share: keys of each scope, steps taken over HTTP, cases told by hand."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx
from tests.keys import new_key
from tests.query.serving import Asked, client_of

from tiendo_runtime.authentication import Bounds, Scope

SIGNER: Final = {"id": "GD", "name": "Lê Thị Giám Đốc", "position": "Giám đốc"}
PAPER: Final = {"document_number": "15/TB-VP", "signed_at": "2022-09-12"}
APPROVAL: Final = {"approved_by": SIGNER, "document": PAPER, "legal_basis": "Công văn 2797/UBND-TTHCC"}
CORRECTION: Final = {"approved_by": SIGNER, "document": PAPER, "reason": "Theo quyết định 12/QĐ-VP"}


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A client with a key that publishes and reads, and the service it asks."""

    service: Asked
    client: httpx.AsyncClient
    key_id: str

    async def draft(self, unit: str, period: str = "2022-08", status: int = 201) -> Any:
        """A new list."""
        return _json(await self.client.post("/v1/publications", json={"unit": unit, "period": period}), status)

    async def step(self, publication: str, kind: str, body: Mapping[str, Any] | None = None, status: int = 200) -> Any:
        """The answer to a step."""
        return _json(await self.client.post(f"/v1/publications/{publication}/{kind}", json=dict(body or {})), status)

    async def get(self, path: str, status: int = 200, **parameters: Any) -> Any:
        """The JSON of an answer."""
        return _json(await self.client.get(path, params=parameters), status)

    async def approved(self, publication: str) -> Any:
        """The list opened without a window, and approved."""
        await self.step(publication, "open")
        return await self.step(publication, "approve", APPROVAL)

    async def published(self, publication: str) -> Any:
        """The list opened without a window, approved and published."""
        await self.approved(publication)
        return await self.step(publication, "publish")


async def desk_of(service: Asked, *, units: list[str] | None = None, scopes: tuple[Scope, ...] = ()) -> Desk:
    """A desk whose key is bound to the units; None: to none."""
    which = scopes or (Scope.PUBLISH, Scope.READ)
    bounds = None if units is None else Bounds(units=units)
    key_id, secret = await new_key(service.app.state.running, *which, bounds=bounds, name=f"desk of {units}")
    return Desk(service=service, client=client_of(service.port, secret), key_id=key_id)


def rows_of(part: list[Mapping[str, Any]], *figures: str) -> dict[str, tuple[Any, ...]]:
    """Officer's id or name -> those figures."""
    return {row["officer"]["id"] or row["officer"]["name"]: tuple(row[name] for name in figures) for row in part}


def about(case_id: str, event_id: str, kind: str, data: Mapping[str, object]) -> str:
    """An event of a case, of a kind that says nothing of its course."""
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": "/kontum/igate",
        "type": f"vn.tiendo.case.{kind}.v1",
        "subject": case_id,
        "time": "2022-09-02T08:00:00+07:00",
        "data": data,
    }
    return json.dumps(event)


def _json(response: httpx.Response, status: int) -> Any:
    assert response.status_code == status, response.text
    return response.json()
