"""Each figure of the statistical forms leads to exactly the cases that it counts."""

from functools import partial

from tests.pages.conftest import CASE_ID, event_of, late_case, officer, on_time_case
from tests.pages.reading import links_of, number_of, page_of
from tests.query.serving import Asked

from tiendo_runtime.authentication.people import Role, SignedInPerson

AUGUST = {"from": "2022-08-01", "to": "2022-08-31"}
OPEN, ON_TIME, UNKNOWN_FIELD = "H34-OPEN", "H34-ON-TIME", "H34-FIELD"
CODES = {CASE_ID, OPEN, ON_TIME, UNKNOWN_FIELD}
AUDITOR = SignedInPerson(subject="k", name="Lê Thị Kiểm", roles=frozenset({Role.AUDITOR}), units=None)


def in_unit(texts: list[str]) -> list[str]:
    """The same, of a unit below the one that the forms are of."""
    return [text.replace('"level": "province"', '"level": "province", "parent": "H34"') for text in texts]


def open_case() -> list[str]:
    event = partial(event_of, case_id=OPEN, source="/kontum/igate")
    unit = {"id": "H34.30", "name": "Chi nhánh 30", "parent": "H34"}
    field = {"name": "Đất đai"}
    return [event(1, "received", "15T07:00", {"unit": unit, "field": field, "holder": officer(1), "channel": "online"})]


async def told(service: Asked) -> None:
    on_time = [
        text.replace('"holder"', '"unit": {"id": "H34.20", "parent": "H34"}, "holder"')
        for code in (ON_TIME, UNKNOWN_FIELD)
        for text in on_time_case(case_id=code)
    ]
    await service.tell([*in_unit(late_case()), *open_case(), *on_time])
    link = await service.app.state.running.links.make(AUDITOR, None)
    origin = {"Origin": f"http://127.0.0.1:{service.port}"}
    assert (await service.client.post(f"/sign-in/link/{link}", headers=origin)).status_code == 303


async def test_each_figure_of_a_form_leads_to_exactly_its_cases(service: Asked) -> None:
    await told(service)
    for form in ("ii06a", "qd766"):
        table = await service.get(f"/v1/forms/{form}", unit="H34", from_=AUGUST["from"], to=AUGUST["to"])
        html = await page_of(service, f"/forms/{form}", **AUGUST, unit="H34")
        figures = [link for link in links_of(html) if "figure" in link.classes]
        shown = [number_of(link.text) for link in figures]
        assert shown[0] == table["total"]["received"] == len(CODES)
        assert sum(shown) >= 4 * len(CODES)
        for link, number in zip(figures, shown, strict=True):
            page = await page_of(service, link.href)
            main = page.partition("<main")[2]
            listed = {code for code in CODES if f">{code}<" in main.replace("<bdi>", "").replace("</bdi>", "")}
            assert len(listed) == number, (link, listed)


async def test_the_late_case_stands_behind_the_figure_of_what_is_overdue_alone(service: Asked) -> None:
    await told(service)
    query = {**AUGUST, "unit": "H34"}
    overdue = await page_of(service, "/forms/ii06a/cases", **query, figure="resolved_overdue")
    assert (CASE_ID in overdue, ON_TIME in overdue, OPEN in overdue) == (True, False, False)
    unit = await page_of(service, "/forms/qd766/cases", **query, figure="received", row="H34.30")
    assert (CASE_ID in unit, OPEN in unit) == (False, True)
    field = await page_of(service, "/forms/ii06a/cases", **query, figure="open", row_name="Đất đai")
    assert (OPEN in field, ON_TIME in field) == (True, False)
    await page_of(service, "/forms/unheard-of", status=404)
