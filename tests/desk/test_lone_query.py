"""A process that answers questions alone shows the desk, and says where what is explained can be sent."""

import httpx
from tests.desk.desk_cases import HEAD, LATE, OFFICER
from tests.query.serving import Asked, listening

import tiendo_query
from tiendo_runtime.web import create_service
from tiendo_runtime.web.sign_in.session_cookies import COOKIE


async def test_a_process_that_takes_no_events_says_where_they_are_taken_before_anything_is_filled_in(
    service: Asked,
) -> None:
    running = service.app.state.running
    url = service.engine.url.render_as_string(hide_password=False)
    app = create_service([tiendo_query.part()], running.settings, url)
    async with listening(app) as port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        for who, path in ((OFFICER, f"/desk/explain/{LATE}"), (HEAD, f"/desk/decide/{LATE}")):
            client.headers["Cookie"] = f"{COOKIE}={await running.sessions.begin(who)}"
            assert (await client.get("/desk")).status_code in {200, 403}
            answer = await client.get(path, headers={"Accept-Language": "vi"})
            assert (answer.status_code, "tiendo serve web" in answer.text) == (503, True), path
