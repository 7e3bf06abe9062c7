"""Who may publish what, and who sees which list: by the caller's units, in the database as over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from sqlalchemy import text
from tests.domain.decided_cases import LATE
from tests.publications.publishing import APPROVAL, Desk, desk_of
from tests.query.test_decisions import texts

from tiendo_runtime.authentication import Scope
from tiendo_runtime.authentication.people import Role, SignedInPerson
from tiendo_runtime.web.sign_in.session_cookies import COOKIE


@asynccontextmanager
async def browser(desk: Desk, person: SignedInPerson) -> AsyncIterator[httpx.AsyncClient]:
    cookie = await desk.service.app.state.running.sessions.begin(person)
    async with httpx.AsyncClient(
        base_url=desk.client.base_url, headers={"Cookie": f"{COOKIE}={cookie}"}, timeout=60
    ) as client:
        yield client


def office(name: str, *units: str, role: Role = Role.PUBLISHER, officer: str | None = None) -> SignedInPerson:
    return SignedInPerson(
        subject=name, name=name, roles=frozenset({role}), units=frozenset(units) or None, officer_id=officer
    )


async def test_a_key_publishes_for_its_units_and_sees_their_lists_alone(desk: Desk) -> None:
    await desk.service.tell(texts("one", *LATE))
    whole = await desk.draft("T")
    below = await desk.draft("MC")
    reader = await desk_of(desk.service, scopes=(Scope.READ,))
    bound = await desk_of(desk.service, units=["MC"])
    async with reader.client, bound.client:
        await reader.draft("T", "2022-07", status=403)
        await bound.draft("T", "2022-07", status=404)
        await bound.draft("VP", "2022-07", status=404)
        await bound.step(whole["id"], "open", status=404)
        assert (await bound.get(f"/v1/publications/{whole['id']}", status=404))[
            "type"
        ] == "/problems/publication-unknown"
        assert [one["id"] for one in (await bound.get("/v1/publications"))["items"]] == [below["id"]]
        assert (await bound.step(below["id"], "open"))["state"] == "open"
        await bound.draft("MC", "2022-07")
    async with httpx.AsyncClient(base_url=desk.client.base_url, timeout=60) as nobody:
        assert (await nobody.post("/v1/publications", json={"unit": "T", "period": "2022-06"})).status_code == 401
        assert (await nobody.get("/v1/publications")).status_code == 401


async def test_the_database_shows_a_bound_reader_no_other_list(desk: Desk) -> None:
    await desk.service.tell(texts("one", *LATE))
    await desk.draft("T")
    engine = desk.service.app.state.query_sides.without_cases
    async with engine.connect() as connection:
        for units, officer, seen in (("{}", "", 0), ("{VP}", "", 0), ("{T}", "", 1), ("{}", '["officer", "A"]', 1)):
            await connection.execute(text("SELECT set_config('tiendo.inside', :units, TRUE)"), {"units": units})
            await connection.execute(text("SELECT set_config('tiendo.officer', :officer, TRUE)"), {"officer": officer})
            assert len((await connection.execute(text("SELECT 1 FROM tiendo.publication_steps"))).all()) == seen
            contents = (await connection.execute(text("SELECT 1 FROM tiendo.publication_contents"))).all()
            assert len(contents) == (1 if units == "{T}" else 0)
            people = (await connection.execute(text("SELECT party_key FROM tiendo.publication_people"))).all()
            assert len(people) == {"{T}": 2}.get(units, int(bool(officer)))


async def test_somebody_signed_in_does_not_approve_what_they_drafted_and_signs_with_their_name(desk: Desk) -> None:
    await desk.service.tell(texts("one", *LATE))
    async with browser(desk, office("Lan", "T")) as lan, browser(desk, office("Hoa")) as hoa:
        made = await lan.post("/v1/publications", json={"unit": "T", "period": "2022-08"})
        assert made.status_code == 201, made.text
        path = f"/v1/publications/{made.json()['id']}"
        assert (await lan.post(f"{path}/open")).status_code == 200
        unsigned = {name: APPROVAL[name] for name in ("document", "legal_basis")}
        refused = await lan.post(f"{path}/approve", json=unsigned)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/publication-by-drafter")
        assert (await hoa.post(f"{path}/approve", json=APPROVAL)).status_code == 422
        approved = (await hoa.post(f"{path}/approve", json=unsigned)).json()
        signed = {step["kind"]: step["said"] for step in approved["steps"]}
        assert signed["approved"]["approved_by"] == {"name": "Hoa"}
        assert (signed["drafted"]["entered_by"], signed["approved"]["entered_by"]) == ("person:Lan", "person:Hoa")
    async with browser(desk, office("Ánh", "T", role=Role.OFFICER, officer="A")) as officer:
        assert (await officer.post("/v1/publications", json={"unit": "T", "period": "2022-07"})).status_code == 403
        assert (await officer.get(path)).status_code == 404
        [named] = (await officer.get("/v1/officers/A/timeline")).json()["publications"]
        assert (named["id"], named["state"], named["part"]) == (approved["id"], "approved", "officers")
        assert (named["window_ends_at"], named["figures"]["attributed_minutes"]) == (approved["window_ends_at"], 30)


async def test_a_body_that_says_too_little_or_too_much_is_refused_by_name(desk: Desk) -> None:
    await desk.service.tell(texts("one", *LATE))
    faults = {one["field"] for one in await _faults(desk, {"unit": "T", "period": "2022-8", "rows": []})}
    assert faults == {"rows", "period"}
    await desk.draft("NOWHERE", status=404)
    assert (await desk.draft("T", "2199-08", status=422))["type"] == "/problems/publication-month-not-over"
    made = await desk.draft("T")
    early = await desk.step(made["id"], "open", {"window_ends_at": "2022-09-01T00:00:00+07:00"}, status=422)
    assert early["field"] == "window_ends_at"


async def _faults(desk: Desk, body: object) -> list[dict[str, str]]:
    answer = await desk.client.post("/v1/publications", json=body)
    assert answer.status_code == 422
    found: list[dict[str, str]] = answer.json()["errors"]
    return found
