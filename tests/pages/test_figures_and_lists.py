"""A figure and the list behind it are the same set, and lists of overdue cases begin with the latest."""

import re
from datetime import timedelta

import httpx
import pytest
from tests.domain.decided_cases import LATE, TO_OFFICE, decided, move
from tests.pages.reading import Link, all_rows, links_of, number_of, page_of
from tests.projector.logs import STARTED_AT, event_text, many_cases, received_text
from tests.query.serving import Asked
from tests.query.test_decisions import texts

PERIODS = ("", "?from=2022-03-01&to=2022-05-15", "?from=2022-04-01&to=2022-04-30", "?from=2022-03-01&to=2030-01-01")


def recorded_late(number: int, *, proven: bool) -> list[str]:
    """A case that was finished in time and recorded ten days later, with or without a signed document."""
    case_id = f"QT-{number}"
    finish = STARTED_AT + timedelta(hours=2)
    evidence = {"evidence": {"document_number": f"{number}/KQ", "signed_at": finish.isoformat()}} if proven else {}
    completed = event_text(case_id, f"{case_id}-end", "completed", finish, **evidence)
    late = (STARTED_AT + timedelta(days=10)).isoformat()
    completed = re.sub(r'"recordedat": "[^"]*"', f'"recordedat": "{late}"', completed)
    return [received_text(case_id), completed]


@pytest.fixture
async def signed_in(service: Asked) -> Asked:
    """Cases of every kind of overdue, and somebody signed in."""
    texts = many_cases(150)
    for number in range(8):
        texts += recorded_late(number, proven=number % 3 == 0)
    await service.tell(texts)
    await service.client.post("/sign-in", data={"key": service.secret})
    return service


def figures_of(html: str) -> list[Link]:
    return [link for link in links_of(html) if "figure" in link.classes]


async def test_every_figure_with_a_link_counts_the_cases_of_its_list(signed_in: Asked) -> None:
    for period in PERIODS:
        figures = figures_of(await page_of(signed_in, f"/{period}"))
        assert len(figures) > 10, period
        for figure in figures:
            rows = await all_rows(signed_in, figure.href)
            assert len(rows) == len(set(rows)) == number_of(figure.text), (period, figure)


async def test_every_count_of_the_page_on_quality_leads_to_exactly_its_cases(signed_in: Asked) -> None:
    first = await page_of(signed_in, "/?from=2022-03-01&to=2022-05-15")
    (way,) = {link.href for link in links_of(first) if link.href.startswith("/quality?")}
    figures = figures_of(await page_of(signed_in, way))
    counted = {figure.href: figure for figure in figures if "doubtful=" not in figure.href}
    assert len(counted) > 10
    for figure in list(counted.values())[:30]:
        rows = await all_rows(signed_in, figure.href)
        assert len(rows) == len(set(rows)) == number_of(figure.text), figure
    resting = [figure for figure in figures if "doubtful=" in figure.href]
    assert resting
    for figure in resting[:5]:
        assert await all_rows(signed_in, figure.href), figure


async def test_the_figures_of_an_officer_count_the_cases_of_their_lists(signed_in: Asked) -> None:
    for officer in ("CB-1", "CB-2", "CB-3"):
        for period in ("", "?from=2022-04-01&to=2022-04-30"):
            figures = figures_of(await page_of(signed_in, f"/officers/{officer}{period}"))
            assert len(figures) == 2
            for figure in figures:
                rows = await all_rows(signed_in, figure.href)
                assert len(set(rows)) == number_of(figure.text), (officer, figure)


async def test_the_name_of_a_unit_leads_to_all_its_overdue_cases_resolved_and_open(signed_in: Asked) -> None:
    period = "from=2022-03-01&to=2022-05-15"
    html = await page_of(signed_in, f"/?{period}")
    names = [link for link in links_of(html) if "figure=overdue" in link.href]
    assert names
    for name in names:
        query = name.href.partition("?")[2]
        parts = [
            len(await all_rows(signed_in, f"/cases?{query.replace('figure=overdue', f'figure={part}')}"))
            for part in ("resolved-overdue", "open-overdue")
        ]
        rows = await all_rows(signed_in, name.href)
        assert len(rows) == sum(parts), name


async def test_overdue_means_the_same_on_the_page_and_in_the_interface(signed_in: Asked) -> None:
    for query in (
        {"overdue": "true"},
        {"overdue": "false"},
        {"overdue": "true", "from": "2022-04-01", "to": "2022-04-30"},
    ):
        as_of = {"as_of": "2022-05-15T17:00:00+07:00"}
        items = await signed_in.all_items("/v1/cases", **query, **as_of)
        rows = await all_rows(signed_in, f"/cases?{httpx.QueryParams({**query, **as_of})}")
        shown = {row.removeprefix("/cases/").partition("?")[0] for row in rows}
        assert shown == {item["case_id"] for item in items}, query


