"""The head of every page leads to pages that answer, however the page was looked at."""

from urllib.parse import parse_qs, urlsplit

from tests.pages.addresses import CASE_PATH
from tests.pages.conftest import CASE_ID, OFFICER_IDS, event_of
from tests.pages.reading import links_of, page_of
from tests.query.serving import Asked

from tiendo_query.pages.navigation import PLACES
from tiendo_runtime.authentication.people import Role, SignedInPerson

LOOKED_AT = {
    "from": "2022-08-01",
    "to": "2022-08-31",
    "unit": "H34.20",
    "as_of": "2022-08-22T10:00:00+07:00",
    "basis": "recorded",
    "policy": "after-due/1",
}
LATER = "2022-09-22T10:00:00+07:00"


async def signed_in(served: Asked) -> None:
    roles = frozenset({Role.OFFICER, Role.UNIT_MANAGER, Role.AUDITOR})
    person = SignedInPerson(subject="p", name="p", roles=roles, units=None, officer_id=OFFICER_IDS[0])
    link = await served.app.state.running.links.make(person, None)
    origin = {"Origin": f"http://127.0.0.1:{served.port}"}
    assert (await served.client.post(f"/sign-in/link/{link}", headers=origin)).status_code == 303


async def test_every_place_of_the_head_answers_however_the_page_was_looked_at(served: Asked) -> None:
    await signed_in(served)
    links = [link.href for link in links_of(await page_of(served, "/cases", **LOOKED_AT))]
    places = {urlsplit(href).path: href for href in links if parse_qs(urlsplit(href).query).keys() == LOOKED_AT.keys()}
    assert places.keys() >= {place.path for place in PLACES}
    for place in PLACES:
        await page_of(served, places[place.path])


async def test_a_case_looked_at_in_any_way_leads_to_its_decision(served: Asked) -> None:
    said = {"officer": {"id": OFFICER_IDS[1]}, "reason": "overload", "text": "Quá tải."}
    at = "24T08:00"
    text = event_of(9, "explanation.filed", at, said, case_id=CASE_ID, source="/kontum/igate")
    await served.tell([text.replace("vn.tiendo.case.explanation", "vn.tiendo.explanation")])
    await signed_in(served)
    links = [link.href for link in links_of(await page_of(served, CASE_PATH, **LOOKED_AT | {"as_of": LATER}))]
    [way] = [href for href in links if href.startswith("/desk/decide/")]
    assert parse_qs(urlsplit(way).query).keys() >= {"from", "unit", "basis"}
    await page_of(served, way)
