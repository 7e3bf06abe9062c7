"""Who looked at which case or person is noted of every address, and read by keys with the scope admin and by auditors."""

from tests.keys import new_key
from tests.pages.conftest import CASE_ID, late_case
from tests.query.serving import Asked
from tests.waiting import until

from tiendo_runtime.authentication import Scope
from tiendo_runtime.authentication.people import Role, SignedInPerson
from tiendo_runtime.web.sign_in.session_cookies import COOKIE

CASE = f"/v1/cases/{CASE_ID.replace('/', '%2F')}"


async def test_every_look_is_noted_and_auditors_read_it(service: Asked) -> None:
    await service.tell(late_case())
    running = service.app.state.running
    key_id, secret = await new_key(running, Scope.ADMIN, name="auditing")
    admin = {"Authorization": f"Bearer {secret}"}
    for path in (CASE, f"{CASE}/timeline", "/v1/cases", "/v1/delays?from=2022-08-01&to=2022-08-31", "/v1/units"):
        assert (await service.client.get(path)).status_code == 200
    assert (await service.client.get("/v1/cases/nobody-knows-it")).status_code == 404
    assert (await service.client.head(CASE)).status_code == 200

    async def entries(**asked: str) -> list[tuple[str, str]]:
        answer = await service.client.get("/v1/access-log", headers=admin, params=asked)
        assert answer.status_code == 200, answer.text
        return [(entry["kind"], entry["subject"]) for entry in answer.json()["items"]]

    mine = service.secret.split("_")[1]

    async def written() -> bool:
        return len(await entries(who=f"key-{mine}")) == 3

    await until(written, what="the looks are noted")
    assert await entries(who=f"key-{mine}") == [("list", "/v1/delays"), ("list", "/v1/cases"), ("case", CASE_ID)]
    assert await entries(kind="key", subject=key_id) == [("key", key_id)]
    assert (await service.client.get("/v1/access-log")).status_code == 403
    for role, status in ((Role.AUDITOR, 200), (Role.OFFICE, 403)):
        person = SignedInPerson(subject="An", name="An", roles=frozenset({role}), units=None)
        cookie = f"{COOKIE}={await running.sessions.begin(person)}"
        asked = service.client.build_request("GET", "/v1/access-log", headers={"Cookie": cookie})
        del asked.headers["Authorization"]
        assert (await service.client.send(asked)).status_code == status


async def test_the_access_log_comes_in_pages(service: Asked) -> None:
    running = service.app.state.running
    _, secret = await new_key(running, Scope.ADMIN)
    for number in range(3):
        await new_key(running, Scope.READ, name=f"k{number}")
    service.client.headers["Authorization"] = f"Bearer {secret}"
    whole = await service.get("/v1/access-log")
    assert await service.all_items("/v1/access-log", limit=2) == whole["items"]
    assert [entry["number"] for entry in whole["items"]] == list(range(len(whole["items"]), 0, -1))
    first = await service.get("/v1/access-log", limit=2)
    await service.get("/v1/access-log", status=400, cursor=first["next"], kind="key")
    await service.get("/v1/access-log", status=400, kind="nothing")
    await service.get("/v1/access-log", status=400, limit=501)
