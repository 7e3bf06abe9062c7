"""The page of difficulties: its figures are those of `GET /v1/difficulties`, and each leads to exactly the cases that it counts."""

from urllib.parse import parse_qsl, urlsplit

from tests.pages.reading import links_of, number_of, page_of
from tests.papers.reading import pages
from tests.query.serving import Asked
from tests.query.test_decisions import MONTH
from tests.query.test_difficulties import told

from tiendo_runtime.authentication.people import Role, SignedInPerson

DAYS = {"from": "2022-08-01", "to": "2022-08-31"}
OVERLOAD = {"moved", "refused", "twice"}
BY_REASON = [OVERLOAD, {"moved"}, {"refused"}, {"twice"}, {"twice"}, set(), set(), {"twice"}]
"""The cases behind explained, accepted, refused and pending of overload, and of the applicant's reason."""

OFFICE = SignedInPerson(subject="o", name="Lê Thị Văn", roles=frozenset({Role.OFFICE}), units=None)


async def looked_at(service: Asked) -> None:
    """The cases are told, and the Office has signed in."""
    await told(service)
    link = await service.app.state.running.links.make(OFFICE, None)
    origin = {"Origin": f"http://127.0.0.1:{service.port}"}
    assert (await service.client.post(f"/sign-in/link/{link}", headers=origin)).status_code == 303


async def cases_behind(service: Asked, href: str) -> set[str]:
    """The cases of the list that the link leads to, as programs have it."""
    query = {**dict(parse_qsl(urlsplit(href).query)), "limit": "500"}
    answer = await service.client.get("/v1/cases", params=query)
    assert answer.status_code == 200, answer.text
    return {one["case_id"] for one in answer.json()["items"]}


async def test_each_figure_leads_to_exactly_the_cases_that_it_counts(service: Asked) -> None:
    await looked_at(service)
    for by in ("unit", "procedure", "step", "month"):
        html = await page_of(service, "/difficulties", **DAYS, by=by)
        figures = [link for link in links_of(html) if "figure" in link.classes]
        behind = [await cases_behind(service, link.href) for link in figures]
        assert behind[:4] == [OVERLOAD, {"moved"}, {"refused"}, {"twice"}]
        assert behind[4:12] == behind[12:20] == BY_REASON
        assert behind[20:] == [{"short-plan"}]
        assert [number_of(link.text) for link in figures] == [5, 1, 1, 3, *[4, 1, 1, 2, 1, 0, 0, 1] * 2, 1]


async def test_a_page_of_a_unit_counts_what_its_people_explain_wherever_the_case_belongs(service: Asked) -> None:
    await looked_at(service)
    office = await page_of(service, "/difficulties", **DAYS, unit="VP")
    figures = [link for link in links_of(office) if "figure" in link.classes]
    assert [number_of(link.text) for link in figures[:4]] == [1, 0, 0, 1]
    assert await cases_behind(service, figures[0].href) == {"twice"}
    listed = await page_of(service, figures[0].href)
    assert "có giải trình" in listed
    assert "của người thuộc VP" in listed


async def test_rows_of_programs_lead_to_their_cases(service: Asked) -> None:
    await told(service)
    answer = await service.get("/v1/difficulties", **MONTH)
    behind = [await cases_behind(service, item["href"]) for item in answer["items"]]
    assert behind == [OVERLOAD, {"twice"}]
    assert await cases_behind(service, answer["missed_norms"][0]["href"]) == {"short-plan"}


async def test_the_report_upward_says_the_figures_of_the_page_and_leaves_open_what_nobody_said(service: Asked) -> None:
    await looked_at(service)
    html = await page_of(service, "/difficulties", **DAYS)
    address = next(link.href for link in links_of(html) if link.href.endswith("format=pdf"))
    answer = await service.client.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    said = " ".join(pages(answer.content))
    assert "Có 5 giải trình còn hiệu lực: 1 được chấp nhận, 1 không được chấp nhận, 3 đang chờ quyết định" in said
    assert "Có 1 bước vượt định mức" in said
    assert "Kiến nghị, đề xuất: …" in said