async def test_overdue_cases_are_listed_by_lateness_on_all_pages(signed_in: Asked) -> None:
    path = "/cases?figure=overdue&from=2022-01-01&to=2022-08-25"
    rows = await all_rows(signed_in, path)
    assert len(rows) > 50
    late = []
    for row in rows:
        case_id, _, query = row.removeprefix("/cases/").partition("?")
        as_of = dict(httpx.QueryParams(query))["as_at"]
        case = await signed_in.get(f"/v1/cases/{case_id}", as_of=as_of)
        late.append((case["lateness_minutes"], case["late_entry_minutes"]))
    assert late == sorted(late, reverse=True)


async def test_a_page_of_a_month_and_the_case_behind_it_count_the_same_decisions(service: Asked) -> None:
    """What was decided after the month counts in both, and in neither where an instant before it is stated."""
    await service.tell(texts("one", *LATE, decided("09-05 08:00", "d", move(10, TO_OFFICE))))
    await service.client.post("/sign-in", data={"key": service.secret})
    for as_of, left in (
        ("", 20),
        ("&as_of=2022-09-06T00:00:00%2B07:00", 20),
        ("&as_of=2022-09-02T00:00:00%2B07:00", 30),
    ):
        month = await page_of(service, f"/officers/A?from=2022-08-01&to=2022-08-31{as_of}")
        [row] = [link.href for link in links_of(month) if link.href.startswith("/cases/one")]
        case = await page_of(service, row)
        shown = (
            month.partition("/cases/one")[2].partition("</tr>"),
            case.partition("<h2>Quy trách")[2].partition("</ta"),
        )
        texts_shown = [re.sub(r"<[^>]*>", " ", part[0]) for part in shown]
        assert [f" {left} " in text and " 20 " in text for text in texts_shown] == [left == 20] * 2, (
            as_of,
            texts_shown,
        )


async def test_the_list_of_overdue_cases_names_the_present_holder_to_who_is_signed_in(service: Asked) -> None:
    await service.tell([received_text("HS-1"), received_text("HS-2")])
    assert "Nguyễn Thị Ánh" not in await page_of(service, "/cases?overdue=true")
    await service.client.post("/sign-in", data={"key": service.secret})
    assert (await page_of(service, "/cases?overdue=true")).count("<bdi>Nguyễn Thị Ánh</bdi>") == 2


async def test_a_garbled_or_foreign_cursor_is_refused(signed_in: Asked) -> None:
    path = "/cases?figure=overdue&from=2022-01-01&to=2022-08-25"
    following = next(
        link.href for link in links_of(await page_of(signed_in, path)) if link.text.startswith("Trang sau")
    )
    cursor = dict(httpx.QueryParams(following.partition("?")[2]))["cursor"]
    for asked in (
        f"{path}&cursor={cursor[:-2]}",
        f"/cases?figure=open-overdue&cursor={cursor}",
        f"/cases?cursor={cursor}",
    ):
        assert "Con trỏ trang không hợp lệ" in await page_of(signed_in, asked, status=400)


async def test_pages_refuse_parameters_that_they_do_not_know(service: Asked) -> None:
    await service.tell([received_text("HS-1")])
    await service.client.post("/sign-in", data={"key": service.secret})
    queries = (
        "foo=1",
        "late=1x",
        "From=2022-03-01",
        "known_at=2022-03-01T00:00:00Z",
        "<b>=",
        "limit=5",
        "%00=1",
        "foo=",
    )
    for path in ("/", "/cases", "/cases/HS-1", "/officers/CB-1"):
        for query in queries:
            html = await page_of(service, f"{path}?{query}", status=400)
            assert "<h1>Tham số" in html, (path, query)
            assert "<b>=" not in html


async def test_a_parameter_given_twice_is_refused_on_pages_too(service: Asked) -> None:
    html = await page_of(service, "/cases?unit=H34.1&unit=H34.2", status=400)
    assert "<h1>Tham số bị lặp</h1>" in html


async def test_fields_of_forms_that_are_left_empty_ask_for_nothing(service: Asked) -> None:
    await service.tell([received_text("HS-1")])
    assert "HS-1" in await page_of(service, "/cases?text=&unit=&cursor=")
    await page_of(service, "/?from=&to=")
