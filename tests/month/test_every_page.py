"""What holds of every page as every role sees it: the pages are those of the routes, so that none is forgotten."""

from typing import Final

import pytest
from tests.month.addresses import STATES
from tests.month.figures import chosen, objection
from tests.month.shown_page import faults_of
from tests.month.visitors import NOBODY, Visitors
from tests.month.walk import Walk, sight_of, walked
from tests.month.worked_month import WorkedMonth

pytestmark = pytest.mark.xdist_group("month")

OFFICER: Final = frozenset({"officer"})
DECIDERS: Final = frozenset({"unit-manager", "office"})
LIST_READERS: Final = frozenset({"unit-manager", "publisher", "office", "auditor"})
SIGNED_IN: Final = frozenset({"officer", "unit-manager", "publisher", "office", "auditor", "operator"})
EVERYBODY: Final = SIGNED_IN | {NOBODY}
OF_THE_OTHER_AGENCY: Final = EVERYBODY - {"publisher"}
SHOWN_TO: Final = {
    "/desk": OFFICER,
    "/desk/record": OFFICER,
    "/desk/explain/{case_id:path}": OFFICER,
    "/desk/withdraw/{case_id:path}": OFFICER,
    "/desk/unit": DECIDERS,
    "/desk/late-entries": DECIDERS | OFFICER,
    "/desk/consultations": DECIDERS,
    "/desk/consultations/letter": DECIDERS,
    "/desk/decisions": DECIDERS,
    "/desk/decide/{case_id:path}": DECIDERS,
    "/desk/publications": LIST_READERS,
    "/desk/publications/{publication_id}": LIST_READERS - {"unit-manager"},
    "/desk/publications/{publication_id}/{step}": LIST_READERS - {"unit-manager"},
    "/administration": frozenset({"auditor", "operator"}),
    "/sources": SIGNED_IN,
    "/difficulties": SIGNED_IN,
    "/officers": SIGNED_IN,
    "/officers.csv": SIGNED_IN,
    "/officers.xlsx": SIGNED_IN,
    "/cases/{case_id:path}": OF_THE_OTHER_AGENCY,
    "/officers/{officer_id:path}": OF_THE_OTHER_AGENCY - {NOBODY},
    "/procedures/{procedure_id:path}": OF_THE_OTHER_AGENCY - OFFICER,
    "/units/{unit_id:path}": OF_THE_OTHER_AGENCY - OFFICER,
    "/forms/{form}": OF_THE_OTHER_AGENCY - OFFICER - {NOBODY},
    "/forms/{form}/cases": OF_THE_OTHER_AGENCY - OFFICER - {NOBODY},
    "/sign-in/openid": frozenset[str](),
    "/sign-in/callback": frozenset[str](),
    "/sign-in/link/{text}": frozenset[str](),
}
"""Who is shown the pages that not everybody is shown: by role, by whose cases they see, and what there is without an issuer and without a link."""


@pytest.fixture(scope="module")
async def walk(visitors: Visitors, month: WorkedMonth) -> Walk:
    """The walk, done once."""
    return await walked(visitors, month)


async def test_every_link_answers_and_no_page_is_too_large(walk: Walk) -> None:
    assert walk.faults == []


async def test_a_page_is_shown_to_whom_it_is_for_and_to_nobody_else(walk: Walk) -> None:
    for route, statuses in walk.statuses.items():
        if route in STATES:
            continue
        shown = {role for role, status in statuses.items() if status == 200 or (status == 303 and role != NOBODY)}
        led_on = {role for role, status in statuses.items() if status == 303 and route == "/search"}
        assert shown | led_on == SHOWN_TO.get(route, EVERYBODY), (route, statuses)
        assert set(statuses.values()) <= {200, 303, 403, 404, 410}, (route, statuses)


async def test_no_page_has_a_barrier_or_falls_apart(walk: Walk) -> None:
    found = {}
    for visitor, address in walk.to_look_at:
        await visitor.page.goto(address)
        if faults := await faults_of(visitor.page):
            found[f"{visitor.role} {address}"] = faults
    assert found == {}


async def test_a_figure_counts_the_cases_that_its_link_lists_and_that_the_interface_tells(
    walk: Walk, visitors: Visitors
) -> None:
    found = []
    for visitor in visitors.by_name.values():
        for href, link in chosen(walk.figures.pop(sight_of(visitor), {})):
            asks = visitors["hoa"] if visitor.person is None else visitor
            if (wrong := await objection(asks, href, link)) is not None:
                found.append(f"{visitor.role} {wrong}")
    assert found == []
